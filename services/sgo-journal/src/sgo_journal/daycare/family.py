"""A child's month in preschool groups, for the family."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from asu_contracts.core import GroupKind
from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.class_events import service as class_events
from sgo_journal.daycare import months, repository
from sgo_journal.daycare.model import DaycareClosure
from sgo_journal.daycare.months import Sheet
from sgo_journal.rosters import service as rosters
from sgo_journal.rosters.service import Learner


@dataclass(frozen=True)
class ChildInGroup:
    """A child's month in a group: the group's sheet, of which only the child's row is shown, what the group is closed for, its events."""

    child: Learner
    sheet: Sheet
    closures: Sequence[DaycareClosure]
    events: Sequence[class_events.ClassEvent]


@dataclass(frozen=True)
class ChildMonth:
    """A child's month in all preschool groups the child was in."""

    student_id: UUID
    month: dt.date
    groups: Sequence[ChildInGroup]


async def read(uow: UnitOfWork, principal: Principal, student_id: UUID, month: dt.date) -> ChildMonth:
    """A month of a child whose guardianship is in force today and lets the guardian see; otherwise ``NotFoundError``."""
    if principal.person_id is None or not await rosters.may_see(uow, principal.person_id, student_id):
        raise NotFoundError
    until = months.after(month)
    stays = await rosters.stays(uow, student_id, month, until)
    groups = await rosters.learners(uow, {one.group_id for one in stays})
    found = []
    for group in sorted(groups.values(), key=lambda one: (one.name, one.id)):
        if group.kind != GroupKind.PRESCHOOL_GROUP:
            continue
        key = group.organization_id, group.academic_year
        sheet = await months.sheet(uow, group, month)
        child = next((one for one in sheet.children if one.student_id == student_id), None)
        if child is None:
            continue
        closures = await repository.closures(uow.session, *key, [group.id], month, until)
        events = await class_events.between(uow, group.organization_id, month, until, [group.id], {"state": "planned"})
        found.append(ChildInGroup(child, sheet, closures, events))
    return ChildMonth(student_id, month, found)
