"""Inspections and remarks over HTTP."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from servicekit.http import ABSENT, Body, LongText, Text
from sgo_journal.inspections.values import KIND_TITLES, RemarkKind, State, Step

Date = Annotated[dt.date, Field(ge=dt.date(2000, 1, 1), le=dt.date(2100, 12, 31))]
Due = Annotated[Date, Field(title="Срок устранения", description="Включительно")]
Ids = Annotated[list[UUID] | None, Field(min_length=1, max_length=300)]
Words = Annotated[
    Text, Field(title="Текст замечания", description="Без имён учеников: замечания читает и орган управления")
]


class InspectionIn(Body):
    """Journals to be looked through: those that fit every condition given; a class means its subgroups too."""

    aim: Annotated[Text, Field(title="Цель проверки")]
    first_day: Annotated[Date, Field(title="Первый день")]
    last_day: Annotated[Date, Field(title="Последний день", description="Включительно, не позднее сегодняшнего")]
    learners_ids: Annotated[Ids, Field(title="Классы и группы")] = None
    teacher_id: Annotated[UUID | None, Field(title="Учитель")] = None
    subject_id: Annotated[UUID | None, Field(title="Предмет")] = None
    journal_ids: Annotated[Ids, Field(title="Журналы")] = None


class FoundOut(BaseModel):
    """What a search has added; ``more``: it stopped at its limit."""

    proposed: int
    more: bool


class InspectionOut(BaseModel):
    """An inspection; both days are included."""

    id: UUID
    academic_year: int
    aim: str
    first_day: dt.date
    last_day: dt.date
    version: int
    made_by: UUID
    made_at: dt.datetime
    conclusion: str | None
    finished_by: UUID | None
    finished_at: dt.datetime | None


class BegunOut(InspectionOut):
    """An inspection as it begins."""

    journals: list[UUID]
    found: FoundOut


class InspectionShown(InspectionOut):
    """An inspection with what became of its remarks: how many in each state, how many past their day."""

    journals: list[UUID]
    remarks: dict[State, int]
    overdue: int


class FinishIn(Body):
    """What an inspection has come to."""

    conclusion: Annotated[LongText, Field(title="Вывод")]


class RemarkIn(Body):
    """A remark on a journal, a lesson, a student there. Who is not named is the one who gives the lesson, or teaches there alone."""

    journal_id: UUID
    lesson_id: UUID | None = None
    student_id: UUID | None = None
    teacher_id: Annotated[UUID | None, Field(title="Кто устраняет")] = None
    kind: Annotated[RemarkKind, Field(title="О чём замечание")]
    text: Words
    due_on: Due


class RemarkPatch(Body):
    """What to change of a remark."""

    text: Words = ABSENT
    due_on: Due = ABSENT
    teacher_id: UUID = ABSENT


class RemarkRef(Body):
    """A remark as it was read."""

    id: UUID
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]


class DecisionIn(Body):
    """A decision on remarks, all or none. To confirm and to return need a deadline."""

    step: Annotated[Step, Field(title="Подтвердить, отклонить, отметить устранение, вернуть, снять")]
    remarks: Annotated[list[RemarkRef], Field(min_length=1, max_length=500)]
    due_on: Annotated[Date | None, Field(title="Срок устранения", description="Включительно")] = None
    teacher_id: Annotated[UUID | None, Field(title="Кто устраняет то, у чего нет учителя")] = None
    comment: Annotated[Text | None, Field(title="Комментарий")] = None


class AnswerIn(Body):
    """What a teacher did about a remark."""

    comment: Annotated[Text, Field(title="Что сделано")]


class RemarkOut(BaseModel):
    """A remark; ``comment`` is the last word said of it."""

    id: UUID
    inspection_id: UUID
    journal_id: UUID
    lesson_id: UUID | None
    student_id: UUID | None
    teacher_id: UUID | None
    kind: RemarkKind
    text: str
    due_on: dt.date | None
    state: State
    overdue: bool
    comment: str | None
    version: int
    changed_by: UUID
    changed_at: dt.datetime

    def without_student(self) -> "RemarkOut":
        """As bodies read it: not whose it is, nor words in which a student may be named."""
        text = self.text if self.student_id is None else KIND_TITLES[self.kind]
        return self.model_copy(update={"student_id": None, "text": text, "comment": None})


class RemarkWas(BaseModel):
    """What a remark became by a change."""

    version: int
    state: State
    text: str
    teacher_id: UUID | None
    due_on: dt.date | None
    comment: str | None
    changed_by: UUID
    changed_at: dt.datetime


class RemarkShown(RemarkOut):
    """A remark with all that it was."""

    changes: list[RemarkWas]


class Decided(BaseModel):
    """Remarks after a decision."""

    items: list[RemarkOut]
