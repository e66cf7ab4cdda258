"""Answers to an additional form summed up, row by row."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from reporting.additional_forms.definition import CellKind, Definition, address
from reportkit.sheets import Column, Section, Sheet, figure
from reportkit.tables import Cell

_MEANS = {
    CellKind.INTEGER: "сумма",
    CellKind.DECIMAL: "сумма",
    CellKind.YES_NO: "сколько ответили «да»",
    CellKind.TEXT: "сколько заполнили",
}


def summed(
    title: str, definition: Definition, answers: Sequence[Mapping[str, Any]], asked: int, revised: int, day: date
) -> Sheet:
    """The sheet of the answers that stand: sums of numbers, how many said yes, how many wrote something.

    ``revised``: how many of those who answered have begun another answer and not sent it.
    """
    lines: list[list[Cell]] = [
        [
            row.code,
            row.title,
            *(
                _sum(column.kind, [one.get(address(row.code, column.code)) for one in answers])
                for column in definition.columns
            ),
        ]
        for row in definition.rows
    ]
    heads = [figure(f"{column.title} ({_MEANS[column.kind]})", 28) for column in definition.columns]
    notes = [f"Ответили {len(answers)} из {asked}"]
    if revised:
        notes.append(f"Готовят новую версию ответа: {revised}; учтены их отправленные версии")
    section = Section("Свод", [Column("№", 16), Column("Показатель"), *heads], lines, notes)
    return Sheet(title, f"на {day:%d.%m.%Y}", [section], notes)


def _sum(kind: CellKind, values: Sequence[Any]) -> int | Decimal:
    given = [one for one in values if one is not None]
    match kind:
        case CellKind.INTEGER:
            return sum(int(one) for one in given)
        case CellKind.DECIMAL:
            return sum((Decimal(str(one)) for one in given), Decimal(0))
        case CellKind.YES_NO:
            return sum(one is True for one in given)
    return len(given)
