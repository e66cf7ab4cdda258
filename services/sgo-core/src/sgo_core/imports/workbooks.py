"""Workbooks of imports: a kind's template to fill in, and the report of a run."""

from collections.abc import Mapping, Sequence
from typing import Any

from reportkit import tables, xlsx
from reportkit.footer import Footer
from sgo_core.imports.columns import Column
from sgo_core.imports.kinds import ImportKind

_STATUSES = {"created": "добавлено", "changed": "изменено", "unchanged": "без изменений", "refused": "не загружено"}


def template(kind: ImportKind, footer: Footer) -> bytes:
    """An empty table with the kind's columns, notes and lists of values; beside it a sheet with an example and an explanation."""
    columns = [_column(one) for one in kind.columns]
    explained = [
        (one.title, "да" if one.required else "", _says(one), one.example or next(iter(one.choices), ""))
        for one in kind.columns
    ]
    titles = [tables.Column("Столбец", 40), tables.Column("Обязательно", 14)]
    titles += [tables.Column("Что писать", 70), tables.Column("Пример", 40)]
    return xlsx.render(
        tables.Table(kind.title, columns),
        tables.Table("Как заполнять", titles, explained),
        footer=footer,
        ending=False,
        metadata={"kind": kind.name},
    )


def _says(one: Column) -> str:
    return ". ".join(part for part in (one.hint, "Значения: " + ", ".join(one.choices) if one.choices else "") if part)


def _column(one: Column) -> tables.Column:
    notes = [*(["Обязательно"] if one.required else []), *([one.hint] if one.hint else [])]
    return tables.Column(one.title, hint=". ".join(notes), choices=one.choices)


def report(kind: ImportKind, rows: Sequence[Mapping[str, Any]], footer: Footer) -> bytes:
    """What became of each row, a line for each thing that is wrong."""
    columns = [
        tables.Column("Строка файла", 14, tables.Kind.NUMBER),
        tables.Column("Итог", 18),
        tables.Column("Столбец", 30),
        tables.Column("Что исправить", 70),
    ]
    lines = [
        (row["row"], _STATUSES[row["status"]], error.get("column", ""), error.get("title", ""))
        for row in rows
        for error in row["errors"] or [{}]
    ]
    return xlsx.render(tables.Table(kind.title, columns, lines), footer=footer)
