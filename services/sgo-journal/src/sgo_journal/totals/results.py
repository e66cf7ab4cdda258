"""Results of a journal from period to period, and of a class over all subjects."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from servicekit import audit
from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.rosters import service as rosters
from sgo_journal.staff import service as staff
from sgo_journal.study import service as study
from sgo_journal.totals import repository, service
from sgo_journal.totals import summaries as sums
from sgo_journal.totals.service import Columns
from sgo_journal.totals.spans import Kind, Span, spans_of
from sgo_journal.totals.suggestions import NOT_ATTESTED

_WHOLE = (Kind.PERIOD, Kind.YEAR)


def result_of(row: Any) -> sums.Result:
    """What a total counts as."""
    return sums.NOT_ATTESTED if row.value == NOT_ATTESTED else row.grade


async def of_journal(
    uow: UnitOfWork, principal: Principal, journal_id: UUID
) -> tuple[Columns, list[tuple[Span, sums.Summary]]]:
    """Results of a journal the caller sees, of each of its columns; nobody is named."""
    columns = await service.columns_of(uow, principal, journal_id)
    summaries = []
    students = await service.students_of(uow, columns)
    rows = await service.totals_of(uow, columns, [one.student_id for one in students])
    for span in columns.spans:
        there = {one.student_id for one in students if one.was_there(span.first_day, span.last_day)}
        found = [row for row in rows if (row.kind, row.period) == span.key and row.student_id in there]
        summaries.append((span, sums.summary(map(result_of, found))))
    return columns, summaries


@dataclass(frozen=True)
class ClassResults:
    """Results of a class in a column; ``titles`` by course; ``change`` against the period before, none of the first and of the year."""

    span: Span
    students: Sequence[rosters.Learner]
    titles: Mapping[UUID, str]
    summary: sums.ClassSummary
    change: sums.Change | None


async def of_class(uow: UnitOfWork, principal: Principal, class_id: UUID, kind: Kind, period: int) -> ClassResults:
    """Results of the students of a class, in all courses, whatever groups they were taught in; audited.

    A teacher reads those of the class the teacher leads. Who counts is who was in the class at the column's end.
    """
    learners = await visible_class(uow, principal, class_id)
    spans = await service.spans_of_learners(uow, learners)
    span = service.find(spans, kind, period)
    before = next((one for one in spans if kind is Kind.PERIOD and one.key == (kind, period - 1)), None)
    students = await rosters.learners_within(
        uow, learners.organization_id, learners.academic_year, class_id, span.counted_on, span.counted_on
    )
    ids = [one.student_id for one in students]
    rows = await repository.of_students(uow.session, learners.organization_id, [learners.academic_year], ids)
    summary = sums.class_summary(_by_student(ids, rows, span))
    change = None
    if before is not None:
        change = sums.changes([sums.class_summary(_by_student(ids, rows, before)).marks, summary.marks])[0]
    await audit.record(uow, principal, "class.results.read", ids)
    return ClassResults(span, students, await _titles(uow, rows), summary, change)


def _by_student(ids: Iterable[UUID], rows: Sequence[Any], span: Span) -> dict[UUID, dict[UUID, sums.Result]]:
    found: dict[UUID, dict[UUID, sums.Result]] = {one: {} for one in ids}
    for row in rows:
        if (row.kind, row.period) == span.key and row.value is not None:
            found[row.student_id][row.course_id] = result_of(row)
    return found


async def of_students(
    uow: UnitOfWork, organization_id: UUID, year: int, student_ids: Sequence[UUID]
) -> tuple[list[Any], dict[UUID, str]]:
    """Totals of students in a school year that stand, and what their courses are called."""
    rows = await repository.of_students(uow.session, organization_id, [year], student_ids)
    standing = [row for row in rows if row.value is not None]
    return standing, await _titles(uow, standing)


async def standing(
    uow: UnitOfWork, learners: rosters.Learners, first_day: date, last_day: date, students: Collection[UUID]
) -> Mapping[UUID, Mapping[UUID, sums.Result]]:
    """Totals that are set, by student and course, where the days are exactly those of a period or of the year; else none at all."""
    calendar = await study.calendar_of(uow, learners.organization_id, learners.academic_year)
    spans = () if calendar is None else spans_of(calendar, learners.grade_from)
    span = next(
        (one for one in spans if one.kind in _WHOLE and (one.first_day, one.last_day) == (first_day, last_day)), None
    )
    if span is None:
        return {}
    rows = await repository.of_students(uow.session, learners.organization_id, [learners.academic_year], students)
    return _by_student(students, rows, span)


async def _titles(uow: UnitOfWork, rows: Sequence[Any]) -> dict[UUID, str]:
    courses = {row.course_id for row in rows}
    subjects = await study.subject_titles(uow, courses)
    own = await repository.titles(uow.session, courses - subjects.keys())
    return own | {course: subject.title for course, subject in subjects.items()}


async def visible_class(uow: UnitOfWork, principal: Principal, class_id: UUID) -> rosters.Learners:
    """A class, group or teaching group of the caller's organization; a teacher's is the one the teacher leads. Or ``NotFoundError``."""
    learners = await rosters.visible_learners(uow, principal, class_id)
    if learners.organization_id != principal.unit.organization_id:
        raise NotFoundError
    if principal.role is Role.TEACHER:
        led = await staff.leads(uow, principal.person_id, [learners.class_id or learners.id], uow.clock.today())
        if not led:
            raise NotFoundError
    return learners
