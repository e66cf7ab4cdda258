"""Use cases of the journals, for routes, for core's loads and for the other slices."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.exc import IntegrityError

from asu_contracts.access import Role
from asu_contracts.core import LoadChanged
from orgdirectory import require_visible
from servicekit import partitions
from servicekit.errors import ForbiddenError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.journals import policies, repository
from sgo_journal.journals.errors import (
    ByLoadError,
    JournalExistsError,
    ScaleUnknownError,
    TeacherUnknownError,
    TeachingDatesError,
    UnknownLearnersError,
)
from sgo_journal.journals.model import Journal, Teaching, journal_id
from sgo_journal.journals.schemas import JournalIn, JournalPatch, TeachingIn
from sgo_journal.rosters import service as rosters
from sgo_journal.scales import service as scales
from sgo_journal.staff import service as staff

__all__ = ["Journal", "Teaching"]


async def follow_loads(uow: UnitOfWork, loads: Sequence[tuple[LoadChanged, str]]) -> None:
    """Open the journals that loads name and keep who teaches in them; a load as new as the known one changes nothing."""
    await partitions.ensure(uow.session, {load.academic_year for load, _ in loads})
    journals = {}
    teachings = []
    for load, sequence in loads:
        learners_id = load.group_id or load.teaching_group_id
        if learners_id is None:
            continue
        key = {"organization_id": load.organization_id, "academic_year": load.academic_year}
        journal = journal_id(load.academic_year, learners_id, load.subject_id)
        journals[load.organization_id, load.academic_year, journal] = {
            **key,
            "id": journal,
            "learners_id": learners_id,
            "of_teaching_group": load.group_id is None,
            "subject_id": load.subject_id,
            "title": None,
            "scale_id": scales.FIVE_POINTS,
            "video_link": None,
            "version": 1,
            "created_at": uow.now,
        }
        teachings.append(
            {
                **key,
                "id": load.load_id,
                "journal_id": journal,
                "teacher_id": load.worker_id,
                "hours_week": load.hours_week,
                "valid_from": load.valid_from,
                "valid_to": load.valid_to,
                "sequence": sequence,
            }
        )
    await repository.add_missing(uow.session, [journals[place] for place in sorted(journals)])
    await repository.follow_loads(uow.session, teachings)


async def visible(uow: UnitOfWork, principal: Principal, journal_id_: UUID) -> Journal:
    """A journal the caller sees, or ``NotFoundError``."""
    journal = await repository.one(uow.session, policies.visible_to(principal, uow.clock.today()), journal_id_)
    if journal is None:
        raise NotFoundError
    return journal


async def seen(uow: UnitOfWork, principal: Principal, journal_id_: UUID) -> tuple[Journal, str, bool]:
    """A journal the caller sees, what it is called, and whether the caller sees all of it, or ``NotFoundError``.

    Who only stands in for a lesson or two sees those alone.
    """
    today = uow.clock.today()
    visible_to, whole = policies.visible_to(principal, today), policies.whole_of(principal, today)
    found = await repository.titled(uow.session, visible_to, whole, journal_id_)
    if found is None:
        raise NotFoundError
    return found


async def whole(uow: UnitOfWork, principal: Principal, journal_id_: UUID) -> tuple[Journal, str]:
    """A journal of which the caller sees everything, with what it is called; raises ``NotFoundError``, ``ForbiddenError``."""
    journal, title, is_whole = await seen(uow, principal, journal_id_)
    if not is_whole:
        raise ForbiddenError
    return journal, title


def own_of(principal: Principal, day: date) -> Select[UUID]:
    """Ids of the journals that a teacher reads whole: taught now or ever, and those of the own class on the day; for ``IN``."""
    return repository.ids(policies.own_of(principal, day))


async def hold(uow: UnitOfWork, organization_id: UUID, academic_year: int, journal_ids: Collection[UUID]) -> None:
    """Let no period of the journals be closed until the transaction ends."""
    await repository.hold(uow.session, organization_id, academic_year, journal_ids)


async def hold_all(uow: UnitOfWork, organization_id: UUID, academic_year: int) -> None:
    """Let nobody write in lessons of the organization's year until the transaction ends."""
    await repository.hold_all(uow.session, organization_id, academic_year)


async def teachers_among(uow: UnitOfWork, organization_id: UUID, worker_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of the workers who may be named as teachers: who hold a teaching post in the organization or have a load there."""
    if not worker_ids:
        return frozenset()
    posted = await staff.posted_among(uow, organization_id, worker_ids)
    return posted | await repository.teach_by_load(uow.session, organization_id, worker_ids)


async def known(uow: UnitOfWork, organization_id: UUID, journal_ids: set[UUID]) -> Mapping[UUID, Journal]:
    """Journals of the organization among the given ids."""
    return await repository.known(uow.session, organization_id, journal_ids)


async def list_journals(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    filters: Mapping[str, Any],
    after: UUID | None,
    limit: int,
) -> Sequence[Journal]:
    """Journals of an organization that the caller sees, in id order; ``filters`` by column."""
    await require_visible(uow, principal, organization_id)
    return await repository.page(uow.session, policies.visible_to(principal, uow.clock.today()), filters, after, limit)


async def read_journal(uow: UnitOfWork, principal: Principal, journal_id_: UUID) -> tuple[Journal, Sequence[Teaching]]:
    """A journal and who teaches in it."""
    journal = await visible(uow, principal, journal_id_)
    return journal, await repository.teachers(uow.session, journal)


async def of_learners(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, academic_year: int, learners_ids: Collection[UUID]
) -> Sequence[tuple[Journal, str]]:
    """Journals of learners that the caller sees, with what they are called, in that order."""
    seen = policies.visible_to(principal, uow.clock.today())
    return await repository.of_learners(uow.session, seen, organization_id, academic_year, learners_ids)


async def was_ever_taught_by(uow: UnitOfWork, organization_id: UUID, journal_id_: UUID, worker_id: UUID | None) -> bool:
    """Whether the worker teaches a journal or has at any time, replaced or not: who did reads what was written."""
    taught = policies.ever_taught_by(worker_id)
    return bool(await repository.among(uow.session, taught, organization_id, [journal_id_]))


async def require_written_by(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, journal_ids: Collection[UUID]
) -> None:
    """Raise ``ForbiddenError`` to a teacher who does not have the say in each of the journals today; others are let pass.

    Who teaches there, who taught last where nobody does, who begins where nobody has yet; not who was replaced.
    """
    if principal.role is not Role.TEACHER:
        return
    written = policies.written_by(principal.person_id, uow.clock.today())
    if await repository.among(uow.session, written, organization_id, journal_ids) != set(journal_ids):
        raise ForbiddenError


async def open_journal(uow: UnitOfWork, principal: Principal, organization_id: UUID, body: JournalIn) -> Journal:
    """Open a journal that follows no load."""
    await require_visible(uow, principal, organization_id)
    learners = (await rosters.learners(uow, [body.learners_id])).get(body.learners_id)
    if learners is None or learners.organization_id != organization_id:
        raise UnknownLearnersError
    await _check_scale(uow, organization_id, body.scale_id)
    journal = Journal(
        organization_id=organization_id,
        academic_year=learners.academic_year,
        id=new_id(),
        of_teaching_group=learners.class_id != learners.id,
        subject_id=None,
        video_link=None,
        version=1,
        created_at=uow.now,
        **body.model_dump(),
    )
    uow.session.add(journal)
    try:
        await uow.session.flush()
    except IntegrityError as error:
        raise JournalExistsError from error
    await uow.session.refresh(journal)
    return journal


async def change_journal(
    uow: UnitOfWork, principal: Principal, journal_id_: UUID, version: int, body: JournalPatch
) -> Journal:
    """Change the title, the scale or the link of a journal; marks that stand keep the scale they were given by."""
    journal = await visible(uow, principal, journal_id_)
    values = body.model_dump(mode="json", exclude_unset=True)
    if "scale_id" in values:
        await _check_scale(uow, journal.organization_id, values["scale_id"])
    # From its second version on a journal is marked by the scale it names: what else is changed must not let a first grade be marked.
    values.setdefault("scale_id", journal.marked_by)
    try:
        changed = await repository.change(uow.session, journal, version, values)
    except IntegrityError as error:
        raise JournalExistsError from error
    if not changed:
        raise VersionMismatchError
    await uow.session.refresh(journal)
    return journal


async def appoint(uow: UnitOfWork, principal: Principal, journal_id_: UUID, body: TeachingIn) -> Teaching:
    """Appoint a teacher of a journal beside what loads say."""
    journal = await visible(uow, principal, journal_id_)
    learners = (await rosters.learners(uow, [journal.learners_id])).get(journal.learners_id)
    if learners is None or not learners.starts_on <= body.valid_from < body.valid_to <= learners.ends_on:
        raise TeachingDatesError
    if not await teachers_among(uow, journal.organization_id, [body.teacher_id]):
        raise TeacherUnknownError
    teaching = Teaching(
        organization_id=journal.organization_id,
        academic_year=journal.academic_year,
        id=new_id(),
        journal_id=journal.id,
        sequence=None,
        **body.model_dump(),
    )
    uow.session.add(teaching)
    await uow.session.flush()
    return teaching


async def dismiss(
    uow: UnitOfWork, principal: Principal, journal_id_: UUID, teaching_id: UUID, last_day: date
) -> Teaching:
    """End an appointment that was made here, after its last day; one that ends before it began never was.

    Raises ``ByLoadError`` for what a load says: that is changed where the load is.
    """
    journal = await visible(uow, principal, journal_id_)
    teaching = await repository.teaching(uow.session, journal, teaching_id)
    if teaching is None:
        raise NotFoundError
    if teaching.sequence is not None:
        raise ByLoadError
    teaching.valid_to = max(teaching.valid_from, min(teaching.valid_to, last_day + timedelta(days=1)))
    await uow.session.flush()
    return teaching


async def _check_scale(uow: UnitOfWork, organization_id: UUID, scale_id: int) -> None:
    if not await scales.usable(uow, organization_id, scale_id):
        raise ScaleUnknownError


async def sole_teachers(
    uow: UnitOfWork, organization_id: UUID, academic_year: int, journal_ids: Collection[UUID], day: date
) -> Mapping[UUID, UUID]:
    """Who teaches in journals on a day, of those in which one teacher does."""
    found: dict[UUID, list[UUID]] = {}
    for journal, teacher in await repository.teachers_on(uow.session, organization_id, academic_year, journal_ids, day):
        found.setdefault(journal, []).append(teacher)
    return {journal: teachers[0] for journal, teachers in found.items() if len(teachers) == 1}


async def teachings(uow: UnitOfWork, organization_id: UUID, academic_year: int) -> Sequence[Teaching]:
    """Who teaches in all journals of an organization over a year."""
    return await repository.teachings(uow.session, organization_id, academic_year)
