"""Closing a year and taking it back: part by part, each part in one transaction that notes what it has done.

A run that was cut short goes on with what is left, so it ends as one that was not. Nobody else writes into the year meanwhile.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from servicekit.faults import CONTENTION, sqlstate
from servicekit.runs import RunContext
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.debts import service as debts
from sgo_core.debts.service import Owed
from sgo_core.history.recorded import Author
from sgo_core.movements import service as movements
from sgo_core.movements.service import YearEndLine
from sgo_core.year_closing import from_journal, outcomes, repository
from sgo_core.year_closing.bases import CARRIED_ON, KIND_OF, ORDER_OF, Outcome
from sgo_core.year_closing.errors import ClosingStateError
from sgo_core.year_closing.events import publish_closing
from sgo_core.year_closing.model import YearClosing, YearOutcome
from sgo_core.year_closing.proposals import key

PART = 500
"""Students carried out in one transaction."""
_TRIES = 5


async def close_year(context: RunContext) -> None:
    """Carry out a confirmed closing."""
    await _work(context, _Closing(UUID(context.params["closing_id"])))


async def reverse_year(context: RunContext) -> None:
    """Take a closing back by counter-orders."""
    await _work(context, _Reversal(UUID(context.params["closing_id"])))


class _Closing:
    state, after = "closing", "closed"

    def __init__(self, closing_id: UUID) -> None:
        self.closing_id = closing_id

    async def begin(self, uow: UnitOfWork, closing: YearClosing) -> None:
        """Enter the orders, once."""
        needed = {ORDER_OF[Outcome(one)] for one in await repository.tally(uow.session, closing.id)}
        assert closing.coordinator_by is not None
        assert closing.administrator_by is not None
        orders = await _entered(
            uow, closing, closing.orders, needed, (closing.coordinator_by, closing.administrator_by), cancelled={}
        )
        change(closing, {"orders": orders}, _author(closing.administrator_by), uow.now)

    async def part(self, uow: UnitOfWork, closing: YearClosing) -> int:
        """Carry out one part; how many students it had."""
        found = await repository.left(uow.session, closing.id, PART)
        if not found:
            return 0
        bounds = await repository.year_bounds(uow.session, closing.academic_year)
        assert bounds is not None
        assert closing.administrator_by is not None
        lines = [_line(closing, one, bounds[1]) for one in found]
        made = await movements.carry_out_year_end(
            uow, closing.organization_id, lines, _author(closing.administrator_by)
        )
        await repository.note_movements(uow.session, {one.id: made[one.student_id] for one in found})
        return len(found)

    async def finish(self, uow: UnitOfWork, closing: YearClosing) -> None:
        """The year is closed: from now on the debts with which students were promoted are to be cleared."""
        assert closing.administrator_by is not None
        author = _author(closing.administrator_by)
        change(closing, {"state": "closed", "closed_at": uow.now}, author, uow.now)
        owed = [
            Owed(one.student_id, {key(subject): subject for subject in reversed(one.debts)}, one.debts_due)
            for one in await repository.conditional(uow.session, closing.id)
            if one.debts_due is not None
        ]
        if owed:
            arose_on = date.fromisoformat(closing.orders["promotion"]["date"])
            await debts.arise(uow, closing.organization_id, closing.academic_year, arose_on, owed, author)
        publish_closing(uow, closing)


class _Reversal:
    state, after = "reversing", "draft"

    def __init__(self, closing_id: UUID) -> None:
        self.closing_id = closing_id

    async def begin(self, uow: UnitOfWork, closing: YearClosing) -> None:
        """Enter the counter-orders, once."""
        assert closing.reversal_orders is not None
        assert closing.reversal_coordinator_by is not None
        assert closing.reversal_administrator_by is not None
        cancelled = {kind: UUID(one["id"]) for kind, one in closing.orders.items() if "id" in one}
        people = (closing.reversal_coordinator_by, closing.reversal_administrator_by)
        orders = await _entered(uow, closing, closing.reversal_orders, set(cancelled), people, cancelled=cancelled)
        change(closing, {"reversal_orders": orders}, _author(people[1]), uow.now)

    async def part(self, uow: UnitOfWork, closing: YearClosing) -> int:
        """Take one part back; how many students it had."""
        assert closing.reversal_orders is not None
        assert closing.reversal_administrator_by is not None
        for kind, order in closing.reversal_orders.items():
            ordered = [outcome.value for outcome, of in ORDER_OF.items() if of == kind]
            found = await repository.carried_out(uow.session, closing.id, ordered, PART)
            if found:
                lines = [one.movement_id for one in found if one.movement_id is not None]
                author = _author(closing.reversal_administrator_by)
                await movements.take_back_year_end(uow, UUID(order["id"]), lines, author)
                await repository.note_movements(uow.session, dict.fromkeys([one.id for one in found]))
                return len(found)
        return 0

    async def finish(self, uow: UnitOfWork, closing: YearClosing) -> None:
        """The closing is a draft again, to be corrected and confirmed anew under new orders; marks are what the journal says by now."""
        assert closing.reversal_administrator_by is not None
        author = _author(closing.reversal_administrator_by)
        values: dict[str, Any] = dict.fromkeys(
            ("coordinator_by", "administrator_by", "closed_at", "reversal_orders", "reversal_coordinator_by",
             "reversal_administrator_by")
        )  # fmt: skip
        change(closing, {**values, "state": "draft", "orders": {}}, author, uow.now)
        await debts.withdraw(uow, closing.organization_id, closing.academic_year, author)
        await uow.session.flush()
        await from_journal.settle(uow, closing.organization_id, closing.academic_year)
        await uow.session.flush()
        await outcomes.refresh(uow, closing, author)
        publish_closing(uow, closing)


def _author(account_id: str) -> Author:
    return Author(account_id, "Завершение учебного года")


async def _entered(
    uow: UnitOfWork,
    closing: YearClosing,
    orders: Mapping[str, Any],
    needed: set[str],
    people: tuple[str, str],
    *,
    cancelled: Mapping[str, UUID],
) -> dict[str, Any]:
    """The orders with the ids under which they are entered; those nobody needs are left out."""
    entered: dict[str, Any] = {}
    for kind in sorted(needed):
        order = orders[kind]
        if "id" not in order:
            order_id = await movements.sign_year_end_order(
                uow,
                closing.organization_id,
                order["number"],
                date.fromisoformat(order["date"]),
                drafted_by=people[0],
                checked_by=people[1],
                cancels=cancelled.get(kind),
            )
            order = {**order, "id": str(order_id)}
        entered[kind] = order
    return entered


def _line(closing: YearClosing, one: YearOutcome, next_starts_on: date) -> YearEndLine:
    outcome = Outcome(one.outcome)
    if outcome in CARRIED_ON:
        day = next_starts_on
    else:
        ends = closing.graduated_on if outcome is Outcome.GRADUATED else one.leaves_on
        assert ends is not None
        day = ends
    return YearEndLine(
        student_id=one.student_id,
        order_id=UUID(closing.orders[ORDER_OF[outcome]]["id"]),
        kind=KIND_OF[outcome],
        effective_date=day,
        placement_id=one.placement_id,
        group_id=one.target_group_id,
        reason=one.departure_reason if outcome is Outcome.DEPARTED else one.basis,
        destination=one.destination,
    )


async def _work(context: RunContext, job: _Closing | _Reversal) -> None:
    total, done = await _patiently(context, job, _begin)
    await context.progress(done, total)
    while (worked := (await _patiently(context, job, _part))[1]) > 0:
        done += worked
        await context.progress(done, total)
    async with context.runtime.uow() as uow:
        closing = await _closing(uow, job)
        if closing.state == job.state:
            await job.finish(uow, closing)
        await context.succeed(uow, {"students": total})


async def _closing(uow: UnitOfWork, job: _Closing | _Reversal) -> YearClosing:
    closing = await repository.get(uow.session, job.closing_id, lock=True)
    if closing is None or closing.state not in {job.state, job.after}:
        raise ClosingStateError
    return closing


async def _begin(uow: UnitOfWork, job: _Closing | _Reversal, closing: YearClosing) -> tuple[int, int]:
    if closing.state == job.state:
        await job.begin(uow, closing)
    counted: Sequence[tuple[int, int]] = list((await repository.tally(uow.session, closing.id)).values())
    total, carried_out = sum(one for one, _ in counted), sum(one for _, one in counted)
    return total, carried_out if isinstance(job, _Closing) else total - carried_out


async def _part(uow: UnitOfWork, job: _Closing | _Reversal, closing: YearClosing) -> tuple[int, int]:
    return 0, (await job.part(uow, closing) if closing.state == job.state else 0)


async def _patiently(context: RunContext, job: _Closing | _Reversal, step: Any) -> tuple[int, int]:
    """One transaction; a race lost to another one is run again. A refusal ends the run and leaves the closing where it was."""
    for attempt in range(1, _TRIES + 1):
        try:
            async with context.runtime.uow() as uow:
                closing = await _closing(uow, job)
                await movements.work_for_closing(uow, closing.organization_id)
                result: tuple[int, int] = await step(uow, job, closing)
                return result
        except DBAPIError as error:
            if sqlstate(error) not in CONTENTION or attempt == _TRIES:
                raise
    raise AssertionError
