"""HTTP of the teaching load."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from servicekit import audit
from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_core.cards.audience import audience_of
from sgo_core.cards.fields import shown
from sgo_core.cards.schemas import without_people
from sgo_core.catalogue.definition import CardKind
from sgo_core.catalogue.values import Day
from sgo_core.http import after_id
from sgo_core.loads import comparing, policies, service
from sgo_core.loads.schemas import (
    DistributionOut,
    LoadOut,
    LoadPatch,
    LoadsIn,
    LoadsOut,
    PartOut,
    ReplacementIn,
    SubjectLoadOut,
    TariffLineOut,
    TariffOut,
)
from sgo_core.staff.posts import POSTS

router = APIRouter(tags=["loads"])
Reader = Annotated[Principal, allow(policies.READ)]
Keeper = Annotated[Principal, allow(policies.KEEP)]
OnDay = Annotated[Day | None, Query(alias="date", description="На какую дату; по умолчанию сегодня")]
_NAMES = ("last_name", "first_name", "middle_name")
_SAME = ("id", "organization_id", "academic_year", "group_id", "teaching_group_id", "subject_id", "worker_id")


def _who(principal: Principal, row: service.NamedLoad) -> dict[str, Any]:
    names = {name: getattr(row, name) for name in _NAMES}
    values, masked = shown(CardKind.WORKER, names, audience_of(principal), closed=())
    return {"values": values, "masked": masked}


def _out(principal: Principal, row: service.NamedLoad) -> LoadOut:
    load = row.TeachingLoad
    return LoadOut(
        **{name: getattr(load, name) for name in (*_SAME, "employment_id", "valid_from", "valid_to", "version")},
        **_who(principal, row),
        taught=row.taught,
        subject=row.title,
        hours_week=f"{load.hours_week:.1f}",
    )


def _outs(principal: Principal, rows: Sequence[service.NamedLoad]) -> list[LoadOut]:
    return [_out(principal, row) for row in rows]


@router.post("/organizations/{organization_id}/loads", status_code=201, response_model=LoadsOut)
async def distribute_loads(
    organization_id: UUID, body: LoadsIn, once: CreateOnce, principal: Keeper, uow: Uow
) -> JSONResponse:
    """Распределить учебную нагрузку: все строки или ни одной."""

    async def make() -> tuple[int, dict[str, Any]]:
        rows = await service.distribute(uow, principal, organization_id, body)
        return 201, LoadsOut(items=_outs(principal, rows)).model_dump(mode="json")

    return await once(make, kept=without_people)


@router.get("/organizations/{organization_id}/loads")
async def list_loads(
    organization_id: UUID,
    principal: Reader,
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    day: OnDay = None,
    everything: Annotated[bool, Query(alias="all", description="За всё время")] = False,
    group_id: UUID | None = None,
    teaching_group_id: UUID | None = None,
    subject_id: UUID | None = None,
    worker_id: UUID | None = None,
) -> Page[LoadOut]:
    """Учебная нагрузка организации: по классам, группам, предметам, учителям."""
    filters = {
        "group_id": group_id,
        "teaching_group_id": teaching_group_id,
        "subject_id": subject_id,
        "worker_id": worker_id,
    }
    on = None if everything else day or uow.clock.today()
    found = await service.list_loads(uow, principal, organization_id, filters, on, limit, after_id(after))
    page = paginate(_outs(principal, found), limit, lambda one: one.id)
    await audit.record(uow, principal, "loads.list", {one.worker_id for one in page.items})
    return page


@router.patch("/loads/{load_id}")
async def edit_load(
    load_id: UUID, body: LoadPatch, version: IfMatch, principal: Keeper, uow: Uow, response: Response
) -> LoadOut:
    """Исправить часы или окончание строки нагрузки."""
    row = await service.edit(uow, principal, load_id, version, body)
    response.headers["ETag"] = etag(row.TeachingLoad.version)
    return _out(principal, row)


@router.post("/loads/{load_id}/replacement")
async def replace_teacher(
    load_id: UUID, body: ReplacementIn, version: IfMatch, principal: Keeper, uow: Uow
) -> LoadsOut:
    """Заменить учителя с даты, на время или до конца года."""
    return LoadsOut(items=_outs(principal, await service.replace(uow, principal, load_id, version, body)))


@router.get("/organizations/{organization_id}/loads/distribution")
async def get_distribution(
    organization_id: UUID,
    principal: Reader,
    uow: Uow,
    day: OnDay = None,
    group_id: UUID | None = None,
    problems: Annotated[bool, Query(description="Только расхождения с учебным планом")] = False,
) -> DistributionOut:
    """Сравнить нагрузку классов с учебными планами: что не распределено, что распределено сверх плана."""
    on = day or uow.clock.today()
    compared, without = await comparing.compare(uow, principal, organization_id, on, group_id)
    items = [
        SubjectLoadOut(
            group_id=one.group_id,
            group=one.group,
            subject_id=one.subject.id,
            subject=one.subject.title,
            planned=None if one.planned is None else f"{one.planned:.1f}",
            whole=f"{one.whole:.1f}",
            parts=[
                PartOut(teaching_group_id=part.teaching_group_id, name=part.name, hours_week=f"{part.hours:.1f}")
                for part in one.parts
            ],
            state=one.state,
            title=one.title,
        )
        for one in compared
        if not problems or one.title is not None
    ]
    return DistributionOut(date=on, items=items, without_plan=without)


@router.get("/organizations/{organization_id}/loads/tariff")
async def get_tariff(
    organization_id: UUID, principal: Annotated[Principal, allow(policies.TARIFF)], uow: Uow, day: OnDay = None
) -> TariffOut:
    """Тарификационный список: часы и ставки учителей."""
    on = day or uow.clock.today()
    found = await comparing.tariff(uow, principal, organization_id, on)
    items = [
        TariffLineOut(
            worker_id=one.rows[0].TeachingLoad.worker_id,
            **_who(principal, one.rows[0]),
            post=POSTS[one.rows[0].post_code].title,
            hours_week=f"{one.hours:.1f}",
            norm=one.norm,
            rates=None if one.rates is None else f"{one.rates:.2f}",
            lines=_outs(principal, one.rows),
        )
        for one in found
    ]
    await audit.record(uow, principal, "loads.tariff.read", {one.worker_id for one in items})
    total = sum(one.hours for one in found)
    return TariffOut(date=on, norm_source=comparing.NORM_SOURCE, items=items, hours_week=f"{total:.1f}")
