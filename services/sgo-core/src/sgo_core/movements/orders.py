"""Life of an order: the secretary drafts, another person checks, the head signs; a signed one is undone by another order only."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy.exc import IntegrityError

from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.history.recorded import Author, signature
from sgo_core.movements import repository
from sgo_core.movements.cancelling import undo
from sgo_core.movements.errors import (
    NotCancellableError,
    OrderNumberError,
    OrderStateError,
    SamePersonError,
    SignedOutsideError,
)
from sgo_core.movements.model import MovementOrder
from sgo_core.movements.recording import carry_out
from sgo_core.movements.schemas import CancelIn, MovementIn, OrderDraft, OrderPatch
from sgo_core.organizations import service as organizations

LINES = TypeAdapter(list[MovementIn])


async def draft_order(uow: UnitOfWork, principal: Principal, organization_id: UUID, body: OrderDraft) -> MovementOrder:
    """Draft an order of the caller's organization."""
    await organizations.require_visible(uow, principal, organization_id)
    lines = body.model_dump(mode="json")["movements"]
    return _drafted(uow, principal, organization_id, body.number, body.date, lines, "Проект приказа")


def _drafted(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    number: str,
    day: Any,
    lines: Sequence[dict[str, Any]],
    reason: str,
    cancels: UUID | None = None,
) -> MovementOrder:
    order = MovementOrder(
        id=new_id(),
        organization_id=organization_id,
        number=number,
        date=day,
        state="draft",
        lines=lines,
        cancels=cancels,
        drafted_by=principal.account_id,
        version=1,
        **signature(Author(principal.account_id, reason), uow.now),
    )
    uow.session.add(order)
    return order


async def get_order(uow: UnitOfWork, principal: Principal, order_id: UUID) -> MovementOrder:
    """An order of an organization the caller sees; raises ``NotFoundError``."""
    order = await repository.get_order(uow.session, order_id)
    if order is None:
        raise NotFoundError
    await organizations.require_visible(uow, principal, order.organization_id)
    return order


async def list_orders(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, state: str | None, limit: int, after: UUID | None
) -> Sequence[MovementOrder]:
    """One page of an organization's orders, and one more."""
    await organizations.require_visible(uow, principal, organization_id)
    return await repository.page_of_orders(uow.session, organization_id, state, limit, after)


async def hold_order(uow: UnitOfWork, principal: Principal, order_id: UUID) -> MovementOrder:
    """An order of the caller's organization, which nobody else changes until the transaction ends; raises ``NotFoundError``."""
    order = await repository.get_order(uow.session, order_id, lock=True)
    if order is None or order.organization_id != principal.unit.organization_id:
        raise NotFoundError
    return order


async def _locked(
    uow: UnitOfWork, principal: Principal, order_id: UUID, version: int, states: frozenset[str]
) -> MovementOrder:
    order = await hold_order(uow, principal, order_id)
    if order.version != version:
        raise VersionMismatchError
    if order.state not in states:
        raise OrderStateError
    return order


_DRAFT, _CHECKED = frozenset({"draft"}), frozenset({"checked"})
_OPEN = _DRAFT | _CHECKED


async def edit_order(
    uow: UnitOfWork, principal: Principal, order_id: UUID, version: int, body: OrderPatch
) -> MovementOrder:
    """Change a draft. Who edits it has drafted it: somebody else has to check."""
    order = await _locked(uow, principal, order_id, version, _DRAFT)
    sent = body.model_dump(mode="json", exclude_unset=True)
    values: dict[str, Any] = {"drafted_by": principal.account_id}
    if "number" in sent:
        values["number"] = body.number
    if "date" in sent:
        values["date"] = body.date
    if "movements" in sent and order.cancels is None:
        values["lines"] = sent["movements"]
    change(order, values, Author(principal.account_id, "Изменение проекта приказа"), uow.now)
    return order


async def check_order(uow: UnitOfWork, principal: Principal, order_id: UUID, version: int) -> MovementOrder:
    """Confirm a draft that another person made."""
    order = await _locked(uow, principal, order_id, version, _DRAFT)
    if order.drafted_by == principal.account_id:
        raise SamePersonError
    author = Author(principal.account_id, "Проверка проекта приказа")
    change(order, {"state": "checked", "checked_by": principal.account_id, "remark": None}, author, uow.now)
    return order


async def return_order(
    uow: UnitOfWork, principal: Principal, order_id: UUID, version: int, remark: str
) -> MovementOrder:
    """Give an order back to be mended; raises ``SignedOutsideError`` where an outside signature stands under it."""
    order = await _locked(uow, principal, order_id, version, _OPEN)
    author = Author(principal.account_id, "Возврат проекта приказа")
    change(order, {"state": "draft", "checked_by": None, "remark": remark}, author, uow.now)
    try:
        await uow.session.flush()
    except IntegrityError:
        raise SignedOutsideError from None
    return order


async def withdraw_order(uow: UnitOfWork, principal: Principal, order_id: UUID, version: int) -> MovementOrder:
    """Give a draft up, for good."""
    order = await _locked(uow, principal, order_id, version, _OPEN)
    change(order, {"state": "withdrawn"}, Author(principal.account_id, "Отзыв проекта приказа"), uow.now)
    return order


async def sign_order(uow: UnitOfWork, principal: Principal, order_id: UUID, version: int) -> MovementOrder:
    """Sign a checked order: all its lines are carried out, or it stays as it is."""
    order = await _locked(uow, principal, order_id, version, _CHECKED)
    author = Author(principal.account_id, f"Приказ № {order.number} подписан")
    values = {"state": "signed", "signed_by": principal.account_id, "signed_at": uow.now}
    change(order, values, author, uow.now)
    try:
        await uow.session.flush()
    except IntegrityError as error:
        raise (NotCancellableError if "uq_movement_order_cancels" in str(error.orig) else OrderNumberError) from None
    if order.cancels is None:
        await carry_out(uow, order, LINES.validate_python(order.lines), principal.account_id)
    else:
        cancelled = await repository.get_order(uow.session, order.cancels, lock=True)
        assert cancelled is not None
        await undo(uow, order, cancelled, principal.account_id)
    return order


async def cancel_order(uow: UnitOfWork, principal: Principal, order_id: UUID, body: CancelIn) -> MovementOrder:
    """Draft the order that undoes a signed one."""
    cancelled = await repository.get_order(uow.session, order_id)
    if cancelled is None or cancelled.organization_id != principal.unit.organization_id:
        raise NotFoundError
    if cancelled.state != "signed" or cancelled.cancels is not None:
        raise NotCancellableError
    return _drafted(
        uow, principal, cancelled.organization_id, body.number, body.date, [], body.reason, cancels=cancelled.id
    )
