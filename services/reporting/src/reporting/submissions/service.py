"""Steps of handing a form in. Every step holds the submission: of two at once the later one sees where the first led."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from asu_contracts.access import UnitKind
from reporting.builds import consolidating
from reporting.builds import service as builds
from reporting.engine.definition import FormDefinition
from reporting.signatures import service as signatures
from reporting.submissions import repository
from reporting.submissions.errors import (
    ConsolidatedError,
    FailingError,
    NotConsolidatedError,
    NotDueError,
    NothingTakenError,
    PartsChangedError,
    PastKnowledgeError,
    StateError,
    UnexplainedError,
    UnsignedError,
)
from reporting.submissions.steps import LEADS, State, Step
from reporting.units import service as units
from reporting.units.service import ReportUnit
from servicekit.errors import ForbiddenError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_HANDED_IN = frozenset({State.CHECKED, State.APPROVED, State.TAKEN})


async def put(uow: UnitOfWork, principal: Principal, report_id: UUID) -> UUID:
    """Hand in a report of the own level, or put another into what is not approved yet; the submission's id.

    Raises ``NotFoundError`` for a report outside the principal's view, ``ForbiddenError`` for one of another level,
    ``NotDueError``, ``PastKnowledgeError``, ``NotConsolidatedError``, ``PartsChangedError``, ``StateError``.
    """
    report = await builds.get(uow, principal, report_id)
    unit = _unit(report)
    units.require_own_level(principal, unit.organization_id, unit.municipality)
    form = FormDefinition.model_validate(report.definition)
    if not form.is_due_on(report.as_of):
        raise NotDueError
    if report.known_at is not None:
        raise PastKnowledgeError
    await _require_parts(uow, report)
    begun = {
        "id": new_id(),
        "form": report.form,
        "as_of": report.as_of,
        "organization_id": unit.organization_id,
        "municipality": unit.municipality,
        "state": State.DRAFT,
        "report_id": report_id,
        "version": 1,
        "changed_at": uow.now,
    }
    if await repository.begin(uow.session, begun):
        await _note(uow, principal, begun["id"], State.DRAFT, report_id)
        return UUID(str(begun["id"]))
    found = await repository.hold_unit(uow.session, report.form, report.as_of, unit)
    await _step(uow, principal, found, Step.PUT, report_id=report_id)
    return UUID(str(found.id))


async def check(
    uow: UnitOfWork, principal: Principal, submission_id: UUID, version: int, explanations: Mapping[str, str]
) -> None:
    """Note that controls hold: nothing with an error goes on, and each warning has an explanation.

    Raises ``NotFoundError``, ``ForbiddenError``, ``VersionMismatchError``, ``StateError``, ``FailingError``, ``UnexplainedError``,
    ``PartsChangedError``.
    """
    found = await _held(uow, principal, submission_id, version)
    units.require_own_level(principal, found.organization_id, found.municipality)
    report = await builds.get(uow, principal, found.report_id)
    await _require_parts(uow, report)
    failing = [one for one in report.controls if not one["ok"]]
    errors = [one["id"] for one in failing if one["level"] == "error"]
    if errors:
        raise FailingError(members={"controls": errors})
    unexplained = [one["id"] for one in failing if one["id"] not in explanations]
    if unexplained:
        raise UnexplainedError(members={"controls": unexplained})
    kept = {one["id"]: explanations[one["id"]] for one in failing}
    await _step(uow, principal, found, Step.CHECK, explanations=kept)


async def approve(uow: UnitOfWork, principal: Principal, submission_id: UUID, version: int) -> None:
    """Approve what was checked, as the head of the unit.

    Raises as ``check`` does, and ``UnsignedError`` where the edition wants an outside signature and the report carries none.
    """
    found = await _held(uow, principal, submission_id, version)
    units.require_own_level(principal, found.organization_id, found.municipality)
    report = await builds.get(uow, principal, found.report_id)
    wants = FormDefinition.model_validate(report.definition).signature == "required"
    if wants and not await signatures.is_signed(uow.session, found.report_id):
        raise UnsignedError
    await _step(uow, principal, found, Step.APPROVE)


async def take(uow: UnitOfWork, principal: Principal, submission_id: UUID, version: int) -> None:
    """Take what was approved below. Raises as ``check`` does."""
    found = await _held(uow, principal, submission_id, version)
    _require_above(principal, _unit(found))
    await _step(uow, principal, found, Step.TAKE)


async def give_back(uow: UnitOfWork, principal: Principal, submission_id: UUID, version: int, remark: str) -> None:
    """Return what was approved or taken, with a remark.

    Raises as ``check`` does, and ``ConsolidatedError`` while a form it is part of is handed in above.
    """
    found = await _held(uow, principal, submission_id, version)
    unit = _unit(found)
    _require_above(principal, unit)
    above = await repository.hold_unit(uow.session, found.form, found.as_of, _above(unit))
    if above is not None and above.state in _HANDED_IN:
        whole = await builds.stored(uow.session, above.report_id)
        if found.report_id in (whole.parts or ()):
            raise ConsolidatedError
    await _step(uow, principal, found, Step.RETURN, remark=remark)


async def consolidate(
    uow: UnitOfWork, principal: Principal, form_code: str, as_of: date, municipality: str | None
) -> tuple[UUID, int]:
    """A report of what was taken from below; its id and of how many reports it is made.

    Raises ``UnknownFormError``, ``NotFoundError`` and ``ForbiddenError`` for a unit that is not the principal's, ``NotDueError``,
    ``NothingTakenError``, ``EditionsDifferError``.
    """
    form = builds.edition(form_code, as_of)
    if not form.is_due_on(as_of):
        raise NotDueError
    unit = (
        units.region_unit(principal)
        if municipality is None
        else await units.municipality_unit(uow, principal, municipality)
    )
    parts = await repository.taken(uow.session, form_code, as_of, unit)
    if not parts:
        raise NothingTakenError
    made = await consolidating.consolidate(uow, form, as_of, unit, parts, principal.account_id)
    return made, len(parts)


async def get(uow: UnitOfWork, principal: Principal, submission_id: UUID) -> tuple[Any, Sequence[Any]]:
    """A submission in the principal's view and its steps; raises ``NotFoundError``."""
    found = await repository.find(uow.session, principal, submission_id)
    if found is None:
        raise NotFoundError
    return found, await repository.steps(uow.session, submission_id)


async def standing(uow: UnitOfWork, form_code: str, as_of: date, municipality: str | None) -> Sequence[UUID]:
    """Reports that organizations of a municipality, or of the region, hand in or have handed in."""
    return await repository.standing(uow.session, form_code, as_of, municipality)


async def board(
    uow: UnitOfWork,
    principal: Principal,
    form_code: str,
    as_of: date,
    *,
    state: str | None,
    after: UUID | None,
    limit: int,
) -> tuple[Sequence[Any], date]:
    """Organizations that report a form, with their submissions, and the last day of handing in; raises ``UnknownFormError``."""
    form = builds.edition(form_code, as_of)
    found = await repository.board(uow.session, principal, form, as_of, state, after, limit)
    return found, closes(form, as_of)


async def totals(
    uow: UnitOfWork, principal: Principal, form_code: str, as_of: date
) -> tuple[dict[str | None, int], date]:
    """How many organizations are in each state, and the last day of handing in; raises ``UnknownFormError``."""
    form = builds.edition(form_code, as_of)
    counts = await repository.counts(uow.session, principal, form, as_of)
    return counts, closes(form, as_of)


def closes(form: FormDefinition, as_of: date) -> date:
    """The last day a form of the year of ``as_of`` is handed in on."""
    return form.deadline.closes.of(as_of.year)


def is_late(state: str | None, last: date, today: date) -> bool:
    """Whether a unit should have approved the form by now."""
    return today > last and state not in {State.APPROVED, State.TAKEN}


async def _held(uow: UnitOfWork, principal: Principal, submission_id: UUID, version: int) -> Any:
    found = await repository.find(uow.session, principal, submission_id, hold=True)
    if found is None:
        raise NotFoundError
    if found.version != version:
        raise VersionMismatchError
    return found


async def _require_parts(uow: UnitOfWork, report: Any) -> None:
    """Of what was taken a form above organizations is made, and it stands.

    Until a consolidated form is checked what is part of it may be returned: who returns it waits for this form's submission.
    """
    if report.organization_id is not None:
        return
    if not report.parts:
        raise NotConsolidatedError
    if not await repository.are_taken(uow.session, report.parts):
        raise PartsChangedError


def _unit(row: Any) -> ReportUnit:
    return ReportUnit(row.organization_id, row.municipality, "")


def _above(unit: ReportUnit) -> ReportUnit:
    return ReportUnit(None, unit.municipality if unit.organization_id is not None else None, "")


_ABOVE: Mapping[UnitKind, Collection[UnitKind]] = {
    UnitKind.ORGANIZATION: {UnitKind.MUNICIPALITY, UnitKind.REGION},
    UnitKind.MUNICIPALITY: {UnitKind.REGION},
}


def _require_above(principal: Principal, unit: ReportUnit) -> None:
    if principal.unit.kind not in _ABOVE.get(units.level_of(unit.organization_id, unit.municipality), ()):
        raise ForbiddenError


async def _step(
    uow: UnitOfWork,
    principal: Principal,
    found: Any,
    step: Step,
    *,
    report_id: UUID | None = None,
    remark: str | None = None,
    explanations: Mapping[str, str] | None = None,
) -> None:
    possible, state = LEADS[step]
    if found.state not in possible:
        raise StateError
    report = report_id or found.report_id
    await repository.change(uow.session, found.id, {"state": state, "report_id": report, "changed_at": uow.now})
    await _note(uow, principal, found.id, state, report, remark, explanations)


async def _note(
    uow: UnitOfWork,
    principal: Principal,
    submission_id: Any,
    state: State,
    report_id: UUID,
    remark: str | None = None,
    explanations: Mapping[str, str] | None = None,
) -> None:
    await repository.note(
        uow.session,
        {
            "id": new_id(),
            "submission_id": submission_id,
            "at": uow.now,
            "by": principal.account_id,
            "role": principal.role.value,
            "state": state,
            "report_id": report_id,
            "remark": remark,
            "explanations": dict(explanations or {}),
        },
    )
