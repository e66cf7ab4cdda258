"""Statements of verifications."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, insert, select, tuple_, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from eu_enrollment.database import Record
from eu_enrollment.verifications.kinds import CheckKind
from eu_enrollment.verifications.model import UNDECIDED, State, verification
from servicekit.security import Principal

_CHUNK = 2000


async def add(session: AsyncSession, rows: Sequence[dict[str, object]]) -> None:
    """Open verifications."""
    for start in range(0, len(rows), _CHUNK):
        await session.execute(insert(verification), rows[start : start + _CHUNK])


async def get(session: AsyncSession, verification_id: UUID) -> Record | None:
    """A verification."""
    return (await session.execute(select(verification).where(verification.c.id == verification_id))).first()


async def of_application(session: AsyncSession, application_id: UUID) -> Sequence[Record]:
    """Every verification of an application, oldest first."""
    statement = select(verification).where(verification.c.application_id == application_id)
    return (await session.execute(statement.order_by(verification.c.id))).all()


async def last_of(
    session: AsyncSession, application_ids: Collection[UUID], kinds: Collection[CheckKind]
) -> Sequence[Record]:
    """The last verification of each thing of the kinds that was checked of the applications (application_id, state)."""
    c = verification.c
    what = (c.application_id, c.kind, c.subject)
    found = select(c.application_id, c.state).where(c.application_id.in_(application_ids), c.kind.in_(kinds))
    return (await session.execute(found.ext(distinct_on(*what)).order_by(*what, c.id.desc()))).all()


async def held_until(session: AsyncSession, application_id: UUID, day: date) -> date | None:
    """The first day from ``day`` on that is the last of something confirmed before its document was renewed."""
    c = verification.c
    held = (c.application_id == application_id, c.state.in_(UNDECIDED), c.holds_until >= day, c.holds_until < date.max)
    found: date | None = await session.scalar(select(func.min(c.holds_until)).where(*held))
    return found


async def decide(
    session: AsyncSession,
    ids: Collection[UUID],
    state: State,
    at: datetime,
    *,
    by: str | None,
    note: str | None = None,
    source: str | None = None,
    metres: int | None = None,
) -> list[UUID]:
    """End verifications that nobody has decided yet; those ended. ``metres``: what was measured."""
    statement = (
        update(verification)
        .where(verification.c.id.in_(ids), verification.c.state.in_(UNDECIDED))
        .values(state=state, decided_at=at, decided_by=by, note=note, source=source, metres=metres)
        .returning(verification.c.id)
    )
    return list(await session.scalars(statement))


async def await_documents(session: AsyncSession, ids: Collection[UUID], due_on: date, note: str) -> int:
    """The family is to bring documents for those that are not decided yet; how many they are."""
    statement = (
        update(verification)
        .where(verification.c.id.in_(ids), verification.c.state.in_(UNDECIDED))
        .values(state=State.AWAITING, due_on=due_on, note=note)
        .returning(verification.c.id)
    )
    return len((await session.scalars(statement)).all())


async def put_off(session: AsyncSession, application_id: UUID, due_on: date) -> None:
    """Whatever documents are asked of a family, it is to bring them by one day."""
    await session.execute(
        update(verification)
        .where(verification.c.application_id == application_id, verification.c.state == State.AWAITING)
        .values(due_on=due_on)
    )


async def awaits(session: AsyncSession, application_id: UUID) -> bool:
    """Whether documents are asked of a family."""
    asked = (verification.c.application_id == application_id, verification.c.state == State.AWAITING)
    return await session.scalar(select(verification.c.id).where(*asked).limit(1)) is not None


async def resume(session: AsyncSession, application_id: UUID, due_on: date) -> int:
    """Documents have come: an operator is to decide; how many waited for them."""
    statement = (
        update(verification)
        .where(verification.c.application_id == application_id, verification.c.state == State.AWAITING)
        .values(state=State.OPEN, due_on=due_on)
        .returning(verification.c.id)
    )
    return len((await session.scalars(statement)).all())


async def renew(session: AsyncSession, application_id: UUID, due_on: date) -> None:
    """What is undecided of an application is an operator's again, to the day given."""
    await session.execute(
        update(verification)
        .where(verification.c.application_id == application_id, verification.c.state.in_(UNDECIDED))
        .values(state=State.OPEN, due_on=due_on)
    )


async def drop(session: AsyncSession, ids: Collection[UUID], at: datetime) -> None:
    """There is nothing to check any more, or what was seen says nothing about what is stated now."""
    await session.execute(
        update(verification).where(verification.c.id.in_(ids)).values(state=State.DROPPED, decided_at=at)
    )


async def assign(session: AsyncSession, verification_id: UUID, assignee: str | None) -> bool:
    """Say who has taken it; false if it is decided already."""
    statement = (
        update(verification)
        .where(verification.c.id == verification_id, verification.c.state.in_(UNDECIDED))
        .values(assignee=assignee)
        .returning(verification.c.id)
    )
    return await session.scalar(statement) is not None


async def unasked(
    session: AsyncSession, waiting: Select[tuple[UUID]], kinds: Collection[CheckKind], limit: int
) -> Sequence[Record]:
    """Open verifications, of all that wait for a decision (``waiting``), whose registries have not been asked."""
    fresh = (verification.c.state == State.OPEN, ~verification.c.asked, verification.c.kind.in_(kinds))
    statement = select(verification).where(*fresh, verification.c.application_id.in_(waiting))
    return (await session.execute(statement.order_by(verification.c.id).limit(limit))).all()


async def mark_asked(session: AsyncSession, ids: Collection[UUID]) -> None:
    """The registries have been asked."""
    await session.execute(update(verification).where(verification.c.id.in_(ids)).values(asked=True))


async def overdue_documents(
    session: AsyncSession,
    waiting: Select[tuple[UUID]],
    today: date,
    limit: int,
    among: Collection[UUID] | None = None,
) -> Sequence[Record]:
    """Verifications whose documents have not come in time: of all that wait for a decision (``waiting``), or of some."""
    late = (verification.c.state == State.AWAITING, verification.c.due_on < today)
    statement = select(verification).where(*late, verification.c.application_id.in_(waiting))
    if among is not None:
        statement = statement.where(verification.c.application_id.in_(among))
    return (await session.execute(statement.order_by(verification.c.id).limit(limit))).all()


def visible(principal: Principal) -> ColumnElement[bool]:
    """Verifications of the position's municipality; the region sees all."""
    return principal.visible(None, verification.c.municipality, None)


def undecided(
    seen: ColumnElement[bool],
    waiting: Select[tuple[UUID]],
    *,
    campaign_id: UUID | None = None,
    kind: CheckKind | None = None,
    assignee: str | None = None,
) -> list[ColumnElement[bool]]:
    """Conditions of the work that lies before operators; ``waiting``: applications that anything is to be decided about."""
    c = verification.c
    found = [c.state.in_(UNDECIDED), seen, c.application_id.in_(waiting)]
    for column, value in ((c.campaign_id, campaign_id), (c.kind, kind), (c.assignee, assignee)):
        if value is not None:
            found.append(column == value)
    return found


async def page(
    session: AsyncSession,
    conditions: Sequence[ColumnElement[bool]],
    due: tuple[date, date],
    after: tuple[date, UUID] | None,
    limit: int,
) -> Sequence[Record]:
    """Verifications due within the days (first, last), the most urgent first, one more than asked for."""
    c = verification.c
    statement = select(verification).where(*conditions, c.due_on.between(*due))
    if after is not None:
        statement = statement.where(tuple_(c.due_on, c.id) > after)
    return (await session.execute(statement.order_by(c.due_on, c.id).limit(limit + 1))).all()


async def counts(
    session: AsyncSession, conditions: Sequence[ColumnElement[bool]], today: date, soon: date
) -> Sequence[Record]:
    """By kind and state (kind, state, total, overdue, soon)."""
    c = verification.c
    statement = select(
        c.kind,
        c.state,
        func.count().label("total"),
        func.count().filter(c.due_on < today).label("overdue"),
        func.count().filter(c.due_on.between(today, soon)).label("soon"),
    )
    return (
        await session.execute(statement.where(*conditions).group_by(c.kind, c.state).order_by(c.kind, c.state))
    ).all()
