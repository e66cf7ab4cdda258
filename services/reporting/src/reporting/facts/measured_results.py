"""Sources of indicators that other services count and tell: results of terms and years, days in preschool groups, cards."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, Text, and_, case, cast, column, func, literal, select, true
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.days import academic_year
from reporting.facts.measures import (
    ACADEMIC_YEAR,
    FIRST_DAY,
    LAST_DAY,
    TERM,
    Measured,
    Period,
    months,
    placed,
)
from reporting.facts.model import card_quality, daycare_month, period_result, study_group
from reporting.facts.sources import as_of, believed

_MARKS = {"fives": ("5",), "fours": ("4",), "threes": ("3",), "twos": ("2", "1"), "not_attested": ("not_attested",)}
"""A mark of one is counted as a two, as the journal's summaries do."""
_GOOD = ("excellent", "good")
_SUCCEEDING = (*_GOOD, "one_three", "satisfactory")
_MARKED = (*_SUCCEEDING, "not_attested", "failing")
_ABSENT = ("absent", "excused", "sick", "unexcused")


def _number(document: ColumnElement[Any], *names: str) -> ColumnElement[Any]:
    """The sum of some numbers of a JSON object; what it does not have is 0."""
    found = [func.coalesce(cast(document[name].astext, Integer), 0) for name in names]
    total: ColumnElement[Any] = found[0]
    for one in found[1:]:
        total = total + one
    return total


def _number_of_marks(marks: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    return [_number(marks, *codes).label(name) for name, codes in _MARKS.items()]


async def terms(session: AsyncSession, today: date) -> Sequence[Period]:
    """Terms of this school year and the one before that some class has closed; quarters apart from trimesters, by name.

    One whose closings were all taken back stays: it has nothing to be counted.
    """
    return await _told(session, today, period_result.c.period > 0)


async def years(session: AsyncSession, today: date) -> Sequence[Period]:
    """School years, this one and the one before, in the same way."""
    return await _told(session, today, period_result.c.period == 0)


async def _told(session: AsyncSession, today: date, kind: ColumnElement[bool]) -> list[Period]:
    result = period_result.c
    ends = func.max(_last_day)
    statement = (
        select(result.academic_year, _title, func.min(result.valid_from).label("begins"), ends.label("ends"))
        .where(believed(period_result), kind, result.academic_year >= academic_year(today) - 1)
        .group_by(result.academic_year, _title)
        .order_by(ends, _title)
    )
    return [
        Period(
            key=f"{row.academic_year}/{row.title}",
            title=f"{row.title} {row.academic_year}/{row.academic_year + 1} учебного года",
            first_day=row.begins,
            last_day=row.ends,
            academic_year=row.academic_year,
            term=row.title,
        )
        for row in await session.execute(statement)
    ]


_title = func.lower(func.btrim(period_result.c.title)).label("title")
_last_day = period_result.c.valid_to - 1
_of_term = and_(
    believed(period_result), period_result.c.closed, period_result.c.academic_year == ACADEMIC_YEAR, _title == TERM
)
_class = and_(
    study_group.c.organization_id == period_result.c.organization_id,
    study_group.c.academic_year == period_result.c.academic_year,
    study_group.c.id == period_result.c.group_id,
    as_of(study_group, _last_day),
)


def _results(periods: Any, kind: ColumnElement[bool], name: str) -> Measured:
    """Students of classes by how they stand; groups across classes have the same students once more."""
    result = period_result.c
    return Measured(
        rows=placed(
            select(
                result.organization_id,
                result.group_id,
                study_group.c.grade,
                literal(1).label("classes"),
                cast(result.with_gaps, Integer).label("with_gaps"),
                result.learners,
                _number(result.standings, *_MARKED).label("marked"),
                _number(result.standings, *_SUCCEEDING).label("succeeding"),
                _number(result.standings, *_GOOD).label("good"),
                _number(result.standings, "excellent").label("excellent"),
                result.student_lessons,
                _number(result.absences, *_ABSENT).label("absences"),
                _number(result.absences, "unexcused").label("unexcused"),
            )
            .join(study_group, and_(_class, study_group.c.kind == "class"))
            .where(_of_term, kind),
            name,
        ),
        measures=frozenset(
            {
                *("classes", "with_gaps", "learners", "marked", "succeeding", "good", "excellent"),
                *("student_lessons", "absences", "unexcused"),
            }
        ),
        people=lambda rows, _: func.sum(rows.c.marked),
        periods=periods,
        dimensions=frozenset({"grade", "group_id"}),
        fields=frozenset({"grade"}),
    )


_subject = func.jsonb_array_elements(period_result.c.subjects).table_valued(column("subject", JSONB)).render_derived()
_marks = _subject.c.subject["marks"]


def _subjects(periods: Any, kind: ColumnElement[bool], name: str) -> Measured:
    """Marks of subjects, of groups across classes too: of these no grade is known."""
    result = period_result.c
    counted = _number_of_marks(_marks)
    with_marks = _number(_marks, *(code for name, codes in _MARKS.items() if name != "not_attested" for code in codes))
    return Measured(
        rows=placed(
            select(
                result.organization_id,
                result.group_id,
                study_group.c.grade,
                _subject.c.subject["subject_title"].astext.label("subject"),
                cast(_subject.c.subject["students"].astext, Integer).label("students"),
                with_marks.label("marked"),
                *counted,
            )
            .select_from(period_result.outerjoin(study_group, _class).join(_subject, true()))
            .where(_of_term, kind),
            name,
        ),
        measures=frozenset({"students", "marked", *_MARKS}),
        people=lambda rows, _: func.max(rows.c.marked),
        periods=periods,
        dimensions=frozenset({"subject", "grade", "group_id"}),
        fields=frozenset({"subject", "grade"}),
    )


_is_term, _is_year = period_result.c.period > 0, period_result.c.period == 0
TERM_RESULTS = _results(terms, _is_term, "term_results")
YEAR_RESULTS = _results(years, _is_year, "year_results")
TERM_SUBJECTS = _subjects(terms, _is_term, "term_subjects")
YEAR_SUBJECTS = _subjects(years, _is_year, "year_subjects")

_latest_cards = (
    select(card_quality)
    .ext(distinct_on(card_quality.c.organization_id, card_quality.c.kind))
    .where(card_quality.c.measured_on <= LAST_DAY)
    .order_by(card_quality.c.organization_id, card_quality.c.kind, card_quality.c.measured_on.desc())
    .subquery("latest_cards")
)
_CARDS = (
    "cards",
    "mandatory",
    "missing",
    "without_ground",
    "overdue",
    "contradictions",
    "suspicious",
    "stale",
    "duplicates",
)
CARDS = Measured(
    rows=placed(
        select(_latest_cards.c.organization_id, _latest_cards.c.kind, *(_latest_cards.c[name] for name in _CARDS)),
        "cards",
    ),
    measures=frozenset(_CARDS),
    people=lambda rows, _: func.sum(rows.c.cards),
    periods=months,
    fields=frozenset({"kind"}),
)
"""How whole and true cards were on the last day of the month, by kind."""

_DAYCARE = ("planned", "attended", "missed_illness", "missed_other")
DAYCARE = Measured(
    rows=placed(
        select(
            daycare_month.c.organization_id,
            daycare_month.c.group_id,
            *(daycare_month.c[name] for name in _DAYCARE),
            case(
                (daycare_month.c.working_days > 0, daycare_month.c.planned // daycare_month.c.working_days), else_=0
            ).label("children"),
        ).where(daycare_month.c.academic_year == ACADEMIC_YEAR, as_of(daycare_month, FIRST_DAY)),
        "daycare",
    ),
    measures=frozenset({*_DAYCARE, "children"}),
    people=lambda rows, _: func.sum(rows.c.children),
    periods=months,
    dimensions=frozenset({"group_id"}),
)
"""Child-days of preschool groups in months that were closed."""


def marks_of_year(subjects: Sequence[tuple[str, str]]) -> Any:
    """Marks of the school year by organization, grade and the names in ``subjects``: pairs of a name and a title it stands for.

    Of a class those of its year or, until that is closed, of the last term it has closed; titles are compared in lower case.
    """
    result = period_result.c
    last = (
        select(period_result)
        .ext(distinct_on(result.organization_id, result.group_id))
        .where(believed(period_result), result.closed, result.academic_year == ACADEMIC_YEAR)
        .order_by(
            result.organization_id, result.group_id, (result.period == 0).desc(), result.valid_to.desc(), result.id
        )
        .subquery("last_closed")
    )
    subject = func.jsonb_array_elements(last.c.subjects).table_valued(column("subject", JSONB)).render_derived()
    names = (
        func.unnest(
            literal([name for name, _ in subjects], ARRAY(Text)), literal([title for _, title in subjects], ARRAY(Text))
        )
        .table_valued(column("name", Text), column("title", Text))
        .render_derived()
    )
    title = func.regexp_replace(func.btrim(subject.c.subject["subject_title"].astext), r"\s+", " ", "g")
    told = func.replace(func.lower(title), "ё", "е")
    klass = and_(
        study_group.c.organization_id == last.c.organization_id,
        study_group.c.academic_year == last.c.academic_year,
        study_group.c.id == last.c.group_id,
        as_of(study_group, last.c.valid_to - 1),
    )
    counted = _number_of_marks(subject.c.subject["marks"])
    return (
        select(
            last.c.organization_id,
            study_group.c.grade,
            names.c.name.label("subject"),
            *(func.sum(one).label(one.name) for one in counted),
        )
        .select_from(last.join(study_group, klass).join(subject, true()).join(names, names.c.title == told))
        .group_by(last.c.organization_id, study_group.c.grade, names.c.name)
        .subquery("marks_of_year")
    )
