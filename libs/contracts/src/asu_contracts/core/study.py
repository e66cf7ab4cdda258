"""Settings of the educational process: calendar, lesson times, subjects, curricula, loads."""

from datetime import date
from uuid import UUID

from asu_contracts.base import Event, Payload, Semantics
from asu_contracts.exchanges import Service


class SubjectChanged(
    Event,
    type="core.subject.changed.v1",
    semantics=Semantics.STATE,
    subject="subject_id",
    readers={Service.JOURNAL},
):
    """A subject was entered, renamed or put out of use: of the region's list, or (``organization_id``) an organization's own.

    ``area`` is the code of the subject area; ``counts_as`` the region's subject that an own one stands for; taught over
    [valid_from, valid_to).
    """

    subject_id: UUID
    organization_id: UUID | None = None
    code: str
    title: str
    short_title: str
    area: str
    grade_from: int
    grade_to: int
    counts_as: UUID | None = None
    valid_from: date
    valid_to: date | None = None


class CurriculumSubject(Payload):
    """A line of a curriculum: hours a week, and by period where they differ. ``level``: base or advanced."""

    subject_id: UUID
    component: str
    level: str
    hours_week: float
    period_hours: tuple[float, ...] | None = None
    subgroups: bool


class CurriculumForClass(Payload):
    """A class that studies by a curriculum over [valid_from, valid_to)."""

    group_id: UUID
    valid_from: date
    valid_to: date | None = None


class CurriculumChanged(
    Event,
    type="core.curriculum.changed.v1",
    semantics=Semantics.STATE,
    subject="curriculum_id",
    readers=frozenset(),
):
    """A curriculum was approved, or another took its place for a class. Its lines never change: a new edition has its own id.

    ``kind``: ``classical``, or ``individual``, of which the students choose; ``profile`` is the code of a profile.
    """

    curriculum_id: UUID
    organization_id: UUID
    academic_year: int
    grade: int
    title: str
    kind: str
    profile: str | None = None
    week_days: int
    edition: int
    replaces: UUID | None = None
    lines: tuple[CurriculumSubject, ...]
    classes: tuple[CurriculumForClass, ...]


class LoadChanged(
    Event,
    type="core.load.changed.v1",
    semantics=Semantics.STATE,
    subject="load_id",
    readers={Service.JOURNAL, Service.REPORTING},
):
    """A worker teaches a subject to a class or to a teaching group, ``hours_week`` hours, over [valid_from, valid_to).

    A line that was ended before it began has an empty interval. Hours are counted by the post they are taught in, under its pseudonym
    of the statistics of workers (``employment_id``), by ``subject_title``, the title of the region's subject that it is or counts as, else
    its own, and by ``grade``, None for a group of several.
    """

    load_id: UUID
    organization_id: UUID
    academic_year: int
    group_id: UUID | None = None
    teaching_group_id: UUID | None = None
    subject_id: UUID
    worker_id: UUID
    employment_id: UUID | None = None
    subject_title: str | None = None
    grade: int | None = None
    hours_week: float
    valid_from: date
    valid_to: date


class ReferenceEntryChanged(
    Event,
    type="core.reference-entry.changed.v1",
    semantics=Semantics.STATE,
    subject="entry_id",
    readers={Service.JOURNAL},
):
    """An entry of a reference book was added or changed.

    ``organization_id`` is empty for the region's entries, which every organization inherits; an organization's entry of the
    same ``book`` and ``code`` stands there in their place. ``valid_to`` is exclusive.
    """

    entry_id: UUID
    book: str
    organization_id: UUID | None = None
    code: str
    title: str
    abbreviation: str | None = None
    position: int
    valid_from: date | None = None
    valid_to: date | None = None
    active: bool


class CalendarDates(Payload):
    """A study period or a vacation, both days included; ``additional``: a vacation of some grades besides those of all."""

    first_day: date
    last_day: date
    title: str | None = None
    additional: bool = False


class StudyWeek(Payload):
    """From a day on a week has so many days of study, 5 or 6."""

    first_day: date
    days: int


class SpecialStudyDay(Payload):
    """A day of study whatever the rule says, by the timetable of a weekday (1 to 7), of a kind that lesson times go by."""

    day: date
    weekday: int
    day_kind: str | None = None


class GradeCalendar(Payload):
    """The calendar of some grades, both included; empty for groups that have no grade.

    A day is one of study when ``special_days`` name it, or when it lies in one of ``periods``, its weekday is within the week
    of that day, and ``rests`` do not name it: they hold holidays, vacations and other days of rest inside the periods.
    ``period_kind`` is quarters, trimesters, half_years or year; the periods are numbered from 1 as they stand.
    """

    grade_from: int | None = None
    grade_to: int | None = None
    period_kind: str | None = None
    periods: tuple[CalendarDates, ...]
    vacations: tuple[CalendarDates, ...]
    weeks: tuple[StudyWeek, ...]
    rests: tuple[date, ...]
    special_days: tuple[SpecialStudyDay, ...]


class CalendarChanged(
    Event,
    type="core.calendar.changed.v1",
    semantics=Semantics.STATE,
    subject="calendar_id",
    readers={Service.JOURNAL},
):
    """The calendar in force of an organization over an academic year, its own and what it inherits from the region.

    ``first_day`` and ``last_day`` are the year's, both included. Preschool groups and those of additional education have one
    calendar, in a school the grades have theirs besides.
    """

    calendar_id: UUID
    organization_id: UUID
    academic_year: int
    first_day: date
    last_day: date
    grades: tuple[GradeCalendar, ...]


class LessonTime(Payload):
    """When a lesson starts and ends, ``HH:MM``."""

    number: int
    starts_at: str
    ends_at: str


class BellScheduleChanged(
    Event,
    type="core.bell-schedule.changed.v1",
    semantics=Semantics.STATE,
    subject="schedule_id",
    readers={Service.JOURNAL},
):
    """Lesson times of a shift of an organization.

    They are for weekdays (1 to 7) of a kind of day, a code of the reference book ``day_kinds``, ``regular`` where a calendar names
    none; for grades, both included, 0 for groups without one; for days of [valid_from, valid_to). Of those ``active`` at most one
    fits a lesson.
    """

    schedule_id: UUID
    organization_id: UUID
    title: str
    shift: int
    day_kind: str
    weekdays: tuple[int, ...]
    grade_from: int
    grade_to: int
    valid_from: date
    valid_to: date | None = None
    lessons: tuple[LessonTime, ...]
    active: bool
