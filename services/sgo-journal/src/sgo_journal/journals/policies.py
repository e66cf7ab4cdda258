"""Who sees journals, who sets them up."""

from datetime import date

from sqlalchemy import ColumnElement, Uuid, column, false, or_, select, table, true

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy
from servicekit.security import Principal
from sgo_journal.journals.model import Journal, Teaching
from sgo_journal.staff import service as staff

READ = policy("journals.read", *OFFICE, Role.TEACHER, title="Просмотр журналов: учителю — тех, которые он ведёт")
SET_UP = policy(
    "journals.set-up",
    Role.HEAD,
    Role.COORDINATOR,
    Role.ORGANIZATION_ADMIN,
    title="Открытие журналов, назначение учителей, выбор шкалы",
)

_LESSON = table("lesson", column("organization_id", Uuid), column("teacher_id", Uuid), column("journal_id", Uuid))


def visible_to(principal: Principal, day: date) -> ColumnElement[bool]:
    """Journals of the caller's organization; to a teacher, the teacher's own and those where the teacher gives a lesson."""
    mine = Journal.organization_id == principal.unit.organization_id
    return mine & or_(own_of(principal, day), _substituted_by(principal)) if principal.role is Role.TEACHER else mine


def whole_of(principal: Principal, day: date) -> ColumnElement[bool]:
    """Journals of which the caller sees every lesson."""
    return own_of(principal, day) if principal.role is Role.TEACHER else true()


def own_of(principal: Principal, day: date) -> ColumnElement[bool]:
    """Journals a teacher teaches or taught in, and those of the own class."""
    if principal.person_id is None:
        return false()
    mine = Journal.organization_id == principal.unit.organization_id
    return mine & or_(_taught_by(principal), Journal.learners_id.in_(staff.class_learners(principal.person_id, day)))


def _substituted_by(principal: Principal) -> ColumnElement[bool]:
    if principal.person_id is None:
        return false()
    return (
        select(_LESSON.c.journal_id)
        .where(
            _LESSON.c.organization_id == Journal.organization_id,
            _LESSON.c.teacher_id == principal.person_id,
            _LESSON.c.journal_id == Journal.id,
        )
        .exists()
    )


def _taught_by(principal: Principal) -> ColumnElement[bool]:
    return (
        select(Teaching.id)
        .where(
            Teaching.organization_id == Journal.organization_id,
            Teaching.academic_year == Journal.academic_year,
            Teaching.journal_id == Journal.id,
            Teaching.teacher_id == principal.person_id,
            Teaching.valid_from < Teaching.valid_to,
        )
        .exists()
    )
