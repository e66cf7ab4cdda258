"""Calendars as contract events."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from asu_contracts.core import CalendarChanged, CalendarDates, GradeCalendar, SpecialStudyDay, StudyWeek
from sgo_core.calendar.kinds import PRESCHOOL
from sgo_core.calendar.resolving import Dates, Plan


def calendar_changed(
    calendar_id: UUID,
    organization_id: UUID,
    academic_year: int,
    bounds: tuple[date, date],
    plans: Sequence[tuple[int, Plan]],
) -> CalendarChanged:
    """The calendar of an organization over a year; neighbouring grades of one calendar stand together."""
    grades: list[GradeCalendar] = []
    for grade, plan in plans:
        one = _grade(grade, plan)
        if grades and one.model_copy(update={"grade_from": grades[-1].grade_from}) == grades[-1].model_copy(
            update={"grade_to": grade}
        ):
            grades[-1] = grades[-1].model_copy(update={"grade_to": grade})
        else:
            grades.append(one)
    return CalendarChanged(
        calendar_id=calendar_id,
        organization_id=organization_id,
        academic_year=academic_year,
        first_day=bounds[0],
        last_day=bounds[1],
        grades=tuple(grades),
    )


def _grade(grade: int, plan: Plan) -> GradeCalendar:
    named = None if grade == PRESCHOOL else grade
    return GradeCalendar(
        grade_from=named,
        grade_to=named,
        period_kind=plan.period_kind,
        periods=tuple(_dates(one) for one in plan.periods),
        vacations=tuple(_dates(one) for one in plan.vacations),
        weeks=tuple(StudyWeek(first_day=first_day, days=days) for first_day, days in plan.weeks),
        rests=plan.rests(),
        special_days=tuple(
            SpecialStudyDay(day=one.day, weekday=one.weekday, day_kind=one.day_kind)
            for one in plan.special
            if one.study
        ),
    )


def _dates(one: Dates) -> CalendarDates:
    return CalendarDates(first_day=one.first_day, last_day=one.last_day, title=one.title, additional=one.additional)
