"""Exam results as a source of indicators."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.days import year_begins
from reporting.exams import repository
from reporting.exams.subjects import taught, titles
from reporting.facts.measured_results import marks_of_year
from reporting.facts.measures import ACADEMIC_YEAR, Measured, Period, placed

_found = repository.standing().subquery("exam_results")
_marked = case((_found.c.twos.is_not(None), _found.c.participants), else_=0)

_largest_day = (
    func.row_number()
    .over(
        partition_by=[_found.c[name] for name in ("organization_id", "academic_year", "exam", "subject", "grade")],
        order_by=[_found.c.participants.desc(), _found.c.date],
    )
    .label("largest_day")
)


def _children(rows: Subquery, divided: ColumnElement[bool]) -> ColumnElement[Any]:
    """How many children at least: those of the subject that most took part in, as a child takes part in several.

    Of a grade's days of a subject the largest alone counts: who did not pass comes again.
    """
    of_subjects = (
        func.sum(rows.c.children).filter(divided, rows.c.subject == one) for one in sorted(set(titles().values()))
    )
    return func.greatest(*of_subjects)


async def years(session: AsyncSession, _today: date) -> Sequence[Period]:
    """School years there are results of."""
    return [school_year(year) for year in await repository.years(session)]


def school_year(year: int) -> Period:
    """The school year that began in a year, whole."""
    return Period(
        str(year), f"{year}/{year + 1} учебный год", year_begins(year), year_begins(year + 1) - timedelta(days=1), year
    )


EXAMS = Measured(
    rows=placed(
        select(
            _found.c.organization_id,
            _found.c.exam,
            _found.c.subject,
            _found.c.grade,
            _found.c.participants,
            case((_largest_day == 1, _found.c.participants), else_=0).label("children"),
            _found.c.twos,
            _found.c.threes,
            _found.c.fours,
            _found.c.fives,
            _marked.label("marked"),
            _found.c.below_minimum,
            case((_found.c.below_minimum.is_not(None), _found.c.participants), else_=0).label("judged"),
            (_found.c.mean_score * _found.c.participants).label("score"),
            case((_found.c.mean_score.is_not(None), _found.c.participants), else_=0).label("scored"),
        ).where(_found.c.academic_year == ACADEMIC_YEAR),
        "exams",
    ),
    measures=frozenset(
        {"participants", "twos", "threes", "fours", "fives", "marked", "below_minimum", "judged", "score", "scored"}
    ),
    people=_children,
    periods=years,
    dimensions=frozenset({"subject", "grade"}),
    fields=frozenset({"exam", "grade", "subject"}),
)
"""Results of exams and checks that stand. ``marked``, ``judged``, ``scored``: participants of those that tell marks, who is below the
minimum, a mean score."""

_MARKS = {"twos": 2, "threes": 3, "fours": 4, "fives": 5}
_year = marks_of_year(taught())
_exam = (
    select(
        *(_found.c[name] for name in ("organization_id", "academic_year", "exam", "subject", "grade")),
        *(func.sum(_found.c[name]).label(name) for name in _MARKS),
        func.max(_found.c.participants).label("children"),
    )
    .where(_found.c.twos.is_not(None))
    .group_by(*(_found.c[name] for name in ("organization_id", "academic_year", "exam", "subject", "grade")))
    .subquery("exam_marks")
)


def _told(marks: Subquery, name: str) -> list[ColumnElement[Any]]:
    """A distribution of marks with how many there are and their sum."""
    return [
        *(marks.c[one].label(f"{name}_{one}") for one in _MARKS),
        sum((marks.c[one] for one in _MARKS), start=literal(0)).label(f"{name}_marked"),
        sum((marks.c[one] * points for one, points in _MARKS.items()), start=literal(0)).label(f"{name}_points"),
    ]


MARKS_COMPARED = tuple(f"{of}_{one}" for of in ("exam", "year") for one in (*_MARKS, "marked", "points"))
COMPARED = Measured(
    rows=placed(
        select(*(_exam.c[name] for name in ("organization_id", "exam", "subject", "grade", "children")))
        .add_columns(*_told(_exam, "exam"), *_told(_year, "year"))
        .join(
            _year,
            and_(*(_year.c[name] == _exam.c[name] for name in ("organization_id", "subject", "grade"))),
        )
        .where(_exam.c.academic_year == ACADEMIC_YEAR),
        "compared",
    ),
    measures=frozenset(MARKS_COMPARED),
    people=_children,
    periods=years,
    dimensions=frozenset({"subject", "grade"}),
    fields=frozenset({"exam", "grade", "subject"}),
)
"""Marks of an exam beside those the journal has for the school year, where there are both."""
