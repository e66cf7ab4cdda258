"""What the movement book gives to a student's card: date of enrolment, class, shift, movement (Appendix 1, 1, 2, 3, 22).

It knows of an instant what had been recorded by then, and answers for the day of that instant. Only the main place of study is told of.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.catalogue.definition import Audience
from sgo_core.groups import service as groups
from sgo_core.movements import queries
from sgo_core.movements.titles import kind_title
from sgo_core.organizations import service as organizations


async def derived(
    uow: UnitOfWork, principal: Principal, audience: Audience, student_id: UUID, instant: datetime | None
) -> dict[str, Any]:
    """Values of the fields by name.

    Who sees the organization of the present (or last) main place sees the whole movement, as the family does; others see the
    lines of the organizations they see.
    """
    visible = organizations.visible_ids(principal)
    lines = [
        one
        for one in await queries.main_book_of(uow.session, student_id, visible)
        if instant is None or one.Movement.recorded_at <= instant
    ]
    day = uow.clock.today() if instant is None else uow.clock.date_of(instant)
    found = await _groups_of(uow, lines, instant)
    current = _current(lines, day)
    last = current or max(
        (one for one in lines if one.Movement.effective_date <= day),
        key=lambda one: (one.Movement.effective_date, one.Movement.id),
        default=None,
    )
    whole = audience is Audience.SUBJECT or (last is not None and last.visible)
    group = None if current is None else found[current.opened_group_id]
    return {
        "enrolled_on": None if last is None else last.since.isoformat(),
        "group": None if group is None else group.name,
        "shift": None if group is None or group.shift is None else str(group.shift),
        "movement": [_text(one, found) for one in lines if whole or one.visible],
    }


async def _groups_of(
    uow: UnitOfWork, lines: Sequence[Row[*tuple[Any, ...]]], instant: datetime | None
) -> Mapping[UUID, Any]:
    """The groups of the lines, named as they were at the instant."""
    ids = {id_ for one in lines for id_ in (one.opened_group_id, one.closed_group_id) if id_ is not None}
    if not ids:
        return {}
    return await (groups.by_ids(uow, ids) if instant is None else groups.known_at(uow, ids, instant))


def _current(lines: Sequence[Row[*tuple[Any, ...]]], day: date) -> Row[*tuple[Any, ...]] | None:
    """The line that opened the placement in force on a day."""
    standing: dict[UUID, Row[*tuple[Any, ...]]] = {}
    until: dict[UUID, date] = {}
    for one in lines:
        if one.Movement.closed_id is not None:
            until[one.Movement.closed_id] = one.Movement.effective_date
        if one.Movement.opened_id is not None:
            standing[one.Movement.opened_id] = one
    for opened_id, one in standing.items():
        if one.Movement.effective_date <= day < until.get(opened_id, date.max):
            return one
    return None


def _text(line: Row[*tuple[Any, ...]], found: Mapping[UUID, Any]) -> str:
    movement = line.Movement
    names = [found[one].name for one in (line.closed_group_id, line.opened_group_id) if one in found]
    title = kind_title(movement.kind, opens=movement.opened_id is not None, closes=movement.closed_id is not None)
    return (
        f"{movement.effective_date:%d.%m.%Y} {title}: {line.organization}, "
        f"{' → '.join(names)} (приказ № {line.number} от {line.date:%d.%m.%Y})"
    )
