"""HTTP of printed papers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from eu_enrollment.printing import pdf
from eu_enrollment.printouts import policies, service
from eu_enrollment.runtime import CurrentRuntime
from servicekit.http import Uow, allow
from servicekit.security import Principal

router = APIRouter(tags=["printouts"], default_response_class=Response)
_PDF: dict[int | str, dict[str, object]] = {200: {"content": {"application/pdf": {}}}}
Clerk = Annotated[Principal, allow(policies.PAPERS)]
Orderer = Annotated[Principal, allow(policies.ORDERS)]


@router.get("/referrals/{referral_id}/referral.pdf", responses=_PDF)
async def print_referral(referral_id: UUID, principal: Clerk, uow: Uow, runtime: CurrentRuntime) -> Response:
    """Направление (PDF)."""
    number, content = await service.referral(uow, runtime, principal, referral_id)
    return pdf(content, f"Направление {number}")


@router.get("/applications/{application_id}/notice.pdf", responses=_PDF)
async def print_notice(application_id: UUID, principal: Clerk, uow: Uow, runtime: CurrentRuntime) -> Response:
    """Уведомление семье о ходе рассмотрения заявления (PDF)."""
    number, content = await service.notice(uow, runtime, principal, application_id)
    return pdf(content, f"Уведомление {number}")


@router.get("/applications/{application_id}/receipt.pdf", responses=_PDF)
async def print_receipt(application_id: UUID, principal: Clerk, uow: Uow, runtime: CurrentRuntime) -> Response:
    """Расписка в получении заявления и документов (PDF)."""
    number, content = await service.receipt(uow, runtime, principal, application_id)
    return pdf(content, f"Расписка {number}")


@router.get("/applications/{application_id}/refusal.pdf", responses=_PDF)
async def print_refusal(
    application_id: UUID, principal: Annotated[Principal, allow(policies.REFUSALS)], uow: Uow, runtime: CurrentRuntime
) -> Response:
    """Уведомление об отказе с основанием (PDF)."""
    number, content = await service.refusal(uow, runtime, principal, application_id)
    return pdf(content, f"Отказ {number}")


@router.get("/orders/{order_id}/order.pdf", responses=_PDF)
async def print_admission_order(order_id: UUID, principal: Orderer, uow: Uow, runtime: CurrentRuntime) -> Response:
    """Приказ о зачислении со списком детей (PDF)."""
    number, content = await service.order(uow, runtime, principal, order_id)
    return pdf(content, f"Приказ № {number}")


@router.get("/orders/{order_id}/extract.pdf", responses=_PDF)
async def print_order_extract(order_id: UUID, principal: Orderer, uow: Uow) -> Response:
    """Сведения о приказе для стенда, без имён (PDF)."""
    number, content = await service.order_extract(uow, principal, order_id)
    return pdf(content, f"Сведения о приказе № {number}")
