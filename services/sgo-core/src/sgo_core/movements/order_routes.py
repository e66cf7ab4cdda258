"""HTTP of orders."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from servicekit import audit
from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.audience import audience_of
from sgo_core.cards.texts import without_texts
from sgo_core.http import after_id
from sgo_core.movements import orders, policies
from sgo_core.movements.model import MovementOrder
from sgo_core.movements.reasons import REASONS
from sgo_core.movements.schemas import CancelIn, OrderDraft, OrderOut, OrderPatch, ReasonsOut, ReturnIn

router = APIRouter(tags=["orders"])
Drafter = Annotated[Principal, allow(policies.DRAFT)]
Checker = Annotated[Principal, allow(policies.CHECK)]
Signer = Annotated[Principal, allow(policies.SIGN)]
Reader = Annotated[Principal, allow(policies.READ_MOVEMENTS)]


def _out(order: MovementOrder, principal: Principal) -> OrderOut:
    shown = OrderOut(
        id=order.id,
        organization_id=order.organization_id,
        number=order.number,
        date=order.date,
        state=order.state,
        movements=orders.LINES.validate_python(order.lines),
        cancels=order.cancels,
        remark=order.remark,
        drafted_by=order.drafted_by,
        checked_by=order.checked_by,
        signed_by=order.signed_by,
        signed_at=order.signed_at,
        version=order.version,
    )
    return without_texts(shown, audience_of(principal), MovementOrder.__tablename__)


async def _answer(
    uow: UnitOfWork, principal: Principal, action: str, order: MovementOrder, response: Response
) -> OrderOut:
    out = _out(order, principal)
    await audit.record(uow, principal, action, {line.student_id for line in out.movements})
    response.headers["ETag"] = etag(order.version)
    return out


@router.get("/departure-reasons")
async def list_departure_reasons(_principal: Reader) -> ReasonsOut:
    """Справочник причин выбытия."""
    return ReasonsOut(items=list(REASONS.values()))


@router.post("/organizations/{organization_id}/orders", status_code=201, response_model=OrderOut)
async def draft_order(
    organization_id: UUID, body: OrderDraft, once: CreateOnce, principal: Drafter, uow: Uow
) -> JSONResponse:
    """Составить проект приказа о движении обучающихся."""
    return await once(_made(uow, principal, lambda: orders.draft_order(uow, principal, organization_id, body)))


@router.post("/orders/{order_id}/cancellation", status_code=201, response_model=OrderOut)
async def cancel_order(order_id: UUID, body: CancelIn, once: CreateOnce, principal: Drafter, uow: Uow) -> JSONResponse:
    """Составить проект приказа об отмене подписанного приказа."""
    return await once(_made(uow, principal, lambda: orders.cancel_order(uow, principal, order_id, body)))


def _made(
    uow: UnitOfWork, principal: Principal, make: Callable[[], Awaitable[MovementOrder]]
) -> Callable[[], Awaitable[tuple[int, dict[str, Any]]]]:
    async def create() -> tuple[int, dict[str, Any]]:
        out = _out(await make(), principal)
        await audit.record(uow, principal, "order.draft", {line.student_id for line in out.movements})
        return 201, out.model_dump(mode="json")

    return create


@router.get("/organizations/{organization_id}/orders")
async def list_orders(
    organization_id: UUID,
    principal: Reader,
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    state: Literal["draft", "checked", "signed", "withdrawn"] | None = None,
) -> Page[OrderOut]:
    """Приказы организации о движении."""
    found = await orders.list_orders(uow, principal, organization_id, state, limit, after_id(after))
    page = paginate([_out(one, principal) for one in found], limit, lambda one: one.id)
    students = {line.student_id for one in page.items for line in one.movements}
    await audit.record(uow, principal, "orders.list", students)
    return page


@router.get("/orders/{order_id}")
async def get_order(order_id: UUID, principal: Reader, uow: Uow, response: Response) -> OrderOut:
    """Приказ."""
    return await _answer(uow, principal, "order.read", await orders.get_order(uow, principal, order_id), response)


@router.patch("/orders/{order_id}")
async def edit_order(
    order_id: UUID, body: OrderPatch, version: IfMatch, principal: Drafter, uow: Uow, response: Response
) -> OrderOut:
    """Изменить проект приказа."""
    order = await orders.edit_order(uow, principal, order_id, version, body)
    return await _answer(uow, principal, "order.edit", order, response)


@router.post("/orders/{order_id}/check")
async def check_order(order_id: UUID, version: IfMatch, principal: Checker, uow: Uow, response: Response) -> OrderOut:
    """Подтвердить проект приказа, составленный другим работником."""
    order = await orders.check_order(uow, principal, order_id, version)
    return await _answer(uow, principal, "order.check", order, response)


@router.post("/orders/{order_id}/return")
async def return_order(
    order_id: UUID, body: ReturnIn, version: IfMatch, principal: Checker, uow: Uow, response: Response
) -> OrderOut:
    """Вернуть проект приказа с замечанием."""
    order = await orders.return_order(uow, principal, order_id, version, body.remark)
    return await _answer(uow, principal, "order.return", order, response)


@router.post("/orders/{order_id}/withdrawal")
async def withdraw_order(
    order_id: UUID, version: IfMatch, principal: Drafter, uow: Uow, response: Response
) -> OrderOut:
    """Отозвать проект приказа."""
    order = await orders.withdraw_order(uow, principal, order_id, version)
    return await _answer(uow, principal, "order.withdraw", order, response)


@router.post("/orders/{order_id}/signature")
async def sign_order(order_id: UUID, version: IfMatch, principal: Signer, uow: Uow, response: Response) -> OrderOut:
    """Подписать приказ: движение проводится целиком или не проводится."""
    order = await orders.sign_order(uow, principal, order_id, version)
    return await _answer(uow, principal, "order.sign", order, response)
