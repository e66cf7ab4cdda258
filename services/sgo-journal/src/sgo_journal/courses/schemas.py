"""Courses over HTTP."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, HttpUrl

from servicekit.http import ABSENT, Body, Line, LongText
from sgo_journal.courses.contents import MOST_ITEMS, MOST_SECTIONS, CourseSection, Kind

Year = Annotated[int, Field(ge=2000, le=2100, title="Год начала учебного года")]
Grade = Annotated[int | None, Field(ge=0, le=12, title="Параллель")]
SubjectId = Annotated[UUID | None, Field(title="Предмет", description="Не указывается для кружка")]
Title = Annotated[Line, Field(title="Название")]
Description = Annotated[LongText | None, Field(title="Описание")]
Shared = Annotated[bool, Field(title="В библиотеке организации")]
State = Literal["draft", "published", "archived"]


class CourseIn(Body):
    """A new course, empty yet."""

    academic_year: Year
    subject_id: SubjectId = None
    grade: Grade = None
    title: Title
    description: Description = None


class CoursePatch(Body):
    """What to change of a course beside its contents."""

    subject_id: SubjectId = ABSENT
    grade: Grade = ABSENT
    title: Title = ABSENT
    description: Description = ABSENT
    shared: Shared = ABSENT
    archived: Annotated[bool, Field(title="В архиве")] = ABSENT


class CourseCopyIn(Body):
    """A course made of another one."""

    academic_year: Year
    title: Title


class ItemIn(Body):
    """An item; ``id`` of one that is there already keeps it. A text and a task have ``text``, a link ``link``, a file ``file_id``."""

    id: UUID | None = None
    kind: Annotated[Kind, Field(title="Вид материала")]
    title: Title
    text: Annotated[LongText | None, Field(title="Текст или задание")] = None
    link: Annotated[HttpUrl | None, Field(title="Ссылка")] = None
    file_id: Annotated[UUID | None, Field(title="Файл", description="Из ответа POST /uploads или уже в курсе")] = None


class CourseSectionIn(Body):
    """A section with its items in order."""

    title: Annotated[Line | None, Field(title="Раздел")] = None
    items: Annotated[tuple[ItemIn, ...], Field(max_length=MOST_ITEMS)]


class CourseContentsIn(Body):
    """All sections of a course; an item left out is taken away."""

    sections: Annotated[tuple[CourseSectionIn, ...], Field(max_length=MOST_SECTIONS)]


class CourseJournalsIn(Body):
    """All journals whose students see the course."""

    journal_ids: Annotated[tuple[UUID, ...], Field(max_length=100)]


class CourseOut(BaseModel):
    """A course without its contents; ``edition`` 0 while nothing was published."""

    id: UUID
    organization_id: UUID
    academic_year: int
    subject_id: UUID | None
    grade: int | None
    title: str
    description: str | None
    author_id: UUID
    shared: bool
    state: State
    edition: int
    version: int


class CourseWithContents(CourseOut):
    """A course as its author has it; to a teacher who has it only in the own journals, as it was published."""

    sections: list[CourseSection]
    journal_ids: list[UUID]


class StudentProgress(BaseModel):
    """What a student has read and done."""

    student_id: UUID
    name: str | None
    done: list[UUID]


class ItemProgress(BaseModel):
    """How many students of the journal have read or done an item."""

    item_id: UUID
    title: str
    done: int


class CourseProgressOut(BaseModel):
    """How the students of a journal are getting on with the edition that is published."""

    edition: int
    items: list[ItemProgress]
    students: list[StudentProgress]


class StudentCourse(BaseModel):
    """A published course as a student has it: so many of its items are done."""

    id: UUID
    subject: str
    title: str
    description: str | None
    edition: int
    published_at: dt.datetime
    items: int
    done: int


class StudentCourseContents(StudentCourse):
    """The same with its contents and the items that are done."""

    sections: list[CourseSection]
    done_ids: list[UUID]


class DoneIn(Body):
    """Whether an item is read or done."""

    done: bool
