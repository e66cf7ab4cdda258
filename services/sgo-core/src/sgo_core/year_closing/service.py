"""Use cases of the closing of a year: prepared by the coordinator, confirmed by two people, taken back or made final."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from servicekit import runs
from servicekit.errors import FieldError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.runs import Run
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.history.recorded import Author, sign, signature
from sgo_core.movements import service as movements
from sgo_core.organizations import service as organizations
from sgo_core.year_closing import outcomes, repository
from sgo_core.year_closing.bases import CONFLICTS, ORDER_OF, Conflict, Outcome
from sgo_core.year_closing.errors import (
    AlreadyPreparedError,
    CertificatesEnteredError,
    ClosingStateError,
    ConflictsError,
    LaterMovementError,
    OrdersMissingError,
    SamePersonError,
    UnknownYearError,
    YearNotOverError,
)
from sgo_core.year_closing.events import publish_closing
from sgo_core.year_closing.model import YearClosing
from sgo_core.year_closing.proposals import UNSATISFACTORY
from sgo_core.year_closing.schemas import ClosingPatch, OrdersIn, ReversalIn

RUN_CLOSE, RUN_REVERSE = "core.close-year", "core.reverse-year"
_FIRST_MONTH = 5
"""A year may be closed from May of the calendar year it ends in."""


async def prepare(uow: UnitOfWork, principal: Principal, organization_id: UUID, academic_year: int) -> YearClosing:
    """Begin to close a year: every student gets a proposed outcome."""
    await organizations.require_visible(uow, principal, organization_id)
    bounds = await repository.year_bounds(uow.session, academic_year)
    if bounds is None:
        raise UnknownYearError
    if uow.clock.today() < date(bounds[1].year, _FIRST_MONTH, 1):
        raise YearNotOverError
    closing = YearClosing(
        id=new_id(),
        organization_id=organization_id,
        academic_year=academic_year,
        state="draft",
        orders={},
        version=1,
        **signature(Author(principal.account_id, "Подготовка завершения учебного года"), uow.now),
    )
    if not await repository.insert_closing(uow.session, closing):
        raise AlreadyPreparedError
    stored = await repository.get(uow.session, closing.id, lock=True)
    assert stored is not None
    await outcomes.refresh(uow, stored, Author(principal.account_id, "Предварительные итоги года"))
    return stored


async def get_closing(uow: UnitOfWork, principal: Principal, closing_id: UUID) -> YearClosing:
    """A closing of an organization the caller sees; raises ``NotFoundError``."""
    closing = await repository.get(uow.session, closing_id)
    if closing is None:
        raise NotFoundError
    await organizations.require_visible(uow, principal, closing.organization_id)
    return closing


async def list_closings(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, limit: int, after: UUID | None
) -> Sequence[YearClosing]:
    """One page of an organization's closings, and one more."""
    await organizations.require_visible(uow, principal, organization_id)
    return await repository.page(uow.session, organization_id, limit, after)


async def locked(
    uow: UnitOfWork, principal: Principal, closing_id: UUID, version: int | None, states: frozenset[str]
) -> YearClosing:
    """A closing of the caller's own organization, locked, in one of the states."""
    closing = await repository.get(uow.session, closing_id, lock=True)
    if closing is None or closing.organization_id != principal.unit.organization_id:
        raise NotFoundError
    if version is not None and closing.version != version:
        raise VersionMismatchError
    if closing.state not in states:
        raise ClosingStateError
    return closing


async def draft_of(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, academic_year: int
) -> YearClosing | None:
    """The draft by which the caller's organization is to close a year, locked; None if there is none."""
    closing = await repository.of_year(uow.session, organization_id, academic_year, lock=True)
    if closing is None or closing.organization_id != principal.unit.organization_id or closing.state != "draft":
        return None
    return closing


async def is_shut(uow: UnitOfWork, organization_id: UUID, academic_year: int, *, hold: bool = False) -> bool:
    """Whether a year is closed, being closed or being taken back; with ``hold`` it stays so until the transaction ends."""
    closing = await repository.of_year(uow.session, organization_id, academic_year, shared=hold)
    return closing is not None and closing.state != "draft"


DRAFT, CLOSED = frozenset({"draft"}), frozenset({"closed"})


async def edit(
    uow: UnitOfWork, principal: Principal, closing_id: UUID, version: int, body: ClosingPatch
) -> YearClosing:
    """Name the orders and the day of graduation. Whoever has confirmed has to confirm again."""
    closing = await locked(uow, principal, closing_id, version, DRAFT)
    values: dict[str, Any] = {}
    if "orders" in body.model_fields_set:
        values["orders"] = _named(body.orders)
    if "graduated_on" in body.model_fields_set:
        values["graduated_on"] = body.graduated_on
    unconfirm(closing, Author(principal.account_id, "Приказы о завершении года"), uow, values)
    return closing


def unconfirm(closing: YearClosing, author: Author, uow: UnitOfWork, values: Mapping[str, Any] | None = None) -> None:
    """Change a draft: what was confirmed is not what stands there now. The version counts even when only outcomes changed."""
    if not change(closing, {**(values or {}), "coordinator_by": None, "administrator_by": None}, author, uow.now):
        sign(closing, author, uow.now)


def _named(orders: OrdersIn) -> dict[str, Any]:
    return {kind: one for kind, one in orders.model_dump(mode="json").items() if one is not None}


async def refresh(uow: UnitOfWork, principal: Principal, closing_id: UUID, version: int) -> YearClosing:
    """Propose anew where nobody has decided; bring the list up to who is there now."""
    closing = await locked(uow, principal, closing_id, version, DRAFT)
    author = Author(principal.account_id, "Обновление предварительных итогов")
    await outcomes.refresh(uow, closing, author)
    unconfirm(closing, author, uow)
    return closing


async def summary(
    uow: UnitOfWork, principal: Principal, closing_id: UUID
) -> tuple[Mapping[str, tuple[int, int]], Counter[str]]:
    """Outcomes counted, and what is in the way of a draft, counted by students."""
    closing = await get_closing(uow, principal, closing_id)
    counted = await repository.tally(uow.session, closing.id)
    if closing.state != "draft":
        return counted, Counter()
    found = await repository.conflicts(uow.session, closing.id, UNSATISFACTORY)
    return counted, Counter(code for codes in found.values() for code in codes)


async def confirm(
    uow: UnitOfWork, principal: Principal, closing_id: UUID, version: int
) -> tuple[YearClosing, Run | None]:
    """Confirm the closing as it stands; with the second of the two the run is queued that carries it out.

    The state changes before the last look at conflicts: changes under way are waited for, later ones are refused.
    """
    closing = await locked(uow, principal, closing_id, version, DRAFT)
    _confirm(uow, principal, closing, "coordinator_by", "administrator_by", "closing", "Подтверждение завершения года")
    await uow.session.flush()
    await _check(uow, closing)
    if closing.state == "draft":
        return closing, None
    publish_closing(uow, closing)
    return closing, await runs.start(uow, principal, RUN_CLOSE, {"closing_id": str(closing.id)})


def _confirm(
    uow: UnitOfWork, principal: Principal, closing: YearClosing, first: str, second: str, state: str, why: str
) -> None:
    mine, other = (first, second) if principal.role is Role.COORDINATOR else (second, first)
    if getattr(closing, other) == principal.account_id:
        raise SamePersonError
    values: dict[str, Any] = {mine: principal.account_id}
    if getattr(closing, other) is not None:
        values["state"] = state
    change(closing, values, Author(principal.account_id, why), uow.now)


async def _check(uow: UnitOfWork, closing: YearClosing) -> None:
    found = await repository.conflicts(uow.session, closing.id, UNSATISFACTORY)
    if found:
        codes = Counter(code for of_student in found.values() for code in of_student)
        raise ConflictsError(
            errors=[
                FieldError("/outcomes", f"years.{code.replace('_', '-')}", f"{CONFLICTS[Conflict(code)]}: {number}")
                for code, number in sorted(codes.items())
            ]
        )
    counted = await repository.tally(uow.session, closing.id)
    needed = {ORDER_OF[Outcome(outcome)] for outcome in counted}
    graduation_day_missing = "graduation" in needed and closing.graduated_on is None
    if needed - set(closing.orders) or graduation_day_missing or not await _in_year(uow, closing):
        raise OrdersMissingError


async def _in_year(uow: UnitOfWork, closing: YearClosing) -> bool:
    bounds = await repository.year_bounds(uow.session, closing.academic_year)
    assert bounds is not None
    return closing.graduated_on is None or bounds[0] < closing.graduated_on <= bounds[1]


async def ask_reversal(
    uow: UnitOfWork, principal: Principal, closing_id: UUID, version: int, body: ReversalIn
) -> YearClosing:
    """Name the counter-orders and why the closing is to be taken back; both people confirm it then."""
    closing = await locked(uow, principal, closing_id, version, CLOSED)
    used = {kind for kind, one in closing.orders.items() if "id" in one}
    orders = _named(body.orders)
    if used - set(orders):
        raise OrdersMissingError
    values = {"reversal_orders": orders, "reversal_coordinator_by": None, "reversal_administrator_by": None}
    change(closing, values, Author(principal.account_id, body.reason), uow.now)
    return closing


async def confirm_reversal(
    uow: UnitOfWork, principal: Principal, closing_id: UUID, version: int
) -> tuple[YearClosing, Run | None]:
    """Confirm that the closing is taken back; with the second of the two its run is queued."""
    closing = await locked(uow, principal, closing_id, version, CLOSED)
    if closing.reversal_orders is None:
        raise OrdersMissingError
    first, second = "reversal_coordinator_by", "reversal_administrator_by"
    _confirm(uow, principal, closing, first, second, "reversing", "Подтверждение отмены завершения года")
    await uow.session.flush()
    orders = [UUID(one["id"]) for one in closing.orders.values() if "id" in one]
    if await movements.later_movements(uow, orders):
        raise LaterMovementError
    if await repository.has_certificates(uow.session, closing.organization_id, closing.academic_year):
        raise CertificatesEnteredError
    if closing.state == "closed":
        return closing, None
    publish_closing(uow, closing)
    return closing, await runs.start(uow, principal, RUN_REVERSE, {"closing_id": str(closing.id)})


async def open_next(uow: UnitOfWork, principal: Principal, closing_id: UUID, version: int) -> YearClosing:
    """Open the next year: from then on the closing stands for good."""
    closing = await locked(uow, principal, closing_id, version, CLOSED)
    values = {"state": "opened", "opened_at": uow.now, "opened_by": principal.account_id}
    change(closing, values, Author(principal.account_id, "Открытие следующего учебного года"), uow.now)
    publish_closing(uow, closing)
    return closing
