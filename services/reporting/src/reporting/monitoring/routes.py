"""Indicators over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import JSONResponse

from reporting.builds.schemas import Oktmo
from reporting.days import Instant
from reporting.monitoring import alert_repository, alerts, policies, publishing, service
from reporting.monitoring.catalog import indicators
from reporting.monitoring.counting import KIND
from reporting.monitoring.definition import IndicatorCode
from reporting.monitoring.schemas import (
    AlertOut,
    AlertWithSteps,
    Answer,
    Comparison,
    IndicatorOut,
    MunicipalityValue,
    OrganizationValue,
    PartValue,
    PeriodOut,
    PublicIndicator,
    PublicQuality,
    SpreadOut,
    StepOut,
    ValueOut,
)
from reporting.monitoring.service import Part
from servicekit import runs
from servicekit.http import (
    CreateOnce,
    CurrentRuntime,
    IfMatch,
    Limit,
    Line,
    Page,
    PublicAnswer,
    Uow,
    allow,
    etag,
    paginate,
    public,
)
from servicekit.runs import Run
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

router = APIRouter(tags=["monitoring"])

Reader = Annotated[Principal, allow(policies.MONITORING_READ)]
Period = Annotated[Line | None, Query(max_length=100, description="Ключ периода; по умолчанию последний")]
Territory = Annotated[Oktmo | None, Query(description="ОКТМО; без организации и ОКТМО — регион")]
KnownAt = Annotated[Instant | None, Query(description="Как было рассчитано к этому моменту; по умолчанию сейчас")]
Key = Annotated[int | None, Query(ge=1, lt=2**63, description="Ключ следующей страницы")]


def _part(
    subject: Annotated[Line | None, Query(max_length=200)] = None,
    grade: Annotated[int | None, Query(ge=0, le=12)] = None,
    group_id: UUID | None = None,
) -> Part:
    return Part(subject, grade, group_id)


OfPart = Annotated[Part, Depends(_part)]


@router.get("/indicators")
async def list_indicators(_principal: Reader) -> Page[IndicatorOut]:
    """Показатели качества образования: что и как считается, пороги."""
    return Page(items=[IndicatorOut.of(one) for one in indicators().values()])


@router.get("/indicators/{code}/periods")
async def list_indicator_periods(code: IndicatorCode, _principal: Reader, uow: Uow) -> Page[PeriodOut]:
    """Периоды, за которые показатель рассчитан, последний первым."""
    service.indicator(code)
    return Page(items=[PeriodOut.of(one) for one in await service.periods(uow.session, code)])


@router.get("/indicators/{code}/organizations")
async def list_indicator_values(
    code: IndicatorCode,
    principal: Reader,
    uow: Uow,
    part: OfPart,
    period: Period = None,
    known_at: KnownAt = None,
    limit: Limit = 100,
    after: UUID | None = None,
) -> Page[OrganizationValue]:
    """Значения показателя за период по организациям, доступным пользователю."""
    found = await service.of_organizations(
        uow, principal, code, period, part, known_at=known_at, after=after, limit=limit + 1
    )
    rows = [OrganizationValue.model_validate(one, from_attributes=True) for one in found]
    return paginate(rows, limit, lambda one: one.organization_id)


@router.get("/indicators/{code}/municipalities")
async def list_municipality_values(
    code: IndicatorCode,
    principal: Annotated[Principal, allow(policies.MONITORING_TERRITORIES)],
    uow: Uow,
    part: OfPart,
    period: Period = None,
    known_at: KnownAt = None,
    limit: Limit = 100,
    after: Oktmo | None = None,
) -> Page[MunicipalityValue]:
    """Значения показателя за период по муниципальным образованиям, доступным пользователю."""
    found = await service.of_municipalities(
        uow, principal, code, period, part, known_at=known_at, after=after, limit=limit + 1
    )
    rows = [MunicipalityValue.model_validate(one, from_attributes=True) for one in found]
    return paginate(rows, limit, lambda one: one.municipality)


@router.get("/indicators/{code}/history")
async def list_indicator_history(
    code: IndicatorCode,
    principal: Reader,
    uow: Uow,
    part: OfPart,
    organization_id: UUID | None = None,
    municipality: Territory = None,
    limit: Limit = 100,
    after: Key = None,
) -> Page[ValueOut]:
    """История значений показателя организации, муниципального образования или региона, со всеми пересчётами."""
    unit = (organization_id, municipality)
    found = await service.history(uow, principal, code, unit, part, after=after, limit=limit + 1)
    return paginate([ValueOut.model_validate(one, from_attributes=True) for one in found], limit, lambda one: one.id)


@router.get("/indicators/{code}/parts")
async def list_indicator_parts(
    code: IndicatorCode,
    principal: Reader,
    uow: Uow,
    organization_id: UUID | None = None,
    municipality: Territory = None,
    period: Period = None,
    known_at: KnownAt = None,
    limit: Limit = 100,
    after: Key = None,
) -> Page[PartValue]:
    """Значения показателя за период по предметам, классам, параллелям организации, муниципального образования или региона."""
    unit = (organization_id, municipality)
    found = await service.parts(uow, principal, code, unit, period, known_at=known_at, after=after, limit=limit + 1)
    return paginate([PartValue.model_validate(one, from_attributes=True) for one in found], limit, lambda one: one.id)


@router.get("/indicators/{code}/comparison")
async def compare_indicator(
    code: IndicatorCode, principal: Reader, uow: Uow, part: OfPart, organization_id: UUID, period: Period = None
) -> Comparison:
    """Организация среди похожих: медиана и четверти группы, без названий других организаций."""
    found, own, peers, spread = await service.comparison(uow, principal, code, organization_id, period, part)
    return Comparison(
        indicator=code,
        period=PeriodOut.of(found),
        value=own.value,
        peers=peers,
        spread=SpreadOut.of(spread) if spread else None,
    )


@router.post("/indicator-counts", status_code=202, response_model=Run)
async def count_indicators(
    principal: Annotated[Principal, allow(policies.MONITORING_COUNT)],
    runtime: CurrentRuntime,
    uow: Uow,
    once: CreateOnce,
) -> JSONResponse:
    """Рассчитать показатели сейчас, не дожидаясь ежедневного расчёта."""

    async def queue() -> Run:
        return await runs.start(uow, principal, KIND, {})

    return await runs.answer_queued(once, runtime, "/api/reporting/v1/runs", queue)


@router.get("/quality-alerts")
async def list_alerts(
    principal: Reader,
    uow: Uow,
    indicator: IndicatorCode | None = None,
    organization_id: UUID | None = None,
    standing: Annotated[bool, Query(alias="open", description="Только те, что ещё не закрыты")] = True,
    limit: Limit = 100,
    after: UUID | None = None,
) -> Page[AlertOut]:
    """Сигналы о значениях за порогом: организаций, территорий и региона, новые первыми."""
    found = await alert_repository.page(
        uow.session,
        principal,
        indicator=indicator,
        organization_id=organization_id,
        standing=standing,
        after=after,
        limit=limit + 1,
    )
    return paginate([_alert(one) for one in found], limit, lambda one: one.id)


@router.get("/quality-alerts/{alert_id}")
async def get_alert(alert_id: UUID, principal: Reader, uow: Uow, response: Response) -> AlertWithSteps:
    """Сигнал и его история."""
    shown = await _with_steps(uow, principal, alert_id)
    response.headers["ETag"] = etag(shown.version)
    return shown


@router.post("/quality-alerts/{alert_id}/acknowledgement")
async def acknowledge_alert(
    alert_id: UUID,
    body: Answer,
    version: IfMatch,
    principal: Annotated[Principal, allow(policies.MONITORING_ANSWER)],
    uow: Uow,
) -> AlertWithSteps:
    """Ответить на сигнал своего уровня: что предпринято."""
    await alerts.acknowledge(uow, principal, alert_id, version, body.words)
    return await _with_steps(uow, principal, alert_id)


@router.get(
    "/public/quality/{organization_id}",
    response_model=PublicQuality,
    responses={304: {"description": "Без изменений"}},
)
@public
async def get_public_quality(organization_id: UUID, cached: PublicAnswer) -> Response:
    """Качество образования в организации и её классах, без сведений о ком-либо."""

    async def make(uow: UnitOfWork) -> PublicQuality:
        found = await publishing.published(uow.session, organization_id)
        return PublicQuality(organization_id=organization_id, items=[PublicIndicator.of(one) for one in found])

    return await cached(make)


def _alert(row: object) -> AlertOut:
    return AlertOut.model_validate(_titled(row))


def _titled(row: object) -> dict[str, object]:
    values = dict(row._mapping)  # type: ignore[attr-defined]  # noqa: SLF001 - public in SQLAlchemy
    declared = indicators().get(values["indicator"])
    return {**values, "title": declared.title if declared else values["indicator"]}


async def _with_steps(uow: UnitOfWork, principal: Principal, alert_id: UUID) -> AlertWithSteps:
    found, steps = await alerts.get(uow, principal, alert_id)
    told = [StepOut.model_validate(one, from_attributes=True) for one in steps]
    return AlertWithSteps.model_validate({**_titled(found), "steps": told})
