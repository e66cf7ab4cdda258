"""Who sees journals, who sets them up."""

from datetime import date

from sqlalchemy import ColumnElement, or_, select

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


def visible_to(principal: Principal, day: date) -> ColumnElement[bool]:
    """Journals of the caller's organization; of a teacher, those of the own class and those the teacher teaches or taught in."""
    mine = Journal.organization_id == principal.unit.organization_id
    if principal.role is not Role.TEACHER:
        return mine
    return mine & or_(_taught_by(principal), Journal.learners_id.in_(staff.class_learners(principal.person_id, day)))


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
