"""Use cases of movements: what routes, admissions and imports call."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.access import UnitKind
from asu_contracts.core import Placement as PlacementOut
from servicekit.errors import NotFoundError
from servicekit.messaging.republish import Aggregate
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.catalogue.definition import CardKind
from sgo_core.chunks import chunked
from sgo_core.groups import service as groups
from sgo_core.movements import queries, repository
from sgo_core.movements.enrollment import Enrolled, Enrollment, EnrollmentPlan, plan_enrollment
from sgo_core.movements.errors import NotMainOfficeError, Refusal
from sgo_core.movements.events import movement_recorded, placement_out
from sgo_core.movements.guardians import guardian_states, tell_guardians
from sgo_core.movements.model import Membership, Movement, Placement
from sgo_core.movements.past import CLOSING, PastAnswer, PastEvent, classes_of_years, plan_past
from sgo_core.movements.sight import Sight
from sgo_core.movements.year_end import (
    YearEndLine,
    carry_out_year_end,
    later_movements,
    sign_year_end_order,
    take_back_year_end,
    work_for_closing,
)
from sgo_core.organizations import service as organizations
from sgo_core.people import service as people
from sgo_core.people.errors import MergedError

__all__ = [
    "CLOSING",
    "Enrolled",
    "Enrollment",
    "EnrollmentPlan",
    "PastAnswer",
    "PastEvent",
    "Refusal",
    "YearEndLine",
    "additional_contingent",
    "arrivals",
    "carry_out_year_end",
    "classes_of_years",
    "contingent",
    "contingents",
    "facts",
    "guardian_states",
    "later_movements",
    "list_students",
    "movements_of_organization",
    "movements_of_student",
    "plan_enrollment",
    "plan_past",
    "release_places",
    "require_keeper",
    "require_student",
    "sign_year_end_order",
    "take_back_year_end",
    "tell_guardians",
    "work_for_closing",
]

_RELEASED_AT_ONCE = 500


async def require_student(
    uow: UnitOfWork, principal: Principal, student_id: UUID, *, past: bool = False, merged: bool = False
) -> None:
    """Raise ``NotFoundError`` unless the student is seen (``students_seen``), or with ``past`` ever was where the principal sees.

    A card merged into one that is seen is gone: ``MergedError`` names the other, unless ``merged`` ones are wanted too.
    """
    if await students_seen(uow, principal, [student_id]):
        return
    if principal.unit.kind is UnitKind.PERSON:
        raise NotFoundError
    if past and await repository.was_in(uow.session, student_id, organizations.visible_ids(principal)):
        return
    if (survivor := await people.survivor_of(uow, CardKind.STUDENT, student_id)) is None:
        raise NotFoundError
    await require_student(uow, principal, survivor, past=past)
    if not merged:
        raise MergedError.into(survivor)


async def require_keeper(uow: UnitOfWork, principal: Principal, student_id: UUID) -> None:
    """As ``require_student``, and raise ``NotMainOfficeError`` where the child's main place of study is in another organization.

    Of a child who has no main place the organization of additional education keeps the card.
    """
    await require_student(uow, principal, student_id)
    organization_id = principal.unit.organization_id
    if organization_id is not None and not await kept_by(uow, organization_id, [student_id]):
        raise NotMainOfficeError


async def kept_by(uow: UnitOfWork, organization_id: UUID, student_ids: Collection[UUID]) -> set[UUID]:
    """Those of the students whose cards the organization keeps: it sees them, and they have no main place in another."""
    today = uow.clock.today()
    seen = await repository.seen(uow.session, student_ids, Sight([organization_id], organization_id, today))
    ahead = await repository.stays_ahead(uow.session, seen, today)
    here = {one.student_id for one in ahead if one.organization_id == organization_id}
    return seen - {one.student_id for one in ahead} | here


def sight_of(uow: UnitOfWork, principal: Principal) -> Sight:
    """Whom the principal's unit sees, as a condition for the queries of other slices."""
    return Sight(organizations.visible_ids(principal), principal.unit.organization_id, uow.clock.today())


async def students_seen(uow: UnitOfWork, principal: Principal, student_ids: Collection[UUID]) -> set[UUID]:
    """Those of the students whom the principal sees: a person the own card and those of the children whose data it may see."""
    if principal.unit.kind is UnitKind.PERSON:
        return await people.seen_by(uow, principal, student_ids)
    return await repository.seen(uow.session, student_ids, sight_of(uow, principal))


async def moved_otherwise(uow: UnitOfWork, memberships: Collection[UUID], movements: Collection[UUID]) -> bool:
    """Whether the book has other lines about these memberships than the given ones."""
    return await repository.moved_otherwise(uow.session, memberships, movements)


async def operators_of(uow: UnitOfWork, student_ids: Collection[UUID]) -> set[UUID]:
    """Organizations the students are, will be or were in."""
    return await repository.operators_of(uow.session, student_ids)


async def list_students(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    day: date | None,
    group_id: UUID | None,
    main: bool | None,
    limit: int,
    after: UUID | None,
) -> Sequence[Row[*tuple[Any, ...]]]:
    """One page of an organization's students on a day (today by default), a line a membership, and one more."""
    await organizations.require_visible(uow, principal, organization_id)
    day = day or uow.clock.today()
    return await queries.students(
        uow.session, organization_id, day, group=group_id, main=main, limit=limit, after=after
    )


async def movements_of_student(uow: UnitOfWork, principal: Principal, student_id: UUID) -> Sequence[queries.BookLine]:
    """A student's lines in the books of the organizations the principal sees."""
    await require_student(uow, principal, student_id, past=True)
    return await queries.movements_of_student(uow.session, student_id, organizations.visible_ids(principal))


async def movements_of_organization(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, limit: int, after: UUID | None
) -> Sequence[queries.BookLine]:
    """One page of an organization's movement book, and one more."""
    await organizations.require_visible(uow, principal, organization_id)
    return await queries.movements_of_organization(uow.session, organization_id, limit, after)


async def contingent(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, day: date
) -> tuple[int, Mapping[UUID, int]]:
    """Main members of an organization on a day, and of its groups."""
    await organizations.require_visible(uow, principal, organization_id)
    counts = await queries.group_counts(uow.session, organization_id, day)
    return await queries.total(uow.session, organization_id, day), {row[0]: row[1] for row in counts}


async def additional_contingent(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, day: date
) -> tuple[int, Mapping[UUID, int]]:
    """Children in additional education of an organization on a day, each once, and the members of its groups."""
    await organizations.require_visible(uow, principal, organization_id)
    counts = await queries.group_counts(uow.session, organization_id, day, main=False)
    total = await queries.additional_total(uow.session, organization_id, day)
    return total, {row[0]: row[1] for row in counts}


async def contingents(
    uow: UnitOfWork, principal: Principal, day: date, limit: int, after: UUID | None
) -> list[tuple[UUID, int]]:
    """One page of the organizations the principal sees with their main members on a day, and one more."""
    found = await organizations.list_organizations(uow, principal, limit, after)
    totals = await queries.totals(uow.session, [one.id for one in found], day)
    return [(one.id, totals.get(one.id, 0)) for one in found]


async def count_visible(uow: UnitOfWork, principal: Principal, organization_id: UUID | None, day: date) -> int:
    """Students on a day of an organization, or of all that the principal sees, each once, additional education too."""
    return await queries.people_in(uow.session, await _scope(uow, principal, organization_id), day)


async def count_in_books(uow: UnitOfWork, principal: Principal, organization_id: UUID | None) -> int:
    """Students whom the movement books of the same organizations name, of all times, each once."""
    return await queries.people_in_books(uow.session, await _scope(uow, principal, organization_id))


async def _scope(uow: UnitOfWork, principal: Principal, organization_id: UUID | None) -> Any:
    """An organization that the principal sees, or all of them."""
    if organization_id is None:
        return organizations.visible_ids(principal)
    await organizations.require_visible(uow, principal, organization_id)
    return [organization_id]


async def carried_out(uow: UnitOfWork, admissions: Collection[UUID]) -> set[UUID]:
    """Those of the approved admissions that students were enrolled by."""
    return await repository.admissions_done(uow.session, admissions)


async def release_places(runtime: Runtime) -> None:
    """Daily work: placements that have ended give up their places, guardians lose the organizations of the past."""
    released = _RELEASED_AT_ONCE
    while released == _RELEASED_AT_ONCE:
        async with runtime.uow() as uow:
            released = await _release(uow)


async def _release(uow: UnitOfWork) -> int:
    ended = await repository.release_ended(uow.session, uow.clock.today(), _RELEASED_AT_ONCE)
    locked = await groups.lock(uow, {group_id for _, _, group_id in ended})
    for _, _, group_id in ended:
        locked[group_id].occupied -= 1
    for group_id in sorted(locked):
        groups.publish_changed(uow, locked[group_id])
    students = await repository.students_of(uow.session, {membership_id for _, membership_id, _ in ended})
    if students:
        await tell_guardians(uow, students)
    return len(ended)


async def facts(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every line of the movement book, for a reader that is rebuilt."""
    async for chunk in chunked(session, select(Movement), Movement.id):
        shown = await _placements_shown(session, chunk)
        until = await _leaves_until(session, chunk)
        pseudonyms = await people.statistical_ids(session, {one.told_of for one in chunk})
        yield [
            Aggregate(
                movement_recorded(
                    one,
                    pseudonyms[one.told_of],
                    None if one.opened_id is None else shown[one.opened_id],
                    None if one.closed_id is None else shown[one.closed_id],
                    until.get(one.id),
                ),
                one.recorded_at,
            )
            for one in chunk
        ]


async def _leaves_until(session: AsyncSession, movements: Sequence[Movement]) -> dict[UUID, date]:
    """Until when the leaves are meant to last that movements began, by movement."""
    began = {
        one.id: one.leave_id for one in movements if one.leave_id is not None and one.kind == "academic_leave_started"
    }
    leaves = await repository.leaves_by_ids(session, began.values()) if began else {}
    return {movement_id: leaves[leave_id].until for movement_id, leave_id in began.items()}


async def arrivals(session: AsyncSession) -> AsyncIterator[Sequence[Movement]]:
    """Every line that enrolled a student on the way from another organization."""
    query = select(Movement).where(Movement.transfer_id.is_not(None), Movement.kind.in_(("enrolled", "restored")))
    async for chunk in chunked(session, query, Movement.id):
        yield chunk


async def _placements_shown(session: AsyncSession, movements: Sequence[Movement]) -> dict[UUID, PlacementOut]:
    ids = {placement for one in movements for placement in (one.opened_id, one.closed_id) if placement is not None}
    query = select(Placement, Membership.main).join(Membership, Membership.id == Placement.membership_id)
    rows = (await session.execute(query.where(Placement.id.in_(ids)))).all()
    described = await groups.described(session, {placement.group_id for placement, _ in rows})
    return {
        placement.id: placement_out(placement, *described[placement.group_id], main=main) for placement, main in rows
    }
