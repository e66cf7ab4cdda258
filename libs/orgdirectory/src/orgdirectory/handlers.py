"""Handlers of core's directory events: a batch is one statement, and only a newer state is applied."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.dialects.postgresql import insert

from asu_contracts.base import Event
from asu_contracts.core import GroupChanged, OrganizationChanged
from orgdirectory.model import Base, Group, Organization
from servicekit.messaging.handlers import Received
from servicekit.uow import UnitOfWork


async def on_organization_changed(uow: UnitOfWork, received: Sequence[Received[OrganizationChanged]]) -> None:
    """Keep the copy of organizations."""
    await _upsert(uow, Organization, {item.event.organization_id: item for item in _in_order(received)})


async def on_group_changed(uow: UnitOfWork, received: Sequence[Received[GroupChanged]]) -> None:
    """Keep the copy of classes and groups."""
    await _upsert(uow, Group, {item.event.group_id: item for item in _in_order(received)})


def _in_order(received: Sequence[Received[Any]]) -> list[Received[Any]]:
    """Oldest first: of several states of one subject the newest comes last and stays."""
    return sorted(received, key=lambda item: item.sequence)


async def _upsert(uow: UnitOfWork, model: type[Base], newest: Mapping[UUID, Received[Event]]) -> None:
    names = {column.key for column in inspect(model).columns} - {"id", "sequence"}
    # In id order, so that two batches lock rows in the same order.
    rows = [
        {"id": key, "sequence": newest[key].sequence, **newest[key].event.model_dump(include=names)}
        for key in sorted(newest)
    ]
    statement = insert(model).values(rows)
    excluded = statement.excluded
    await uow.session.execute(
        statement.on_conflict_do_update(
            index_elements=["id"],
            set_={name: excluded[name] for name in ("sequence", *sorted(names))},
            where=excluded.sequence > inspect(model).columns["sequence"],
        )
    )
