"""Who sees journals, who sets them up."""

from datetime import date
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Uuid,
    column,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
    true,
)

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy
from servicekit.security import Principal
from sgo_journal.journals.model import Journal, Teaching
from sgo_journal.staff import service as staff

READ = policy(
    "journals.read",
    *OFFICE,
    Role.TEACHER,
    title="Просмотр журналов: учителю — тех, которые он ведёт или вёл, и своего класса; из прочих — своих уроков",
)
SET_UP = policy(
    "journals.set-up",
    Role.HEAD,
    Role.COORDINATOR,
    Role.ORGANIZATION_ADMIN,
    title="Открытие журналов, назначение учителей, выбор шкалы",
)

_LESSON = table("lesson", column("organization_id", Uuid), column("teacher_id", Uuid), column("journal_id", Uuid))
_TAUGHT = (
    (Teaching.organization_id == Journal.organization_id)
    & (Teaching.academic_year == Journal.academic_year)
    & (Teaching.journal_id == Journal.id)
    & (Teaching.valid_from < Teaching.valid_to)
)
"""A load that ends as it begins was taken back."""
_EVER = literal_column("date '-infinity'", Date)


def visible_to(principal: Principal, day: date) -> ColumnElement[bool]:
    """Journals of the caller's organization; to a teacher, the teacher's own and those where the teacher gives a lesson."""
    mine = Journal.organization_id == principal.unit.organization_id
    return mine & or_(own_of(principal, day), _substituted_by(principal)) if principal.role is Role.TEACHER else mine


def whole_of(principal: Principal, day: date) -> ColumnElement[bool]:
    """Journals of which the caller sees every lesson."""
    return own_of(principal, day) if principal.role is Role.TEACHER else true()


def own_of(principal: Principal, day: date) -> ColumnElement[bool]:
    """Journals that a teacher reads whole: who teaches or ever taught there, and who leads the class on the day."""
    if principal.person_id is None:
        return false()
    mine = Journal.organization_id == principal.unit.organization_id
    return mine & or_(
        ever_taught_by(principal.person_id), Journal.learners_id.in_(staff.class_learners(principal.person_id, day))
    )


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


def ever_taught_by(worker_id: UUID | None) -> ColumnElement[bool]:
    """Journals a worker teaches or has taught at any time: the worker reads what was written, replaced or not."""
    mine = _TAUGHT & (Teaching.teacher_id == literal(worker_id, Uuid))
    return select(Teaching.id).where(mine).correlate(Journal).exists()


def written_by(worker_id: UUID | None, day: date) -> ColumnElement[bool]:
    """Journals in which a worker has the say on a day, as of a total of that day (``gives_total``); not who was replaced before.

    Who teaches there then, who taught last where nobody does, and the class teacher where the organization says so. Before a journal's
    first teacher begins, as on the day that is.
    """
    begins = select(func.min(Teaching.valid_from)).where(_TAUGHT).correlate(Journal).scalar_subquery()
    on = func.greatest(literal(day, Date), begins, type_=Date)
    journal = Journal.organization_id, Journal.academic_year, Journal.id
    return func.gives_total(*journal, _EVER, on, literal(worker_id, Uuid), on, type_=Boolean)
