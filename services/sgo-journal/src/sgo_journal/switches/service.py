"""Use cases of the switches: many lessons cancelled or put into remote mode by one decision, and put back."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from orgdirectory import require_visible
from servicekit.errors import FieldError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.journals import service as journals
from sgo_journal.lessons import planning
from sgo_journal.lessons import service as lessons
from sgo_journal.lessons.planning import Reason
from sgo_journal.lessons.service import Lesson
from sgo_journal.notices import service as notices
from sgo_journal.people import author
from sgo_journal.rosters import service as rosters
from sgo_journal.switches import repository
from sgo_journal.switches.covering import Over, is_meant, own_note, put_under, taken_out
from sgo_journal.switches.errors import NothingToSwitchError, SwitchInvalidError, SwitchUndoneError
from sgo_journal.switches.model import Switch
from sgo_journal.switches.schemas import SwitchIn
from sgo_journal.timetable import service as timetable

__all__ = ["Switch"]

_LONGEST = dt.timedelta(days=62)
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Affected:
    """What a switch does to which lessons, how many it leaves as they are, and how many of groups across classes are."""

    lessons: Sequence[tuple[Lesson, Mapping[str, Any]]]
    over: Mapping[UUID, Over]
    left: int
    mixed: int


async def preview(uow: UnitOfWork, principal: Principal, organization_id: UUID, body: SwitchIn) -> Affected:
    """What a switch would do; raises ``SwitchInvalidError``."""
    await require_visible(uow, principal, organization_id)
    await _check(uow, organization_id, body)
    return await _affected(uow, _switch(uow, principal, organization_id, body))


async def _check(uow: UnitOfWork, organization_id: UUID, body: SwitchIn) -> None:
    if not body.valid_from < body.valid_to <= body.valid_from + _LONGEST:
        raise SwitchInvalidError("Срок переключения: от одного дня до двух месяцев")
    if body.learners_ids is not None and body.grades is not None:
        raise SwitchInvalidError("Укажите или классы, или параллели")
    named = body.learners_ids or []
    groups = await rosters.learners(uow, named)
    wrong = [
        FieldError(f"/body/learners_ids/{place}", "switch.learners-unknown", "Нет такого класса или группы")
        for place, key in enumerate(named)
        if key not in groups or groups[key].organization_id != organization_id
    ]
    if wrong:
        raise SwitchInvalidError(errors=wrong)


def _switch(uow: UnitOfWork, principal: Principal, organization_id: UUID, body: SwitchIn) -> Switch:
    return Switch(
        organization_id=organization_id,
        id=new_id(),
        lessons=0,
        version=1,
        made_by=author(principal),
        made_at=uow.now,
        undone_by=None,
        undone_at=None,
        **body.model_dump(),
    )


async def _affected(uow: UnitOfWork, switch: Switch, *, hold: bool = False) -> Affected:
    key = switch.organization_id, switch.academic_year
    of_year = Lesson.academic_year == switch.academic_year
    found = await planning.between(
        uow.session, switch.organization_id, of_year, switch.valid_from, switch.valid_to, hold=hold
    )
    groups = await rosters.learners(uow, {lesson.learners_id for lesson in found})
    mine = [one for one in found if is_meant(groups.get(one.learners_id), switch.learners_ids, switch.grades)]
    over = await repository.standing_over(uow.session, *key, repository.on_days(switch))
    links = await journals.known(uow, switch.organization_id, {lesson.journal_id for lesson in mine})
    switched = [
        (lesson, values)
        for lesson in await _to_decide(uow, switch, mine)
        if all(of.id != switch.id for _, of in over.get(lesson.id, ()))
        and (values := put_under(lesson, switch, over.get(lesson.id, ()), links[lesson.journal_id].video_link))
        is not None
    ]
    across = {key for key, group in groups.items() if group.class_id is None and key not in (switch.learners_ids or ())}
    whole = switch.learners_ids is None and switch.grades is None
    mixed = 0 if whole else sum(one.learners_id in across for one in found)
    return Affected(switched, over, len(mine) - len(switched), mixed)


async def _to_decide(uow: UnitOfWork, switch: Switch, found: Sequence[Lesson]) -> list[Lesson]:
    """Lessons that something can be decided on still: they are not over, and their day lies in no closed period."""
    now = uow.now.astimezone(uow.clock.zone)
    days = {(lesson.journal_id, lesson.learners_id, lesson.date) for lesson in found}
    closed = await lessons.closed_days(uow, switch.organization_id, switch.academic_year, days)
    return [one for one in found if not planning.is_over(one, now) and (one.journal_id, one.date) not in closed]


async def make(uow: UnitOfWork, principal: Principal, organization_id: UUID, body: SwitchIn) -> Switch:
    """Switch lessons; raises ``SwitchInvalidError``, ``NothingToSwitchError``."""
    await require_visible(uow, principal, organization_id)
    await timetable.hold(uow, organization_id)
    await _check(uow, organization_id, body)
    switch = _switch(uow, principal, organization_id, body)
    affected = await _affected(uow, switch, hold=True)
    if not any(values for _, values in affected.lessons):
        raise NothingToSwitchError
    switch.lessons = len(affected.lessons)
    uow.session.add(switch)
    await uow.session.flush()
    await _put_under(uow, switch, affected, switch.made_by)
    return switch


async def _put_under(uow: UnitOfWork, switch: Switch, affected: Affected, by: UUID) -> None:
    rows = [
        {
            "organization_id": switch.organization_id,
            "academic_year": switch.academic_year,
            "id": new_id(),
            "switch_id": switch.id,
            "lesson_id": lesson.id,
            "own_note": own_note(lesson, affected.over.get(lesson.id, ())),
        }
        for lesson, _ in affected.lessons
    ]
    await repository.put_under(uow.session, rows)
    action: planning.Action = "cancelled" if switch.effect == "cancel" else "changed"
    changed = [(lesson, values) for lesson, values in affected.lessons if values]
    await planning.change(uow.session, changed, action, Reason(switch.reason, by, uow.now))
    kind = notices.Kind.NO_LESSONS if switch.effect == "cancel" else notices.Kind.REMOTE
    await _tell(uow, kind, switch, [lesson for lesson, _ in changed], switch.reason)


async def _tell(
    uow: UnitOfWork, kind: notices.Kind, switch: Switch, lessons: Sequence[Lesson], text: str | None = None
) -> None:
    key = switch.organization_id, switch.academic_year
    since = max(switch.valid_from, uow.clock.today())
    learners = {lesson.learners_id for lesson in lessons}
    until = switch.valid_to if since < switch.valid_to else None  # lessons may have been moved beyond its days
    await notices.tell_classes(uow, kind, *key, learners, switch.id, since, until, text)


async def put_new_under(
    uow: UnitOfWork, organization_id: UUID, academic_year: int, since: dt.date, until: dt.date, by: UUID
) -> None:
    """Put lessons of [since, until) that are new in their places under the switches in force; the caller holds the timetable.

    A lesson somebody has decided on by hand is left as that person wanted it.
    """
    for switch in await repository.in_force(uow.session, organization_id, academic_year, since, until):
        found = await _affected(uow, switch, hold=True)
        new = [(lesson, values) for lesson, values in found.lessons if not lesson.by_hand]
        if new:
            await _put_under(uow, switch, replace(found, lessons=new), by)
            switch.lessons += len(new)
            await uow.session.flush()


async def put_added_under(uow: UnitOfWork, lesson: Lesson, by: UUID) -> None:
    """Let a lesson that was set by hand into days of remote mode be remote; the caller holds the timetable.

    What cancels the lessons of its day is no concern of it: whoever set it there wants it held.
    """
    key = lesson.organization_id, lesson.academic_year
    for switch in await repository.in_force(uow.session, *key, lesson.date, lesson.date + _DAY):
        if switch.effect != "remote":
            continue
        found = await _affected(uow, switch, hold=True)
        mine = [(one, values) for one, values in found.lessons if one.id == lesson.id]
        if mine:
            await _put_under(uow, switch, replace(found, lessons=mine), by)
            switch.lessons += 1
            await uow.session.flush()


async def decided_by_hand(uow: UnitOfWork, lesson: Lesson) -> Mapping[str, Any]:
    """Let a lesson that somebody brings back by hand out of what cancels it; what of it changes besides."""
    key = lesson.organization_id, lesson.academic_year
    over = (await repository.standing_over(uow.session, *key, repository.at_lesson(lesson))).get(lesson.id, [])
    await repository.let_go(uow.session, [row for row, of in over if of.effect == "cancel"])
    rest = [of for _, of in over if of.effect != "cancel"]
    return {"switch_id": rest[-1].id if rest else None, "note": rest[-1].reason if rest else None}


async def drop_notes(uow: UnitOfWork, organization_id: UUID, academic_year: int, lesson_ids: Collection[UUID]) -> None:
    """What the notes of lessons under switches told holds no more: it is not put back when the switches are undone."""
    await repository.drop_notes(uow.session, organization_id, academic_year, lesson_ids)


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
    """Let the lessons that are yet to come out from under a switch; others, and those of closed days, stay as they were held.

    Raises ``SwitchUndoneError``, and ``ConflictsError`` if something else stands in their places by now.
    """
    switch = await read(uow, principal, switch_id)
    await timetable.hold(uow, switch.organization_id)
    await uow.session.refresh(switch)
    if switch.version != version:
        raise VersionMismatchError
    if switch.undone_at is not None:
        raise SwitchUndoneError
    today, under = uow.clock.today(), repository.under(switch)
    mine = await planning.between(uow.session, switch.organization_id, under, today, dt.date.max, hold=True)
    yet = await _to_decide(uow, switch, mine)
    key = switch.organization_id, switch.academic_year
    over = await repository.standing_over(uow.session, *key, repository.beside(switch))
    changed = [(lesson, values) for lesson in yet if (values := taken_out(lesson, switch, over[lesson.id]))]
    back = [lesson for lesson, values in changed if values.get("state") == "planned"]
    await timetable.require_room_for(uow, *key, back, declared=False)
    why = Reason(reason, author(principal), uow.now)
    action: planning.Action = "restored" if switch.effect == "cancel" else "changed"
    await planning.change(uow.session, changed, action, why)
    await _tell(uow, notices.Kind.SWITCH_UNDONE, switch, [lesson for lesson, _ in changed])
    await repository.let_go(uow.session, [row for one in yet for row, of in over[one.id] if of.id == switch.id])
    switch.undone_by, switch.undone_at, switch.version = why.by, uow.now, switch.version + 1
    await uow.session.flush()
    return switch
