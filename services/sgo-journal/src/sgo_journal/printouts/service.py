"""Use cases of the reports: who may make which, what is read for it, what goes to the audit."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from orgdirectory import Organization, require_visible
from reportkit.pdf import REPORT
from reportkit.sheets import Sheet
from servicekit import audit
from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.dates import academic_year
from sgo_journal.inspections import reports as remarks
from sgo_journal.inspections import service as inspections
from sgo_journal.inspections.reports import Names
from sgo_journal.journals import service as journals
from sgo_journal.lessons import planning
from sgo_journal.plans import following
from sgo_journal.printouts import gathering, repository, term_results
from sgo_journal.printouts.catalogue import (
    CLASS_REPORTS,
    FILLING,
    INSPECTIONS,
    ORGANIZATION_REPORTS,
    PROGRAMME,
    REMARKS,
    SUBJECT_TEACHER,
    ClassReport,
    Report,
)
from sgo_journal.printouts.errors import ReportPeriodError, TeacherNotNamedError, UnknownReportError
from sgo_journal.printouts.facts import grouped
from sgo_journal.printouts.parameters import YEAR, Parameters
from sgo_journal.printouts.reports import journals as kept
from sgo_journal.printouts.reports.subject_teacher import TeacherJournal, subject_teacher
from sgo_journal.printouts.repository import Scope
from sgo_journal.rosters import service as rosters
from sgo_journal.rosters.service import Learners
from sgo_journal.staff import service as staff
from sgo_journal.study import service as study


@dataclass(frozen=True)
class Made:
    """A report of an organization, of how many people, the template it is printed with, what its file is called."""

    report: Report
    sheet: Sheet
    organization: Organization
    people: int
    template: str = REPORT

    @property
    def name(self) -> str:
        """What its file is called."""
        return f"{self.report.title} {self.sheet.subtitle}"


async def of_class(uow: UnitOfWork, principal: Principal, name: str, group_id: UUID, asked: Parameters) -> Made:
    """A report of a class, for the office and for the class teacher; audited with its students."""
    report = CLASS_REPORTS.get(name)
    if report is None:
        raise UnknownReportError
    asked.within(YEAR)
    learners = await _class(uow, principal, group_id)
    organization = await require_visible(uow, principal, learners.organization_id)
    facts = await gathering.class_facts(uow, learners, asked, signs=report.signs, terms=report.terms)
    students = [one.student_id for one in facts.students]
    if asked.student_id is not None and _about_student(report):
        if asked.student_id not in students:
            raise NotFoundError
        students = [asked.student_id]
    await audit.record(uow, principal, f"report.{name}", students)
    sheet = report.build(facts, asked)
    chosen = next((one.name for one in facts.students if [one.student_id] == students), None)
    whose = learners.name if chosen is None or not _about_student(report) else f"{learners.name}, {chosen}"
    return Made(report, _titled(sheet, whose, asked), organization, len(students), report.template)


def _about_student(report: ClassReport) -> bool:
    return "student_id" in report.parameters


def _titled(sheet: Sheet, whose: str, asked: Parameters) -> Sheet:
    words = [*(one for one in (whose, sheet.subtitle) if one), f"с {asked.since:%d.%m.%Y} по {asked.until:%d.%m.%Y}"]
    return replace(sheet, subtitle=", ".join(words))


async def _class(uow: UnitOfWork, principal: Principal, group_id: UUID) -> Learners:
    learners = await rosters.visible_learners(uow, principal, group_id)
    if learners.class_id != learners.id:
        raise NotFoundError
    led = principal.role is not Role.TEACHER or await staff.leads(
        uow, principal.person_id, [group_id], uow.clock.today()
    )
    if not led:
        raise NotFoundError
    return learners


async def of_organization(
    uow: UnitOfWork, principal: Principal, name: str, organization_id: UUID, asked: Parameters
) -> Made:
    """A report of an organization's journals: of all to the office, of their own to teachers; audited with the teachers."""
    report = ORGANIZATION_REPORTS.get(name)
    if report is None:
        raise UnknownReportError
    asked.within(YEAR)
    if academic_year(asked.since) != academic_year(asked.until):
        raise ReportPeriodError
    organization = await require_visible(uow, principal, organization_id)
    sheet, teachers = await _BUILD[report.name](uow, principal, organization_id, asked)
    await audit.record(uow, principal, f"report.{name}", sorted(teachers))
    return Made(report, _titled(sheet, "", asked), organization, len(teachers))


async def _subject_teacher(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, asked: Parameters
) -> tuple[Sheet, set[UUID]]:
    teacher_id = principal.person_id if principal.role is Role.TEACHER else asked.teacher_id
    if teacher_id is None:
        raise TeacherNotNamedError
    year = academic_year(asked.since)
    rows = await repository.of_teacher(uow.session, organization_id, year, teacher_id, asked.since, asked.until)
    if not rows and not await _is_teacher(uow, principal, organization_id, teacher_id):
        raise NotFoundError
    taught = await gathering.named(uow, [(row.id, row.learners_id, row.title) for row in rows])
    until, today = gathering.took_place_until(uow, asked), uow.clock.today()
    scope = Scope(organization_id, year, list(taught), asked.since, until, [asked.since], today)
    names = await staff.names_of(uow, [teacher_id])
    sheet = subject_teacher(
        names.get(teacher_id, ""),
        list(taught.values()),
        await term_results.of_journals(uow, organization_id, year, list(taught), asked),
        await gathering.marks_within(uow, scope),
        await repository.presence(uow.session, scope),
    )
    return sheet, {teacher_id}


async def _is_teacher(uow: UnitOfWork, principal: Principal, organization_id: UUID, teacher_id: UUID) -> bool:
    """Whether the organization may be told of the teacher: one of its own, or the caller."""
    return teacher_id == principal.person_id or bool(await journals.teachers_among(uow, organization_id, [teacher_id]))


async def _seen(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, asked: Parameters
) -> tuple[Mapping[UUID, TeacherJournal], Mapping[UUID, UUID], Scope]:
    """Journals of the class or group that is asked for, with their learners, and their lessons: all to the office, to a teacher the own."""
    year = academic_year(asked.since)
    own = None
    if principal.role is Role.TEACHER:
        own = (await uow.session.scalars(journals.own_of(principal, uow.clock.today()))).all()
    rows = await repository.of_journals(uow.session, organization_id, year, own)
    wanted = [row for row in rows if asked.learners_id in {None, row.learners_id}]
    found = await gathering.named(uow, [(row.id, row.learners_id, row.title) for row in wanted])
    until = gathering.took_place_until(uow, asked)
    scope = Scope(organization_id, year, list(found), asked.since, until, [asked.since], uow.clock.today())
    return found, {row.id: row.learners_id for row in wanted}, scope


async def _filling(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, asked: Parameters
) -> tuple[Sheet, set[UUID]]:
    found, _, scope = await _seen(uow, principal, organization_id, asked)
    rows = await repository.filling(uow.session, scope, asked.teacher_id)
    teachers = {row.teacher_id for row in rows if row.teacher_id is not None}
    return kept.filling(found, await staff.names_of(uow, teachers), rows), teachers


async def _programme(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, asked: Parameters
) -> tuple[Sheet, set[UUID]]:
    found, learners_of, scope = await _seen(uow, principal, organization_id, asked)
    teachings = grouped(await repository.teachings(uow.session, scope), lambda row: row.journal_id)
    if asked.teacher_id is not None:
        teachings = {
            key: rows for key, rows in teachings.items() if any(row.teacher_id == asked.teacher_id for row in rows)
        }
        found = {key: one for key, one in found.items() if key in teachings}
    teachers = {key: sorted({row.teacher_id for row in rows}) for key, rows in teachings.items()}
    concerned = {one for several in teachers.values() for one in several}
    calendar = await study.calendar_of(uow, organization_id, scope.academic_year)
    learners = await rosters.learners(uow, set(learners_of.values()))
    hours = {
        key: kept.hours(calendar.for_grade(learners[learners_of[key]].grade_from), rows, asked.since, scope.until)
        for key, rows in teachings.items()
        if calendar is not None and learners_of[key] in learners
    }
    held = await repository.held(uow.session, replace(scope, until=asked.until))
    names = await staff.names_of(uow, concerned)
    by_plan = await following.progress_of(uow, organization_id, scope.academic_year, set(found), scope.until)
    return kept.programme(found, names, hours, teachers, {row.journal_id: row for row in held}, by_plan), concerned


async def _remarks(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, asked: Parameters
) -> tuple[Sequence[Any], Names, set[UUID]]:
    """Remarks made in journals over a year, to a teacher those made to the teacher, and whose they are."""
    rows = await inspections.reported(
        uow.session,
        {
            "organization": organization_id,
            "year": academic_year(asked.since),
            "since": asked.since,
            "until": asked.until,
            "teacher": principal.person_id if principal.role is Role.TEACHER else asked.teacher_id,
            "learners": asked.learners_id,
            "journal": None,
        },
    )
    learners = await rosters.learners(uow, {row.learners_id for row in rows})
    subjects = await planning.subjects_of_journals(uow.session, {row.journal_id for row in rows})
    teachers, students = {row.teacher_id for row in rows}, {row.student_id for row in rows} - {None}
    called = {
        row.journal_id: (
            learners[row.learners_id].name if row.learners_id in learners else "",
            subjects.get(row.journal_id, ""),
        )
        for row in rows
    }
    names = Names(called, await staff.names_of(uow, teachers), await rosters.names_of(uow, students))
    return rows, names, teachers | students


async def _inspections(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, asked: Parameters
) -> tuple[Sheet, set[UUID]]:
    rows, names, people = await _remarks(uow, principal, organization_id, asked)
    return remarks.certificate(rows, names, uow.clock.today()), people


async def _remarks_page(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, asked: Parameters
) -> tuple[Sheet, set[UUID]]:
    rows, names, people = await _remarks(uow, principal, organization_id, asked)
    return remarks.page(rows, names), people


_Build = Callable[[UnitOfWork, Principal, UUID, Parameters], Awaitable[tuple[Sheet, set[UUID]]]]
_BUILD: Mapping[str, _Build] = {
    SUBJECT_TEACHER.name: _subject_teacher,
    FILLING.name: _filling,
    PROGRAMME.name: _programme,
    INSPECTIONS.name: _inspections,
    REMARKS.name: _remarks_page,
}
