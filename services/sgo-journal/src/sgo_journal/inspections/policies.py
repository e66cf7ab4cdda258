"""Who inspects journals, who is told of remarks, who answers them. Governing bodies read what was found, without students (App.1 2.3)."""

from sqlalchemy import ColumnElement, and_, false

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.policies import policy
from servicekit.security import Principal
from sgo_journal.inspections.model import Remark
from sgo_journal.inspections.values import MADE

INSPECT = policy(
    "inspections.make",
    *(Role.HEAD, Role.COORDINATOR, Role.ORGANIZATION_ADMIN),
    title="Проверка журналов: замечания, сроки, отметка об устранении",
)
READ = policy("inspections.read", *BODIES, *OFFICE, title="Просмотр проверок журналов")
LIST_REMARKS = policy(
    "remarks.list",
    *BODIES,
    *OFFICE,
    Role.TEACHER,
    title="Список замечаний: учителю — своих, органу управления — сделанных, без учеников",
)
READ_REMARKS = policy("remarks.read", *OFFICE, Role.TEACHER, title="Замечание и его история: учителю — своего")
ANSWER = policy("remarks.answer", Role.TEACHER, title="Ответ учителя на своё замечание")


def visible_to(principal: Principal) -> ColumnElement[bool]:
    """Remarks of the caller's organization; to a teacher, those made to the teacher; to a body, those made, wherever they are."""
    if principal.role in BODIES:
        return Remark.state.in_(MADE)
    mine = Remark.organization_id == principal.unit.organization_id
    if principal.role is not Role.TEACHER:
        return mine
    if principal.person_id is None:
        return false()
    return and_(mine, Remark.teacher_id == principal.person_id, Remark.state.in_(MADE))
