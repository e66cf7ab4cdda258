"""Use cases of closing periods."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.errors import NotFoundError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.closings import gaps, repository, telling
from sgo_journal.closings.errors import (
    AlreadyClosedError,
    GapsLeftError,
    JournalUnknownError,
    PeriodNotOverError,
    RevokedError,
    UnlockTimeError,
)
from sgo_journal.closings.gaps import Gap, Period
from sgo_journal.closings.model import PeriodClosing, PeriodUnlock
from sgo_journal.closings.schemas import ClosingIn, UnlockIn
from sgo_journal.people import author
from sgo_journal.rosters import service as rosters
from sgo_journal.rosters.service import Learners
from sgo_journal.totals import results, service
from sgo_journal.totals.spans import Kind, Span

__all__ = ["PeriodClosing", "PeriodUnlock"]


async def _asked(uow: UnitOfWork, principal: Principal, learners_id: UUID, number: int) -> Period:
    """A period of learners the caller sees, with the subgroups of a class; raises ``NotFoundError``, ``PeriodUnknownError``."""
    learners = await results.visible_class(uow, principal, learners_id)
    spans = await service.spans_of_learners(uow, learners)
    span = service.find(spans, Kind.PERIOD if number else Kind.YEAR, number)
    together = {learners_id} | await rosters.subgroups_of(uow, learners_id)
    key = (learners.organization_id, learners.academic_year)
    return Period(*key, sorted(together), span)


async def check(
    uow: UnitOfWork, principal: Principal, learners_id: UUID, number: int
) -> tuple[Span, Mapping[Gap, int]]:
    """How much is left to fill in before a period (0: the year) is closed."""
    period = await _asked(uow, principal, learners_id, number)
    return period.span, await gaps.count(uow.session, period)


async def list_places(
    uow: UnitOfWork, principal: Principal, learners_id: UUID, number: int, gap: Gap, after: str | None, limit: int
) -> Sequence[Any]:
    """Places that are not filled in, in the order of their keys; the reading of students is audited."""
    period = await _asked(uow, principal, learners_id, number)
    found = await gaps.page(uow.session, period, gap, after, limit)
    named = sorted({row.student_id for row in found[:limit] if row.student_id is not None})
    if named:
        await audit.record(uow, principal, "journal.gaps.read", named)
    return found


async def close(uow: UnitOfWork, principal: Principal, learners_id: UUID, body: ClosingIn) -> PeriodClosing:
    """Close a period of learners: nothing is written in its days from then on, nor, of a class, in those of its subgroups.

    Raises ``PeriodNotOverError``, ``GapsLeftError`` unless a reason is given, ``AlreadyClosedError``. Whoever is saving is waited for.
    """
    period = await _asked(uow, principal, learners_id, body.period)
    if period.span.last_day > uow.clock.today():
        raise PeriodNotOverError
    await repository.hold_journals(uow.session, period.organization_id, period.academic_year, period.learners)
    left = await gaps.count(uow.session, period)
    if any(left.values()) and body.reason is None:
        raise GapsLeftError(members={"gaps": {gap.value: number for gap, number in left.items()}})
    of = period.organization_id, period.academic_year, learners_id
    span = period.span
    days = span.title, span.first_day, span.last_day
    made = await _close(uow, principal, of, days, reason=body.reason, period=span.period)
    await telling.tell(uow, made)
    return made


async def close_days(
    uow: UnitOfWork, principal: Principal, learners: Learners, title: str, first_day: date, last_day: date
) -> PeriodClosing:
    """Close days of learners (both included) whose gaps somebody else has looked for; raises ``AlreadyClosedError``."""
    of = learners.organization_id, learners.academic_year, learners.id
    return await _close(uow, principal, of, (title, first_day, last_day))


async def _close(
    uow: UnitOfWork,
    principal: Principal,
    of: tuple[UUID, int, UUID],
    days: tuple[str, date, date],
    **more: Any,
) -> PeriodClosing:
    """Close days (title, first, last) of learners (organization, year, id)."""
    names = ("organization_id", "academic_year", "learners_id", "title", "first_day", "last_day")
    values = {
        "id": new_id(),
        **dict(zip(names, (*of, *days), strict=True)),
        "closed_at": uow.now,
        "closed_by": author(principal),
        **more,
    }
    made = await repository.close(uow.session, values)
    if made is None:
        raise AlreadyClosedError
    return made


async def list_closings(
    uow: UnitOfWork, principal: Principal, learners_id: UUID, after: UUID | None, limit: int
) -> tuple[Sequence[PeriodClosing], Mapping[UUID, list[PeriodUnlock]]]:
    """Closings of learners the caller sees, those taken back too, and what opened each again."""
    learners = await results.visible_class(uow, principal, learners_id)
    found = await repository.of_learners(uow.session, learners.organization_id, learners_id, after, limit)
    opened: dict[UUID, list[PeriodUnlock]] = {one.id: [] for one in found}
    for unlock in await repository.unlocks(uow.session, list(opened), learners.organization_id):
        opened[unlock.closing_id].append(unlock)
    return found, opened


async def _own(uow: UnitOfWork, principal: Principal, closing_id: UUID) -> PeriodClosing:
    closing = await repository.one(uow.session, principal.unit.organization_id, closing_id)
    if closing is None:
        raise NotFoundError
    return closing


async def revoke(uow: UnitOfWork, principal: Principal, closing_id: UUID, reason: str) -> PeriodClosing:
    """Take a closing back: its days are written in again. Raises ``RevokedError`` if it was before."""
    closing = await _own(uow, principal, closing_id)
    values = {"revoked_at": uow.now, "revoked_by": author(principal), "revoked_for": reason}
    if not await repository.revoke(uow.session, closing, values):
        raise RevokedError
    await uow.session.refresh(closing)
    await telling.tell(uow, closing)
    return closing


async def unlock(uow: UnitOfWork, principal: Principal, closing_id: UUID, body: UnlockIn) -> PeriodUnlock:
    """Open a closed period by an order until an instant, for one journal or all.

    Raises ``RevokedError``, ``UnlockTimeError``, ``JournalUnknownError``.
    """
    closing = await _own(uow, principal, closing_id)
    if closing.revoked_at is not None:
        raise RevokedError
    if body.open_until <= uow.now or body.order_date > uow.clock.today():
        raise UnlockTimeError
    key = (closing.organization_id, closing.academic_year)
    if body.journal_id is not None:
        together = {closing.learners_id} | await rosters.subgroups_of(uow, closing.learners_id)
        of = await repository.hold_journals(uow.session, *key, together)
        if body.journal_id not in of:
            raise JournalUnknownError
    made = PeriodUnlock(
        organization_id=closing.organization_id,
        academic_year=closing.academic_year,
        id=new_id(),
        closing_id=closing.id,
        unlocked_at=uow.now,
        unlocked_by=author(principal),
        **body.model_dump(),
    )
    uow.session.add(made)
    await uow.session.flush()
    return made
