"""Handlers of the registry's public events: a batch is one exchange with the database, and only a newer state is applied."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import inspect

from asu_contracts.core import GoverningBodyChanged, GroupChanged, OrganizationChanged, ProgrammeChanged
from eu_enrollment.information.model import Base, GoverningBody, GroupCard, OrganizationCard, Programme
from servicekit.messaging.handlers import Handler, Received
from servicekit.projections import upsert_newer, write
from servicekit.uow import UnitOfWork


def _keeper(model: type[Base]) -> Handler[Any]:
    """A handler that keeps a copy by the event's subject: columns are the event's fields of the same names."""
    statement = upsert_newer(model, "id")
    names = {column.key for column in inspect(model).columns} - {"id", "sequence", "updated_at"}

    async def keep(uow: UnitOfWork, received: Sequence[Received[Any]]) -> None:
        rows = [
            {
                "id": getattr(one.event, one.event.subject_field),
                "updated_at": one.envelope.time,
                "sequence": one.sequence,
                **_values(one.event, names),
            }
            for one in received
        ]
        await write(uow.session, statement, sorted(rows, key=lambda row: row["id"]))

    return keep


def _values(event: Any, names: set[str]) -> dict[str, Any]:
    values: dict[str, Any] = event.model_dump(include=names)
    if "phones" in values:
        values["phones"] = list(values["phones"])
    if values.get("licence") is not None:
        values["licence"] = event.licence.model_dump(mode="json")
    return values


on_organization: Handler[OrganizationChanged] = _keeper(OrganizationCard)
on_group: Handler[GroupChanged] = _keeper(GroupCard)
on_programme: Handler[ProgrammeChanged] = _keeper(Programme)
on_governing_body: Handler[GoverningBodyChanged] = _keeper(GoverningBody)
