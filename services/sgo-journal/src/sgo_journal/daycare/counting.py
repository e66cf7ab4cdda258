"""Child-days of a kindergarten over a month: for 85-К and for the fee, counts only."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from orgdirectory import require_visible
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.dates import academic_year
from sgo_journal.daycare import months, repository
from sgo_journal.daycare.figures import Counted


@dataclass(frozen=True)
class Report:
    """Child-days of a kindergarten (its full name) by group; ``working_days``: on which some group was open."""

    organization: str
    month: dt.date
    groups: Sequence[months.GroupMonth]
    totals: Counted

    @property
    def working_days(self) -> int:
        return len({day for one in self.groups for day in one.working})

    @property
    def average(self) -> Decimal | None:
        """Children a day, over days on which some group was open."""
        return self.totals.average(self.working_days)


async def read(uow: UnitOfWork, principal: Principal, organization_id: UUID, month: dt.date) -> Report:
    """Child-days of an organization the caller sees; raises ``NoCalendarError``."""
    organization = await require_visible(uow, principal, organization_id)
    year = academic_year(month)
    codes = await months.meanings(uow)
    groups = [
        (one.id, one.name, one.starts_on, one.ends_on)
        for one in await repository.groups(uow.session, organization_id, year)
        if one.starts_on < months.after(month) and one.ends_on > month
    ]
    counted = await months.count(uow, organization_id, year, groups, month, codes) if groups else []
    totals = Counted.together((one.counted for one in counted), codes)
    return Report(organization.full_name, month, counted, totals)
