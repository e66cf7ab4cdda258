"""Whole batches in one statement: rows travel as one array a column and are unnested in the database."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table, TextClause, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves dialect constructors untyped


@cache
def unnest_insert(table: Table, columns: tuple[str, ...], on_conflict: str, schema: str | None = None) -> TextClause:
    """``INSERT … SELECT … FROM unnest(…)`` over the named columns, ending in ``ON CONFLICT`` + ``on_conflict``.

    JSON columns take their documents as text. ``schema`` stands for the table's own.
    """
    types = {name: _carried(table.c[name].type) for name in columns}
    unnested = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in types.items())
    picked = ", ".join(f"{name}::jsonb" if isinstance(table.c[name].type, JSONB) else name for name in columns)
    listed = ", ".join(columns)
    return text(
        f"INSERT INTO {named(table, schema)} ({listed}) SELECT {picked} FROM unnest({unnested}) AS row ({listed}) "  # noqa: S608 - names of our own columns
        f"ON CONFLICT {on_conflict}"
    )


@cache
def unnest_delete(table: Table, key: tuple[str, ...], schema: str | None = None) -> TextClause:
    """``DELETE`` of the rows whose ``key`` columns are given, by arrays as the insertion's."""
    unnested = ", ".join(f"CAST(:{name} AS {_carried(table.c[name].type)}[])" for name in key)
    matched = " AND ".join(f"old.{name} = row.{name}" for name in key)
    return text(
        f"DELETE FROM {named(table, schema)} AS old USING unnest({unnested}) AS row ({', '.join(key)}) WHERE {matched}"  # noqa: S608 - names of our own columns
    )


def named(table: Table, schema: str | None = None) -> str:
    """The table's name as statements write it."""
    found = schema or table.schema
    return f"{found}.{table.name}" if found else table.name


def arrays(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Mapping[str, list[Any]]:
    """Parameters of such a statement from rows in the order of its columns."""
    return {name: list(values) for name, values in zip(columns, zip(*rows, strict=True), strict=True)}


def _carried(kind: Any) -> str:
    return "text" if isinstance(kind, JSONB) else kind.compile(_DIALECT)
