"""Of which totals a final mark is made. It goes into a certificate, so each of them has to be there: what is missing is named.

Source: order of the Ministry of Education № 546 of 05.10.2020, which has the rules of order № 115 of 14.02.2014, 5.3, they replaced:
grade 9, the year and the exam where there was one (Russian and mathematics always), other subjects the year alone; grade 11, the periods
(half-years) and years of every year of secondary school. ``assumed``: the numbers of the clauses in № 546, and that a period without a
mark (н/а, осв, another school) leaves the final mark to the school.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from servicekit.uow import UnitOfWork
from sgo_journal.rosters.service import Learner
from sgo_journal.study import service as study
from sgo_journal.totals import repository, service
from sgo_journal.totals.service import Columns
from sgo_journal.totals.spans import KIND_TITLES, Kind, spans_of
from sgo_journal.totals.suggestions import Part

_BASIC_ENDS, _SECONDARY = 9, 10
"""The grade with which basic education ends, and the one with which secondary education begins."""
_EXAMINED = frozenset({"russian", "mathematics"})
"""Codes of the subjects in which everybody takes an exam at the end of grade 9."""


async def parts(uow: UnitOfWork, columns: Columns, students: Sequence[Learner]) -> Mapping[UUID, list[Part]]:
    """Totals a final mark is made of, by student; those that are not set are among them, without a mark."""
    grade = columns.grade
    ids = [one.student_id for one in students]
    if grade is not None and grade >= _SECONDARY:
        return await _secondary(uow, columns, grade, ids)
    examined = grade == _BASIC_ENDS and bool(await _codes(uow, columns) & _EXAMINED)
    found = await service.set_totals(uow, columns.course, [columns.course.academic_year], ids)
    return {student_id: _basic(totals, examined=examined) for student_id, totals in found.items()}


async def _codes(uow: UnitOfWork, columns: Columns) -> frozenset[str]:
    return frozenset((await study.subject_codes(uow, [columns.course.course_id])).values())


def _basic(totals: Sequence[Any], *, examined: bool) -> list[Part]:
    given = {row.kind: row for row in totals}
    found = [_of(given, Kind.YEAR, KIND_TITLES[Kind.YEAR])]
    if examined or Kind.EXAM in given:
        found.append(_of(given, Kind.EXAM, KIND_TITLES[Kind.EXAM]))
    return found


async def _secondary(uow: UnitOfWork, columns: Columns, grade: int, ids: Sequence[UUID]) -> Mapping[UUID, list[Part]]:
    """Of each year since grade 10: its periods and the year, or why there are none. A year here without the subject adds nothing."""
    course = columns.course
    grades = {course.academic_year - back: grade - back for back in range(grade - _SECONDARY, -1, -1)}
    found = await service.set_totals(uow, course, grades, ids)
    before = [year for year in grades if year != course.academic_year]
    studied = {
        (row.academic_year, row.student_id): row
        for row in (await repository.studied(uow.session, course, before, ids) if before else ())
    }
    made: dict[UUID, list[Part]] = {one: [] for one in ids}
    for year, of_grade in grades.items():
        titles = await _titles(uow, columns, year, of_grade)
        for student_id in ids:
            given = {(row.kind, row.period): row for row in found[student_id] if row.academic_year == year}
            stay = studied.get((year, student_id))
            whole = [_of(given, key, f"{of_grade} класс, {title}") for key, title in titles.items()]
            if year == course.academic_year or given:
                made[student_id] += whole
            elif stay is None:
                made[student_id].append(Part(f"{of_grade} класс, {year}/{year + 1}: учился не здесь", None))
            elif stay.grade not in (None, of_grade):
                made[student_id].append(
                    Part(f"{of_grade} класс: в {year}/{year + 1} учился в {stay.grade} классе", None)
                )
            elif stay.taught:
                made[student_id] += whole
    return made


async def _titles(uow: UnitOfWork, columns: Columns, year: int, grade: int) -> Mapping[Any, str]:
    """What a grade's periods and its year are called, by kind and period; of a year without a calendar the year alone."""
    course = columns.course
    calendar = await study.calendar_of(uow, course.organization_id, year)
    spans = columns.spans if year == course.academic_year else spans_of(calendar, grade) if calendar else ()
    periods = {one.key: one.title for one in spans if one.kind is Kind.PERIOD}
    return {**periods, (Kind.YEAR, 0): KIND_TITLES[Kind.YEAR]}


def _of(given: Mapping[Any, Any], key: object, title: str) -> Part:
    row = given.get(key)
    return Part(title, None) if row is None else Part.of(title, row)
