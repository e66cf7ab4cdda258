"""What indicators are summed over: facts of a period, one row a thing counted, with the numbers it adds.

A source says which columns are measures, which tell rows apart (dimensions) and which an indicator may filter by. An indicator names
them and no text of it reaches a statement; so a new indicator over these facts needs no code.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    Subquery,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.days import academic_year
from reporting.facts.model import lesson, organization, placement, post, study_group, worker
from reporting.facts.sources import as_of, believed

FIRST_DAY, LAST_DAY = bindparam("first_day", type_=Date), bindparam("last_day", type_=Date)
ACADEMIC_YEAR, TERM = bindparam("academic_year", type_=Integer), bindparam("term", type_=Text)
ZONE = bindparam("zone", type_=Text)
"""Where instants are days."""

_MONTHS = 13
"""Months that are counted again while facts of them may still come: those of a year and the one a year ago."""
_IN_TIME = 1
"""Days within which a lesson is to be recorded."""
_CATEGORIES = ("first", "highest")


@dataclass(frozen=True)
class Period:
    """What values are of: a month, a term or a year of study. ``term`` is a term's name, which tells quarters from trimesters."""

    key: str
    title: str
    first_day: date
    last_day: date
    academic_year: int
    term: str | None = None

    @property
    def parameters(self) -> dict[str, Any]:
        """Values of the parameters of a source's rows; each takes those it asks for."""
        return {
            "first_day": self.first_day,
            "last_day": self.last_day,
            "academic_year": self.academic_year,
            "term": self.term,
        }


@dataclass(frozen=True)
class Measured:
    """A source: its rows (with ``organization_id`` and ``municipality``), and what of them an indicator may name.

    ``people`` is how many children or workers a sum of rows is about, at least: what is published has a least number of them. It is told
    which rows have anything to be divided by, where not every row that has people has.
    ``periods`` are those over which it is counted on a day, the oldest first.
    """

    rows: Subquery
    measures: frozenset[str]
    people: Callable[[Subquery, ColumnElement[bool]], ColumnElement[Any]]
    periods: Callable[[AsyncSession, date], Awaitable[Sequence[Period]]]
    dimensions: frozenset[str] = field(default_factory=frozenset)
    fields: frozenset[str] = field(default_factory=frozenset)


def placed(rows: Select[Any], name: str) -> Subquery:
    """Rows with the municipality where their organization was on the last day of the period; without one they are left out."""
    found = rows.subquery(f"{name}_facts")
    joined = found.join(organization, and_(organization.c.id == found.c.organization_id, as_of(organization, LAST_DAY)))
    return select(*found.c, organization.c.municipality).select_from(joined).subquery(name)


async def months(_session: AsyncSession, today: date) -> list[Period]:
    """The last months that are over."""
    found: list[Period] = []
    last = today.replace(day=1) - timedelta(days=1)
    for _ in range(_MONTHS):
        first = last.replace(day=1)
        found.append(Period(f"{first:%Y-%m}", f"{first:%m.%Y}", first, last, academic_year(first)))
        last = first - timedelta(days=1)
    return found[::-1]


_entered_on = cast(func.timezone(ZONE, lesson.c.first_told_at), Date)
LESSONS = Measured(
    rows=placed(
        select(
            lesson.c.organization_id,
            lesson.c.group_id,
            lesson.c.subject_name.label("subject"),
            literal(1).label("lessons"),
            lesson.c.learners,
            lesson.c.absent,
            lesson.c.marks,
            cast(_entered_on <= lesson.c.valid_from + _IN_TIME, Integer).label("timely"),
        ).where(
            lesson.c.academic_year == ACADEMIC_YEAR,
            believed(lesson),
            lesson.c.valid_from.between(FIRST_DAY, LAST_DAY),
        ),
        "lessons",
    ),
    measures=frozenset({"lessons", "learners", "absent", "marks", "timely"}),
    people=lambda rows, _: func.max(rows.c.learners),
    periods=months,
    dimensions=frozenset({"subject", "group_id"}),
)
"""Lessons that were recorded. A lesson's learners are those on its roster; ``timely``: recorded that day or the next."""

_stays = (
    select(placement.c.group_id, func.count().label("learners"))
    .where(placement.c.main, as_of(placement, LAST_DAY))
    .group_by(placement.c.group_id)
    .subquery("stays")
)
GROUPS = Measured(
    rows=placed(
        select(
            study_group.c.organization_id,
            study_group.c.id.label("group_id"),
            study_group.c.grade,
            study_group.c.kind,
            literal(1).label("groups"),
            _stays.c.learners,
            study_group.c.capacity,
        )
        .join(_stays, _stays.c.group_id == study_group.c.id)
        .where(as_of(study_group, LAST_DAY)),
        "groups",
    ),
    measures=frozenset({"groups", "learners", "capacity"}),
    people=lambda rows, _: func.sum(rows.c.learners),
    periods=months,
    dimensions=frozenset({"grade", "group_id"}),
    fields=frozenset({"kind", "grade"}),
)
"""Classes and groups that have children on the last day of the month."""

WORKERS = Measured(
    rows=placed(
        select(
            post.c.organization_id,
            post.c.statistical_id,
            post.c.category,
            literal(1).label("workers"),
            cast(func.coalesce(worker.c.qualification.in_(_CATEGORIES), False), Integer).label("with_category"),
            cast(func.coalesce(worker.c.qualification == "highest", False), Integer).label("with_highest_category"),
            cast(func.coalesce(worker.c.education == "higher", False), Integer).label("with_higher_education"),
        )
        .distinct()
        .join(worker, and_(worker.c.statistical_id == post.c.statistical_id, as_of(worker, LAST_DAY)))
        .where(as_of(post, LAST_DAY)),
        "workers",
    ),
    measures=frozenset({"workers", "with_category", "with_highest_category", "with_higher_education"}),
    people=lambda rows, _: func.sum(rows.c.workers),
    periods=months,
    fields=frozenset({"category"}),
)
"""Workers by the organization and the part of the staff they hold posts in on the last day of the month."""
