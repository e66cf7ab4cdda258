"""Attendance of a class: missed lessons and days by reason, and the sheet of a month (табель посещаемости)."""

import datetime as dt
from collections import Counter

from reportkit.sheets import Column, Section, Sheet, narrow
from reportkit.tables import Cell
from sgo_journal.printouts.facts import (
    LATE,
    ClassFacts,
    Day,
    attended,
    grouped,
    lessons,
    missed,
    name_of,
)
from sgo_journal.printouts.parameters import MONTH, Parameters

_DAY = dt.timedelta(days=1)
_WHOLE_DAYS = "Пропущенный день — день, когда ученик не был ни на одном уроке; причина — по первому уроку дня."


def by_reason(facts: ClassFacts, _: Parameters) -> Sheet:
    """Students by reasons for which lessons and whole days were missed."""
    reasons = [one for one in facts.reasons if one.absent]
    of_student = facts.presence_by_student()
    whole_days = _whole_days(facts)
    rows: list[list[Cell]] = []
    totals: Counter[int] = Counter()
    for student in facts.students:
        presence = of_student.get(student.student_id, [])
        days = whole_days.get(student.student_id, Counter())
        figures = [
            lessons(presence),
            *(missed(presence, one.code) for one in reasons),
            missed(presence),
            *(days[one.code] for one in reasons),
            days.total(),
            missed(presence, LATE),
        ]
        totals.update(dict(enumerate(figures)))
        rows.append([name_of(student), *figures, attended(presence)])
    rows.append(
        ["Всего по классу", *(totals[place] for place in range(2 * len(reasons) + 4)), attended(facts.presence)]
    )
    columns = [
        Column("Ученик"),
        narrow("Уроков проведено"),
        *(narrow(f"Уроков: {one.sign}") for one in reasons),
        narrow("Уроков пропущено всего"),
        *(narrow(f"Дней: {one.sign}") for one in reasons),
        narrow("Дней пропущено всего"),
        narrow("Опозданий"),
        narrow("Посещаемость, %", 14),
    ]
    return Sheet(
        "Посещаемость по причинам", "", [Section("Посещаемость", columns, rows)], (f"{legend(facts)}.", _WHOLE_DAYS)
    )


def _whole_days(facts: ClassFacts) -> dict[object, Counter[str]]:
    days = grouped((day for day in facts.days if day.whole), lambda day: day.student_id)
    return {student_id: Counter(day.code for day in found) for student_id, found in days.items()}


def month_sheet(facts: ClassFacts, asked: Parameters) -> Sheet:
    """Students by days: the sign of the reason for a whole day missed, the number of lessons missed of any other."""
    asked.within(MONTH)
    days = [asked.since + place * _DAY for place in range((asked.until - asked.since).days + 1)]
    signs = {one.code: one.sign for one in facts.reasons}
    cells = {(one.student_id, one.day): _cell(one, signs) for one in facts.days}
    whole_days = _whole_days(facts)
    of_student = facts.presence_by_student()
    rows = [
        [
            name_of(student),
            *(cells.get((student.student_id, day)) for day in days),
            whole_days.get(student.student_id, Counter()).total(),
            missed(of_student.get(student.student_id, [])),
        ]
        for student in facts.students
    ]
    columns = [
        Column("Ученик"),
        *(Column(str(day.day), 6, number=True) for day in days),
        narrow("Дней пропущено", 10),
        narrow("Уроков пропущено", 10),
    ]
    notes = (f"{legend(facts)}; число — сколько уроков пропущено, если ученик был не на всех.", _WHOLE_DAYS)
    return Sheet("Табель посещаемости", "", [Section("Табель", columns, rows)], notes)


def _cell(day: Day, signs: dict[str, str]) -> str:
    return signs[day.code] if day.whole else str(day.missed)


def legend(facts: ClassFacts) -> str:
    """What the signs of missed lessons mean."""
    return ", ".join(f"{one.sign} — {one.title}" for one in facts.reasons if one.absent)


def shares(facts: ClassFacts) -> list[Column]:
    """Columns of missed lessons that several reports have: all, then each reason."""
    return [
        narrow("Уроков"),
        narrow("Пропущено"),
        *(narrow(one.sign) for one in facts.reasons if one.absent),
        narrow("Опозданий"),
        narrow("Посещаемость, %", 14),
    ]


def shared(facts: ClassFacts, student_id: object) -> list[Cell]:
    """Cells under ``shares``."""
    presence = [one for one in facts.presence if one.student_id == student_id]
    return [
        lessons(presence),
        missed(presence),
        *(missed(presence, one.code) for one in facts.reasons if one.absent),
        missed(presence, LATE),
        attended(presence),
    ]
