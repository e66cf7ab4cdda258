"""The weighted mean of marks, and how it came about. One rule, wherever a mean of a student in a subject over some days is shown.

It is of all marks of these days at lessons that were not cancelled in journals of the subject in the organization, whatever class or
subgroup the student was in, and of those of works that the student brought from other schools, by a transfer or on paper (an undated one
is of the day before the arrival). Each counts the points of its value in the scale of the journal, one of another scale those of what it
counts as there (``scaled``), as often as its work weighs. So it is in suggestions of totals and in the means that a family is told and
tries (``report_cards``), which read marks by one statement (``counting``); a family's count in the scale of the journal in which the
student is at the end of the days, or was last. Alerts and reports (``printouts``), which compare and join subjects, take points among 2
to 5; a report of a class has what was given while the student was in the class.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sgo_journal.numbers import percent, to_hundredths, written


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark of a student: ``sign`` as it stands in the cell, ``points`` and ``code`` of its value in the scale, ``weight`` of the work.

    ``brought``: from the school the student was in before. ``counted_as``: of a mark of another scale, the sign of what it counts as,
    empty if it counts as nothing; ``points`` and ``code`` are of that value. ``overdue_as``: of an overdue debt that the organization
    counts as another value, the sign of that one, whose ``points`` and ``code`` it has.

    Values without points (освобождён, зачтено, не аттестован) are in no mean. A debt («точка») is in it if its value has points, or if
    it is overdue and the organization's setting says so.
    """

    sign: str
    points: Decimal | None
    weight: Decimal = Decimal(1)
    work: str = ""
    day: date | None = None
    code: str = ""
    brought: bool = False
    counted_as: str | None = None
    overdue_as: str | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """A mark that counts. ``percent`` is its weight in the whole, ``part`` what it brings to the mean, in points."""

    mark: Mark
    percent: Decimal
    part: Decimal


@dataclass(frozen=True, slots=True)
class Mean:
    """Σ(points·weight) / Σ(weight) to two decimals, a half up; none where nothing counts.

    ``shares``: the marks that count, in their order; ``left_out``: those that do not, being without points or without weight.
    """

    value: Decimal | None
    weight: Decimal
    shares: tuple[Share, ...]
    left_out: tuple[Mark, ...]

    @property
    def explanation(self) -> str:
        """The arithmetic in one line: ``(5·2 + 4·1) / 3 = 4,67``."""
        if self.value is None:
            return f"нет отметок, которые входят в средний балл{self._told()}"
        terms = " + ".join(f"{written(_points(share.mark))}·{written(share.mark.weight)}" for share in self.shares)
        return f"({terms}) / {written(self.weight)} = {written(self.value)}{self._told()}"

    def _told(self) -> str:
        """What is particular about some of the marks."""
        shared = [share.mark for share in self.shares]
        told = {
            "из них принесены из другой школы": [mark.sign for mark in shared if mark.brought],
            "просроченный долг": [f"{mark.sign} как {mark.overdue_as}" for mark in shared if mark.overdue_as],
            "из другой шкалы": [f"{mark.sign} как {mark.counted_as}" for mark in shared if mark.counted_as],
            "не переведены в шкалу журнала": [mark.sign for mark in self.left_out if mark.counted_as == ""],
        }
        return "".join(f"; {what}: {', '.join(signs)}" for what, signs in told.items() if signs)


def _points(mark: Mark) -> Decimal:
    assert mark.points is not None
    return mark.points


def weighted_mean(marks: Iterable[Mark]) -> Mean:
    """The mean of a student's marks in a subject."""
    all_marks: Sequence[Mark] = tuple(marks)
    counted = [mark for mark in all_marks if mark.points is not None and mark.weight > 0]
    left_out = tuple(mark for mark in all_marks if mark.points is None or mark.weight <= 0)
    weight = sum((mark.weight for mark in counted), Decimal(0))
    if not counted:
        return Mean(None, weight, (), left_out)
    total = sum((_points(mark) * mark.weight for mark in counted), Decimal(0))
    shares = tuple(
        Share(mark, percent(mark.weight, weight) or Decimal(0), to_hundredths(_points(mark) * mark.weight / weight))
        for mark in counted
    )
    return Mean(to_hundredths(total / weight), weight, shares, left_out)
