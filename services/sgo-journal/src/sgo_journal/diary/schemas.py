"""The diary over HTTP."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from servicekit.http import Body


class DiaryMark(BaseModel):
    """A mark; ``value`` is its code, ``sign`` what stands in the cell."""

    value: str
    sign: str
    title: str
    work: int
    comment: str | None
    debt: bool = Field(description="Долг («точка»): работа не сдана")
    due_on: dt.date | None = Field(description="До какого дня закрыть долг")
    set_at: dt.datetime = Field(description="Когда поставлена или изменена")
    set_by: str | None = Field(description="Кто поставил; пусто, если не педагог")


class DiaryAttendance(BaseModel):
    """What is noted of the student's presence."""

    code: str
    sign: str
    title: str
    absent: bool = Field(description="Считается пропуском")


class DiaryWork(BaseModel):
    """A work of a lesson, whether marked or not."""

    number: int
    kind: str
    title: str | None
    weight: float


class DiaryLesson(BaseModel):
    """A lesson as the student had it."""

    lesson_id: UUID
    number: int
    starts_at: dt.time | None
    ends_at: dt.time | None
    subject: str
    teacher: str | None
    room: str | None
    state: str = Field(description="planned — по расписанию, cancelled — отменён")
    mode: str
    video_link: str | None
    substituted: bool = Field(description="Ведёт не постоянный учитель")
    instead_of: str | None = Field(
        description="Кого заменяют, если замена оформлена; отменённый урок — кто отсутствует"
    )
    note: str | None = Field(description="Почему отменён или дистанционно, если это решение о многих уроках")
    topic: str | None
    homework: str | None
    works: list[DiaryWork]
    marks: list[DiaryMark]
    attendance: DiaryAttendance | None


class DiaryDay(BaseModel):
    """A day with its lessons in order."""

    date: dt.date
    lessons: list[DiaryLesson]


class UpcomingWork(BaseModel):
    """A work of the days to come."""

    date: dt.date
    number: int
    subject: str | None
    kind: str
    title: str | None


class DiaryEvent(BaseModel):
    """An event of the student's class or group on some day of the week."""

    event_id: UUID
    kind: str
    title: str
    starts_on: dt.date
    ends_on: dt.date
    starts_at: dt.time | None
    ends_at: dt.time | None
    place: str | None
    responsible: str | None
    note: str | None
    state: str


class DiaryTotal(BaseModel):
    """A total set or changed that week; ``period`` is the number of a period, 0 of others."""

    subject: str
    kind: str = Field(description="period, year, exam, final")
    period: int
    first_day: dt.date
    last_day: dt.date
    value: str
    sign: str
    title: str
    set_at: dt.datetime


class DiaryBrought(BaseModel):
    """A mark of that week, or of a period that ended in it, from the school the student was in before."""

    subject: str
    kind: str = Field(description="work, period")
    first_day: dt.date
    last_day: dt.date
    dated: bool = Field(description="Нет: в ведомости дня нет, показана последним днём до зачисления")
    work: str
    value: str
    sign: str
    title: str
    source: str | None = Field(description="Из какой организации")
    from_paper: bool = Field(
        description="Из ведомости; семье по переводу внутри региона видны сами уроки прежней школы"
    )


class Diary(BaseModel):
    """A student's week, Monday to Sunday; every day is there."""

    student_id: UUID
    week: dt.date
    days: list[DiaryDay]
    upcoming: list[UpcomingWork] = Field(description="Контрольные и другие работы ближайших двух недель")
    events: list[DiaryEvent] = Field(description="Мероприятия классов и групп ученика")
    totals: list[DiaryTotal] = Field(description="Итоговые отметки, выставленные или изменённые на этой неделе")
    brought: list[DiaryBrought] = Field(description="Отметки этой недели, принесённые из другой школы")
    acknowledged_at: dt.datetime | None = Field(description="Когда родитель отметил неделю просмотренной")
    visited_at: dt.datetime | None = Field(description="До какого момента читатель видел новое")


class DiaryOf(BaseModel):
    """A diary the caller may read."""

    student_id: UUID
    name: str | None
    news: int = Field(description="Сколько нового с прошлого посещения, за месяц самое большее")


class DiaryNews(BaseModel):
    """Something written since the last visit, not older than a month."""

    id: UUID
    kind: str = Field(
        description="mark, attendance, homework, total (итоговая) или что сделали с уроком: changed, cancelled, restored"
    )
    lesson_id: UUID | None = Field(description="Пусто у итоговой отметки")
    date: dt.date = Field(description="День урока; у итоговой — последний день её периода")
    subject: str | None
    text: str | None = Field(description="Отметка, посещаемость или домашнее задание; пусто: долг снят без отметки")
    closed_debt: str | None = Field(description="Какой долг закрыт: что стояло в клетке")
    due_on: dt.date | None = Field(description="Новый долг: до какого дня его закрыть")
    comment: str | None
    at: dt.datetime = Field(description="Когда записано")
    by: str | None = Field(description="Кто записал; пусто, если не педагог")


class VisitIn(Body):
    """Up to when the news were seen."""

    seen_to: Annotated[AwareDatetime, Field(title="Момент, до которого новое просмотрено")]


class VisitOut(BaseModel):
    """Up to when the reader has seen what is new."""

    visited_at: dt.datetime


class AttendedCode(BaseModel):
    """Lessons by what is noted of presence; without a code the student was there."""

    code: str | None
    sign: str | None
    title: str | None
    absent: bool
    lessons: int
    days: int


class DiaryAttended(BaseModel):
    """Attendance over a period, both days included; lessons to come are not counted."""

    lessons: int
    missed: int
    items: list[AttendedCode]
