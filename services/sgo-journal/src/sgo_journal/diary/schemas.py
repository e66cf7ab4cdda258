"""The diary over HTTP."""

import datetime as dt
from uuid import UUID

from pydantic import BaseModel


class DiaryMark(BaseModel):
    """A mark; ``value`` is its code, ``sign`` what stands in the cell."""

    value: str
    sign: str
    work: int
    comment: str | None


class DiaryAttendance(BaseModel):
    """What is noted of the student's presence."""

    code: str
    sign: str
    title: str


class DiaryLesson(BaseModel):
    """A lesson as the student had it."""

    lesson_id: UUID
    number: int
    subject: str
    state: str
    topic: str | None
    homework: str | None
    marks: list[DiaryMark]
    attendance: DiaryAttendance | None


class DiaryDay(BaseModel):
    """A day with its lessons in order."""

    date: dt.date
    lessons: list[DiaryLesson]


class Diary(BaseModel):
    """A student's week, Monday to Sunday; every day is there."""

    student_id: UUID
    week: dt.date
    days: list[DiaryDay]
