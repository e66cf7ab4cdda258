"""What notices are about."""

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """What became otherwise; the value is the stable code."""

    ADDED = "lesson_added"
    MOVED = "lesson_moved"
    CHANGED = "lesson_changed"
    CANCELLED = "lesson_cancelled"
    RESTORED = "lesson_restored"
    SUBSTITUTED = "substituted"
    GIVEN_BACK = "substitution_ended"
    REMOTE = "remote"
    NO_LESSONS = "no_lessons"
    SWITCH_UNDONE = "switch_undone"
    EVENT_PLANNED = "event_planned"
    EVENT_CHANGED = "event_changed"
    EVENT_CANCELLED = "event_cancelled"
    TIMETABLE = "timetable"

    @property
    def words(self) -> str:
        """What a family reads."""
        return _TITLES[self]


_TITLES: Mapping[Kind, str] = {
    Kind.ADDED: "Добавлен урок",
    Kind.MOVED: "Урок перенесён",
    Kind.CHANGED: "Изменён учитель или кабинет",
    Kind.CANCELLED: "Урок отменён",
    Kind.RESTORED: "Урок состоится",
    Kind.SUBSTITUTED: "Замена учителя",
    Kind.GIVEN_BACK: "Замена снята",
    Kind.REMOTE: "Дистанционное обучение",
    Kind.NO_LESSONS: "Уроков не будет",
    Kind.SWITCH_UNDONE: "Уроки идут в обычном порядке",
    Kind.EVENT_PLANNED: "Назначено мероприятие",
    Kind.EVENT_CHANGED: "Мероприятие изменено",
    Kind.EVENT_CANCELLED: "Мероприятие отменено",
    Kind.TIMETABLE: "Новое расписание",
}
