"""Sample calls of the alerts' routes."""

from typing import Any

from servicekit.sealing import sealer
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World
from sgo_journal.alerts.watching import watch
from sgo_journal.sealing import RECORD_CHANGES

from ..factories import YEAR, School, mark
from ..places import school_of


async def alerts_of(school: School, headers: dict[str, str] | None = None, **asked: Any) -> list[dict[str, Any]]:
    """What is told after everything written was sealed and looked through."""
    await sealer.seal(school.service.runtime, RECORD_CHANGES)
    await watch(school.service.runtime)
    answer = await school.service.client.get(
        f"/organizations/{school.organization_id}/alerts",
        params={"academic_year": YEAR, **asked},
        headers=headers or school.admin,
    )
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def raised(world: World, place: Place) -> dict[str, Any]:
    """An alert in the school's journal."""
    school = await school_of(world, place)
    lesson, [student] = await school.lesson(number=8), await school.enrol("Образцова")
    await school.save(mark(lesson, student, "3"), headers=school.admin)
    await school.save(mark(lesson, student, "5", 1), headers=school.admin)
    return next(one for one in await alerts_of(school, kind="raised") if one["student_id"] == str(student))


async def made(world: World, place: Place) -> dict[str, Any]:
    return await world.once("alert", place, lambda: raised(world, place))


async def listed(world: World, place: Place) -> Listed:
    alert = await made(world, place)
    path = f"/organizations/{place.organization_id}/alerts"
    return Listed(Call(path, {"params": {"academic_year": YEAR, "limit": 500}}), alert["id"])


async def acknowledge(world: World, place: Place) -> Call:
    alert = await made(world, place)
    return Call(f"/alerts/{alert['id']}/acknowledgement", {"json": {"comment": "Пересдача"}})


async def settings(world: World, place: Place) -> Call:
    await school_of(world, place)
    return Call(f"/organizations/{place.organization_id}/alert-settings")


async def change_settings(world: World, place: Place) -> Call:
    await school_of(world, place)
    path = f"/organizations/{place.organization_id}/alert-settings"
    return Call(path, {"json": {"raised_by": 3}, "headers": {"If-Match": '"0"'}})


SAMPLES: dict[str, Sample | Listing] = {
    "list_alerts": Listing(listed, key="id", denied=404),
    "acknowledge_alert": Sample(acknowledge),
    "read_alert_settings": Sample(settings),
    "change_alert_settings": Sample(change_settings),
}
