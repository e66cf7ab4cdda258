"""What a teacher reports: each class and subject with its marks, means, success, quality, СОУ and attendance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from reportkit.tables import Cell
from sgo_journal.printouts.facts import Marks, Presence, attended, count, debts, grouped, mean, result
from sgo_journal.printouts.reports.results import SUMMED, current, summed_up
from sgo_journal.printouts.sheets import Column, Section, Sheet, narrow
from sgo_journal.totals.suggestions import Rules
from sgo_journal.totals.summaries import summary


@dataclass(frozen=True)
class TeacherJournal:
    """A journal of the teacher: learners and subject."""

    id: UUID
    learners: str
    subject: str


def subject_teacher(
    teacher: str,
    journals: Sequence[TeacherJournal],
    marks: Sequence[Marks],
    presence: Sequence[Presence],
    rules: Rules,
) -> Sheet:
    """Journals of a teacher, each a line."""
    marks_of: Mapping[UUID, list[Marks]] = grouped(marks, lambda one: one.journal_id)
    presence_of: Mapping[UUID, list[Presence]] = grouped(presence, lambda one: one.journal_id)
    rows: list[list[Cell]] = []
    for journal in sorted(journals, key=lambda one: (one.subject, one.learners, one.id)):
        mine, there = marks_of.get(journal.id, []), presence_of.get(journal.id, [])
        of_student = grouped(mine, lambda one: one.student_id)
        figures = summed_up(summary(result(mean(found), rules) for found in of_student.values()))
        students = len({one.student_id for one in there})
        rows.append(
            [
                journal.learners,
                journal.subject,
                students,
                count(mine),
                debts(mine),
                mean(mine),
                *figures,
                attended(there),
            ]
        )
    columns = [
        Column("Класс (группа)", 28),
        Column("Предмет"),
        narrow("Учеников"),
        narrow("Отметок"),
        narrow("Долгов"),
        narrow("Средний балл", 14),
        *SUMMED,
        narrow("Посещаемость, %", 14),
    ]
    section = Section("Классы и предметы", columns, rows)
    return Sheet("Отчёт учителя-предметника", teacher, [section], (current(rules),))
