"""Open data as streams: CSV (RFC 4180, UTF-8 with a mark) and JSON. No connection is held while a slow reader takes a chunk."""

import csv
import json
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date, datetime
from email.utils import format_datetime
from hashlib import sha256
from io import StringIO
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from eu_enrollment.information.datasets import Dataset, Row
from reportkit.tables import safe
from servicekit.runtime import Runtime

SCHEMA_VERSION = "1"
LICENCE = "Общедоступная информация в форме открытых данных, использование с указанием источника (149-ФЗ, ст. 7)"
PUBLISHER = "АИС «Е-услуги. Образование» региональной АСУ СО"


class State(BaseModel):
    """What a set holds now: how many rows, a digest of them, when they last changed, if known."""

    rows: int
    digest: str
    updated_at: datetime | None

    @property
    def last_modified(self) -> dict[str, str]:
        """The header of the last change, none where it is not known."""
        if self.updated_at is None:
            return {}
        return {"Last-Modified": format_datetime(self.updated_at, usegmt=True)}


async def chunks(runtime: Runtime, dataset: Dataset) -> AsyncIterator[Sequence[Row]]:
    """Rows chunk by chunk, each read in a transaction of its own."""
    after: Any = None
    while True:
        async with runtime.uow() as uow:
            rows, after = await dataset.read(uow, after)
        if rows:
            yield rows
        if after is None:
            return


async def state_of(runtime: Runtime, dataset: Dataset) -> State:
    """The state of a set, worked out by reading it through at most once a minute."""

    async def make() -> bytes:
        digest, count = sha256(), 0
        async for rows in chunks(runtime, dataset):
            count += len(rows)
            digest.update("".join(f"{_json(row)}\n" for row in rows).encode())
        async with runtime.uow() as uow:
            changed = await dataset.changed(uow)
        state = State(rows=count, digest=digest.hexdigest()[:32], updated_at=changed)
        return state.model_dump_json().encode()

    kept = await runtime.answers.get(runtime.clock, f"open-data {dataset.name} {runtime.clock.today()}", make)
    return State.model_validate_json(kept.body)


def _plain(value: Any) -> Any:
    match value:
        case datetime() | date():
            return value.isoformat()
        case UUID():
            return str(value)
    return value


def _json(values: Iterable[Any]) -> str:
    return json.dumps([_plain(value) for value in values], ensure_ascii=False, separators=(",", ":"))


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return safe(value)
    return str(_plain(value))


async def as_csv(runtime: Runtime, dataset: Dataset) -> AsyncIterator[bytes]:
    """Names of the fields, then the rows. No text is taken for a formula by a spreadsheet."""
    yield "\ufeff".encode() + _lines([[field.name for field in dataset.fields]])
    async for rows in chunks(runtime, dataset):
        yield _lines([_cell(value) for value in row] for row in rows)


def _lines(rows: Iterable[list[str]]) -> bytes:
    buffer = StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode()


async def as_json(runtime: Runtime, dataset: Dataset, passport: BaseModel) -> AsyncIterator[bytes]:
    """``{"passport": …, "items": [{…}]}``."""
    yield b'{"passport":' + passport.model_dump_json().encode() + b',"items":['
    names = [field.name for field in dataset.fields]
    first = True
    async for rows in chunks(runtime, dataset):
        items = [
            json.dumps(
                {name: _plain(value) for name, value in zip(names, row, strict=True)},
                ensure_ascii=False,
                separators=(",", ":"),
            )
            for row in rows
        ]
        yield (("" if first else ",\n") + ",\n".join(items)).encode()
        first = False
    yield b"]}"
