"""In which relation a caller stands to the card it reads."""

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


def audience_of(principal: Principal) -> Audience:
    """By role alone; a slice that knows more, such as whose class teacher the caller is, says so itself."""
    return _AUDIENCES[principal.role]
