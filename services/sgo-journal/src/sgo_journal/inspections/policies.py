"""Who inspects journals, who is told of remarks, who answers them."""

from sqlalchemy import ColumnElement, and_, false

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy
from servicekit.security import Principal
from sgo_journal.inspections.model import Remark
from sgo_journal.inspections.values import MADE

INSPECT = policy(
    "inspections.make",
    *(Role.HEAD, Role.COORDINATOR, Role.ORGANIZATION_ADMIN),
    title="Проверка журналов: замечания, сроки, отметка об устранении",
)
READ = policy("inspections.read", *OFFICE, title="Просмотр проверок журналов")
READ_REMARKS = policy("remarks.read", *OFFICE, Role.TEACHER, title="Просмотр замечаний: учителю — своих")
ANSWER = policy("remarks.answer", Role.TEACHER, title="Ответ учителя на своё замечание")


def visible_to(principal: Principal) -> ColumnElement[bool]:
    """Remarks of the caller's organization; to a teacher, those made to the teacher."""
    mine = Remark.organization_id == principal.unit.organization_id
    if principal.role is not Role.TEACHER:
        return mine
    if principal.person_id is None:
        return false()
    return and_(mine, Remark.teacher_id == principal.person_id, Remark.state.in_(MADE))
