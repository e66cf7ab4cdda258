"""Routes of territories."""

import asyncio
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Form, Query, Response, UploadFile
from fastapi.responses import JSONResponse
from pydantic import ValidationError

from eu_enrollment.applications.stated import Day
from eu_enrollment.territories import policies, repository, service
from eu_enrollment.territories.address import Address
from eu_enrollment.territories.answering import explain
from eu_enrollment.territories.errors import AddressError, TableError, TableTooLargeError
from eu_enrollment.territories.files import MAX_BYTES, MAX_ROWS, write_lines
from eu_enrollment.territories.houses import House, HousesError
from eu_enrollment.territories.model import TerritoryKind
from eu_enrollment.territories.schemas import (
    ActFields,
    ActIn,
    ActOut,
    LineOut,
    Municipality,
    PlaceOut,
    PlacesOut,
    PublishedOut,
    TerritoriesOut,
)
from reportkit.csv import MEDIA_TYPE
from reportkit.disposition import attachment
from servicekit.errors import FieldError, NotFoundError
from servicekit.http import CreateOnce, CurrentRuntime, Limit, Line, Page, PublicAnswer, Uow, allow, paginate, public
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

router = APIRouter(tags=["territories"])

_TABLE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}}, "description": "Таблица"}}
_CACHED: dict[int | str, dict[str, Any]] = {304: {"description": "Без изменений"}}


@router.post("/territory-acts", status_code=201, response_model=PublishedOut)
async def publish_territory_act(
    body: ActIn, principal: Annotated[Principal, allow(policies.ASSIGN)], uow: Uow, once: CreateOnce
) -> JSONResponse:
    """Опубликовать акт о закреплении территорий целиком или только проверить его."""

    async def create() -> tuple[int, dict[str, Any]]:
        lines = [line.draft(row) for row, line in enumerate(body.lines)]
        published = await service.publish(
            uow, principal, body.draft(), lines, lambda row, field: f"/body/lines/{row}/{field}", trial=body.trial
        )
        return 200 if body.trial else 201, PublishedOut.of(published).model_dump(mode="json")

    return await once(create)


@router.post("/territory-acts/table", status_code=201, response_model=PublishedOut)
async def publish_territory_table(
    file: Annotated[UploadFile, File(description="XLSX или CSV: UTF-8 или Windows-1251, точка с запятой или запятая")],
    act: Annotated[str, Form(max_length=5000, description="Реквизиты акта, объект JSON")],
    principal: Annotated[Principal, allow(policies.ASSIGN)],
    uow: Uow,
    once: CreateOnce,
    trial: Annotated[bool, Form(description="Только проверить, ничего не записывая")] = False,
) -> JSONResponse:
    """Опубликовать акт, строки которого — в таблице: ошибки показываются по строкам и столбцам файла."""
    content = await file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise TableTooLargeError
    fields = _act(act)

    async def create() -> tuple[int, dict[str, Any]]:
        published = await service.publish_table(uow, principal, fields.draft(), content, trial=trial)
        return 200 if trial else 201, PublishedOut.of(published).model_dump(mode="json")

    return await once(create, body=sha256(content + f"{act}{trial}".encode()).digest())


def _act(text: str) -> ActFields:
    try:
        return ActFields.model_validate_json(text)
    except ValidationError as error:
        faults = [
            FieldError(
                f"/body/act/{'/'.join(map(str, one['loc']))}", "territory.act", "Поле акта не заполнено или неверно"
            )
            for one in error.errors(include_input=False, include_url=False)
        ]
        raise TableError("Реквизиты акта не разобраны", errors=faults) from None


@router.get("/public/territory-acts/{act_id}/lines.csv", response_class=Response, responses=_TABLE)
@public
async def download_territory_lines(act_id: UUID, uow: Uow) -> Response:
    """Строки акта таблицей, которую можно исправить и загрузить как новый акт."""
    found = await repository.get_act(uow.session, act_id)
    if found is None:
        raise NotFoundError
    rows = await repository.lines_page(uow.session, act_id, None, 0, MAX_ROWS)
    content = await asyncio.to_thread(write_lines, rows)
    headers = {"Content-Disposition": attachment(f"Территории {found.valid_from}.csv"), "ETag": f'"{act_id}"'}
    return Response(content, media_type=MEDIA_TYPE, headers=headers | {"Cache-Control": "public, max-age=3600"})


@router.get("/public/territory-acts", response_model=Page[ActOut], responses=_CACHED)
@public
async def list_territory_acts(
    cached: PublicAnswer,
    municipality: Annotated[Municipality | None, Query()] = None,
    kind: TerritoryKind | None = None,
    limit: Limit = 100,
    after: UUID | None = None,
) -> Response:
    """Акты о закреплении территорий в порядке публикации."""

    async def make(uow: UnitOfWork) -> Page[ActOut]:
        rows = await repository.acts_page(uow.session, municipality, kind, after, limit)
        return paginate([ActOut.of(row) for row in rows], limit, lambda item: item.id)

    return await cached(make)


@router.get("/public/territory-acts/{act_id}/lines", response_model=Page[LineOut], responses=_CACHED)
@public
async def list_territory_lines(
    act_id: UUID,
    cached: PublicAnswer,
    organization_id: UUID | None = None,
    limit: Limit = 100,
    after: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """Строки акта: улицы и дома, закреплённые за организациями."""

    async def make(uow: UnitOfWork) -> Page[LineOut]:
        if await repository.get_act(uow.session, act_id) is None:
            raise NotFoundError
        rows = await repository.lines_page(uow.session, act_id, organization_id, after, limit)
        return paginate([LineOut.of(row) for row in rows], limit, lambda item: item.number)

    return await cached(make)


@router.get("/public/places", response_model=PlacesOut, responses=_CACHED)
@public
async def suggest_places(
    cached: PublicAnswer,
    text: Annotated[Line, Query(min_length=2, max_length=200, description="Что набрано, можно с ошибками")],
    municipality: Annotated[Municipality | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> Response:
    """Подсказка улицы или населённого пункта из актов о закреплении территорий."""

    async def make(uow: UnitOfWork) -> PlacesOut:
        found = await service.suggest(uow.session, municipality, text, limit)
        return PlacesOut(items=[PlaceOut.model_validate(row, from_attributes=True) for row in found])

    return await cached(make)


@router.get("/public/territories", response_model=TerritoriesOut, responses=_CACHED)
@public
async def look_up_territories(
    cached: PublicAnswer,
    runtime: CurrentRuntime,
    place_id: Annotated[UUID | None, Query(description="Улица или населённый пункт из подсказки")] = None,
    municipality: Annotated[Municipality | None, Query(description="ОКТМО; не нужен с place_id")] = None,
    settlement: Annotated[Line | None, Query(max_length=200)] = None,
    street: Annotated[Line | None, Query(max_length=200)] = None,
    house: Annotated[Line | None, Query(max_length=40)] = None,
    gar_id: Annotated[list[UUID] | None, Query(max_length=5, description="Объекты адреса по ГАР")] = None,
    day: Annotated[Day | None, Query(description="По умолчанию сегодня")] = None,
) -> Response:
    """За какими школами и детскими садами закреплён адрес."""
    if house is not None:
        _check_house(house)
    asked_day = day or runtime.clock.today()

    async def make(uow: UnitOfWork) -> TerritoriesOut:
        if place_id is not None:
            where, address = await service.address_of(uow.session, place_id, house)
        elif municipality is not None and (settlement or street or gar_id):
            where, address = municipality, Address(settlement, street, house, frozenset(gar_id or ()))
        else:
            raise AddressError(
                errors=[FieldError("/query/place_id", "territory.address", "Укажите улицу или населённый пункт")]
            )
        found = await service.look_up(uow.session, where, address, asked_day)
        return await explain(uow, where, address, asked_day, found)

    return await cached(make, of=asked_day)


def _check_house(house: str) -> None:
    try:
        House.parse(house)
    except HousesError as error:
        raise AddressError(errors=[FieldError("/query/house", "territory.house", error.title)]) from None
