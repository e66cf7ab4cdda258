"""«Справка по проверке журналов» and the page «Замечания» of journals."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from reportkit.sheets import Column, Section, Sheet, narrow
from reportkit.tables import Cell
from sgo_journal.inspections.values import KIND_TITLES, STANDING, STATE_TITLES, RemarkKind, State

_UNNAMED = "(имя не поступило)"


@dataclass(frozen=True)
class Names:
    """What is called how, by id; journals by what they are of and about."""

    journals: Mapping[UUID, tuple[str, str]]
    teachers: Mapping[UUID, str]
    students: Mapping[UUID, str]

    def teacher(self, worker_id: UUID) -> str:
        """A teacher."""
        return self.teachers.get(worker_id, _UNNAMED)

    def remark(self, row: Any) -> str:
        """What a remark says, and of whom."""
        whose = "" if row.student_id is None else f" ({self.students.get(row.student_id, _UNNAMED)})"
        return f"{row.text}{whose}"


def certificate(rows: Sequence[Any], names: Names, today: dt.date) -> Sheet:
    """Inspections, remarks by teacher, remarks; ``rows`` of the repository."""
    inspections = {row.inspection_id: row for row in rows}
    made = [
        [
            f"{row.made_at:%d.%m.%Y}",
            row.aim,
            f"{row.first_day:%d.%m.%Y} – {row.last_day:%d.%m.%Y}",
            *_tally([one for one in rows if one.inspection_id == key], today),
            row.conclusion or "не завершена",
        ]
        for key, row in inspections.items()
    ]
    teachers = sorted({row.teacher_id for row in rows}, key=lambda one: (names.teacher(one), one))
    by_teacher: list[list[Cell]] = [
        [names.teacher(one), *_tally([row for row in rows if row.teacher_id == one], today)] for one in teachers
    ]
    listed: list[list[Cell]] = [
        [
            *names.journals[row.journal_id],
            names.teacher(row.teacher_id),
            row.date,
            KIND_TITLES[RemarkKind(row.kind)],
            names.remark(row),
            row.due_on,
            _standing(row, today),
        ]
        for row in rows
    ]
    columns = [narrow("Замечаний"), narrow("Устранено"), narrow("Не устранено"), narrow("Срок истёк")]
    sections = [
        Section(
            "Проверки",
            [Column("Дата", 22), Column("Цель"), Column("Проверенные дни", 44), *columns, Column("Вывод")],
            made,
        ),
        Section("По учителям", [Column("Учитель"), *columns], by_teacher),
        Section(
            "Замечания",
            [
                Column("Класс (группа)", 24),
                Column("Предмет", 34),
                Column("Учитель", 40),
                Column("Урок", 20),
                Column("О чём", 26),
                Column("Замечание"),
                Column("Срок", 20),
                Column("Состояние", 30),
            ],
            listed,
        ),
    ]
    return Sheet("Справка по проверке журналов", "", sections)


def _tally(rows: Sequence[Any], today: dt.date) -> list[Cell]:
    standing = [row for row in rows if row.state in STANDING]
    return [len(rows), len(rows) - len(standing), len(standing), sum(row.due_on < today for row in standing)]


def _standing(row: Any, today: dt.date) -> str:
    late = "; срок истёк" if row.state in STANDING and row.due_on < today else ""
    return f"{STATE_TITLES[State(row.state)]}{late}"


def page(rows: Sequence[Any], names: Names) -> Sheet:
    """«Замечания по ведению журнала»: a section a journal, each remark with its mark of clearance."""
    columns = [
        Column("Дата проверки", 24),
        Column("Урок", 20),
        Column("Замечание"),
        Column("Кому", 44),
        Column("Срок", 20),
        Column("Отметка об устранении", 50),
    ]
    sections = []
    for journal_id, (learners, subject) in sorted(names.journals.items(), key=lambda one: (one[1], one[0])):
        cells: list[list[Cell]] = [
            [
                f"{row.made_at:%d.%m.%Y}",
                row.date,
                names.remark(row),
                names.teacher(row.teacher_id),
                row.due_on,
                _mark(row),
            ]
            for row in rows
            if row.journal_id == journal_id
        ]
        if cells:
            sections.append(Section(f"{learners}, {subject}", columns, cells))
    title = "Замечания по ведению журнала"
    return Sheet(title, "", sections or [Section(title, columns, [])])


def _mark(row: Any) -> str:
    if row.state == State.CLEARED:
        return f"устранено {row.changed_at:%d.%m.%Y}"
    return "учитель сообщил об устранении" if row.state == State.MENDED else ""
