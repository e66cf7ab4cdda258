"""Lessons, and what comes of them: results of closed periods, child-days of closed months."""

import json
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from asu_contracts.journal import DaycareMonthCounted, LessonRecorded, PeriodResultsCounted
from reporting.facts.model import daycare_month, lesson, period_result
from reporting.facts.projection import DayOf, Projection
from reporting.facts.versions import Valid, Version, in_order, stated
from reporting.ingest.told import Told

_DAY, _MONTH = timedelta(days=1), timedelta(days=31)


def _lessons(_: UUID, told: Sequence[Told[LessonRecorded]], day_of: DayOf) -> Iterable[Version]:
    """Of what was recorded in one day the last alone is a version: marks are set one by one, and there are tens of millions."""
    first = min(one.at for one in told)

    def valid(state: LessonRecorded) -> Valid:
        values = (
            state.group_id,
            state.subject_name,
            state.learners,
            state.absent,
            state.marks,
            state.attendance_checked,
            first,
        )
        return Valid((state.date, state.date + _DAY), values)

    of_days = {day_of(one.at): one for one in in_order(told)}
    return stated(of_days.values(), valid)


def _periods(_: UUID, told: Sequence[Told[PeriodResultsCounted]], _day_of: DayOf) -> Iterable[Version]:
    first = min(one.at for one in told)

    def valid(state: PeriodResultsCounted) -> Valid | None:
        values = (
            state.group_id,
            state.period,
            state.title,
            state.closed,
            state.with_gaps,
            state.learners,
            _document(state.standings),
            state.success,
            state.quality,
            _document([one.model_dump(mode="json") for one in state.subjects]),
            state.lessons,
            state.student_lessons,
            _document(state.absences),
            state.absent_days,
            first,
        )
        days = (state.first_day, state.last_day + _DAY)
        return Valid(days, values) if days[0] < days[1] else None

    return stated(told, valid)


def _months(_: UUID, told: Sequence[Told[DaycareMonthCounted]], _day_of: DayOf) -> Iterable[Version]:
    def valid(state: DaycareMonthCounted) -> Valid:
        first = state.month.replace(day=1)
        values = (
            state.group_id,
            state.working_days,
            state.planned,
            state.attended,
            state.missed_illness,
            state.missed_other,
            _document(state.by_code),
        )
        return Valid((first, (first + _MONTH).replace(day=1)), values)

    return stated(told, valid)


def _document(value: Any) -> str:
    """The same text whatever order its names came in: what is told again without a change is no other version."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


LESSONS = Projection(
    table=lesson,
    event=LessonRecorded,
    key=("organization_id", "academic_year", "id"),
    subjects=lambda state: (state.lesson_id,),
    keys=lambda subject, state: (state.organization_id, state.academic_year, subject),
    versions=_lessons,
    years=lambda state: (state.academic_year,),
)
PERIOD_RESULTS = Projection(
    table=period_result,
    event=PeriodResultsCounted,
    key=("organization_id", "academic_year", "id"),
    subjects=lambda state: (state.closing_id,),
    keys=lambda subject, state: (state.organization_id, state.academic_year, subject),
    versions=_periods,
    years=lambda state: (state.academic_year,),
)
DAYCARE_MONTHS = Projection(
    table=daycare_month,
    event=DaycareMonthCounted,
    key=("organization_id", "academic_year", "id"),
    subjects=lambda state: (state.daycare_month_id,),
    keys=lambda subject, state: (state.organization_id, state.academic_year, subject),
    versions=_months,
    years=lambda state: (state.academic_year,),
)
