"""Reading what reports are made of: a handful of statements whatever the size of a class."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from servicekit.uow import UnitOfWork
from sgo_journal.marks import service as marks
from sgo_journal.printouts import repository, spans
from sgo_journal.printouts.facts import ClassFacts, Marks, Reason, Span, Subject, Total
from sgo_journal.printouts.parameters import By, Parameters
from sgo_journal.printouts.reports.subject_teacher import TeacherJournal
from sgo_journal.printouts.repository import Scope
from sgo_journal.rosters import service as rosters
from sgo_journal.rosters.service import Learner, Learners
from sgo_journal.scales import service as scales
from sgo_journal.study import service as study
from sgo_journal.totals import results, suggesting
from sgo_journal.totals import service as totals_service
from sgo_journal.totals.means import Mark
from sgo_journal.totals.scaled import Scaled
from sgo_journal.totals.spans import Kind
from sgo_journal.totals.spans import Span as Term


async def class_facts(
    uow: UnitOfWork, learners: Learners, asked: Parameters, *, signs: bool = False, terms: bool = False
) -> ClassFacts:
    """A class over a period: lessons of the class, its subgroups and the groups its students are taught in besides."""
    organization_id, year = learners.organization_id, learners.academic_year
    students = await rosters.learners_within(uow, organization_id, year, learners.id, asked.since, asked.until)
    beside = await rosters.beside_class(uow, organization_id, year, learners.id)
    subjects = await repository.of_learners(uow.session, organization_id, year, {learners.id, *beside})
    cut = await _spans(uow, learners, asked)
    scope = Scope(
        organization_id,
        year,
        list(subjects),
        asked.since,
        took_place_until(uow, asked),
        [span.first_day for span in cut],
        uow.clock.today(),
        [(one.student_id, *stay) for one in students for stay in one.stays],
    )
    touched, set_ = await _of_terms(uow, learners, asked, students, subjects) if terms else ((), ())
    return ClassFacts(
        learners=learners,
        students=students,
        rules=await suggesting.rules_of(uow, organization_id),
        totals=await results.standing(uow, learners, asked.since, asked.until, [one.student_id for one in students]),
        subjects=subjects,
        spans=cut,
        reasons=[Reason(one.code, one.sign, one.title, one.absent) for one in await marks.codes(uow)],
        marks=await marks_within(uow, scope),
        presence=await repository.presence(uow.session, scope),
        days=await repository.days(uow.session, scope),
        signs=await repository.signs(uow.session, scope) if signs else {},
        terms=touched,
        of_terms=set_,
    )


async def marks_within(uow: UnitOfWork, scope: Scope) -> list[Marks]:
    """Marks of students in journals, each as it counts among 2 to 5: those of another scale as the organization converts them."""
    rows = await repository.marks(uow.session, scope)
    scaled = await Scaled.of(uow, scope.organization_id, scales.FIVE_POINTS, {row.scale_id for row in rows})
    return [
        Marks(
            row.student_id,
            row.journal_id,
            row.span,
            scaled.mark(Mark("", row.points, code=row.value), row.scale_id).points,
            row.debt,
            row.count,
            row.weight,
            row.brought,
        )
        for row in rows
    ]


async def _of_terms(
    uow: UnitOfWork,
    learners: Learners,
    asked: Parameters,
    students: Sequence[Learner],
    subjects: dict[UUID, Subject],
) -> tuple[list[Term], list[Total]]:
    """Periods of the calendar within the days, other terms of which something is set, and the totals of the students in them.

    ``subjects`` gets those journals besides in which a student's total was set: of the class the student came from, and subjects of
    certificates, whose final marks are set in journals of others.
    """
    ids = [one.student_id for one in students]
    rows, titles = await results.of_students(uow, learners.organization_id, learners.academic_year, ids)
    standing = {(row.kind, row.period) for row in rows}
    terms = [
        one
        for one in await totals_service.spans_of_learners(uow, learners)
        if one.first_day <= asked.until
        and one.last_day >= asked.since
        and (one.kind is Kind.PERIOD or one.key in standing)
    ]
    for row in rows:
        title = titles.get(row.course_id, "")
        subjects.setdefault(_place(subjects, row), Subject(row.course_id, title, title))
    shown = {one.key for one in terms}
    return terms, [
        Total(row.student_id, _place(subjects, row), (Kind(row.kind), row.period), row.sign, results.result_of(row))
        for row in rows
        if (row.kind, row.period) in shown
    ]


def _place(subjects: Mapping[UUID, Subject], row: Any) -> UUID:
    """The journal of a total, or the subject it is of where the journal is another's."""
    journal = subjects.get(row.journal_id)
    found: UUID = row.journal_id if journal is None or journal.id == row.course_id else row.course_id
    return found


def took_place_until(uow: UnitOfWork, asked: Parameters) -> dt.date:
    """The last day whose lessons may have taken place."""
    return min(asked.until, uow.clock.today())


async def _spans(uow: UnitOfWork, learners: Learners, asked: Parameters) -> Sequence[Span]:
    if asked.by is By.MONTHS:
        return list(spans.months(asked.since, asked.until))
    calendar = await study.calendar_of(uow, learners.organization_id, learners.academic_year)
    grades = None if calendar is None else calendar.for_grade(learners.grade_from)
    return list(spans.periods(grades, asked.since, asked.until)) or list(spans.months(asked.since, asked.until))


async def named(uow: UnitOfWork, journals: Collection[tuple[UUID, UUID, str]]) -> Mapping[UUID, TeacherJournal]:
    """Journals (id, learners, title) with the names of their learners."""
    learners = await rosters.learners(uow, {learners_id for _, learners_id, _ in journals})
    return {
        journal_id: TeacherJournal(journal_id, learners[learners_id].name if learners_id in learners else "", title)
        for journal_id, learners_id, title in journals
    }
