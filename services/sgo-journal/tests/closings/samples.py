"""Sample calls of the routes of closing periods."""

from datetime import UTC, date, datetime
from typing import Any

from asu_contracts.core import CalendarDates
from servicekit.testing import received
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..factories import QUARTERS, School, calendar, hear, quarters
from ..places import school_of

_SPLIT = ((date(2026, 9, 1), date(2026, 9, 6)), (date(2026, 9, 7), QUARTERS[0][1]), *QUARTERS[1:])
WEEK = quarters().model_copy(
    update={"periods": tuple(CalendarDates(first_day=first, last_day=last) for first, last in _SPLIT)}
)
"""A calendar whose first period ended the day before the Monday of the tests."""
FRIDAY = date(2026, 9, 4)
ORDER: dict[str, Any] = {
    "open_until": datetime(2099, 1, 1, tzinfo=UTC).isoformat(),
    "order_number": "17-о",
    "order_date": "2026-09-07",
    "reason": "Ошибка учителя",
}


async def ready(world: World, place: Place) -> School:
    """A school whose first period is over; the caller leads the class."""
    school = await school_of(world, place)
    # Told later than the calendars of the other samples, with which the place is shared.
    await hear(world.service, received(calendar(place.organization_id, WEEK), version=9))
    await school.appoint(school.teacher_id)
    return school


async def closed(school: School) -> str:
    """Id of the closing of the class's first period."""
    answer = await school.service.client.post(
        f"/groups/{school.group_id}/closings", json={"period": 1, "reason": "Образец"}, headers=school.admin
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def check(world: World, place: Place) -> Call:
    return Call(f"/groups/{(await ready(world, place)).group_id}/period-check", {"params": {"period": 1}})


async def gaps(world: World, place: Place) -> Listed:
    school = await ready(world, place)
    lesson = await school.lesson(FRIDAY)
    return Listed(Call(f"/groups/{school.group_id}/period-check/topic", {"params": {"period": 1}}), lesson)


async def close(world: World, place: Place) -> Call:
    return Call(f"/groups/{(await ready(world, place)).group_id}/closings", {"json": {"period": 1}})


async def listed(world: World, place: Place) -> Listed:
    school = await ready(world, place)
    return Listed(Call(f"/groups/{school.group_id}/closings"), await closed(school))


async def revoke(world: World, place: Place) -> Call:
    return Call(f"/closings/{await closed(await ready(world, place))}/revocation", {"json": {"reason": "Рано"}})


async def unlock(world: World, place: Place) -> Call:
    return Call(f"/closings/{await closed(await ready(world, place))}/unlocks", {"json": ORDER})


SAMPLES: dict[str, Sample | Listing] = {
    "check_period": Sample(check),
    "list_gaps": Listing(gaps, key="key", denied=404),
    "close_period": Sample(close),
    "list_closings": Listing(listed, key="id", denied=404),
    "revoke_closing": Sample(revoke),
    "unlock_period": Sample(unlock),
}
