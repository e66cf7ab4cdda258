"""Who answers for which cards and in what time, until an organization appoints others (regulation 3.4, App.2 3.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from asu_contracts.access import Role
from servicekit.workdays import add_workdays
from sgo_core.catalogue.definition import CardKind
from sgo_core.quality.model import QualityDuty

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Duty:
    """A role, a worker by name where one was appointed, and the term in working days; ``version`` 0: nobody was appointed."""

    role: Role
    worker_id: UUID | None
    term_days: int
    version: int

    def due_on(self, since: date) -> date:
        """The last day to fill a gap that is there since a day."""
        return add_workdays(since, self.term_days)

    def overdue_before(self, today: date) -> date:
        """Gaps there since before this day are overdue."""
        day = today - _DAY * (self.term_days * 2 + 20)
        while self.due_on(day) < today:
            day += _DAY
        return day


DEFAULTS: Mapping[CardKind, Duty] = {
    CardKind.ORGANIZATION: Duty(Role.ORGANIZATION_ADMIN, None, 10, 0),
    CardKind.WORKER: Duty(Role.SECRETARY, None, 10, 0),
    CardKind.STUDENT: Duty(Role.SECRETARY, None, 10, 0),
    CardKind.GUARDIAN: Duty(Role.SECRETARY, None, 10, 0),
}
"""The administrator keeps the organization's own data (App.2 3.1.2), the secretary the cards of people (3.1.5)."""


def in_force(appointed: Mapping[CardKind, tuple[QualityDuty, bool]]) -> dict[CardKind, Duty]:
    """Duties by kind of card: those appointed, else the defaults. Of a worker who has left only the role is left."""
    duties = dict(DEFAULTS)
    for kind, (one, employed) in appointed.items():
        duties[kind] = Duty(Role(one.role), one.worker_id if employed else None, one.term_days, one.version)
    return duties
