"""Events of sgo-journal: what happened in lessons, without names; marks of the year for the registry alone."""

from datetime import date
from typing import Annotated
from uuid import UUID

from asu_contracts.base import PII, Event, OpenEnum, Payload, Semantics
from asu_contracts.exchanges import Service
from asu_contracts.outward import OutwardExchange


class LessonRecorded(
    Event,
    type="journal.lesson.recorded.v1",
    semantics=Semantics.STATE,
    subject="lesson_id",
    readers={Service.REPORTING},
):
    """Something was recorded of a lesson that took place: counts only.

    ``learners`` were on the roster that day, ``absent`` of them were noted as absent; ``attendance_checked``: whoever is not noted
    was there.
    """

    lesson_id: UUID
    organization_id: UUID
    group_id: UUID
    academic_year: int
    date: date
    subject_name: str
    learners: int
    absent: int
    marks: int
    attendance_checked: bool = False


class DaycareMonthCounted(
    Event,
    type="journal.daycare-month.counted.v1",
    semantics=Semantics.STATE,
    subject="daycare_month_id",
    readers={Service.REPORTING},
):
    """Child-days of a preschool group over a month (named by its first day) that was closed, and again whenever they change.

    ``planned``: children who were in the group on its working days; what is neither ``attended`` nor missed is not noted, which
    a closed month has none of. ``by_code``: child-days by code of attendance: `present`, `sick`, `vacation` (of the parents),
    `sanatorium`, `quarantine`, `excused`, `unexcused`, or a newer one.
    """

    daycare_month_id: UUID
    organization_id: UUID
    group_id: UUID
    academic_year: int
    month: date
    working_days: int
    planned: int
    attended: int
    missed_illness: int
    missed_other: int
    by_code: dict[str, int]


class YearResultKind(OpenEnum):
    """What a result of the year is of: the year itself, an exam, or the final mark that goes into a certificate."""

    YEAR = "year"
    EXAM = "exam"
    FINAL = "final"
    UNKNOWN = "unknown"


class YearMark(OpenEnum):
    """A mark of the year, whatever scale it was set in; ``1`` stands in few scales and is unsatisfactory."""

    FIVE = "5"
    FOUR = "4"
    THREE = "3"
    TWO = "2"
    ONE = "1"
    PASS = "pass"  # noqa: S105 - зачтено
    FAIL = "fail"
    EXEMPT = "exempt"
    NOT_ATTESTED = "not_attested"
    UNKNOWN = "unknown"


class YearResultChanged(
    Event,
    type="journal.year-result.changed.v1",
    semantics=Semantics.STATE,
    subject="total_id",
    readers={Service.CORE},
    private=True,
):
    """A student's mark of a year in a subject as it stands.

    Without a ``mark`` it was taken away, or is of a value nobody else knows, or stands under a card whose child has one of its own.
    There is one total of a student, a subject, a year and a kind in an organization.
    """

    total_id: UUID
    organization_id: UUID
    academic_year: int
    student_id: UUID
    subject_id: UUID
    subject_title: str
    kind: YearResultKind
    mark: Annotated[YearMark | None, PII] = None


class SubjectResults(Payload):
    """Results of a subject: ``marks`` counts students by mark, `5` to `1`, `pass`, `fail`, `exempt`, `not_attested` or a newer one.

    ``students`` have a mark from 1 to 5 or are not attested: shares are of them, in percent. ``success``: without «2» and not attested;
    ``quality``: «4» and «5»; ``learning``: СОУ by V. P. Simonov; ``mean`` of the marks. None of nothing.
    """

    subject_id: UUID | None = None
    subject_title: str
    students: int
    marks: dict[str, int]
    mean: float | None = None
    success: float | None = None
    quality: float | None = None
    learning: float | None = None


class PeriodResultsCounted(
    Event,
    type="journal.period-results.counted.v1",
    semantics=Semantics.STATE,
    subject="closing_id",
    readers={Service.REPORTING},
):
    """Results and attendance of a class, group or teaching group in a period that was closed; counts only.

    Told when it is closed, when the closing is taken back (not ``closed``), and when they changed while an order opened it.
    ``period`` 0 is the year, whose results are the marks of the year; both days are included. ``with_gaps``: it was closed although
    something was not filled in. ``learners`` were there at its end. ``standings`` counts them by how they stand: `excellent`, `good`,
    `one_three`, `satisfactory`, `not_attested`, `failing`, `unmarked`, or a newer one; ``success`` and ``quality`` are shares of
    students. ``lessons`` took place and were recorded, ``student_lessons`` of them all students together were to be at; ``absences``:
    lessons by code of attendance (`sick`, `excused`, `unexcused`, `absent`, `late`, `exempt`, or a newer one), ``absent_days``: days on
    which a student missed something, summed up. Subgroups count with their class.
    """

    closing_id: UUID
    organization_id: UUID
    group_id: UUID
    academic_year: int
    period: int
    title: str
    first_day: date
    last_day: date
    closed: bool
    with_gaps: bool
    learners: int
    standings: dict[str, int]
    success: float | None = None
    quality: float | None = None
    subjects: tuple[SubjectResults, ...] = ()
    lessons: int
    student_lessons: int
    absences: dict[str, int]
    absent_days: int


class OutwardExchangeRecorded(
    OutwardExchange,
    Event,
    type="journal.outward-exchange.recorded.v1",
    semantics=Semantics.FACT,
    subject="exchange_id",
    readers={Service.REPORTING},
):
    """Something left the journal: a report, an archive, calendars that programs read."""
