"""Means of a student's marks with how they came about, and what they would be with other marks."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.dates import academic_year
from sgo_journal.report_cards import repository, service
from sgo_journal.report_cards.errors import MeansPeriodError, ValueUnknownError
from sgo_journal.report_cards.repository import Studies
from sgo_journal.report_cards.schemas import TriedMark, TryIn
from sgo_journal.scales import service as scales
from sgo_journal.totals import counting, suggesting
from sgo_journal.totals.means import Mark, Mean, weighted_mean
from sgo_journal.totals.scaled import Scaled
from sgo_journal.totals.suggestions import Rules, Suggestion, for_period

_LONGEST = dt.timedelta(days=366)
_TRIED = "проба"


@dataclass(frozen=True)
class CourseMean:
    """The mean of a course, and the mark of a period that would follow from it."""

    organization_id: UUID
    course_id: UUID
    title: str
    mean: Mean
    suggestion: Suggestion


@dataclass(frozen=True)
class _Course:
    """A student's marks in a course, each with the scale it is of; they count in ``scale_id``, of the current or the last journal."""

    organization_id: UUID
    course_id: UUID
    title: str
    scale_id: int
    marks: tuple[tuple[Mark, int], ...]

    @property
    def key(self) -> tuple[UUID, UUID]:
        """What it is among the courses of a student."""
        return self.organization_id, self.course_id

    @property
    def counts_in(self) -> tuple[UUID, int]:
        """By whose rules its marks count, and in which scale."""
        return self.organization_id, self.scale_id


async def read(
    uow: UnitOfWork, principal: Principal, student_id: UUID, since: dt.date, until: dt.date
) -> list[CourseMean]:
    """Means of a student over [since, until] in every subject taught then or with marks; staff's reading is audited.

    Raises ``MeansPeriodError``.
    """
    await _require(uow, principal, student_id, since, until)
    courses = await _courses(uow, student_id, principal.unit.organization_id, (since, until))
    counting_ = await _counting(uow, courses)
    return [counting_[one.counts_in].mean(one) for one in courses]


async def tried(uow: UnitOfWork, principal: Principal, student_id: UUID, body: TryIn) -> tuple[CourseMean, CourseMean]:
    """The mean of a subject as it is, and as it would be with more marks; nothing is kept.

    Raises ``NotFoundError`` for a subject the student is not taught then, ``ValueUnknownError``.
    """
    await _require(uow, principal, student_id, body.since, body.until)
    organization_id = principal.unit.organization_id or body.organization_id
    if organization_id != body.organization_id:
        raise NotFoundError
    found = await _courses(uow, student_id, organization_id, (body.since, body.until), body.course_id)
    if not found:
        raise NotFoundError
    [course] = found
    more = await _tried(uow, course, body.marks)
    how = (await _counting(uow, found))[course.counts_in]
    return how.mean(course), how.mean(replace(course, marks=(*course.marks, *more)))


async def _tried(uow: UnitOfWork, course: _Course, sent: Sequence[TriedMark]) -> list[tuple[Mark, int]]:
    values = {one.code: one for one in (await scales.values_of(uow, {course.scale_id}))[course.scale_id] if one.active}
    if any(one.value not in values for one in sent):
        raise ValueUnknownError
    given = [(values[one.value], one.weight) for one in sent]
    return [(Mark(one.sign, one.points, weight, _TRIED, code=one.code), course.scale_id) for one, weight in given]


async def _require(uow: UnitOfWork, principal: Principal, student_id: UUID, since: dt.date, until: dt.date) -> None:
    if not since <= until <= since + _LONGEST:
        raise MeansPeriodError
    await service.require(uow, principal, student_id, since, until, "student.means.read")


async def _courses(
    uow: UnitOfWork,
    student_id: UUID,
    organization_id: UUID | None,
    days: tuple[dt.date, dt.date],
    course_id: UUID | None = None,
) -> list[_Course]:
    """Courses that a student was taught on some of the days, and all in which marks of these days count, whoever has the student by now."""
    years = range(academic_year(days[0]), academic_year(days[1]) + 1)
    found: dict[tuple[UUID, UUID], _Course] = {}
    for of in await repository.studies(uow.session, student_id, organization_id, years, days):
        for one in await _of_year(uow, of, course_id):
            before = found[one.key].marks if one.key in found else ()
            found[one.key] = replace(one, marks=(*before, *one.marks))
    return sorted(found.values(), key=lambda one: (one.title, one.key))


async def _of_year(uow: UnitOfWork, of: Studies, course_id: UUID | None) -> list[_Course]:
    key, student = (of.organization_id, of.academic_year), [of.student_id]
    own = await counting.own(uow, *key, student, (of.since, of.until), course_id)
    courses = await repository.courses(uow.session, of, {one.journal_id for one in own}, course_id)
    marks: dict[UUID, list[tuple[Mark, int]]] = {one.course_id: [] for one in courses}
    for row in await repository.brought(uow.session, of, marks):
        marks[row.course_id].append((counting.carried(row), row.scale_id))
    for one in own:
        marks[one.course_id].append((one.mark, one.scale_id))
    return [
        _Course(of.organization_id, one.course_id, one.title, one.scale_id, tuple(_by_day(marks[one.course_id])))
        for one in courses
        if one.taught or marks[one.course_id]
    ]


def _by_day(marks: Iterable[tuple[Mark, int]]) -> list[tuple[Mark, int]]:
    return sorted(marks, key=lambda one: one[0].day or dt.date.min)


@dataclass(frozen=True)
class _Counting:
    """How marks count in an organization and a scale, and what is suggested by them."""

    scaled: Scaled
    rules: Rules

    def mean(self, course: _Course) -> CourseMean:
        """Of all marks of a course; those of another scale count by what they are there."""
        mean = weighted_mean(self.scaled.mark(*one) for one in course.marks)
        return CourseMean(*course.key, course.title, mean, for_period(mean, self.rules))


async def _counting(uow: UnitOfWork, courses: Iterable[_Course]) -> Mapping[tuple[UUID, int], _Counting]:
    """By organization and scale of the courses."""
    set_in: dict[tuple[UUID, int], set[int]] = {}
    for course in courses:
        set_in.setdefault(course.counts_in, set()).update(scale_id for _, scale_id in course.marks)
    return {
        key: _Counting(await Scaled.of(uow, *key, found), await suggesting.rules_in(uow, *key))
        for key, found in set_in.items()
    }
