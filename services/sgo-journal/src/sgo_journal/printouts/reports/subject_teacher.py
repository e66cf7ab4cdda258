"""What a teacher reports: each class and subject by study period with its results, then what was marked and attended meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from reportkit.sheets import Column, Section, Sheet, narrow
from reportkit.tables import Cell
from sgo_journal.printouts.facts import Marks, Presence, attended, count, debts, grouped, mean, told_brought
from sgo_journal.printouts.reports.results import SUMMED, summed_up
from sgo_journal.printouts.term_results import TermResults
from sgo_journal.totals.summaries import NOT_ATTESTED, summary

_RESULTS = "Результаты — итоговые отметки учеников, которые были в классе (группе) в конце периода."
_SUGGESTED = "Где итоговая не выставлена, взята та, что следует из текущих отметок периода; сколько таких — в столбце «Предварительных»."
_FORMULAS = (
    "Успеваемость — доля без «2» и «н/а», качество — доля «4» и «5», СОУ — степень обученности по В. П. Симонову."
)
_NO_CALENDAR = "Не задан календарь учебного года: неизвестно, какие в нём периоды."


@dataclass(frozen=True)
class TeacherJournal:
    """A journal of the teacher: learners and subject."""

    id: UUID
    learners: str
    subject: str


def subject_teacher(
    teacher: str,
    journals: Sequence[TeacherJournal],
    terms: Sequence[TermResults],
    marks: Sequence[Marks],
    presence: Sequence[Presence],
) -> Sheet:
    """Journals of a teacher: a line for each period, and one of the days that are asked for."""
    ordered = sorted(journals, key=lambda one: (one.subject, one.learners, one.id))
    notes = (_RESULTS, _SUGGESTED, _FORMULAS) if terms else (_NO_CALENDAR,)
    sections = [_results(ordered, terms), _days(ordered, marks, presence)]
    return Sheet("Отчёт учителя-предметника", teacher, sections, (*notes, *told_brought(marks)))


def _results(journals: Sequence[TeacherJournal], terms: Sequence[TermResults]) -> Section:
    by_journal = grouped(terms, lambda one: one.journal_id)
    rows: list[list[Cell]] = []
    for journal in journals:
        for one in by_journal.get(journal.id, []):
            summed = summary(one.results)
            figures = summed.mean, *summed_up(summed)
            rows.append(
                [
                    journal.learners,
                    journal.subject,
                    one.term.title,
                    len(one.results),
                    *figures,
                    summed.counts[NOT_ATTESTED],
                    one.suggested,
                ]
            )
    columns = [
        Column("Класс (группа)", 28),
        Column("Предмет"),
        Column("Период", 26),
        narrow("Учеников"),
        narrow("Средний балл", 14),
        *SUMMED,
        narrow("«н/а»"),
        narrow("Предварительных", 14),
    ]
    return Section("Итоги по периодам", columns, rows)


def _days(journals: Sequence[TeacherJournal], marks: Sequence[Marks], presence: Sequence[Presence]) -> Section:
    marks_of: Mapping[UUID, list[Marks]] = grouped(marks, lambda one: one.journal_id)
    presence_of: Mapping[UUID, list[Presence]] = grouped(presence, lambda one: one.journal_id)
    rows: list[list[Cell]] = []
    for journal in journals:
        mine, there = marks_of.get(journal.id, []), presence_of.get(journal.id, [])
        students = len({one.student_id for one in there})
        current = count(mine), debts(mine), mean(mine)
        rows.append([journal.learners, journal.subject, students, *current, attended(there)])
    columns = [
        Column("Класс (группа)", 28),
        Column("Предмет"),
        narrow("Учеников"),
        narrow("Отметок"),
        narrow("Долгов"),
        narrow("Средний балл", 14),
        narrow("Посещаемость, %", 14),
    ]
    return Section("Текущие отметки и посещаемость", columns, rows)
