"""Suggestions for a column of a journal's totals, each with the marks or totals it follows from."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.rosters.service import Learner
from sgo_journal.scales import service as scales
from sgo_journal.settings import service as settings
from sgo_journal.totals import counting, finals, repository, service
from sgo_journal.totals.means import Mark, Mean, weighted_mean
from sgo_journal.totals.repository import Course
from sgo_journal.totals.scaled import Scaled
from sgo_journal.totals.service import Columns
from sgo_journal.totals.spans import Kind, Span
from sgo_journal.totals.suggestions import (
    FIVE_POINTS,
    Part,
    Rules,
    Suggestion,
    Threshold,
    for_certificate,
    for_period,
    for_year,
)
from sgo_journal.transfers import service as transfers

__all__ = ["Course"]

_BY_COMMISSION = Suggestion(None, "отметку за экзамен ставит комиссия")
_APART = dt.timedelta(days=14)


@dataclass(frozen=True)
class Column:
    """Suggestions for a column; ``basis``: by which act final marks are made, none of other columns."""

    span: Span
    basis: str | None
    students: Sequence["Suggested"]


@dataclass(frozen=True)
class Suggested:
    """What is suggested for a student; ``mean`` is of the marks of a period, none of other columns."""

    student: Learner
    suggestion: Suggestion
    mean: Mean | None = None


async def suggest(uow: UnitOfWork, principal: Principal, journal_id: UUID, kind: Kind, period: int) -> Column:
    """What is suggested for each student of a journal; the reading is audited. Raises ``PeriodUnknownError``.

    The mark of a period comes from all marks of the student in journals of the subject in the organization: a move to another class
    or subgroup loses none.
    """
    columns = await service.columns_of(uow, principal, journal_id)
    span = columns.span(kind, period)
    students = await service.students_of(uow, columns, span)
    rules = await rules_in(uow, columns.journal.organization_id, columns.journal.marked_by)
    if kind is Kind.PERIOD:
        found = await _of_marks(uow, columns, span, students, rules)
    else:
        found = await _of_totals(uow, columns, kind, students, rules)
    allowed = await repository.codes(uow.session, columns.journal.marked_by)
    await audit.record(uow, principal, "journal.totals.suggest", [one.student_id for one in students])
    basis = finals.basis(columns) if kind is Kind.FINAL else None
    return Column(span, basis, [replace(one, suggestion=_within(one.suggestion, allowed)) for one in found])


async def rules_in(uow: UnitOfWork, organization_id: UUID, scale: int) -> Rules:
    """By the organization's thresholds; in a scale other than 2 to 5, by the nearest of its values."""
    rules = await rules_of(uow, organization_id)
    values = {
        one.code: (one.sign, one.points)
        for one in (await scales.values_of(uow, {scale}))[scale]
        if one.points is not None and one.active and not one.debt
    }
    if all(one.code in values and values[one.code][1] == Decimal(one.code) for one in FIVE_POINTS) or not values:
        return rules
    return Rules.nearest(values, rules.least_marks)


async def rules_of(uow: UnitOfWork, organization_id: UUID) -> Rules:
    """By what an organization suggests marks."""
    chosen = await settings.of(uow, organization_id)
    bounds = ((chosen.five_from, "5"), (chosen.four_from, "4"), (chosen.three_from, "3"))
    thresholds = tuple(Threshold(bound, mark, mark) for bound, mark in bounds)
    return Rules((*thresholds, Rules().thresholds[-1]), chosen.least_marks)


def _within(suggestion: Suggestion, allowed: frozenset[str]) -> Suggestion:
    """A suggestion the scale of the journal has a value for."""
    if suggestion.code is None or suggestion.code in allowed:
        return suggestion
    return _without(suggestion)


def _without(suggestion: Suggestion) -> Suggestion:
    return replace(suggestion, code=None, reason=f"{suggestion.reason}; в шкале журнала такой отметки нет")


async def _of_marks(
    uow: UnitOfWork, columns: Columns, span: Span, students: Sequence[Learner], rules: Rules
) -> list[Suggested]:
    ids, scale = [one.student_id for one in students], columns.journal.marked_by
    means = await means_of(uow, columns.course, ids, span.first_day, span.last_day, scale)
    return [Suggested(one, for_period(means[one.student_id], rules), means[one.student_id]) for one in students]


async def means_of(
    uow: UnitOfWork,
    course: Course,
    student_ids: Collection[UUID],
    first_day: dt.date,
    last_day: dt.date,
    scale_id: int = scales.FIVE_POINTS,
) -> Mapping[UUID, Mean]:
    """What marks of each student in a course within days come to in a scale, those brought from another school too.

    Debts count as they stand today; one left in another school is none here.
    """
    marks: dict[UUID, list[Mark]] = {one: [] for one in student_ids}
    key, days = (course.organization_id, course.academic_year), (first_day, last_day)
    brought = await transfers.counted(uow, transfers.Kind.WORK, *key, course.course_id, student_ids, days)
    own = await counting.own(uow, *key, student_ids, days, course.course_id)
    set_in = {one.scale_id for one in brought} | {one.scale_id for one in own}
    scaled = await Scaled.of(uow, course.organization_id, scale_id, set_in)
    for one in brought:
        marks[one.student_id].append(scaled.mark(counting.carried(one), one.scale_id))
    for given in own:
        marks[given.student_id].append(scaled.mark(given.mark, given.scale_id))
    return {student_id: weighted_mean(found) for student_id, found in marks.items()}


async def _of_totals(
    uow: UnitOfWork, columns: Columns, kind: Kind, students: Sequence[Learner], rules: Rules
) -> list[Suggested]:
    if kind is Kind.EXAM:
        return [Suggested(one, _BY_COMMISSION) for one in students]
    if kind is Kind.FINAL:
        parts, scale = await finals.parts(uow, columns, students), columns.journal.marked_by
        values = (await scales.values_of(uow, {scale}))[scale]
        return [Suggested(one, _stated(for_certificate(parts[one.student_id]), values)) for one in students]
    ids = [one.student_id for one in students]
    found = await service.set_totals(uow, columns.course, [columns.course.academic_year], ids)
    brought = await _brought(uow, columns, ids)
    set_in = {row.scale_id for rows in (*found.values(), *brought.values()) for row in rows}
    scaled = await Scaled.of(uow, columns.course.organization_id, columns.journal.marked_by, set_in)
    return [
        Suggested(one, for_year(_periods(columns, one, found[one.student_id], brought[one.student_id], scaled), rules))
        for one in students
    ]


def _stated(suggestion: Suggestion, values: Sequence[scales.ScaleValue]) -> Suggestion:
    """A mark from 1 to 5 as a scale has it: by its only value that stands for that mark."""
    if suggestion.code is None or not suggestion.code.isdecimal():
        return suggestion
    same = [one.code for one in values if one.active and not one.debt and str(one.grade) == suggestion.code]
    if len(same) != 1:
        return _without(suggestion)
    return replace(suggestion, code=same[0])


async def _brought(uow: UnitOfWork, columns: Columns, ids: Collection[UUID]) -> dict[UUID, list[transfers.Brought]]:
    course = columns.course
    days = min(one.first_day for one in columns.spans), max(one.last_day for one in columns.spans)
    found: dict[UUID, list[transfers.Brought]] = {one: [] for one in ids}
    key = course.organization_id, course.academic_year, course.course_id
    for row in await transfers.counted(uow, transfers.Kind.PERIOD, *key, ids, days):
        found[row.student_id].append(row)
    return found


def _periods(
    columns: Columns, student: Learner, totals: Sequence[Any], brought: Sequence[transfers.Brought], scaled: Scaled
) -> list[Part]:
    """Totals of the periods in which a student was taught; what is not set yet is among them.

    Those of the school the student was in before stand first, but for a period that has a total here.
    """
    given = {row.period: row for row in totals if row.kind == Kind.PERIOD}
    own = [one for one in columns.spans if one.kind is Kind.PERIOD and one.period in given]
    kept = [one for one in brought if not any(_same(span, one) for span in own)]
    parts = [scaled.part(Part.of(f"{one.title}, из другой школы", one), one.scale_id) for one in kept]
    for span in columns.spans:
        if span.kind is not Kind.PERIOD:
            continue
        row = given.get(span.period)
        there = student.was_there(span.first_day, span.last_day)
        if row is not None:
            parts.append(scaled.part(Part.of(span.title, row), row.scale_id))
        elif there and not any(_same(span, one) for one in kept):
            parts.append(Part(span.title, None))
    return parts


def _same(span: Span, brought: transfers.Brought) -> bool:
    """Whether a brought total is of that period: schools begin and end it within two weeks of one another."""
    return abs(span.first_day - brought.first_day) <= _APART and abs(span.last_day - brought.last_day) <= _APART
