"""Lesson times as contract events."""

from asu_contracts.core import BellScheduleChanged, LessonTime
from sgo_core.bells.model import BellSchedule


def bell_schedule_changed(one: BellSchedule) -> BellScheduleChanged:
    """The current state of lesson times."""
    return BellScheduleChanged(
        schedule_id=one.id,
        organization_id=one.organization_id,
        title=one.title,
        shift=one.shift,
        day_kind=one.day_kind,
        weekdays=tuple(one.weekdays),
        grade_from=one.grade_from,
        grade_to=one.grade_to,
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        lessons=tuple(LessonTime.model_validate(lesson) for lesson in one.lessons),
        active=one.active,
    )
