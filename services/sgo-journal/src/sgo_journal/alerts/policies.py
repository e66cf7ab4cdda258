"""Who is told of unusual changes, who deals with them."""

from datetime import date

from sqlalchemy import ColumnElement, and_

from asu_contracts.access import OFFICE, Role
from servicekit.policies import policy
from servicekit.security import Principal
from sgo_journal.alerts.model import Alert
from sgo_journal.journals import service as journals

READ = policy("alerts.read", *OFFICE, Role.TEACHER, title="Необычные изменения отметок: учителю — в своих журналах")
DECIDE = policy(
    "alerts.decide",
    *(Role.HEAD, Role.COORDINATOR, Role.ORGANIZATION_ADMIN),
    title="Проверка необычных изменений отметок, пороги оповещений",
)


def visible_to(principal: Principal, day: date) -> ColumnElement[bool]:
    """Alerts of the caller's organization; to a teacher, those of the own journals and of those of the own class."""
    mine = Alert.organization_id == principal.unit.organization_id
    if principal.role is Role.TEACHER:
        return and_(mine, Alert.journal_id.in_(journals.own_of(principal, day)))
    return mine
