"""How journals are kept: what is missing in lessons that took place, and how far the programme has been held."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from reportkit.sheets import Column, Section, Sheet, narrow
from reportkit.tables import Cell
from sgo_journal.numbers import percent, to_hundredths
from sgo_journal.plans.binding import Progress
from sgo_journal.printouts.reports.subject_teacher import TeacherJournal
from sgo_journal.study.calendar import GradeCalendar

_NOBODY = "(учитель не назначен)"
_DAY = dt.timedelta(days=1)


def filling(journals: Mapping[UUID, TeacherJournal], names: Mapping[UUID, str], found: Sequence[Any]) -> Sheet:
    """Lessons without topic, homework, attendance or marks, by teacher and journal; ``found``: rows of the repository."""
    rows: list[list[Cell]] = []
    for one in found:
        journal = journals[one.journal_id]
        whole = one.lessons
        rows.append(
            [
                _name(names, one.teacher_id),
                journal.learners,
                journal.subject,
                whole,
                one.without_topic,
                one.without_homework,
                one.without_attendance,
                one.without_marks,
                percent(whole - one.without_topic, whole),
                percent(whole - one.without_homework, whole),
                percent(whole - one.without_attendance, whole),
            ]
        )
    rows.sort(key=lambda row: (str(row[0]), str(row[2]), str(row[1])))
    columns = [
        Column("Учитель", 48),
        Column("Класс (группа)", 26),
        Column("Предмет"),
        narrow("Уроков проведено"),
        narrow("Без темы"),
        narrow("Без домашнего задания"),
        narrow("Без посещаемости"),
        narrow("Без отметок"),
        narrow("Темы, %", 14),
        narrow("Домашние задания, %", 14),
        narrow("Посещаемость, %", 14),
    ]
    notes = ("Посещаемость отмечена, если учитель подтвердил её или отметил хотя бы одного ученика.",)
    return Sheet("Заполнение журнала", "", [Section("Журналы", columns, rows)], notes)


def programme(
    journals: Mapping[UUID, TeacherJournal],
    names: Mapping[UUID, str],
    planned: Mapping[UUID, Decimal],
    teachers: Mapping[UUID, Sequence[UUID]],
    found: Mapping[UUID, Any],
    by_plan: Mapping[UUID, Progress],
) -> Sheet:
    """Lessons held against hours by the load and, of a journal that follows one, against its thematic plan, by journal.

    ``found``: rows of the repository by journal; ``by_plan``: since the year began.
    """
    rows: list[list[Cell]] = []
    for journal in sorted(journals.values(), key=lambda one: (one.learners, one.subject, one.id)):
        hours, counts = planned.get(journal.id, Decimal(0)), found.get(journal.id)
        held = counts.held if counts else 0
        rows.append(
            [
                journal.learners,
                journal.subject,
                ", ".join(_name(names, one) for one in teachers.get(journal.id, ())) or _NOBODY,
                hours,
                held,
                hours - held,
                percent(held, hours),
                counts.with_topic if counts else 0,
                counts.cancelled if counts else 0,
                counts.ahead if counts else 0,
                *_of_plan(by_plan.get(journal.id)),
            ]
        )
    columns = [
        Column("Класс (группа)", 24),
        Column("Предмет"),
        Column("Учитель", 42),
        narrow("Часов по нагрузке", 14),
        narrow("Проведено уроков", 14),
        narrow("Отставание", 14),
        narrow("Выполнено, %", 14),
        narrow("С темой"),
        narrow("Отменено"),
        narrow("Ещё по расписанию"),
        narrow("Часов по КТП на год"),
        narrow("По КТП к дате"),
        narrow("Дано по КТП"),
        narrow("Отставание от КТП"),
        narrow("Выполнено КТП, %", 14),
        narrow("Не уместится до конца года"),
    ]
    notes = (
        "Часы по нагрузке — часов в неделю на учебные недели периода по сегодняшний день; неполная неделя считается по дням.",
        "По КТП — с начала года по последний день периода, не позже сегодняшнего; даны часы, темы которых записаны на уроках.",
    )
    return Sheet("Прохождение программы", "", [Section("Программа", columns, rows)], notes)


def _of_plan(progress: Progress | None) -> list[Cell]:
    if progress is None:
        return [None] * 6
    return [
        progress.planned, progress.due, progress.given, progress.lag, progress.percent, progress.missing
    ]  # fmt: skip


def _name(names: Mapping[UUID, str], worker_id: UUID | None) -> str:
    return _NOBODY if worker_id is None else names.get(worker_id, "(имя не поступило)")


def hours(calendar: GradeCalendar, teachings: Iterable[Any], since: dt.date, until: dt.date) -> Decimal:
    """Hours by the load within [since, until]: a day of study is its part of a week of the calendar, so that a holiday takes its part."""
    weeks = [(day, week) for day in calendar.study_days(since, until + _DAY) if (week := calendar.week_of(day))]
    total = Decimal(0)
    for one in teachings:
        lengths = Counter(week for day, week in weeks if one.valid_from <= day < one.valid_to)
        total += sum((one.hours_week * days / week for week, days in lengths.items()), Decimal(0))
    return to_hundredths(total)
