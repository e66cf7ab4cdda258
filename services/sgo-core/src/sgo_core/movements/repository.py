"""SQL of orders, memberships, placements and the movement book."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Uuid,
    any_,
    bindparam,
    column,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    table,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from servicekit.ids import new_id
from sgo_core.history.recorded import Author, signature
from sgo_core.movements.model import AcademicLeave, EndedWithStay, Membership, Movement, MovementOrder, Placement
from sgo_core.movements.sight import Sight, lasts

OrderKey = tuple[UUID, str, date]
"""Organization, number, date."""
_student = table("student", *(column(name, Uuid) for name in ("id", "kept_by", "merged_into")))


def _among(column: Any, values: Collection[UUID]) -> Any:
    return column == any_(literal(list(values), ARRAY(Uuid)))


def columns(entity: Membership | Placement | Movement | AcademicLeave) -> dict[str, Any]:
    """Column values of an entity that is not stored yet."""
    return {column.key: getattr(entity, column.key) for column in entity.__table__.columns}


async def signed_orders(
    session: AsyncSession, keys: Collection[OrderKey], author: Author, now: datetime
) -> Mapping[OrderKey, UUID]:
    """Ids of orders that were signed elsewhere, entered where they are not there yet."""
    rows = [
        {
            "id": new_id(),
            "organization_id": organization,
            "number": number,
            "date": day,
            "state": "signed",
            "lines": [],
            "drafted_by": author.account_id,
            "signed_by": author.account_id,
            "signed_at": now,
            **signature(author, now),
        }
        for organization, number, day in sorted(keys)
    ]
    await session.execute(upsert(MovementOrder).on_conflict_do_nothing(), rows)
    query = select(MovementOrder).where(
        tuple_(MovementOrder.organization_id, MovementOrder.number, MovementOrder.date).in_(list(keys)),
        MovementOrder.state == "signed",
    )
    return {(one.organization_id, one.number, one.date): one.id for one in await session.scalars(query)}


async def get_order(session: AsyncSession, order_id: UUID, *, lock: bool = False) -> MovementOrder | None:
    """An order, locked if asked."""
    return await session.get(MovementOrder, order_id, with_for_update=lock or None, populate_existing=True)


async def page_of_orders(
    session: AsyncSession, organization: UUID, state: str | None, limit: int, after: UUID | None
) -> Sequence[MovementOrder]:
    """One page of an organization's orders, and one more."""
    query = select(MovementOrder).where(MovementOrder.organization_id == organization)
    if state is not None:
        query = query.where(MovementOrder.state == state)
    if after is not None:
        query = query.where(MovementOrder.id > after)
    return (await session.scalars(query.order_by(MovementOrder.id).limit(limit + 1))).all()


async def lines_of(session: AsyncSession, order_id: UUID) -> Sequence[Movement]:
    """Lines of the movement book that an order made."""
    return (await session.scalars(select(Movement).where(Movement.order_id == order_id).order_by(Movement.id))).all()


async def lines_by_ids(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Movement]:
    """Lines of the movement book by id."""
    return (await session.scalars(select(Movement).where(_among(Movement.id, ids)).order_by(Movement.id))).all()


async def moved_since(session: AsyncSession, order: MovementOrder, students: Collection[UUID]) -> set[UUID]:
    """Students with a line of another order recorded after this one was signed and not undone since.

    Only lines of the same kind count: of the main place of study, or of the same programme of additional education. A line without
    a placement (an academic leave) is of the main place.
    """
    other, undoing = aliased(MovementOrder), aliased(MovementOrder)
    undone = select(undoing.id).where(undoing.cancels == other.id, undoing.state == "signed")
    stay = aliased(Membership)
    mine = (
        select(Movement.student_id, stay.programme_id)
        .outerjoin(Placement, Placement.id == func.coalesce(Movement.opened_id, Movement.closed_id))
        .outerjoin(stay, stay.id == Placement.membership_id)
        .where(Movement.order_id == order.id)
        .subquery()
    )
    query = (
        select(Movement.student_id)
        .join(other, other.id == Movement.order_id)
        .outerjoin(Placement, Placement.id == func.coalesce(Movement.opened_id, Movement.closed_id))
        .outerjoin(Membership, Membership.id == Placement.membership_id)
        .join(mine, mine.c.student_id == Movement.student_id)
        .where(
            _among(Movement.student_id, students),
            Membership.programme_id.is_not_distinct_from(mine.c.programme_id),
            Movement.order_id != order.id,
            Movement.recorded_at >= order.signed_at,
            other.cancels.is_(None),
            ~undone.exists(),
        )
    )
    return set(await session.scalars(query))


async def memberships(session: AsyncSession, students: Collection[UUID]) -> Sequence[Membership]:
    """Memberships of students, main and additional, all times. The students' rows are locked by the caller."""
    query = select(Membership).where(_among(Membership.student_id, students))
    return (await session.scalars(query.execution_options(populate_existing=True))).all()


async def moved_otherwise(session: AsyncSession, memberships: Collection[UUID], movements: Collection[UUID]) -> bool:
    """Whether a line opened or closed a placement of the memberships, other than the given lines."""
    mine = select(Placement.id).where(_among(Placement.membership_id, memberships))
    query = select(Movement.id).where(
        or_(Movement.opened_id.in_(mine), Movement.closed_id.in_(mine)), ~_among(Movement.id, movements)
    )
    return await session.scalar(query.limit(1)) is not None


async def main_memberships(session: AsyncSession, students: Collection[UUID]) -> Sequence[Membership]:
    """Main memberships of students, all times. The students' rows are locked by the caller."""
    query = select(Membership).where(_among(Membership.student_id, students), Membership.main)
    return (await session.scalars(query.execution_options(populate_existing=True))).all()


async def placements_of(session: AsyncSession, memberships: Collection[UUID]) -> Sequence[Placement]:
    """Placements of memberships in order of time."""
    query = select(Placement).where(_among(Placement.membership_id, memberships)).order_by(Placement.valid_from)
    return (await session.scalars(query.execution_options(populate_existing=True))).all()


async def leaves_of(session: AsyncSession, memberships: Collection[UUID]) -> Sequence[AcademicLeave]:
    """Academic leaves of memberships. The students' rows are locked by the caller."""
    query = select(AcademicLeave).where(_among(AcademicLeave.membership_id, memberships))
    return (await session.scalars(query.execution_options(populate_existing=True))).all()


async def leaves_by_ids(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, AcademicLeave]:
    """Academic leaves by id. The students' rows are locked by the caller, if they are changed."""
    query = select(AcademicLeave).where(_among(AcademicLeave.id, ids))
    found = await session.scalars(query.execution_options(populate_existing=True))
    return {one.id: one for one in found}


async def placements_by_ids(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Placement]:
    """Placements by id. The students' rows are locked by the caller."""
    query = select(Placement).where(_among(Placement.id, ids))
    return (await session.scalars(query.execution_options(populate_existing=True))).all()


async def openings_of(
    session: AsyncSession, organization: UUID, students: Collection[UUID]
) -> Mapping[UUID, Mapping[tuple[str, date, UUID | None], tuple[str, date]]]:
    """Movements of students in an organization by kind, day and class opened; number and date of the order of each."""
    query = (
        select(
            Movement.student_id,
            Movement.kind,
            Movement.effective_date,
            Placement.group_id,
            MovementOrder.number,
            MovementOrder.date,
        )
        .join(MovementOrder, MovementOrder.id == Movement.order_id)
        .outerjoin(Placement, Placement.id == Movement.opened_id)
        .where(Movement.organization_id == organization, _among(Movement.student_id, students))
    )
    found: dict[UUID, dict[tuple[str, date, UUID | None], tuple[str, date]]] = {}
    for student, kind, day, group, number, dated in await session.execute(query):
        found.setdefault(student, {})[kind, day, group] = number, dated
    return found


async def closed_years(session: AsyncSession, organizations: Collection[UUID]) -> set[tuple[UUID, int]]:
    """Academic years that organizations have closed.

    Of one being closed or taken back it is not known yet: the database refuses a change of it, which is tried again.
    """
    query = text(
        "SELECT organization_id, academic_year FROM year_closing "
        "WHERE organization_id = ANY (:organizations) AND state IN ('closed', 'opened')"
    ).bindparams(bindparam("organizations", type_=ARRAY(Uuid)))
    found = await session.execute(query, {"organizations": list(organizations)})
    return {(row.organization_id, row.academic_year) for row in found}


async def applications_done(session: AsyncSession, applications: Collection[UUID]) -> set[UUID]:
    """Those of the applications that were carried out already."""
    query = select(Movement.application_id).where(_among(Movement.application_id, applications))
    return {application for application in await session.scalars(query) if application is not None}


async def admissions_done(session: AsyncSession, admissions: Collection[UUID]) -> set[UUID]:
    """Those of the admissions that were carried out."""
    query = select(Movement.admission_id).where(_among(Movement.admission_id, admissions))
    return {admission for admission in await session.scalars(query) if admission is not None}


async def take_ended_with(session: AsyncSession, stays: Collection[UUID]) -> Sequence[EndedWithStay]:
    """What ended with the stays, noted once: whoever takes it gives it back."""
    statement = delete(EndedWithStay).where(_among(EndedWithStay.stay_id, stays)).returning(EndedWithStay)
    return (await session.scalars(statement)).all()


async def insert_stays(
    session: AsyncSession,
    memberships: Sequence[dict[str, Any]],
    placements: Sequence[dict[str, Any]],
    movements: Sequence[dict[str, Any]],
    leaves: Sequence[dict[str, Any]] = (),
) -> None:
    """Store new memberships, placements, leaves and movements."""
    new = ((Membership, memberships), (Placement, placements), (AcademicLeave, leaves), (Movement, movements))
    for model, rows in new:
        if rows:
            await session.execute(insert(model), list(rows))


async def organizations_of(session: AsyncSession, students: Collection[UUID], today: date) -> Mapping[UUID, set[UUID]]:
    """Organizations where students are or will be, by student: the main one, of who has none those of additional education."""
    query = select(Membership.student_id, Membership.organization_id, Membership.main).where(
        _among(Membership.student_id, students),
        lasts(Membership),
        or_(Membership.valid_to.is_(None), Membership.valid_to > today),
    )
    main: dict[UUID, set[UUID]] = {}
    additional: dict[UUID, set[UUID]] = {}
    for student, organization, is_main in await session.execute(query):
        (main if is_main else additional).setdefault(student, set()).add(organization)
    return {**additional, **main}


async def stays_ahead(session: AsyncSession, students: Collection[UUID], today: date) -> Sequence[Membership]:
    """Main memberships of students that are in force today or begin later."""
    query = select(Membership).where(
        _among(Membership.student_id, students),
        Membership.main,
        or_(Membership.valid_to.is_(None), Membership.valid_to > func.greatest(Membership.valid_from, today)),
    )
    return (await session.scalars(query.execution_options(populate_existing=True))).all()


async def release_ended(session: AsyncSession, today: date, limit: int) -> Sequence[tuple[UUID, UUID, UUID]]:
    """Placements that end today or ended before and still hold a place give it up: (placement, membership, group)."""
    ended = (
        select(Placement.id)
        .where(Placement.holds_place, Placement.valid_to <= today)
        .order_by(Placement.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(Placement)
        .where(Placement.id.in_(ended))
        .values(holds_place=False)
        .returning(Placement.id, Placement.membership_id, Placement.group_id)
        .execution_options(synchronize_session=False)
    )
    return [(one.id, one.membership_id, one.group_id) for one in await session.execute(statement)]


async def students_of(session: AsyncSession, memberships: Collection[UUID]) -> set[UUID]:
    """Students of memberships."""
    return set(await session.scalars(select(Membership.student_id).where(_among(Membership.id, memberships))))


async def operators_of(session: AsyncSession, students: Collection[UUID]) -> set[UUID]:
    """Organizations the students are, will be or were in."""
    return set(
        await session.scalars(select(Membership.organization_id).where(Membership.student_id.in_(students)).distinct())
    )


async def seen(session: AsyncSession, students: Collection[UUID], sight: Sight) -> set[UUID]:
    """Those of the students whom some organizations see."""
    query = select(_student.c.id).where(_among(_student.c.id, students), sight(_student))
    return set(await session.scalars(query))


async def was_in(session: AsyncSession, student: UUID, organizations: Any) -> bool:
    """Whether the student ever was in one of the organizations."""
    query = select(Membership.id).where(
        Membership.student_id == student, Membership.organization_id.in_(organizations), lasts(Membership)
    )
    return await session.scalar(query.limit(1)) is not None
