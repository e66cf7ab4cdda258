"""Copies of another service's states: a table that keeps of each subject what was told last, in any order and any number of times."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.dialects.postgresql import JSONB

from asu_contracts.base import Event
from servicekit.messaging import Received
from servicekit.messaging.handlers import Handler
from servicekit.projections import upsert_newer, write
from servicekit.uow import UnitOfWork
from sgo_journal.base import Base


def row_of(model: type[Base], item: Received[Any]) -> dict[str, Any]:
    """A received state as a row: the subject is its ``id``, the fields that have a column are taken, no others."""
    columns = inspect(model).columns
    names = {column.key for column in columns} - {"id", "sequence"}
    plain = {column.key for column in columns if isinstance(column.type, JSONB)}
    event: Event = item.event
    return {
        "id": UUID(event.subject),
        **event.model_dump(include=names - plain),
        **event.model_dump(include=plain, mode="json"),
        "sequence": item.sequence,
    }


def kept_in(model: type[Base]) -> Handler[Any]:
    """The handler that keeps the states of an event type in a table with an ``id`` and a ``sequence``."""
    newer = upsert_newer(model, "id")

    async def keep(uow: UnitOfWork, received: Sequence[Received[Any]]) -> None:
        rows: list[Mapping[str, Any]] = [row_of(model, item) for item in received]
        await write(uow.session, newer, sorted(rows, key=lambda row: row["id"]))

    return keep
