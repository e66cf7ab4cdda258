"""Handlers of core's directory events: a batch is one exchange with the database, and only a newer state is applied."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import inspect

from asu_contracts.core import GroupChanged, OrganizationChanged
from orgdirectory.model import Base, Group, Organization
from servicekit.messaging.handlers import Received
from servicekit.projections import upsert_newer, write
from servicekit.uow import UnitOfWork

_ORGANIZATION = upsert_newer(Organization, "id")
_GROUP = upsert_newer(Group, "id")


async def on_organization_changed(uow: UnitOfWork, received: Sequence[Received[OrganizationChanged]]) -> None:
    """Keep the copy of organizations."""
    ordered = sorted(received, key=lambda item: item.event.organization_id)
    rows = [{"id": item.event.organization_id, **_state(Organization, item)} for item in ordered]
    await write(uow.session, _ORGANIZATION, rows)


async def on_group_changed(uow: UnitOfWork, received: Sequence[Received[GroupChanged]]) -> None:
    """Keep the copy of classes and groups."""
    ordered = sorted(received, key=lambda item: item.event.group_id)
    await write(uow.session, _GROUP, [{"id": item.event.group_id, **_state(Group, item)} for item in ordered])


def _state(model: type[Base], item: Received[Any]) -> dict[str, Any]:
    names = {column.key for column in inspect(model).columns} - {"id", "sequence"}
    return {**item.event.model_dump(include=names), "sequence": item.sequence}
