"""Whole batches in one statement: rows travel as one array a column and are unnested in the database."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, TextClause, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves dialect constructors untyped


def unnest_insert(table: Table, columns: Sequence[str], on_conflict: str) -> TextClause:
    """``INSERT … SELECT … FROM unnest(…)`` over the named columns, ending in ``ON CONFLICT`` + ``on_conflict``.

    JSON columns take their documents as text.
    """
    names = [table.c[column].name for column in columns]
    types = [
        "text" if isinstance(table.c[name].type, JSONB) else table.c[name].type.compile(_DIALECT) for name in names
    ]
    arrays = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in zip(names, types, strict=True))
    picked = ", ".join(f"{name}::jsonb" if isinstance(table.c[name].type, JSONB) else name for name in names)
    listed = ", ".join(names)
    return text(
        f"INSERT INTO {table.name} ({listed}) SELECT {picked} FROM unnest({arrays}) AS row ({listed}) "  # noqa: S608 - names of our own columns
        f"ON CONFLICT {on_conflict}"
    )


def arrays(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Mapping[str, list[Any]]:
    """Parameters of such a statement from rows in the order of its columns."""
    return {name: list(values) for name, values in zip(columns, zip(*rows, strict=True), strict=True)}
