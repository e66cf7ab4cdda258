"""Marks that are suggested for a period, a year, a certificate. The teacher confirms them or sets others; each says why in Russian."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, Self

from sgo_journal.numbers import to_hundredths, to_whole, written
from sgo_journal.totals.errors import ThresholdsInvalidError
from sgo_journal.totals.means import Mean

PASS, FAIL, EXEMPT, NOT_ATTESTED = "pass", "fail", "exempt", "not_attested"
_PASS, _FAIL, _EXEMPT, _NOT_ATTESTED = "зч", "нз", "осв", "н/а"


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which mean on a mark is suggested; ``code`` is of the scale's value, ``sign`` as people read it."""

    at_least: Decimal
    code: str
    sign: str


FIVE_POINTS = (
    Threshold(Decimal("4.5"), "5", "5"),
    Threshold(Decimal("3.5"), "4", "4"),
    Threshold(Decimal("2.5"), "3", "3"),
    Threshold(Decimal(0), "2", "2"),
)


@dataclass(frozen=True, slots=True)
class Rules:
    """How an organization makes marks of means. ``least_marks``: with fewer of them a student may be not attested.

    Raises ``ThresholdsInvalidError`` for thresholds that do not fall to zero.
    """

    thresholds: tuple[Threshold, ...] = FIVE_POINTS
    least_marks: int = 3

    def __post_init__(self) -> None:
        """Refuse thresholds that leave a mean without a mark, or with two."""
        bounds = [one.at_least for one in self.thresholds]
        codes = {one.code for one in self.thresholds}
        falling = all(upper > lower for upper, lower in pairwise(bounds))
        if not bounds or bounds[-1] != 0 or not falling or len(codes) < len(bounds):
            raise ThresholdsInvalidError

    @property
    def satisfactory(self) -> Decimal:
        """The mean under which a student fails."""
        return self.thresholds[-2].at_least if len(self.thresholds) > 1 else Decimal(0)

    @classmethod
    def nearest(cls, values: Mapping[str, tuple[str, Decimal]], least_marks: int) -> Self:
        """Of a scale other than 2 to 5, ``values`` its signs and points by code: the mark nearest to the mean, of two the higher."""
        rising = sorted({points: (code, sign) for code, (sign, points) in values.items()}.items())
        bounds = [Decimal(0), *((lower[0] + upper[0]) / 2 for lower, upper in pairwise(rising))]
        thresholds = [Threshold(bound, *named) for bound, (_, named) in zip(bounds, rising, strict=True)]
        return cls(tuple(reversed(thresholds)), least_marks)

    def of(self, mean: Decimal) -> Threshold:
        """The mark of a mean. What is judged is the mean that is shown, rounded to two decimals."""
        return next(one for one in self.thresholds if mean >= one.at_least)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A mark that is suggested (``code`` of the scale's value, none if nothing follows) and why.

    ``otherwise``: what the mean says where not attested is suggested for too few marks: the teacher may know more.
    """

    code: str | None
    reason: str
    otherwise: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A mark that another is made of: of a period, of the year, of an exam.

    ``code`` none: not set; ``points`` none: the value has none (н/а, осв, зч).
    """

    title: str
    code: str | None
    sign: str = ""
    points: Decimal | None = None

    @classmethod
    def of(cls, title: str, total: Any) -> Self:
        """A total that is set, with sign and points of its value."""
        return cls(title, total.value, total.sign, total.points)


def for_period(mean: Mean, rules: Rules) -> Suggestion:
    """The mark of a period from the mean of its marks; without marks that have points, from зч, нз, осв.

    зч and нз are marks like others where it is counted whether there are enough of them.
    """
    others = Counter(mark.code for mark in mean.left_out)
    if mean.value is None:
        return _without_points(others) or Suggestion(NOT_ATTESTED, f"{_NOT_ATTESTED}: {mean.explanation}")
    given = len(mean.shares) + others[PASS] + others[FAIL]
    mark = rules.of(mean.value)
    reached = f"средний балл {written(mean.value)}, порог отметки «{mark.sign}» — {written(mark.at_least)}"
    if given < rules.least_marks:
        code, sign = (EXEMPT, _EXEMPT) if others[EXEMPT] else (NOT_ATTESTED, _NOT_ATTESTED)
        few = f"{sign}: отметок {given}, нужно не меньше {rules.least_marks}; {reached}"
        return Suggestion(code, few, mark.code)
    return Suggestion(mark.code, f"«{mark.sign}»: {reached}")


def _without_points(counts: Counter[str]) -> Suggestion | None:
    """What follows from values without points: зч if there are more of them than нз, осв where there is nothing else."""
    passed, failed = counts[PASS], counts[FAIL]
    if passed or failed:
        code, sign = (PASS, _PASS) if passed > failed else (FAIL, _FAIL)
        return Suggestion(code, f"«{sign}»: {_PASS} — {passed}, {_FAIL} — {failed}")
    if counts[EXEMPT]:
        return Suggestion(EXEMPT, f"«{_EXEMPT}»: других отметок нет")
    return None


def for_year(periods: Sequence[Part], rules: Rules) -> Suggestion:
    """The mark of the year from those of its periods: of all in which the student was taught."""
    missing = [part.title for part in periods if part.code is None]
    if missing or not periods:
        return Suggestion(None, f"нет отметки за: {', '.join(missing)}" if missing else "нет отметок за периоды")
    counted = [part for part in periods if part.points is not None]
    others = ", ".join(f"{part.title} — {part.sign}" for part in periods if part.points is None)
    if not counted:
        codes = Counter(part.code or "" for part in periods)
        if codes[NOT_ATTESTED] == len(periods):
            return Suggestion(NOT_ATTESTED, f"{_NOT_ATTESTED}: {others}")
        followed = None if codes[NOT_ATTESTED] else _without_points(codes)
        return Suggestion(None, f"среднего нет: {others}") if followed is None else followed
    mean = to_hundredths(_mean(counted))
    mark = rules.of(mean)
    without = f"; без балла: {others}" if others else ""
    return Suggestion(
        mark.code,
        f"«{mark.sign}»: {_listed(counted)}; среднее {written(mean)}, порог отметки «{mark.sign}» —"
        f" {written(mark.at_least)}{without}",
    )


def for_certificate(parts: Sequence[Part]) -> Suggestion:
    """The final mark: the mean of the marks it is made of (``finals`` says which), in whole numbers by the mathematical rule.

    Nothing is suggested while one of them is missing or has no points: what then stands in a certificate, people decide. Only where
    all of them are зч, or all осв, so is the final one.
    """
    missing = [part.title for part in parts if part.code is None]
    if missing or not parts:
        return Suggestion(None, f"нет отметки: {'; '.join(missing)}" if missing else "нет отметок")
    if {part.code for part in parts} in ({PASS}, {EXEMPT}):
        return Suggestion(parts[0].code, f"«{parts[0].sign}»: {_listed(parts)}")
    if without := [part for part in parts if part.points is None]:
        return Suggestion(None, f"отметка без балла: {_listed(without)}")
    if len(parts) == 1:
        return Suggestion(parts[0].code, f"«{parts[0].sign}»: {_listed(parts)}")
    mean = _mean(parts)
    mark = to_whole(mean)
    return Suggestion(
        str(mark), f"«{mark}»: {_listed(parts)}; среднее {written(to_hundredths(mean))}, по правилам округления {mark}"
    )


def _mean(parts: Sequence[Part]) -> Decimal:
    return sum((part.points for part in parts if part.points is not None), Decimal(0)) / len(parts)


def _listed(parts: Sequence[Part]) -> str:
    return ", ".join(f"{part.title} — {part.sign}" for part in parts)
