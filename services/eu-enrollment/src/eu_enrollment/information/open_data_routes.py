"""Routes of open data: passports and the sets themselves."""

from collections.abc import AsyncIterator
from datetime import datetime
from enum import StrEnum
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel

from eu_enrollment.information import open_data
from eu_enrollment.information.datasets import DATASETS, Dataset
from eu_enrollment.information.open_data import State
from eu_enrollment.information.routes import CACHED
from reportkit.disposition import attachment
from servicekit.http import CurrentRuntime, PublicAnswer, public
from servicekit.http.caching import cache_headers, has
from servicekit.uow import UnitOfWork

router = APIRouter(prefix="/public/open-data", tags=["open-data"])


class DatasetName(StrEnum):
    """Names of the sets."""

    ORGANIZATIONS = "organizations"
    PROGRAMMES = "programmes"
    FREE_PLACES = "free-places"
    TERRITORIES = "territories"
    CAMPAIGNS = "campaigns"


_CSV, _JSON = "text/csv", "application/json"


def _produces(media: str) -> dict[int | str, dict[str, Any]]:
    return CACHED | {200: {"content": {media: {}}, "description": "Набор целиком"}}


class FieldOut(BaseModel):
    """A field of a set."""

    name: str
    type: str
    title: str


class FileOut(BaseModel):
    """A form a set may be downloaded in; ``path`` under the address of the service's interface."""

    media_type: str
    path: str


class PassportOut(BaseModel):
    """The passport of a set."""

    name: str
    title: str
    description: str
    publisher: str
    licence: str
    schema_version: str
    updated_at: datetime | None
    rows: int
    fields: list[FieldOut]
    files: list[FileOut]


class CatalogueOut(BaseModel):
    """All sets."""

    items: list[PassportOut]


def _passport(dataset: Dataset, state: State) -> PassportOut:
    return PassportOut(
        name=dataset.name,
        title=dataset.title,
        description=dataset.description,
        publisher=open_data.PUBLISHER,
        licence=open_data.LICENCE,
        schema_version=open_data.SCHEMA_VERSION,
        updated_at=state.updated_at,
        rows=state.rows,
        fields=[FieldOut(name=one.name, type=one.type, title=one.title) for one in dataset.fields],
        files=[
            FileOut(media_type=media, path=f"/public/open-data/{dataset.name}/data.{ending}")
            for media, ending in ((_CSV, "csv"), (_JSON, "json"))
        ],
    )


@router.get("", response_model=CatalogueOut, responses=CACHED)
@public
async def list_datasets(cached: PublicAnswer, runtime: CurrentRuntime) -> Response:
    """Наборы открытых данных с паспортами."""

    async def make(_uow: UnitOfWork) -> CatalogueOut:
        return CatalogueOut(items=[_passport(one, await open_data.state_of(runtime, one)) for one in DATASETS.values()])

    return await cached(make)


@router.get("/{dataset}", response_model=PassportOut, responses=CACHED)
@public
async def get_dataset_passport(dataset: DatasetName, cached: PublicAnswer, runtime: CurrentRuntime) -> Response:
    """Паспорт набора: поля, версия схемы, условия использования, когда обновлён."""
    found = DATASETS[dataset.value]

    async def make(_uow: UnitOfWork) -> PassportOut:
        return _passport(found, await open_data.state_of(runtime, found))

    return await cached(make)


@router.get("/{dataset}/data.csv", response_class=Response, responses=_produces(_CSV))
@public
async def download_dataset_csv(dataset: DatasetName, request: Request, runtime: CurrentRuntime) -> Response:
    """Набор в CSV: UTF-8, запятые, первая строка — имена полей."""
    found = DATASETS[dataset.value]
    state = await open_data.state_of(runtime, found)
    return _stream(request, found, state, "csv", f"{_CSV}; charset=utf-8", open_data.as_csv(runtime, found))


@router.get("/{dataset}/data.json", response_class=Response, responses=_produces(_JSON))
@public
async def download_dataset_json(dataset: DatasetName, request: Request, runtime: CurrentRuntime) -> Response:
    """Набор в JSON вместе с паспортом."""
    found = DATASETS[dataset.value]
    state = await open_data.state_of(runtime, found)
    content = open_data.as_json(runtime, found, _passport(found, state))
    return _stream(request, found, state, "json", _JSON, content)


def _stream(
    request: Request, dataset: Dataset, state: State, ending: str, media: str, content: AsyncIterator[bytes]
) -> Response:
    """The set, or 304. The tag is weak: rows may change between the reading it was made by and this one."""
    tag = f'W/"{state.digest}-{open_data.SCHEMA_VERSION}-{ending}"'
    headers = cache_headers(tag) | state.last_modified
    if has(request, tag):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = attachment(f"{dataset.name}.{ending}")
    return StreamingResponse(content, media_type=media, headers=headers)
