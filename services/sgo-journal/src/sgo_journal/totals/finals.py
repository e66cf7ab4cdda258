"""Of which totals a final mark is made. It goes into a certificate, so each of them has to be there: what is missing is named.

Grade 9: the year and the exam where there was one (where everybody takes it, always); grade 11: the periods (half-years) and years of every
year of secondary school. Of a subject that is taught as several (mathematics), those of each of them. ``certificates`` says by which act.
All count as marks from 1 to 5, whatever the scales they were set in. A period without a mark (н/а, осв, another school) leaves the final
mark to the school.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from servicekit.uow import UnitOfWork
from sgo_journal.rosters.service import Learner
from sgo_journal.scales import service as scales
from sgo_journal.study import service as study
from sgo_journal.totals import repository, service
from sgo_journal.totals.scaled import Scaled
from sgo_journal.totals.service import Columns
from sgo_journal.totals.spans import KIND_TITLES, Kind, spans_of
from sgo_journal.totals.suggestions import Part


@dataclass(frozen=True)
class _Made:
    """What final marks of a journal's students are made of: totals by student, year, course and column; who studied what in which year.

    ``courses``: what they are called, none by itself.
    """

    totals: Mapping[tuple[UUID, int, UUID], Mapping[Any, Any]]
    studied: Mapping[tuple[int, UUID], Any]
    courses: Mapping[UUID, str | None]
    own: UUID
    scaled: Scaled

    def given(self, student_id: UUID, year: int, course_id: UUID) -> Mapping[Any, Any]:
        """Totals of a student in a course and year that are set."""
        return self.totals.get((student_id, year, course_id), {})

    def taught(self, student_id: UUID, year: int, course_id: UUID) -> bool:
        """Whether a course was taught to a student in a year, or a total of it was set."""
        stay = self.studied.get((year, student_id))
        return bool(self.given(student_id, year, course_id)) or (stay is not None and course_id in stay.taught)

    def part(self, given: Mapping[Any, Any], key: object, title: str) -> Part:
        """A total as it counts, or that it is not set."""
        row = given.get(key)
        return Part(title, None) if row is None else self.scaled.part(Part.of(title, row), row.scale_id)


async def parts(uow: UnitOfWork, columns: Columns, students: Sequence[Learner]) -> Mapping[UUID, list[Part]]:
    """Totals a final mark is made of, by student, in the scale of five points; those that are not set are among them, without a mark."""
    grade, edition = columns.grade, columns.certificates
    ids = [one.student_id for one in students]
    if grade is not None and edition.is_secondary(grade):
        return await _secondary(uow, columns, grade, ids)
    examined = grade == edition.basic_ends and await _code(uow, columns) in edition.examined
    made = await _made(uow, columns, [columns.course.academic_year], ids)
    return {one: _basic(columns, made, one, examined=examined) for one in ids}


async def _code(uow: UnitOfWork, columns: Columns) -> str | None:
    if columns.combined is not None:
        return columns.combined.code
    course_id = columns.course.course_id
    return (await study.subject_codes(uow, [course_id])).get(course_id)


async def _made(uow: UnitOfWork, columns: Columns, years: Sequence[int], ids: Sequence[UUID]) -> _Made:
    course = columns.course
    courses: Mapping[UUID, str | None] = (
        {course.course_id: None} if columns.combined is None else dict(columns.combined.parts)
    )
    asked = {*courses, columns.course_of(Kind.EXAM).course_id}
    rows = [row for of in (await service.set_totals(uow, course, years, ids, asked)).values() for row in of]
    totals: dict[tuple[UUID, int, UUID], dict[Any, Any]] = {}
    for row in rows:
        totals.setdefault((row.student_id, row.academic_year, row.course_id), {})[row.kind, row.period] = row
    studied = await repository.studied(uow.session, course.organization_id, courses, years, ids)
    return _Made(
        totals=totals,
        studied={(row.academic_year, row.student_id): row for row in studied},
        courses=courses,
        own=course.course_id,
        scaled=await Scaled.of(uow, course.organization_id, scales.FIVE_POINTS, {row.scale_id for row in rows}),
    )


def _basic(columns: Columns, made: _Made, student_id: UUID, *, examined: bool) -> list[Part]:
    year, whole = columns.course.academic_year, (Kind.YEAR, 0)
    found = [
        made.part(made.given(student_id, year, course), whole, _titled(KIND_TITLES[Kind.YEAR], title))
        for course, title in made.courses.items()
        if course == made.own or made.taught(student_id, year, course)
    ]
    given, exam = made.given(student_id, year, columns.course_of(Kind.EXAM).course_id), (Kind.EXAM, 0)
    if examined or exam in given:
        found.append(made.part(given, exam, KIND_TITLES[Kind.EXAM]))
    return found


def _titled(title: str, course: str | None) -> str:
    return title if course is None else f"{course}: {title}"


async def _secondary(uow: UnitOfWork, columns: Columns, grade: int, ids: Sequence[UUID]) -> Mapping[UUID, list[Part]]:
    """Of each year since secondary school began: its periods and the year, or why there are none.

    A year here without the subject adds nothing.
    """
    course, begins = columns.course, columns.certificates.secondary_begins
    grades = {course.academic_year - back: grade - back for back in range(grade - begins, -1, -1)}
    made = await _made(uow, columns, list(grades), ids)
    found: dict[UUID, list[Part]] = {one: [] for one in ids}
    for year, of_grade in grades.items():
        titles = await _titles(uow, columns, year, of_grade)
        for student_id in ids:
            found[student_id] += _of_year(columns, made, student_id, (year, of_grade), titles)
    return found


def _of_year(
    columns: Columns, made: _Made, student_id: UUID, of: tuple[int, int], titles: Mapping[Any, str]
) -> list[Part]:
    year, grade = of
    now = year == columns.course.academic_year
    stay = made.studied.get((year, student_id))
    if not now and not any(made.given(student_id, year, course) for course in made.courses):
        if stay is None:
            return [Part(f"{grade} класс, {year}/{year + 1}: учился не здесь", None)]
        if stay.grade not in (None, grade):
            return [Part(f"{grade} класс: в {year}/{year + 1} учился в {stay.grade} классе", None)]
    return [
        made.part(made.given(student_id, year, course), key, f"{grade} класс, {_titled(title, named)}")
        for course, named in made.courses.items()
        if (now and course == made.own) or made.taught(student_id, year, course)
        for key, title in titles.items()
    ]


async def _titles(uow: UnitOfWork, columns: Columns, year: int, grade: int) -> Mapping[Any, str]:
    """What a grade's periods and its year are called, by kind and period; of a year without a calendar the year alone."""
    course = columns.course
    calendar = await study.calendar_of(uow, course.organization_id, year)
    spans = columns.spans if year == course.academic_year else spans_of(calendar, grade) if calendar else ()
    periods = {one.key: one.title for one in spans if one.kind is Kind.PERIOD}
    return {**periods, (Kind.YEAR, 0): KIND_TITLES[Kind.YEAR]}


def basis(columns: Columns) -> str:
    """By which act final marks of a journal are made."""
    edition = columns.certificates
    level = edition.secondary if edition.is_secondary(columns.grade) else edition.basic
    sources = [level] if columns.combined is None else [level, columns.combined.source]
    return "; ".join(one.words for one in sources)
