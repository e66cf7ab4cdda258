"""Where a rule holds or fails: the places its references name together, found before any value is read.

References under no ``sum`` go side by side: the first row of one with the first of another; one row, one column stretches to
the others. Lines of a repeated row go side by side by their keys: a rule has a place for every line that any of its references
finds in the report, and what another has no line for is empty there. A reference that names one code for each key is one line.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from reporting.engine.cells import Address, Codes, Keys, Layout, Standing
from reporting.engine.controls.tree import Node, Reference, references, unfolded
from reporting.engine.errors import DefinitionError

NOWHERE = ("*",)
"""Codes of an axis that a rule folds away."""


@dataclass(frozen=True)
class Grid:
    """The cells a reference names. ``fixed`` is the one line it reads of repeated rows, when it names one.

    ``lines`` are the keys it may read of each row that is repeated, empty for a row that stands once.
    """

    section: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    lines: tuple[tuple[tuple[str, ...], ...], ...]
    fixed: Keys | None

    def address(self, row: int, column: int, keys: Keys) -> Address | None:
        """The cell at a place; ``None`` where a repeated row has no such line for this reference."""
        row, column = (0 if len(axis) == 1 else at for axis, at in ((self.rows, row), (self.columns, column)))
        plain = (self.section, self.rows[row], self.columns[column])
        lines = self.lines[row]
        if not lines:
            return plain
        line = keys if self.fixed is None else self.fixed
        return (*plain, *line) if _reads(lines, line) else None

    def found(self, row: int, standing: Standing) -> list[Keys]:
        """Lines of the row that stand in a report, in the order of the keys' codes."""
        at = 0 if len(self.rows) == 1 else row
        lines = self.lines[at]
        found = [keys for keys in standing.get((self.section, self.rows[at]), ()) if _reads(lines, keys)]
        return sorted(found, key=lambda keys: [codes.index(key) for key, codes in zip(keys, lines, strict=True)])

    def varies(self, row: int) -> bool:
        """Whether it reads every line of the row, and not one or the row itself."""
        return self.fixed is None and bool(self.lines[0 if len(self.rows) == 1 else row])


@dataclass(frozen=True)
class Frame:
    """Rows and columns of a rule's places; ``NOWHERE`` on an axis that is folded away."""

    section: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]


def grid_of(reference: Reference, layout: Layout) -> Grid:
    """The grid a reference names; raises ``DefinitionError`` on a section, row, column or key the form has not."""
    sections = reference.section.among(tuple(layout))
    if len(sections) != 1:
        raise DefinitionError("a reference names one section")
    sheet = layout[sections[0]]
    rows = reference.rows.among(sheet.rows)
    lines = tuple(_lines(reference.keys, sheet.repeated.get(row, ()), row) for row in rows)
    named = [one for one in lines if one]
    single = bool(reference.keys) and all(len(codes) == 1 for one in named for codes in one)
    fixed = tuple(codes[0] for codes in named[0]) if single and len(set(named)) == 1 else None
    return Grid(sections[0], rows, reference.columns.among(sheet.columns), lines, fixed)


def frame_of(nodes: Iterable[Node], layout: Layout) -> Frame:
    """The frame of a rule and its condition; raises ``DefinitionError`` when their references do not go side by side."""
    nodes = tuple(nodes)
    named = [grid_of(one, layout) for node in nodes for one in references(node)]
    rows: tuple[str, ...] = NOWHERE
    columns: tuple[str, ...] = NOWHERE
    for grid in (grid_of(one, layout) for node in nodes for one in unfolded(node)):
        rows, columns = _common(rows, grid.rows), _common(columns, grid.columns)
    return Frame(named[0].section if named else "", rows, columns)


def _lines(named: tuple[Codes, ...], known: tuple[tuple[str, ...], ...], row: str) -> tuple[tuple[str, ...], ...]:
    if len(named) > len(known):
        raise DefinitionError(f"row {row} has {len(known)} keys, not {len(named)}")
    return tuple(
        codes if at >= len(named) else tuple(dict.fromkeys(named[at].among(codes))) for at, codes in enumerate(known)
    )


def _reads(lines: tuple[tuple[str, ...], ...], keys: Keys) -> bool:
    return len(lines) == len(keys) and all(key in codes for key, codes in zip(keys, lines, strict=True))


def _common(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[str, ...]:
    if len(left) == len(right):
        return right if left == NOWHERE else left
    if len(left) == 1:
        return right
    if len(right) == 1:
        return left
    raise DefinitionError(f"{len(left)} codes against {len(right)}")
