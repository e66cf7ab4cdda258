"""A week of a timetable to hang out: of a class, a teacher or a room as a grid, of the whole school by days."""

import datetime as dt
from collections.abc import Sequence

from reportkit.sheets import Column, Section, Sheet, figure
from reportkit.tables import Cell
from sgo_journal.lessons.service import Lesson
from sgo_journal.timetable.viewing import DayView, View, Wanted

_DAYS = ("Понедельник", "Вторник", "Среда", "Четверг", "Пятница", "Суббота", "Воскресенье")
_TIME = 26


def sheet(view: View, wanted: Wanted, whose: str) -> Sheet:
    """The week of ``view``, of whoever is ``wanted``, as they are called."""
    first, last = view.days[0].date, view.days[-1].date
    sections = [_grid(view, wanted)] if wanted.narrow else _by_days(view)
    return Sheet(f"Расписание уроков: {whose}", f"{first:%d.%m.%Y} – {last:%d.%m.%Y}", sections)


def _shown(view: View) -> list[DayView]:
    """Days with something on them, or of study."""
    return [day for day in view.days if day.study or day.lessons]


def _grid(view: View, wanted: Wanted) -> Section:
    days = _shown(view)
    numbers = sorted({lesson.number for day in days for lesson in day.lessons})
    columns = [figure("Урок", 12), *(Column(f"{_DAYS[day.date.weekday()]}, {day.date:%d.%m}") for day in days)]
    rows: list[list[Cell]] = [
        [number, *("; ".join(_cell(one, view, wanted) for one in day.lessons if one.number == number) for day in days)]
        for number in numbers
    ]
    return Section("Расписание", columns, rows)


def _cell(lesson: Lesson, view: View, wanted: Wanted) -> str:
    """A lesson without what is the same in the whole grid."""
    parts = [view.subjects.get(lesson.journal_id)]
    if wanted.learners_id != lesson.learners_id:
        parts.append(view.learners.get(lesson.learners_id))
    if wanted.teacher_id is None and lesson.teacher_id is not None:
        parts.append(view.teachers.get(lesson.teacher_id))
    if wanted.room_id is None and lesson.room_id is not None and (room := view.rooms.get(lesson.room_id)):
        parts.append(f"каб. {room}")
    parts.append(_state(lesson))
    return ", ".join(part for part in parts if part)


def _state(lesson: Lesson) -> str | None:
    if lesson.state == "cancelled":
        return "отменён"
    return "дистанционно" if lesson.mode == "remote" else None


def _by_days(view: View) -> list[Section]:
    columns = [
        Column("Класс", 34), figure("Урок", 12), Column("Время", _TIME), Column("Предмет"), Column("Учитель"),
        Column("Кабинет", 20), Column("Примечание", 30),
    ]  # fmt: skip
    return [
        Section(
            f"{_DAYS[day.date.weekday()]} {day.date:%d.%m}", columns, [_row(one, view) for one in _ordered(day, view)]
        )
        for day in _shown(view)
    ]


def _ordered(day: DayView, view: View) -> Sequence[Lesson]:
    return sorted(day.lessons, key=lambda one: (_class(one, view), one.number, one.id))


def _class(lesson: Lesson, view: View) -> tuple[int, str]:
    """Classes in the order of their grades: 2 before 10."""
    name = view.learners.get(lesson.learners_id, "")
    grade = name.split(" ")[0]
    return int(grade) if grade.isdecimal() else 0, name


def _row(lesson: Lesson, view: View) -> tuple[str | int | None, ...]:
    return (
        view.learners.get(lesson.learners_id),
        lesson.number,
        _hours(lesson.starts_at, lesson.ends_at),
        view.subjects.get(lesson.journal_id),
        view.teachers.get(lesson.teacher_id) if lesson.teacher_id else None,
        view.rooms.get(lesson.room_id) if lesson.room_id else None,
        _state(lesson),
    )


def _hours(starts_at: dt.time | None, ends_at: dt.time | None) -> str | None:
    return None if starts_at is None or ends_at is None else f"{starts_at:%H:%M}–{ends_at:%H:%M}"
