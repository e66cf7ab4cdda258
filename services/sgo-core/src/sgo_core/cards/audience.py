"""In which relation a caller stands to the card it reads."""

from uuid import UUID

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.security import Principal
from sgo_core.catalogue.definition import Audience

_AUDIENCES = {
    **dict.fromkeys(BODIES, Audience.BODY),
    **dict.fromkeys(OFFICE, Audience.OFFICE),
    Role.TEACHER: Audience.TEACHER,
    Role.GUARDIAN: Audience.SUBJECT,
    Role.STUDENT: Audience.SUBJECT,
}


def audience_of_guardian(principal: Principal, guardian_id: UUID, of_child: Audience | None = None) -> Audience:
    """Of a child's guardians each sees itself whole; of the others a family member sees no more than a teacher does.

    ``of_child``: in which relation the caller stands to the child's card, where that is known.
    """
    audience = of_child or audience_of(principal)
    if audience is Audience.SUBJECT and principal.person_id != guardian_id:
        return Audience.TEACHER
    return audience


def audience_of(principal: Principal) -> Audience:
    """By role alone; a slice that knows more, such as whose class teacher the caller is, says so itself."""
    return _AUDIENCES[principal.role]
