"""Summaries of results: of a subject, of a class, and how they change from period to period.

Formulas are those schools know from the АИС СГО: success is the share without «2» and not attested, quality the share of «4» and «5»,
СОУ the degree of learning by V. P. Simonov, 100 % for «5», 64 % for «4», 36 % for «3», 16 % for «2», 7 % for «н/а».
Who was exempted or has no result is in no denominator, who was not attested is in all of them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from sgo_journal.numbers import percent, to_hundredths

FIVE, FOUR, THREE, TWO, ONE = 5, 4, 3, 2, 1
NOT_ATTESTED = 0
"""Stands among results where a student was not attested."""
Result = int | None
"""A result as a mark from 1 to 5 (``grade`` of a scale's value), ``NOT_ATTESTED``, or none: exempted, without marks, not set yet."""

SIMONOV: Mapping[int, Decimal] = {
    FIVE: Decimal(1),
    FOUR: Decimal("0.64"),
    THREE: Decimal("0.36"),
    TWO: Decimal("0.16"),
    ONE: Decimal("0.16"),
    NOT_ATTESTED: Decimal("0.07"),
}
"""Coefficients of СОУ; an organization may set its own. «1», which Simonov does not have, counts as «2»."""


class Standing(StrEnum):
    """How a student of a class stands, by the results in all subjects."""

    EXCELLENT = "excellent"
    GOOD = "good"
    ONE_THREE = "one_three"
    SATISFACTORY = "satisfactory"
    NOT_ATTESTED = "not_attested"
    FAILING = "failing"
    UNMARKED = "unmarked"


STANDING_TITLES: Mapping[Standing, str] = {
    Standing.EXCELLENT: "отличники",
    Standing.GOOD: "хорошисты",
    Standing.ONE_THREE: "с одной «3»",
    Standing.SATISFACTORY: "успевающие",
    Standing.NOT_ATTESTED: "не аттестованные",
    Standing.FAILING: "неуспевающие",
    Standing.UNMARKED: "без отметок",
}


@dataclass(frozen=True, slots=True)
class Summary:
    """Of one subject. ``counts`` by result; ``total`` is their sum. Percents and the mean have two decimals, none of nothing.

    ``success``: without «2» and «н/а»; ``quality``: «4» and «5»; ``learning``: СОУ; ``mean`` of the marks alone.
    """

    counts: Mapping[int, int]
    total: int
    success: Decimal | None
    quality: Decimal | None
    learning: Decimal | None
    mean: Decimal | None


@dataclass(frozen=True, slots=True)
class ClassSummary:
    """Of a class. ``success`` and ``quality`` count students: who has no «2» nor «н/а» in any subject; who has «4» and «5» alone.

    ``marks`` is the summary of all results together: the class's mean and СОУ are there.
    """

    subjects: Mapping[UUID, Summary]
    marks: Summary
    standings: Mapping[UUID, Standing]
    counts: Mapping[Standing, int]
    success: Decimal | None
    quality: Decimal | None


def summary(results: Iterable[Result], coefficients: Mapping[int, Decimal] = SIMONOV) -> Summary:
    """Sum up results of one subject."""
    counts = Counter(result for result in results if result is not None)
    total = counts.total()
    marks = total - counts[NOT_ATTESTED]
    points = sum(mark * count for mark, count in counts.items())
    learning = sum((coefficients[mark] * count for mark, count in counts.items()), Decimal(0))
    return Summary(
        counts={mark: counts[mark] for mark in SIMONOV},
        total=total,
        success=percent(counts[FIVE] + counts[FOUR] + counts[THREE], total),
        quality=percent(counts[FIVE] + counts[FOUR], total),
        learning=percent(learning, total),
        mean=to_hundredths(Decimal(points) / marks) if marks else None,
    )


def standing(results: Iterable[Result]) -> Standing:
    """How a student stands; one failed subject tells more than one not attested, and both more than all others."""
    counts = Counter(result for result in results if result is not None)
    if not counts:
        return Standing.UNMARKED
    if counts[TWO] or counts[ONE]:
        return Standing.FAILING
    if counts[NOT_ATTESTED]:
        return Standing.NOT_ATTESTED
    if counts[THREE]:
        return Standing.ONE_THREE if counts[THREE] == 1 else Standing.SATISFACTORY
    return Standing.GOOD if counts[FOUR] else Standing.EXCELLENT


def class_summary(
    results: Mapping[UUID, Mapping[UUID, Result]], coefficients: Mapping[int, Decimal] = SIMONOV
) -> ClassSummary:
    """Sum up a class: results by student and subject. A student without any result is in no share."""
    by_subject: dict[UUID, list[Result]] = {}
    for of_student in results.values():
        for subject, result in of_student.items():
            by_subject.setdefault(subject, []).append(result)
    standings = {student: standing(of_student.values()) for student, of_student in results.items()}
    counts = Counter(standings.values())
    marked = counts.total() - counts[Standing.UNMARKED]
    good = counts[Standing.EXCELLENT] + counts[Standing.GOOD]
    return ClassSummary(
        subjects={subject: summary(found, coefficients) for subject, found in by_subject.items()},
        marks=summary((result for found in by_subject.values() for result in found), coefficients),
        standings=standings,
        counts={one: counts[one] for one in Standing},
        success=percent(marked - counts[Standing.FAILING] - counts[Standing.NOT_ATTESTED], marked),
        quality=percent(good, marked),
    )


@dataclass(frozen=True, slots=True)
class Change:
    """By how much a period differs from the one before, in percentage points (``mean``: in points); none where either has nothing."""

    success: Decimal | None
    quality: Decimal | None
    learning: Decimal | None
    mean: Decimal | None


def changes(periods: Sequence[Summary]) -> list[Change]:
    """Dynamics: each period against the one before it; one fewer than there are periods."""
    return [
        Change(
            _difference(before.success, after.success),
            _difference(before.quality, after.quality),
            _difference(before.learning, after.learning),
            _difference(before.mean, after.mean),
        )
        for before, after in pairwise(periods)
    ]


def _difference(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    return None if before is None or after is None else after - before
