"""What of a report is calculated from its other cells: derived rows and columns."""

from collections.abc import Iterable, Sequence

from reporting.engine.cells import Address, Cells, Keys, Standing, Value, standing
from reporting.engine.definition import FormDefinition
from reporting.engine.section import Section


def derived(form: FormDefinition, cells: Cells) -> dict[Address, Value]:
    """The report's cells with its derived ones as they follow from the others; whatever stood there is forgotten."""
    found, there = dict(cells), standing(cells)
    for section in form.sections:
        if any(row.derive for row in section.rows) or any(column.derive for column in section.columns):
            found |= _Section(section, cells, there).derived()
    return found


class _Section:
    """Cells of a section on their way: a derived one may be part of another."""

    def __init__(self, section: Section, cells: Cells, there: Standing) -> None:
        self._section = section
        self._cells = cells
        self._closed = set(section.closed_cells())
        known = section.sheet
        self._rows = {row.code: row.derivation.among(known.rows) for row in section.rows if row.derivation}
        self._columns = {one.code: one.derivation.among(known.columns) for one in section.columns if one.derivation}
        self._standing = there
        self._made: dict[Address, Value] = {}

    def derived(self) -> dict[Address, Value]:
        for row in self._section.sheet.rows:
            columns = self._section.sheet.columns if row in self._rows else self._columns
            for column in columns:
                for keys in self._lines_of(row):
                    self._value(row, column, keys)
        return self._made

    def _lines_of(self, row: str) -> Sequence[Keys]:
        return self._section.sheet.lines(row, self._standing.get((self._section.code, row), ()))

    def _value(self, row: str, column: str, keys: Keys) -> Value:
        address = (self._section.code, row, column, *keys)
        if row not in self._rows and column not in self._columns:
            return self._cells.get(address)
        if address not in self._made:
            self._made[address] = None if address[:3] in self._closed else _sum(self._parts(row, column, keys))
        return self._made[address]

    def _parts(self, row: str, column: str, keys: Keys) -> Iterable[tuple[int, Value]]:
        if row in self._rows:
            return (
                (sign, self._value(part, column, line))
                for sign, part in self._rows[row]
                for line in self._lines_of(part)
            )
        return ((sign, self._value(row, part, keys)) for sign, part in self._columns[column])


def _sum(parts: Iterable[tuple[int, Value]]) -> Value:
    """The sum of what is there; nothing if nothing is."""
    told = [sign * value for sign, value in parts if value is not None]
    return sum(told) if told else None
