"""The summary sheet of totals (сводная ведомость учёта успеваемости): what teachers have set for periods, the year, exams, finally."""

from collections.abc import Callable
from decimal import Decimal

from reportkit.sheets import Column, Section, Sheet, narrow
from reportkit.tables import Cell
from sgo_journal.numbers import written
from sgo_journal.printouts.facts import ClassFacts, name_of
from sgo_journal.printouts.parameters import Parameters
from sgo_journal.totals.spans import Span
from sgo_journal.totals.summaries import STANDING_TITLES, Summary, class_summary

_NOTES = (
    "Итоговые отметки — выставленные учителями; пустая клетка — не выставлена.",
    "В периоде считаются ученики, которые были в классе в его конце.",
    "Успеваемость — доля без «2» и «н/а», качество — доля «4» и «5», СОУ — степень обученности по В. П. Симонову.",
)
_FIGURES: tuple[tuple[str, Callable[[Summary], Decimal | None]], ...] = (
    ("Средний балл", lambda one: one.mean),
    ("Успеваемость, %", lambda one: one.success),
    ("Качество, %", lambda one: one.quality),
    ("СОУ, %", lambda one: one.learning),
)


def totals_sheet(facts: ClassFacts, _: Parameters) -> Sheet:
    """Students by subjects, a section of each period the report touches, and of the year, exams and final marks that are set."""
    sections = [_of_term(facts, term) for term in facts.terms]
    return Sheet("Сводная ведомость учёта успеваемости", "итоговые отметки", sections, _NOTES)


def _of_term(facts: ClassFacts, term: Span) -> Section:
    set_ = {(one.student_id, facts.subject_of(one)): one for one in facts.of_terms if one.term == term.key}
    there = [one for one in facts.students if one.is_there(term.counted_on)]
    subjects = facts.columns
    summed = class_summary(
        {
            student.student_id: {
                subject.id: set_[student.student_id, subject.id].result
                for subject in subjects
                if (student.student_id, subject.id) in set_
            }
            for student in there
        }
    )
    rows: list[list[Cell]] = []
    for student in there:
        found = [set_.get((student.student_id, subject.id)) for subject in subjects]
        signs: list[Cell] = [None if one is None else _cell(one.sign) for one in found]
        rows.append([name_of(student), *signs, STANDING_TITLES[summed.standings[student.student_id]]])
    for title, figure in _FIGURES:
        figures = [figure(summed.subjects[one.id]) if one.id in summed.subjects else None for one in subjects]
        rows.append([title, *figures, None])
    columns = [Column("Ученик"), *(narrow(one.short_title) for one in subjects), Column("Категория", 28)]
    whole = (
        ("успеваемость", summed.success, " %"),
        ("качество", summed.quality, " %"),
        ("СОУ", summed.marks.learning, " %"),
        ("средний балл", summed.marks.mean, ""),
    )
    told = ", ".join(f"{name} {written(value)}{unit}" for name, value, unit in whole if value is not None)
    return Section(term.title.capitalize(), columns, rows, (f"Класс в целом: {told or 'итоговых отметок ещё нет'}.",))


def _cell(sign: str) -> Cell:
    return int(sign) if sign.isdecimal() else sign
