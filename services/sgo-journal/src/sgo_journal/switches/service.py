"""Use cases of the switches: many lessons cancelled or put into remote mode by one decision, and put back."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from orgdirectory import require_visible
from servicekit.errors import FieldError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.journals import service as journals
from sgo_journal.lessons import planning
from sgo_journal.lessons.planning import Reason
from sgo_journal.lessons.service import Lesson
from sgo_journal.people import author
from sgo_journal.rosters import service as rosters
from sgo_journal.switches import repository
from sgo_journal.switches.errors import NothingToSwitchError, SwitchInvalidError, SwitchUndoneError
from sgo_journal.switches.model import Switch
from sgo_journal.switches.schemas import SwitchIn
from sgo_journal.timetable import service as timetable

__all__ = ["Switch"]

_LONGEST = dt.timedelta(days=62)


@dataclass(frozen=True)
class Affected:
    """Lessons a switch is about, how many of them are left as they are, and how many of groups across classes are."""

    lessons: Sequence[Lesson]
    left: int
    mixed: int


async def preview(uow: UnitOfWork, principal: Principal, organization_id: UUID, body: SwitchIn) -> Affected:
    """What a switch would do; raises ``SwitchInvalidError``."""
    await require_visible(uow, principal, organization_id)
    return await _affected(uow, organization_id, body)


async def _affected(uow: UnitOfWork, organization_id: UUID, body: SwitchIn) -> Affected:
    if not body.valid_from < body.valid_to <= body.valid_from + _LONGEST:
        raise SwitchInvalidError("Срок переключения: от одного дня до двух месяцев")
    if body.learners_ids is not None and body.grades is not None:
        raise SwitchInvalidError("Укажите или классы, или параллели")
    found = await planning.between(
        uow.session, organization_id, Lesson.academic_year == body.academic_year, body.valid_from, body.valid_to
    )
    groups = await rosters.learners(uow, {lesson.learners_id for lesson in found} | set(body.learners_ids or ()))
    named = set(body.learners_ids or ())
    if unknown := [key for key in named if key not in groups or groups[key].organization_id != organization_id]:
        pointer = f"/body/learners_ids/{(body.learners_ids or []).index(unknown[0])}"
        raise SwitchInvalidError(
            errors=[FieldError(pointer, "switch.learners-unknown", "Нет такого класса или группы")]
        )
    mine = [lesson for lesson in found if _is_of(groups.get(lesson.learners_id), named, body.grades)]
    switched = [lesson for lesson in mine if _open(lesson, body.effect, uow.clock.today())]
    mixed = {key for key, group in groups.items() if group.class_id is None and key not in named}
    of_mixed = (
        0 if body.learners_ids is None and body.grades is None else sum(one.learners_id in mixed for one in found)
    )
    return Affected(switched, len(mine) - len(switched), of_mixed)


def _is_of(group: rosters.Learners | None, named: set[UUID], grades: Sequence[int] | None) -> bool:
    """Whether the learners are meant: a class with its subgroups. A group across classes is meant only if it is named itself."""
    if grades is not None:
        return group is not None and group.class_id is not None and group.grade_from in grades
    if not named:
        return True
    return group is not None and not named.isdisjoint({group.id, group.class_id})


def _open(lesson: Lesson, effect: str, today: dt.date) -> bool:
    done = lesson.date < today or planning.recorded(lesson) or lesson.state != "planned"
    return not done and (effect == "cancel" or lesson.mode != "remote")


async def make(uow: UnitOfWork, principal: Principal, organization_id: UUID, body: SwitchIn) -> Switch:
    """Switch lessons; raises ``SwitchInvalidError``, ``NothingToSwitchError``."""
    await require_visible(uow, principal, organization_id)
    await timetable.hold(uow, organization_id)
    affected = (await _affected(uow, organization_id, body)).lessons
    if not affected:
        raise NothingToSwitchError
    by = author(principal)
    switch = Switch(
        organization_id=organization_id,
        id=new_id(),
        lessons=len(affected),
        version=1,
        made_by=by,
        made_at=uow.now,
        undone_by=None,
        undone_at=None,
        **body.model_dump(),
    )
    uow.session.add(switch)
    await uow.session.flush()
    links = await journals.known(uow, organization_id, {lesson.journal_id for lesson in affected})
    marked = {"by_hand": True, "switch_id": switch.id, "note": body.reason}
    if body.effect == "cancel":
        changed = [(lesson, {**marked, "state": "cancelled"}) for lesson in affected]
    else:
        changed = [
            (lesson, {**marked, "mode": "remote", "video_link": links[lesson.journal_id].video_link})
            for lesson in affected
        ]
    action: planning.Action = "cancelled" if body.effect == "cancel" else "changed"
    await planning.change(uow.session, changed, action, Reason(body.reason, by, uow.now))
    return switch


async def list_switches(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, after: UUID | None, limit: int
) -> Sequence[Switch]:
    """Switches of an organization, one more than ``limit``."""
    await require_visible(uow, principal, organization_id)
    return await repository.page(uow.session, organization_id, after, limit)


async def read(uow: UnitOfWork, principal: Principal, switch_id: UUID) -> Switch:
    """A switch of an organization the caller sees."""
    switch = await repository.one(uow.session, switch_id)
    if switch is None:
        raise NotFoundError
    await require_visible(uow, principal, switch.organization_id)
    return switch


async def undo(uow: UnitOfWork, principal: Principal, switch_id: UUID, version: int, reason: str) -> Switch:
    """Put the lessons of today and later back as the history has them; those that took place stay.

    Raises ``SwitchUndoneError``, and ``ConflictsError`` if something else stands in their places by now.
    """
    switch = await read(uow, principal, switch_id)
    await timetable.hold(uow, switch.organization_id)
    await uow.session.refresh(switch)
    if switch.version != version:
        raise VersionMismatchError
    if switch.undone_at is not None:
        raise SwitchUndoneError
    today = uow.clock.today()
    mine = await planning.between(
        uow.session,
        switch.organization_id,
        Lesson.switch_id == switch.id,
        max(switch.valid_from, today),
        switch.valid_to,
    )
    lessons = [lesson for lesson in mine if not planning.recorded(lesson)]
    before = await planning.before_switch(uow.session, switch.organization_id, switch.academic_year, switch.id)
    if switch.effect == "cancel":
        await timetable.require_room_for(uow, switch.organization_id, switch.academic_year, lessons)
    why = Reason(reason, author(principal), uow.now)
    changed = [(lesson, _put_back(lesson, before[lesson.id])) for lesson in lessons if lesson.id in before]
    await planning.change(uow.session, changed, "restored", why)
    switch.undone_by, switch.undone_at, switch.version = why.by, uow.now, switch.version + 1
    await uow.session.flush()
    return switch


def _put_back(lesson: Lesson, before: Mapping[str, Any]) -> Mapping[str, Any]:
    """A lesson that was moved since the switch stays decided on by hand."""
    moved = (lesson.date, lesson.number) != (lesson.planned_date, lesson.planned_number)
    return {**before, "by_hand": before.get("by_hand", True) or moved}
