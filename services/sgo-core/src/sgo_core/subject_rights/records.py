"""Records of a person as an extract prints them: which, and what of them, the data catalogue says."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from servicekit.uow import UnitOfWork
from sgo_core.catalogue.definition import CATALOGUE, Audience, CardKind, RecordDef
from sgo_core.database import Base

_CLOSED = "Открыто только самому субъекту"


async def records_of(
    uow: UnitOfWork, kind: CardKind, subject_id: UUID, audience: Audience
) -> list[tuple[str, str, str]]:
    """A person's records in the order they were entered: name in the catalogue, title, content."""
    found = []
    for name in CATALOGUE.records_of(kind):
        one, table = CATALOGUE.records[name], Base.metadata.tables[name]
        of = table if one.joined is None else table.join(Base.metadata.tables[one.joined])
        query = (
            select(*of.columns).select_from(of).where(table.c[f"{kind.value}_id"] == subject_id).order_by(table.c.id)
        )
        for row in await uow.session.execute(query):
            values = {column.name: value for column, value in zip(of.columns, row, strict=True)}
            hidden = audience is not Audience.SUBJECT and one.opened_by is not None and not values[one.opened_by]
            found.append((name, one.title, _CLOSED if hidden else "; ".join(_told(one, values))))
    return found


def _told(one: RecordDef, values: dict[str, Any]) -> Iterator[str]:
    for name, column in one.columns.items():
        value = values[name]
        if isinstance(value, date):
            yield f"{column.title}: {value:%d.%m.%Y}"
        elif value is not None:
            yield f"{column.title}: {value if column.options is None else column.options[value]}"
