"""What an additional form asks, and whether a value fits."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Self, TypeAlias

from pydantic import Field, StrictBool, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from servicekit.http import Body, Line

_LARGEST = 10**12
_DIGITS = 4


class CellKind(StrEnum):
    """What the cells of a column hold."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    TEXT = "text"
    YES_NO = "yes_no"


Code = Annotated[str, Field(pattern=r"^[0-9a-z]{1,10}$")]
Value: TypeAlias = (
    StrictBool
    | Annotated[StrictInt, Field(ge=-_LARGEST, le=_LARGEST)]
    | Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-_LARGEST, le=_LARGEST)]
    | Line
)
"""A number, a text, yes or no."""


class AskedRow(Body):
    """A row."""

    code: Code
    title: Line


class AskedColumn(Body):
    """A column."""

    code: Code
    title: Line
    kind: CellKind


class Definition(Body):
    """Rows and columns; codes are of one row, of one column."""

    rows: Annotated[tuple[AskedRow, ...], Field(min_length=1, max_length=200)]
    columns: Annotated[tuple[AskedColumn, ...], Field(min_length=1, max_length=30)]

    @model_validator(mode="after")
    def _codes_are_unique(self) -> Self:
        for listed in (self.rows, self.columns):
            if len({one.code for one in listed}) < len(listed):
                raise PydanticCustomError("additional-form.codes", "Коды строк и коды граф не повторяются")
        return self

    def unfit(self, cells: Iterable[tuple[str, str, Any]]) -> list[dict[str, str]]:
        """Addresses that the form does not have, that are named twice, or whose value is of another kind."""
        rows = {one.code for one in self.rows}
        kinds = {one.code: one.kind for one in self.columns}
        found, seen = [], set()
        for row, column, value in cells:
            fits = row in rows and column in kinds and (row, column) not in seen
            if not fits or not (value is None or fitting(kinds[column], value)):
                found.append({"row": row, "column": column})
            seen.add((row, column))
        return found

    def empty(self, cells: Mapping[str, Any]) -> list[dict[str, str]]:
        """Addresses of cells that may not stay empty and are."""
        return [
            {"row": row.code, "column": column.code}
            for row in self.rows
            for column in self.columns
            if column.kind is not CellKind.TEXT and cells.get(address(row.code, column.code)) is None
        ]


def address(row: str, column: str) -> str:
    """A cell's key among the answer's."""
    return f"{row}:{column}"


def fitting(kind: CellKind, value: Any) -> bool:
    """Whether a value is of a kind: decimals have up to four digits after the point."""
    match kind:
        case CellKind.YES_NO:
            return isinstance(value, bool)
        case CellKind.INTEGER:
            return isinstance(value, int) and not isinstance(value, bool)
        case CellKind.DECIMAL:
            number = isinstance(value, int | float) and not isinstance(value, bool)
            return number and round(Decimal(str(value)), _DIGITS) == Decimal(str(value))
    return isinstance(value, str)
