"""Thematic plans over HTTP."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, HttpUrl

from servicekit.http import ABSENT, Body, Line, LongText, Text
from sgo_journal.plans.workbooks import MAX_HOURS, MAX_TOPICS

Year = Annotated[int, Field(ge=2000, le=2100, title="Год начала учебного года")]
Grade = Annotated[int | None, Field(ge=0, le=12, title="Параллель")]
Date = Annotated[dt.date, Field(ge=dt.date(2000, 1, 1), le=dt.date(2100, 12, 31))]


class Textbook(Body):
    """A textbook or another source the plan is by."""

    title: Annotated[Line, Field(title="Учебник, автор, год")]
    link: Annotated[HttpUrl | None, Field(title="Ссылка")] = None


Textbooks = Annotated[tuple[Textbook, ...], Field(max_length=20, title="Учебники и пособия")]


class PlanIn(Body):
    """A new plan, empty yet."""

    academic_year: Year
    subject_id: Annotated[UUID | None, Field(title="Предмет", description="Не указывается для кружка")] = None
    grade: Grade = None
    title: Annotated[Line, Field(title="Название")]
    textbooks: Textbooks = ()


class PlanPatch(Body):
    """What to change of a plan beside its topics."""

    title: Line = ABSENT
    grade: Grade = ABSENT
    textbooks: Textbooks = ABSENT


class CopyIn(Body):
    """A plan made of another one. Days are taken over only within a year."""

    academic_year: Year
    title: Annotated[Line, Field(title="Название")]
    grade: Grade = None


class TopicIn(Body):
    """A topic; ``id`` of one that is there already keeps it."""

    id: UUID | None = None
    title: Annotated[Line, Field(title="Тема")]
    hours: Annotated[int, Field(ge=1, le=MAX_HOURS, title="Часы (уроки)")]
    planned_on: Annotated[Date | None, Field(title="Дата по плану")] = None
    homework: Annotated[LongText | None, Field(title="Домашнее задание")] = None
    note: Annotated[LongText | None, Field(title="Примечание")] = None


class SectionIn(Body):
    """A section with its topics in order."""

    title: Annotated[Line | None, Field(title="Раздел")] = None
    topics: Annotated[tuple[TopicIn, ...], Field(max_length=MAX_TOPICS)]


class ContentsIn(Body):
    """All sections of a plan; a topic left out is taken away."""

    sections: Annotated[tuple[SectionIn, ...], Field(max_length=200)]


class TopicOut(BaseModel):
    """A topic of a plan."""

    id: UUID
    title: str
    hours: int
    planned_on: dt.date | None
    homework: str | None
    note: str | None


class SectionOut(BaseModel):
    """A section of a plan."""

    title: str | None
    topics: list[TopicOut]


class PlanOut(BaseModel):
    """A plan without its topics."""

    id: UUID
    organization_id: UUID
    academic_year: int
    subject_id: UUID | None
    grade: int | None
    title: str
    author_id: UUID
    textbooks: list[Textbook]
    state: Literal["draft", "approved"]
    approved_by: UUID | None
    approved_at: dt.datetime | None
    version: int


class PlanWithTopics(PlanOut):
    """A plan; ``hours`` of all its topics together."""

    hours: int
    sections: list[SectionOut]


class JournalPlanIn(Body):
    """The plan a journal is to follow, null for none."""

    plan_id: UUID | None


class LessonTopic(BaseModel):
    """What a lesson is about: topic ``hour`` of ``hours``. ``recorded``: so it was written, else it is what the plan comes to."""

    lesson_id: UUID
    date: dt.date
    number: int
    cancelled: bool
    recorded: bool
    topic_id: UUID | None
    topic: str | None
    hour: int | None
    hours: int | None


class UnfitTopic(BaseModel):
    """Hours of a topic that no lesson is left for."""

    topic_id: UUID
    title: str
    hours: int


class JournalPlanOut(BaseModel):
    """The plan of a journal laid over its lessons; ``version`` 0 if it never had one."""

    journal_id: UUID
    plan_id: UUID | None
    version: int
    lessons: list[LessonTopic]
    unfit: list[UnfitTopic]
    spare: list[UUID] = Field(description="Уроки, на которые не осталось тем")


class FulfilmentOut(BaseModel):
    """How the plan of a journal stands, in hours (lessons); without a plan there is nothing but ``lessons_held``."""

    journal_id: UUID
    title: str = Field(description="Предмет или название журнала")
    plan_id: UUID | None
    approved: bool
    lessons_held: int
    planned: int
    due: int = Field(description="Должно быть пройдено на дату")
    given: int = Field(description="Пройдено на дату")
    lag: int = Field(description="Отставание; отрицательное — опережение")
    percent: Decimal | None
    missing: int = Field(description="На сколько часов плана не хватит уроков до конца года")


class FulfilmentsOut(BaseModel):
    """The same of all journals of a class."""

    on: dt.date
    items: list[FulfilmentOut]


class StageIn(Body):
    """A part of a lesson."""

    title: Annotated[Line, Field(title="Этап урока")]
    minutes: Annotated[int, Field(ge=1, le=240, title="Сколько минут")]
    text: Annotated[LongText | None, Field(title="Содержание")] = None


class LessonPlanIn(Body):
    """How a lesson is to be given."""

    goals: Annotated[LongText, Field(title="Цели урока")]
    equipment: Annotated[LongText | None, Field(title="Оборудование")] = None
    pages: Annotated[Text | None, Field(title="Страницы учебника")] = None
    stages: Annotated[tuple[StageIn, ...], Field(max_length=30, title="Этапы урока")] = ()


class StageOut(BaseModel):
    """A part of a lesson."""

    title: str
    minutes: int
    text: str | None


class LessonPlanOut(BaseModel):
    """The plan of the lesson that gives hour ``number`` of a topic."""

    id: UUID
    plan_id: UUID
    topic_id: UUID
    number: int
    goals: str
    equipment: str | None
    pages: str | None
    stages: list[StageOut]
    changed_by: UUID
    changed_at: dt.datetime
    version: int


class PlanOfLesson(BaseModel):
    """What a lesson is about, topic ``hour`` of ``hours``, and the plan of it; nothing where no topic falls on it."""

    topic_id: UUID | None
    topic: str | None
    hour: int | None
    hours: int | None
    plan: LessonPlanOut | None
