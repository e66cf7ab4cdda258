"""Tables that people download: their columns and rows, and the one place where formula injection is neutralised."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

Cell: TypeAlias = str | date | int | float | Decimal | bool | None
"""Text, a day, a number, yes or no, nothing. An instant is text: the caller knows the time zone."""

_FORMULA = re.compile(r"[\s']*[=+\-@＝＋－＠]|'*[\t\r\n]")


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "number"


@dataclass(frozen=True)
class Column:
    """A column. ``width`` is in characters, ``hint`` a note at the title, ``choices`` the only values allowed, if any."""

    title: str
    width: int = 20
    kind: Kind = Kind.TEXT
    hint: str = ""
    choices: Sequence[str] = ()


@dataclass(frozen=True)
class Table:
    """A table. ``rows`` may be a generator; it is read once."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]] = ()


def safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula, whatever is done to the cell later; ``restored`` undoes it."""
    return f"'{text}" if _FORMULA.match(text) else text


def restored(text: str) -> str:
    """The text that ``safe`` was given, for a file that comes back."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
