"""Letters to parents: a student's marks, means, missed lessons and debts, a page each."""

from collections.abc import Sequence
from uuid import UUID

from reportkit.sheets import Column, Section, Sheet, figure
from reportkit.tables import Cell
from sgo_journal.printouts.facts import (
    LATE,
    ClassFacts,
    Presence,
    count,
    debts,
    grouped,
    lessons,
    mean,
    missed,
    name_of,
)
from sgo_journal.printouts.parameters import Parameters
from sgo_journal.rosters.service import Learner

_COLUMNS = (
    Column("Предмет", 45),
    Column("Отметки"),
    figure("Средний балл", 20),
    figure("Отметок", 17),
    figure("Долгов", 16),
    figure("Пропущено уроков", 22),
)

_BROUGHT = "В скобках — отметки, с которыми ученик пришёл из другой школы (по переводу, из ведомости)."


def letters(facts: ClassFacts, asked: Parameters) -> Sheet:
    """A letter to the parents of one student, or of each of a class."""
    wanted = [one for one in facts.students if asked.student_id in {None, one.student_id}]
    return Sheet("Информационное письмо родителям", "", [_letter(facts, one) for one in wanted], landscape=False)


def _letter(facts: ClassFacts, student: Learner) -> Section:
    marks = grouped((one for one in facts.marks if one.student_id == student.student_id), facts.subject_of)
    mine = [one for one in facts.presence if one.student_id == student.student_id]
    presence = grouped(mine, facts.subject_of)
    signs: dict[UUID, str] = {}
    for (student_id, journal_id), text in facts.signs.items():
        if student_id == student.student_id:
            subject_id = facts.subjects[journal_id].id
            signs[subject_id] = f"{signs[subject_id]} {text}" if subject_id in signs else text
    rows: list[list[Cell]] = []
    for subject in facts.columns:
        if subject.id in presence or subject.id in marks:
            found = marks.get(subject.id, [])
            absent = missed(presence.get(subject.id, []))
            rows.append([subject.title, signs.get(subject.id), mean(found), count(found), debts(found), absent])
    brought = [one for one in facts.marks if one.brought and one.student_id == student.student_id]
    notes = (_told(facts, mine), *((_BROUGHT,) if brought else ()))
    return Section(name_of(student), _COLUMNS, rows, notes)


def _told(facts: ClassFacts, presence: Sequence[Presence]) -> str:
    reasons = "".join(f"; {one.title} — {missed(presence, one.code)}" for one in facts.reasons if one.absent)
    late = missed(presence, LATE)
    return f"Пропущено уроков: {missed(presence)} из {lessons(presence)}{reasons}. Опозданий: {late}."
