"""Values of a form, addressed the way its controls address them: section, row, column."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from reporting.engine.errors import DefinitionError

Value = int | Decimal | None
"""A cell. ``None`` is empty: not counted, closed or left to be filled by hand."""

Address = tuple[str, ...]
"""Section, row and column codes of a cell; after them the keys of its line, where the row is repeated by keys."""

Keys = tuple[str, ...]
"""Codes that tell one line of a repeated row from another (специфика, ``s1``…``s3``); none for a row that stands once."""


@dataclass(frozen=True)
class Sheet:
    """Row and column codes of one section, in the form's order.

    ``repeated`` gives, for a row that stands once for every key, the codes each of its one to three keys may have.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    repeated: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)

    def lines(self, row: str, keys: Iterable[Keys]) -> list[Keys]:
        """Those of ``keys`` the row may have lines of, in the form's order; no keys, once, for a row that stands once."""
        known = self.repeated.get(row)
        if known is None:
            return [()]
        places = [{code: place for place, code in enumerate(codes)} for codes in known]
        fitting = [one for one in keys if len(one) == len(known) and all(map(dict.__contains__, places, one))]
        return sorted(fitting, key=lambda one: [place[code] for place, code in zip(places, one, strict=True)])


Layout = Mapping[str, Sheet]
"""Sheets of a form by section code, in the form's order."""

Cells = Mapping[Address, Value]
"""Values by address; a cell that is not there is empty."""

Standing = Mapping[tuple[str, str], set[Keys]]
"""Keys of the lines that stand in a report, by section and repeated row."""


def standing(cells: Iterable[Address]) -> Standing:
    """Lines of repeated rows that stand in a report."""
    found: dict[tuple[str, str], set[Keys]] = {}
    for section, row, _, *keys in cells:
        if keys:
            found.setdefault((section, row), set()).add(tuple(keys))
    return found


@dataclass(frozen=True)
class Codes:
    """Codes named by a list with ranges, ``1,4-7``, or by ``*``. A range runs in the form's order, ends included."""

    spans: tuple[tuple[str, str], ...] | None

    @classmethod
    def parse(cls, text: str) -> "Codes":
        """Read ``*`` or ``1,4-7``."""
        if text == "*":
            return cls(None)
        spans = (part.strip().partition("-") for part in text.split(","))
        return cls(tuple((first, last or first) for first, _, last in spans))

    def __str__(self) -> str:
        if self.spans is None:
            return "*"
        return ",".join(first if first == last else f"{first}-{last}" for first, last in self.spans)

    def among(self, known: tuple[str, ...]) -> tuple[str, ...]:
        """Expand over the codes of a section; raises ``DefinitionError`` on an unknown code or an empty range."""
        if self.spans is None:
            return known
        found: list[str] = []
        for first, last in self.spans:
            if first not in known or last not in known:
                raise DefinitionError(f"unknown code in {first}-{last}")
            span = known[known.index(first) : known.index(last) + 1]
            if not span:
                raise DefinitionError(f"empty range {first}-{last}")
            found.extend(span)
        return tuple(found)
