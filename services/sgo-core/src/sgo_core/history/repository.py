"""SQL of the history: rows as of an instant, and all states of the rows of a card."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    Column,
    Integer,
    Select,
    Table,
    Text,
    Uuid,
    any_,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.database import Base
from sgo_core.history.model import RowHistory
from sgo_core.history.recorded import Recorded

RowT = TypeVar("RowT", bound=Base)


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def _mine(model: type[Base], subjects: Collection[UUID]) -> Any:
    """Rows that belong to one of the cards."""
    assert issubclass(model, Recorded)
    table, ids = _table(model), literal(list(subjects), ARRAY(Uuid))
    return or_(*(table.c[name] == any_(ids) for name in model.belongs_to))


async def rows_as_of(
    session: AsyncSession, model: type[RowT], subjects: Collection[UUID], instant: datetime
) -> list[RowT]:
    """Rows of the cards as they were known at an instant, as objects that belong to no session."""
    table = _table(model)
    current = (
        select(func.to_jsonb(literal_column(table.name)))
        .where(_mine(model, subjects), table.c.recorded_at <= instant)
        .select_from(table)
    )
    past = select(RowHistory.row).where(
        RowHistory.relation == table.name,
        RowHistory.subjects.overlap(literal(list(subjects), ARRAY(Uuid))),
        RowHistory.recorded_from <= instant,
        RowHistory.recorded_to > instant,
    )
    return [model(**decode(table, row)) for row in await session.scalars(union_all(current, past))]


async def states(
    session: AsyncSession, models: Sequence[type[Base]], subject: UUID
) -> Sequence[tuple[str, UUID, datetime, dict[str, Any]]]:
    """Every state, former and present, of a card's rows: relation, row, since when, the columns as JSON.

    In order of time; of one instant in the order of the models.
    """
    present = [
        select(
            literal(table.name, Text).label("relation"),
            table.c.id.label("row_id"),
            table.c.recorded_at.label("since"),
            func.to_jsonb(literal_column(table.name)).label("row"),
        )
        .select_from(table)
        .where(_mine(model, [subject]))
        for model, table in ((model, _table(model)) for model in models)
    ]
    past = select(RowHistory.relation, RowHistory.row_id, RowHistory.recorded_from, RowHistory.row).where(
        RowHistory.relation.in_([_table(model).name for model in models]),
        RowHistory.subjects.contains(cast([subject], ARRAY(Uuid))),
    )
    everything = union_all(*present, past).subquery()
    query = select(everything).order_by(
        everything.c.since,
        func.array_position(literal([_table(model).name for model in models], ARRAY(Text)), everything.c.relation),
        everything.c.row_id,
    )
    return [(row.relation, row.row_id, row.since, row.row) for row in await session.execute(query)]


async def former(session: AsyncSession, model: type[RowT], row_id: UUID, version: int) -> dict[str, Any] | None:
    """Columns of a row as it was kept at a version."""
    table = _table(model)
    query = _kept(table, row_id).where(_version() == version).order_by(RowHistory.id.desc())
    row = await session.scalar(query.limit(1))
    return None if row is None else decode(table, row)


async def first_since(session: AsyncSession, model: type[RowT], row_id: UUID, version: int) -> dict[str, Any] | None:
    """Columns of the first kept state of a row at a version or after it."""
    table = _table(model)
    row = await session.scalar(_kept(table, row_id).where(_version() >= version).order_by(RowHistory.id).limit(1))
    return None if row is None else decode(table, row)


def _kept(table: Table, row_id: UUID) -> Select[dict[str, Any]]:
    return select(RowHistory.row).where(RowHistory.relation == table.name, RowHistory.row_id == row_id)


def _version() -> Any:
    return cast(RowHistory.row["version"].astext, Integer)


def decode(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """Column values from a row kept as JSON; a column younger than the row is absent."""
    return {column.key: _decode(column, row[column.name]) for column in table.columns if column.name in row}


def _decode(column: "Column[Any]", value: Any) -> Any:
    if value is None or isinstance(column.type, JSONB):
        return value
    if isinstance(column.type, ARRAY):
        return [UUID(one) for one in value] if isinstance(column.type.item_type, Uuid) else value
    kind = column.type.python_type
    if kind in (UUID, Decimal):
        return kind(str(value))
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    return bytes.fromhex(value.removeprefix("\\x")) if kind is bytes else value
