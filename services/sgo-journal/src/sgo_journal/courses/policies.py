"""Who writes courses, who sees them, who goes through them."""

from datetime import date

from sqlalchemy import ColumnElement, or_, select

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy
from servicekit.security import Principal
from sgo_journal.courses.model import Course, CourseJournal
from sgo_journal.journals import service as journals

READ = policy(
    "courses.read",
    *OFFICE,
    Role.TEACHER,
    title="Просмотр курсов и материалов организации: учителю — своих и общих, опубликованных — своих журналов; кто что прошёл",
)
WRITE = policy(
    "courses.write",
    *(Role.HEAD, Role.COORDINATOR, Role.ORGANIZATION_ADMIN, Role.TEACHER),
    title="Составление, публикация и назначение курсов: учителю — своих курсов, журналам, которые он сейчас заполняет",
)
STUDY = policy(
    "courses.study", Role.GUARDIAN, Role.STUDENT, title="Просмотр опубликованных курсов: своих, своего ребёнка"
)
PASS = policy("courses.pass", Role.STUDENT, title="Отметка о прочитанном и сделанном в своих курсах")


def visible_to(principal: Principal, day: date) -> ColumnElement[bool]:
    """Courses of the caller's organization; to a teacher the own ones, those shared, those published for journals the teacher sees."""
    mine = Course.organization_id == principal.unit.organization_id
    if principal.role is not Role.TEACHER:
        return mine
    bound = select(CourseJournal.id).where(
        CourseJournal.organization_id == Course.organization_id,
        CourseJournal.academic_year == Course.academic_year,
        CourseJournal.course_id == Course.id,
        CourseJournal.journal_id.in_(journals.own_of(principal, day)),
    )
    return mine & or_(Course.author_id == principal.person_id, Course.shared, (Course.edition > 0) & bound.exists())


def sees_draft(principal: Principal, course: Course) -> bool:
    """Whether the caller sees a course as its author has it, or only as it was published."""
    return course.shared or may_change(principal, course)


def may_change(principal: Principal, course: Course) -> bool:
    """A teacher changes the own courses alone."""
    return principal.role is not Role.TEACHER or course.author_id == principal.person_id
