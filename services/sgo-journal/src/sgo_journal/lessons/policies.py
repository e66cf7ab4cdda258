"""Who sets lessons, who records them, who sees them."""

from sqlalchemy import ColumnElement, true

from asu_contracts.access import Role
from servicekit.policies import policy
from servicekit.security import Principal
from sgo_journal.lessons.model import Lesson

PLAN = policy("lessons.plan", Role.ORGANIZATION_ADMIN, title="Создание уроков своей организации")
READ = policy("lessons.read", Role.ORGANIZATION_ADMIN, Role.TEACHER, title="Просмотр уроков")
RECORD = policy(
    "lessons.record", Role.ORGANIZATION_ADMIN, Role.TEACHER, title="Отметки, посещаемость и домашнее задание урока"
)


def given_by(principal: Principal) -> ColumnElement[bool]:
    """To a teacher, the lessons the teacher gives; to anyone else, all."""
    return Lesson.teacher_id == principal.person_id if principal.role is Role.TEACHER else true()


def in_view(principal: Principal) -> ColumnElement[bool]:
    """Lessons of the caller's organization; of a teacher, those the teacher gives."""
    return (Lesson.organization_id == principal.unit.organization_id) & given_by(principal)
