"""Use cases of inspections."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from asu_contracts.access import BODIES
from orgdirectory import require_visible
from servicekit import audit
from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.dates import academic_year
from sgo_journal.inspections import findings, repository
from sgo_journal.inspections.errors import (
    FinishedError,
    InspectionInvalidError,
    NothingToInspectError,
    TooWideError,
    UndecidedError,
)
from sgo_journal.inspections.findings import Found
from sgo_journal.inspections.model import InspectedJournal, Inspection, Remark, RemarkChange
from sgo_journal.inspections.schemas import InspectionIn
from sgo_journal.inspections.values import State
from sgo_journal.people import author

__all__ = ["Inspection", "Remark", "RemarkChange", "reported"]

MOST_JOURNALS = 300
reported = repository.reported


@dataclass(frozen=True)
class Shown:
    """An inspection with its journals, how many remarks are in each state, how many are overdue."""

    inspection: Inspection
    journals: Sequence[UUID]
    remarks: dict[str, int]
    overdue: int


async def begin(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, body: InspectionIn
) -> tuple[Inspection, Sequence[UUID], Found]:
    """Begin an inspection of journals and propose remarks for what is missing in them.

    Raises ``InspectionInvalidError``, ``NothingToInspectError``, ``TooWideError``.
    """
    await require_visible(uow, principal, organization_id)
    year = academic_year(body.first_day)
    if not body.first_day <= body.last_day <= uow.clock.today() or academic_year(body.last_day) != year:
        raise InspectionInvalidError
    learners_of = await repository.journals(uow.session, _wanted(organization_id, year, body))
    if not learners_of:
        raise NothingToInspectError
    if len(learners_of) > MOST_JOURNALS:
        raise TooWideError
    inspection = Inspection(
        organization_id=organization_id,
        academic_year=year,
        id=new_id(),
        aim=body.aim,
        first_day=body.first_day,
        last_day=body.last_day,
        version=1,
        made_by=author(principal),
        made_at=uow.now,
        conclusion=None,
        finished_by=None,
        finished_at=None,
    )
    uow.session.add(inspection)
    await uow.session.flush()
    uow.session.add_all(
        InspectedJournal(
            organization_id=organization_id,
            academic_year=year,
            id=new_id(),
            inspection_id=inspection.id,
            journal_id=one,
        )
        for one in learners_of
    )
    await uow.session.flush()
    return inspection, sorted(learners_of), await findings.find(uow, inspection, learners_of)


def _wanted(organization_id: UUID, year: int, body: InspectionIn) -> dict[str, Any]:
    return {
        "organization": organization_id,
        "year": year,
        "learners": body.learners_ids,
        "subject": body.subject_id,
        "journals": body.journal_ids,
        "teacher": body.teacher_id,
        "first_day": body.first_day,
        "last_day": body.last_day,
        "most": MOST_JOURNALS + 1,
    }


async def list_inspections(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, year: int, after: UUID | None, limit: int
) -> Sequence[Inspection]:
    """Inspections of an organization over a year, one more than ``limit``; the reading by a body is audited."""
    await require_visible(uow, principal, organization_id)
    await _audit(uow, principal, "inspections.list")
    return await repository.page(uow.session, organization_id, year, after, limit)


async def visible(uow: UnitOfWork, principal: Principal, inspection_id: UUID) -> Inspection:
    """An inspection of an organization the caller sees, or ``NotFoundError``."""
    found = await repository.one(uow.session, inspection_id)
    if found is None:
        raise NotFoundError
    await require_visible(uow, principal, found.organization_id)
    return found


async def _audit(uow: UnitOfWork, principal: Principal, action: str) -> None:
    """What bodies look at in an organization they do not work in is kept, though nobody is named."""
    if principal.role in BODIES:
        await audit.record(uow, principal, action, [])


async def read(uow: UnitOfWork, principal: Principal, inspection_id: UUID) -> Shown:
    """An inspection with what became of its remarks; the reading by a body is audited."""
    inspection = await visible(uow, principal, inspection_id)
    await _audit(uow, principal, "inspection.read")
    counts, overdue = await repository.counts(uow.session, inspection, uow.clock.today())
    return Shown(inspection, sorted(await repository.inspected(uow.session, inspection)), counts, overdue)


async def going_on(uow: UnitOfWork, principal: Principal, inspection_id: UUID) -> Inspection:
    """An inspection that is not finished, held until the transaction ends; raises ``FinishedError``."""
    inspection = await visible(uow, principal, inspection_id)
    await repository.hold(uow.session, inspection)
    if inspection.finished_at is not None:
        raise FinishedError
    return inspection


async def search(uow: UnitOfWork, principal: Principal, inspection_id: UUID) -> Found:
    """Look through the journals once more: what is missing since is proposed too."""
    inspection = await going_on(uow, principal, inspection_id)
    wanted = {
        "organization": inspection.organization_id,
        "year": inspection.academic_year,
        "learners": None,
        "subject": None,
        "teacher": None,
        "journals": sorted(await repository.inspected(uow.session, inspection)),
        "first_day": inspection.first_day,
        "last_day": inspection.last_day,
        "most": MOST_JOURNALS,
    }
    return await findings.find(uow, inspection, await repository.journals(uow.session, wanted))


async def finish(uow: UnitOfWork, principal: Principal, inspection_id: UUID, version: int, conclusion: str) -> Shown:
    """End an inspection by a conclusion; raises ``FinishedError``, ``UndecidedError``, ``VersionMismatchError``."""
    inspection = await going_on(uow, principal, inspection_id)
    counts, _ = await repository.counts(uow.session, inspection, uow.clock.today())
    if counts.get(State.PROPOSED):
        raise UndecidedError
    values = {"conclusion": conclusion, "finished_by": author(principal), "finished_at": uow.now}
    if not await repository.finish(uow.session, inspection, version, values):
        raise VersionMismatchError
    await uow.session.refresh(inspection)
    return await read(uow, principal, inspection_id)
