"""Use cases of the class events."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

from pydantic_core import to_jsonable_python

from asu_contracts.access import Role
from orgdirectory import require_visible
from servicekit import audit
from servicekit.errors import FieldError, ForbiddenError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.class_events import repository
from sgo_journal.class_events.clashing import Over, require_free
from sgo_journal.class_events.errors import ClassEventCancelledError, ClassEventInvalidError, ClassEventTookPlaceError
from sgo_journal.class_events.model import ClassEvent, ClassEventChange
from sgo_journal.class_events.schemas import ClassEventIn, ClassEventPatch
from sgo_journal.journals import service as journals
from sgo_journal.lessons import planning
from sgo_journal.notices import service as notices
from sgo_journal.notices.kinds import Kind
from sgo_journal.people import author
from sgo_journal.rosters import service as rosters
from sgo_journal.rosters.service import Learners
from sgo_journal.staff import service as staff
from sgo_journal.study import service as study

__all__ = ["ClassEvent", "ClassEventChange"]

Action = Literal["planned", "changed", "cancelled"]
LONGEST = repository.LONGEST
_OVER = {"over_lessons", "over_events"}
_FIELDS = ClassEventIn.model_fields.keys() - _OVER
_PLACED = frozenset({"learners_ids", "starts_on", "ends_on", "starts_at", "ends_at", "room_id", "responsible_id"})
"""What decides whether an event can be held."""
_TOLD = _PLACED | {"title", "kind", "place", "state"}


async def plan(uow: UnitOfWork, principal: Principal, organization_id: UUID, body: ClassEventIn) -> ClassEvent:
    """Plan an event; raises ``ClassEventInvalidError``, to a teacher ``ForbiddenError`` for a class the teacher does not lead."""
    await require_visible(uow, principal, organization_id)
    await planning.hold(uow.session, organization_id)
    values = body.model_dump(exclude=_OVER)
    learners = await _check(uow, organization_id, values)
    await _require_own(uow, principal, learners)
    if body.starts_on < uow.clock.today():
        raise ClassEventInvalidError(errors=[_in_past()])
    whole = {**values, "academic_year": learners[0].academic_year}
    await require_free(uow, organization_id, None, whole, Over(body.over_lessons, body.over_events))
    event = ClassEvent(
        organization_id=organization_id,
        academic_year=learners[0].academic_year,
        id=new_id(),
        state="planned",
        version=1,
        made_by=author(principal),
        made_at=uow.now,
        **values,
    )
    uow.session.add(event)
    await uow.session.flush()
    await _keep(uow, event, "planned", {}, values, event.made_by)
    return event


def _in_past() -> FieldError:
    return FieldError("/body/starts_on", "class-event.in-past", "Этот день уже прошёл")


async def _check(uow: UnitOfWork, organization_id: UUID, values: Mapping[str, Any]) -> list[Learners]:
    """The learners of an event as it would be; raises ``ClassEventInvalidError``."""
    found = await rosters.learners(uow, values["learners_ids"])
    wrong = [
        FieldError(f"/body/learners_ids/{place}", "class-event.learners-unknown", "Нет такого класса или группы")
        for place, key in enumerate(values["learners_ids"])
        if key not in found or found[key].organization_id != organization_id
    ]
    learners = [found[key] for key in values["learners_ids"] if key in found]
    since, until = values["starts_on"], values["ends_on"]
    if not since <= until < since + repository.LONGEST:
        wrong.append(
            FieldError("/body/ends_on", "class-event.days", "Мероприятие длится от одного дня до двух месяцев")
        )
    elif any(not one.starts_on <= since <= until < one.ends_on for one in learners):
        wrong.append(FieldError("/body/starts_on", "class-event.outside-year", "Дни вне учебного года класса (группы)"))
    starts_at, ends_at = values["starts_at"], values["ends_at"]
    one_day = since == until
    if (starts_at is None) != (ends_at is None) or (one_day and starts_at is not None and starts_at >= ends_at):
        wrong.append(FieldError("/body/ends_at", "class-event.times", "Окончание должно быть позже начала"))
    if values["room_id"] is not None and values["room_id"] not in await study.rooms_of(uow, organization_id):
        wrong.append(FieldError("/body/room_id", "lesson.room-unknown", "Нет такого кабинета"))
    if not await journals.teachers_among(uow, organization_id, [values["responsible_id"]]):
        wrong.append(FieldError("/body/responsible_id", "class-event.responsible-unknown", "Нет такого работника"))
    if wrong:
        raise ClassEventInvalidError(errors=wrong)
    return learners


async def _require_own(uow: UnitOfWork, principal: Principal, learners: Collection[Learners]) -> None:
    """Of a teacher, that the teacher leads the class of all learners today."""
    if principal.role is not Role.TEACHER:
        return
    classes = {one.class_id for one in learners}
    led = await staff.leads(uow, principal.person_id, {one for one in classes if one is not None}, uow.clock.today())
    if not classes <= led:
        raise ForbiddenError


async def read(uow: UnitOfWork, principal: Principal, event_id: UUID) -> ClassEvent:
    """An event of an organization the caller sees."""
    event = await repository.one(uow.session, event_id)
    if event is None:
        raise NotFoundError
    await require_visible(uow, principal, event.organization_id)
    return event


async def _own(uow: UnitOfWork, principal: Principal, event_id: UUID) -> ClassEvent:
    event = await read(uow, principal, event_id)
    await planning.hold(uow.session, event.organization_id)
    event = await read(uow, principal, event_id)
    await _require_own(uow, principal, list((await rosters.learners(uow, event.learners_ids)).values()))
    if event.ends_on < uow.clock.today():
        raise ClassEventTookPlaceError
    if event.state == "cancelled":
        raise ClassEventCancelledError
    return event


async def change(
    uow: UnitOfWork, principal: Principal, event_id: UUID, version: int, body: ClassEventPatch
) -> ClassEvent:
    """Change an event; raises what ``plan`` does, ``ClassEventCancelledError``."""
    event = await _own(uow, principal, event_id)
    values = body.model_dump(exclude_unset=True, exclude=_OVER)
    whole = {name: getattr(event, name) for name in (*_FIELDS, "academic_year")} | values
    await _require_own(uow, principal, await _check(uow, event.organization_id, whole))
    if whole["starts_on"] != event.starts_on and whole["starts_on"] < uow.clock.today():
        raise ClassEventInvalidError(errors=[_in_past()])
    if values.keys() & _PLACED:
        same = not values.keys() & (_PLACED - {"room_id"})
        over = Over(lessons=body.over_lessons or same, events=body.over_events or same)
        await require_free(uow, event.organization_id, event.id, whole, over)
    return await _changed(uow, principal, event, version, "changed", values)


async def cancel(uow: UnitOfWork, principal: Principal, event_id: UUID, version: int, reason: str) -> ClassEvent:
    """Cancel an event; why is kept in its note."""
    event = await _own(uow, principal, event_id)
    return await _changed(uow, principal, event, version, "cancelled", {"state": "cancelled", "note": reason})


async def _changed(
    uow: UnitOfWork, principal: Principal, event: ClassEvent, version: int, action: Action, values: Mapping[str, Any]
) -> ClassEvent:
    old = {name: getattr(event, name) for name in values}
    told = set(event.learners_ids)
    if not await repository.change(uow.session, event, version, values):
        raise VersionMismatchError
    await uow.session.refresh(event)
    await _keep(uow, event, action, old, values, author(principal), told)
    return event


async def _keep(
    uow: UnitOfWork,
    event: ClassEvent,
    action: Action,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    by: UUID,
    told: Collection[UUID] = (),
) -> None:
    """Keep what was decided in the history of the event, and tell its classes, those it was for before too."""
    key = {"organization_id": event.organization_id, "academic_year": event.academic_year}
    row = {**key, "id": new_id(), "event_id": event.id, "action": action, "changed_by": by, "changed_at": uow.now}
    changed = {name: value for name, value in new.items() if action == "planned" or old[name] != value}
    await repository.keep(
        uow.session, {**row, "old": _json({name: old[name] for name in old if name in changed}), "new": _json(changed)}
    )
    if not changed.keys() & _TOLD and action == "changed":
        return
    kind = {"planned": Kind.EVENT_PLANNED, "changed": Kind.EVENT_CHANGED, "cancelled": Kind.EVENT_CANCELLED}[action]
    await notices.tell_classes(
        uow,
        kind,
        event.organization_id,
        event.academic_year,
        {*event.learners_ids, *told},
        event.id,
        event.starts_on,
        event.ends_on + dt.timedelta(days=1),
        event.title,
    )


def _json(values: Mapping[str, Any]) -> Any:
    return to_jsonable_python(dict(values))


async def history(
    uow: UnitOfWork, principal: Principal, event_id: UUID, after: UUID | None, limit: int
) -> Sequence[ClassEventChange]:
    """Who decided what on an event and when, one more than ``limit``."""
    return await repository.history(uow.session, await read(uow, principal, event_id), after, limit)


async def list_events(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    since: dt.date,
    until: dt.date,
    learners_id: UUID | None,
    after: UUID | None,
    limit: int,
) -> Sequence[ClassEvent]:
    """Events on some day of [since, until), of a class with its groups if one is named, one more than ``limit``."""
    await require_visible(uow, principal, organization_id)
    learners = None
    if learners_id is not None:
        academic_year = (await rosters.visible_learners(uow, principal, learners_id)).academic_year
        learners = {learners_id, *await rosters.beside_class(uow, organization_id, academic_year, learners_id)}
    return await repository.within(
        uow.session, organization_id, since, until, learners=learners, after=after, limit=limit
    )


async def participants(
    uow: UnitOfWork, principal: Principal, event_id: UUID
) -> Sequence[tuple[UUID, rosters.RosterLine]]:
    """Who takes part: whoever is on the rosters on the first day, each once, with the learners they come with; audited."""
    event = await read(uow, principal, event_id)
    key, invited = (event.organization_id, event.academic_year), event.learners_ids
    rows = await rosters.rosters(uow, *key, invited, event.starts_on)
    found: dict[UUID, tuple[UUID, rosters.RosterLine]] = {}
    for learners_id, line in sorted(rows, key=lambda row: invited.index(row[0])):
        found.setdefault(line.student_id, (learners_id, line))
    await audit.record(uow, principal, "class-event.participants", sorted(found))
    return list(found.values())


async def between(
    uow: UnitOfWork,
    organization_id: UUID,
    since: dt.date,
    until: dt.date,
    learners: Collection[UUID] | None,
    filters: Mapping[str, Any],
) -> Sequence[ClassEvent]:
    """Events on some day of [since, until) for views of the timetable."""
    return await repository.within(uow.session, organization_id, since, until, learners=learners, filters=filters)
