"""Results of a teacher's journals by study period: totals that are set, elsewhere what the marks of the period come to."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from servicekit.uow import UnitOfWork
from sgo_journal.journals import service as journals
from sgo_journal.journals.service import Journal
from sgo_journal.printouts.parameters import Parameters
from sgo_journal.rosters import service as rosters
from sgo_journal.rosters.service import Learner, Learners
from sgo_journal.scales import service as scales
from sgo_journal.study import service as study
from sgo_journal.totals import results, suggesting
from sgo_journal.totals import service as totals
from sgo_journal.totals.spans import Kind, Span, spans_of
from sgo_journal.totals.suggesting import Course
from sgo_journal.totals.suggestions import NOT_ATTESTED, for_period
from sgo_journal.totals.summaries import Result


@dataclass(frozen=True)
class TermResults:
    """Results of a journal's students in a term: of all who are there at its end, none of who has neither total nor marks.

    ``suggested``: how many of them follow from marks because no total is set.
    """

    journal_id: UUID
    term: Span
    results: Sequence[Result]
    suggested: int


async def of_journals(
    uow: UnitOfWork, organization_id: UUID, academic_year: int, journal_ids: Sequence[UUID], asked: Parameters
) -> list[TermResults]:
    """Results of journals in the terms that the days touch; of one without a calendar there are none."""
    calendar = await study.calendar_of(uow, organization_id, academic_year)
    known = await journals.known(uow, organization_id, set(journal_ids))
    learners = await rosters.learners(uow, {one.learners_id for one in known.values()})
    found: list[TermResults] = []
    for key in journal_ids:
        of = learners.get(known[key].learners_id)
        if calendar is not None and of is not None:
            found += await _of_journal(uow, known[key], of, spans_of(calendar, of.grade_from), asked)
    return found


async def _of_journal(
    uow: UnitOfWork, journal: Journal, learners: Learners, spans: Sequence[Span], asked: Parameters
) -> list[TermResults]:
    course_id = journal.subject_id or journal.id
    course = Course(journal.organization_id, journal.academic_year, journal.id, course_id)
    since, until = min(one.first_day for one in spans), max(one.last_day for one in spans)
    key = learners.organization_id, learners.academic_year, learners.id
    students = await rosters.learners_within(uow, *key, since, until)
    set_ = await totals.set_totals(uow, course, [course.academic_year], [one.student_id for one in students])
    told = {(row.kind, row.period) for rows in set_.values() for row in rows}
    return [
        await _of_term(uow, journal, course, term, [one for one in students if one.is_there(term.counted_on)], set_)
        for term in spans
        if _is_shown(term, asked, uow.clock.today(), is_set=term.key in told)
    ]


def _is_shown(term: Span, asked: Parameters, today: dt.date, *, is_set: bool) -> bool:
    """A period that the days touch and that has begun; the year, exams and final marks once some are set."""
    touched = term.first_day <= asked.until and term.last_day >= asked.since
    return touched and (is_set or (term.kind is Kind.PERIOD and term.first_day <= today))


async def _of_term(
    uow: UnitOfWork,
    journal: Journal,
    course: Course,
    term: Span,
    students: Sequence[Learner],
    set_: Mapping[UUID, Sequence[Any]],
) -> TermResults:
    given = {
        one.student_id: results.result_of(row)
        for one in students
        for row in set_[one.student_id]
        if (row.kind, row.period) == term.key
    }
    left = [one.student_id for one in students if one.student_id not in given]
    marks = await _by_marks(uow, journal, course, term, left) if left and term.kind is Kind.PERIOD else {}
    every = [given[key] if key in given else marks.get(key) for key in (one.student_id for one in students)]
    return TermResults(journal.id, term, every, sum(one is not None for one in marks.values()))


async def _by_marks(
    uow: UnitOfWork, journal: Journal, course: Course, term: Span, students: Sequence[UUID]
) -> dict[UUID, Result]:
    """What is suggested for students; that somebody is not attested is for the teacher to decide, so few marks count as they are."""
    rules = await suggesting.rules_in(uow, journal.organization_id, journal.marked_by)
    means = await suggesting.means_of(uow, course, students, term.first_day, term.last_day, journal.marked_by)
    grades = {one.code: one.grade for one in (await scales.values_of(uow, {journal.marked_by}))[journal.marked_by]}
    suggested = {key: for_period(mean, rules) for key, mean in means.items()}
    codes = {key: one.otherwise or one.code for key, one in suggested.items()}
    return {key: None if code in {None, NOT_ATTESTED} else grades.get(code or "") for key, code in codes.items()}
