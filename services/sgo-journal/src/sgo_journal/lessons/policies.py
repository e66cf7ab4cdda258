"""Who sets lessons, who writes in them, who sees them."""

import datetime as dt

from sqlalchemy import ColumnElement, false, or_

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy
from servicekit.security import Principal
from sgo_journal.journals import service as journals
from sgo_journal.lessons.model import Lesson

PLAN = policy("lessons.plan", Role.ORGANIZATION_ADMIN, Role.COORDINATOR, title="Создание уроков своей организации")
READ = policy(
    "lessons.read",
    *OFFICE,
    Role.TEACHER,
    title="Просмотр уроков: учителю — своих, а также журналов, которые он ведёт или вёл, и своего класса",
)
RECORD = policy(
    "lessons.record",
    Role.ORGANIZATION_ADMIN,
    Role.COORDINATOR,
    Role.TEACHER,
    title="Запись урока: тема, домашнее задание, работы, отметки, посещаемость",
)


def in_view(principal: Principal, day: dt.date) -> ColumnElement[bool]:
    """Lessons of the caller's organization; of a teacher, those the teacher gives and those of journals the teacher sees."""
    mine = Lesson.organization_id == principal.unit.organization_id
    return mine & shown_to(principal, day) if principal.role is Role.TEACHER else mine


def shown_to(principal: Principal, day: dt.date) -> ColumnElement[bool]:
    """What a teacher sees of lessons."""
    if principal.person_id is None:
        return false()
    return or_(Lesson.teacher_id == principal.person_id, Lesson.journal_id.in_(journals.own_of(principal, day)))
