"""How much of the region each size holds, and how whole numbers are shared out exactly."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

# The list belongs to core, which serves it; the generator reads the same file of the same checkout.
MUNICIPALITIES = Path(__file__).parents[4] / "services/sgo-core/src/sgo_core/organizations/municipalities.csv"

_CITY_PREFIX = "037"
_LARGE_CITIES = {"03701000": 12.0, "03726000": 5.0, "03720000": 4.0, "03703000": 2.5, "03705000": 2.5}


class Size(StrEnum):
    """Sizes of the generated region."""

    TINY = "tiny"
    SMALL = "small"
    MUNICIPALITY = "municipality"
    REGION = "region"


@dataclass(frozen=True)
class Municipality:
    """A municipality and what is generated in it."""

    oktmo: str
    name: str
    schools: int
    preschools: int
    school_students: int
    preschool_students: int
    applications: int

    @property
    def is_city(self) -> bool:
        return self.oktmo.startswith(_CITY_PREFIX)


@dataclass(frozen=True)
class _Totals:
    schools: int
    preschools: int
    school_students: int
    preschool_students: int
    applications: int


_TOTALS = {
    Size.TINY: _Totals(1, 2, 220, 90, 40),
    Size.SMALL: _Totals(4, 6, 2_040, 960, 600),
    Size.MUNICIPALITY: _Totals(60, 70, 45_000, 15_000, 8_000),
    Size.REGION: _Totals(1_200, 1_500, 500_000, 200_000, 90_000),
}
_ONE_MUNICIPALITY = {Size.TINY: "03607000", Size.SMALL: "03607000", Size.MUNICIPALITY: "03720000"}


def share(total: int, weights: Sequence[float]) -> list[int]:
    """Split ``total`` in proportion to ``weights`` by largest remainders: the parts always add up to it."""
    scale = total / sum(weights)
    parts = [int(weight * scale) for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (parts[i] - weights[i] * scale, i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts


def municipalities(size: Size) -> list[Municipality]:
    """The municipalities of a size with the counts of each."""
    totals = _TOTALS[size]
    with MUNICIPALITIES.open(encoding="utf-8", newline="") as file:
        rows = [(row["oktmo"], row["name"]) for row in csv.DictReader(file)]
    if size in _ONE_MUNICIPALITY:
        rows = [row for row in rows if row[0] == _ONE_MUNICIPALITY[size]]
    weights = [_LARGE_CITIES.get(oktmo, 1.0) for oktmo, _ in rows]
    columns = zip(
        share(totals.schools, weights),
        share(totals.preschools, weights),
        share(totals.school_students, weights),
        share(totals.preschool_students, weights),
        share(totals.applications, weights),
        strict=True,
    )
    return [Municipality(oktmo, name, *counts) for (oktmo, name), counts in zip(rows, columns, strict=True)]
