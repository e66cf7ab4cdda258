"""What a mark of one scale counts as in another. Pure: no database. A mark that is set is never rewritten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from sgo_journal.scales.model import ScaleValue


class By(StrEnum):
    """By what a value is counted: the organization's own table, the mark among 1 to 5 both stand for, its name, or not at all."""

    TABLE = "table"
    GRADE = "grade"
    NAME = "name"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Conversion:
    """From one scale to another; ``table``: what the organization has decided, of some values or of all."""

    source: Sequence[ScaleValue]
    target: Sequence[ScaleValue]
    table: Mapping[str, str | None] = field(default_factory=dict)

    def of(self, code: str) -> tuple[ScaleValue | None, By]:
        """The value that counts, none if none does.

        Without a word in the table: the only value that stands for the same mark among 1 to 5, a debt for a debt; a value without
        points (зч, осв, н/а) for the one of its name.
        """
        if code in self.table:
            to = self.table[code]
            return next((one for one in self.target if one.code == to), None), By.TABLE
        value = next((one for one in self.source if one.code == code), None)
        if value is None:
            return None, By.NOTHING
        usable = [one for one in self.target if one.active and one.debt == value.debt]
        if value.grade is not None or value.debt:
            same = [one for one in usable if one.grade == value.grade]
            return (same[0], By.GRADE) if len(same) == 1 else (None, By.NOTHING)
        if value.points is None:
            named = [one for one in usable if one.code == code and one.points is None]
            return (named[0], By.NAME) if named else (None, By.NOTHING)
        return None, By.NOTHING


def by_thresholds(source: Sequence[ScaleValue], bounds: Mapping[str, Decimal]) -> dict[str, str | None]:
    """A table of the values that have points: each counts as the code with the highest bound it reaches, below all as nothing."""
    falling = sorted(bounds.items(), key=lambda one: one[1], reverse=True)
    return {
        value.code: next((code for code, bound in falling if value.points >= bound), None)
        for value in source
        if value.points is not None and not value.debt
    }
