"""Routes of the queue."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Path, Response
from fastapi.responses import JSONResponse

from eu_enrollment.applications import policies as application_policies
from eu_enrollment.applications import service as applications
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.campaigns.schemas import Instant
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.database import Record
from eu_enrollment.printing import PRINTER, pdf
from eu_enrollment.queue import certificate, forecasts, ledger, lookup, policies, positions
from eu_enrollment.queue.schemas import (
    CertificateOut,
    ForecastIn,
    ForecastOut,
    LookUpCodeOut,
    LookUpOut,
    PositionChangesOut,
    PositionOut,
)
from eu_enrollment.runtime import CurrentRuntime, EnrollmentRuntime
from reportkit.footer import Footer, Subsystem
from servicekit import runs
from servicekit.http import CreateOnce, Uow, allow, public
from servicekit.runs import Run
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

router = APIRouter(tags=["queue"])


async def _asked(
    uow: UnitOfWork, runtime: EnrollmentRuntime, principal: Principal, application_id: UUID
) -> tuple[Record, Campaign]:
    """The application asked about, if the position sees it, and its campaign."""
    row = await applications.visible_application(uow, principal, application_id)
    return row, await campaigns.known_campaign(uow.session, runtime.campaigns, row.campaign_id)


@router.get("/applications/{application_id}/position")
async def get_position(
    application_id: UUID,
    principal: Annotated[Principal, allow(application_policies.READ)],
    uow: Uow,
    runtime: CurrentRuntime,
) -> PositionOut:
    """Место в очереди по каждой выбранной организации с объяснением."""
    row, campaign = await _asked(uow, runtime, principal, application_id)
    return await positions.position(uow, campaign, row)


@router.get("/applications/{application_id}/position/changes")
async def get_position_changes(
    application_id: UUID,
    since: Instant,
    principal: Annotated[Principal, allow(application_policies.READ)],
    uow: Uow,
    runtime: CurrentRuntime,
) -> PositionChangesOut:
    """Почему изменилось место в очереди: каждое изменение с причиной."""
    row, campaign = await _asked(uow, runtime, principal, application_id)
    return await ledger.changes(uow, campaign, row, since)


@router.get("/applications/{application_id}/certificate")
async def get_certificate(
    application_id: UUID,
    principal: Annotated[Principal, allow(application_policies.READ)],
    uow: Uow,
    runtime: CurrentRuntime,
) -> CertificateOut:
    """Справка «почему не мы»: чьё право оказалось сильнее по каждой более желанной организации; подписана, проверяется без связи."""
    row, campaign = await _asked(uow, runtime, principal, application_id)
    found = await certificate.certificate(uow, campaign, row)
    return CertificateOut(certificate=found, signature=certificate.signed(runtime, found))


@router.get("/applications/{application_id}/certificate/print", response_class=Response)
async def print_certificate(
    application_id: UUID,
    principal: Annotated[Principal, allow(application_policies.READ)],
    uow: Uow,
    runtime: CurrentRuntime,
) -> Response:
    """Справка «почему не мы» для печати."""
    row, campaign = await _asked(uow, runtime, principal, application_id)
    found = await certificate.certificate(uow, campaign, row)
    data = found.model_dump() | {"signature": certificate.signed(runtime, found)}
    footer = Footer.by(principal, uow.now.astimezone(uow.clock.zone), Subsystem.EU)
    return pdf(await PRINTER.render("allocation-certificate", data, footer), f"Справка {row.number}")


@router.get("/applications/{application_id}/look-up-code")
async def get_look_up_code(
    application_id: UUID, principal: Annotated[Principal, allow(application_policies.ACT)], uow: Uow
) -> LookUpCodeOut:
    """Код к номеру заявления: по ним семья узнаёт статус и место в очереди без входа в систему."""
    row = await applications.visible_application(uow, principal, application_id)
    return LookUpCodeOut(number=row.number, code=lookup.code_of(row.signature))


@router.get("/public/applications/{number}")
@public
async def look_application_up(
    number: Annotated[str, Path(pattern=r"^[0-9-]{1,40}$")],
    look_up_code: Annotated[str, Header(max_length=40, description="Код к номеру из расписки")],
    runtime: CurrentRuntime,
) -> LookUpOut:
    """Статус и место в очереди по номеру и коду, без входа в систему и без персональных данных."""
    return await lookup.look_up(runtime, number, look_up_code)


@router.post("/campaigns/{campaign_id}/forecasts", status_code=202, response_model=Run)
async def start_forecast(
    campaign_id: UUID,
    body: ForecastIn,
    principal: Annotated[Principal, allow(policies.FORECAST)],
    uow: Uow,
    runtime: CurrentRuntime,
    once: CreateOnce,
) -> JSONResponse:
    """Рассчитать прогноз по очереди кампании; ход — в ресурсе работы. Заменяет прежний прогноз."""

    async def queue() -> Run:
        await campaigns.visible_campaign(uow, principal, campaign_id)
        params = {"campaign_id": str(campaign_id), **body.model_dump(mode="json")}
        return await runs.start(uow, principal, forecasts.KIND, params)

    return await runs.answer_queued(once, runtime, "/api/enrollment/v1/runs", queue)


@router.get("/applications/{application_id}/forecast")
async def get_forecast(
    application_id: UUID, principal: Annotated[Principal, allow(policies.CHANCES)], uow: Uow
) -> ForecastOut:
    """Вероятность получить место в каждой выбранной организации по месяцам; расчёт, не обещание."""
    return await forecasts.told(uow, await applications.visible_application(uow, principal, application_id))
