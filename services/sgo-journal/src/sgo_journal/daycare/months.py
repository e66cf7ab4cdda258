"""A month of a group: which of its days are working ones, who was there, what it sums up to."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from servicekit.uow import UnitOfWork
from sgo_journal.absence_notices import service as absence_notices
from sgo_journal.daycare import repository
from sgo_journal.daycare.errors import NoCalendarError
from sgo_journal.daycare.figures import Counted, Meaning
from sgo_journal.rosters import service as rosters
from sgo_journal.rosters.service import Learner, Learners
from sgo_journal.study import service as study
from sgo_journal.study.calendar import GradeCalendar

_DAY = dt.timedelta(days=1)
_LONGEST = dt.timedelta(days=31)


def after(month: dt.date) -> dt.date:
    """The first day of the next month."""
    return (month + _LONGEST).replace(day=1)


def days_of(month: dt.date) -> list[dt.date]:
    """All days of a month named by its first."""
    return [month + _DAY * number for number in range((after(month) - month).days)]


async def meanings(uow: UnitOfWork) -> Mapping[str, Meaning]:
    """What codes stand for, in their order."""
    return {
        one.code: Meaning(one.sign, one.title, one.missed, one.payable) for one in await repository.codes(uow.session)
    }


async def calendar(uow: UnitOfWork, organization_id: UUID, academic_year: int) -> GradeCalendar:
    """When groups without a grade are open; raises ``NoCalendarError``."""
    found = await study.calendar_of(uow, organization_id, academic_year)
    if found is None:
        raise NoCalendarError
    return found.for_grade(None)


async def resting(
    uow: UnitOfWork, organization_id: UUID, academic_year: int, group_ids: Sequence[UUID], month: dt.date
) -> Mapping[UUID, frozenset[dt.date]]:
    """Days of a month on which groups are closed, by group."""
    found: dict[UUID, set[dt.date]] = {one: set() for one in group_ids}
    for closure in await repository.closures(
        uow.session, organization_id, academic_year, group_ids, month, after(month)
    ):
        found[closure.group_id] |= {day for day in days_of(month) if closure.first_day <= day <= closure.last_day}
    return {group_id: frozenset(days) for group_id, days in found.items()}


@dataclass(frozen=True)
class Sheet:
    """A group's month. ``working`` days are in order; ``cells`` have code and version by student and day.

    ``announced``: the code for an absence that was told ahead, by student and day.
    """

    group: Learners
    month: dt.date
    working: Sequence[dt.date]
    resting: frozenset[dt.date]
    children: Sequence[Learner]
    cells: Mapping[tuple[UUID, dt.date], tuple[str | None, int]]
    announced: Mapping[tuple[UUID, dt.date], str]
    codes: Mapping[str, Meaning]
    closed: bool

    def code(self, child: Learner, day: dt.date) -> str | None:
        """What is noted of a child's day."""
        return self.cells.get((child.student_id, day), (None, 0))[0]

    def days_of(self, child: Learner) -> list[dt.date]:
        """Working days on which the child was in the group."""
        return [day for day in self.working if child.is_there(day)]

    def of_child(self, child: Learner) -> Counted:
        """The child's days."""
        return Counted.of((self.code(child, day) for day in self.days_of(child)), self.codes)

    def present_on(self, day: dt.date) -> list[Learner]:
        """Who was in the group on the day."""
        return [child for child in self.children if child.is_there(day)]

    def marked_on(self, day: dt.date) -> int:
        """How many of those are noted."""
        return sum(self.code(child, day) is not None for child in self.present_on(day))

    @property
    def totals(self) -> Counted:
        """Child-days of the whole group."""
        return Counted.together((self.of_child(child) for child in self.children), self.codes)


async def sheet(uow: UnitOfWork, group: Learners, month: dt.date) -> Sheet:
    """A month of a group, of the days on which the group exists; raises ``NoCalendarError``."""
    key = group.organization_id, group.academic_year
    since, until = max(month, group.starts_on), min(after(month), group.ends_on)
    open_days = (await calendar(uow, *key)).study_days(since, until)
    closed_days = (await resting(uow, *key, [group.id], month))[group.id]
    children = await rosters.learners_within(uow, *key, group.id, since, until - _DAY)
    found = await repository.cells(uow.session, *key, group.id, since, until)
    return Sheet(
        group=group,
        month=month,
        working=[day for day in open_days if day not in closed_days],
        resting=closed_days,
        children=children,
        cells={(row.student_id, row.day): (row.code, row.version) for row in found},
        announced=await absence_notices.announced_in_daycare(
            uow, group.organization_id, [child.student_id for child in children], since, until
        ),
        codes=await meanings(uow),
        closed=await repository.is_closed(uow.session, *key, group.id, since),
    )


@dataclass(frozen=True)
class GroupMonth:
    """Child-days of a group over a month."""

    group_id: UUID
    name: str
    working: Sequence[dt.date]
    counted: Counted


async def count(
    uow: UnitOfWork,
    organization_id: UUID,
    academic_year: int,
    groups: Collection[tuple[UUID, str, dt.date, dt.date]],
    month: dt.date,
    codes: Mapping[str, Meaning],
) -> list[GroupMonth]:
    """Child-days of groups (id, name, first day, the day after the last) over a month."""
    key = organization_id, academic_year
    open_days = list((await calendar(uow, *key)).study_days(month, after(month)))
    closed_days = await resting(uow, *key, [one[0] for one in groups], month)
    working = {
        group_id: [day for day in open_days if since <= day < until and day not in closed_days[group_id]]
        for group_id, _, since, until in groups
    }
    found = await repository.count(uow.session, *key, working)
    return [
        GroupMonth(group_id, name, working[group_id], Counted(found[group_id], codes)) for group_id, name, *_ in groups
    ]
