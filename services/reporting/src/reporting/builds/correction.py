"""A value that somebody wrote into a cell, or that was carried over from the unit's last report."""

from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel

from reporting.engine.cells import Address, Value

Number = int | float
"""A value of a cell as documents show it."""


class Correction(BaseModel):
    """One cell: what stood there, what stands there since, why, by which account and when; ``keys`` of a line of a repeated row."""

    section: str
    row: str
    column: str
    keys: tuple[str, ...] = ()
    old: Number | None
    value: Number | None
    reason: str | None
    by: str
    at: datetime

    @property
    def address(self) -> Address:
        """Where it is."""
        return self.section, self.row, self.column, *self.keys


def shown(value: Value) -> Number | None:
    """A value as documents show it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def counted(value: Number | None) -> Value:
    """A value of a document as it is calculated with."""
    return Decimal(str(value)) if isinstance(value, float) else value
