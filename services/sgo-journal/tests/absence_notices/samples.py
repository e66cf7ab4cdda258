"""Sample calls of the notices of absence."""

from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, Target, World

from ..factories import MONDAY, School, child_of
from ..places import school_of

FAMILY = {Role.GUARDIAN: frozenset({Target.OWN})}
"""A guardian's own child studies in the organization of the own place."""
NOTICE: dict[str, Any] = {"starts_on": "2026-09-08", "ends_on": "2026-09-10", "reason": "family"}


async def ready(world: World, place: Place) -> tuple[School, UUID]:
    """A class that the caller leads, with a student: at OWN a child of the caller."""
    school = await school_of(world, place)
    await school.appoint(school.teacher_id)
    guardian = world.person_id if place.target is Target.OWN else new_id()
    return school, await child_of(school, guardian)


async def told(world: World, place: Place) -> tuple[School, UUID, str]:
    """A notice about the student, told by the family at OWN, by the school elsewhere."""
    school, student = await ready(world, place)
    path = f"/students/{student}/absence-notices"
    teller = school.headers(Role.GUARDIAN, world.person_id) if place.target is Target.OWN else school.admin
    made = await school.service.client.post(path, json=NOTICE, headers=teller)
    assert made.status_code == 201, made.text
    return school, student, made.json()["id"]


async def reasons(_world: World, _place: Place) -> Call:
    return Call("/absence-reasons")


async def tell(world: World, place: Place) -> Call:
    return Call(f"/students/{(await ready(world, place))[1]}/absence-notices", {"json": NOTICE})


async def of_student(world: World, place: Place) -> Listed:
    _, student, notice = await told(world, place)
    return Listed(Call(f"/students/{student}/absence-notices"), notice)


async def changed(world: World, place: Place, what: str, **body: Any) -> Call:
    _, _, notice = await told(world, place)
    options: dict[str, Any] = {"headers": {"If-Match": '"1"'}}
    return Call(f"/absence-notices/{notice}/{what}", options | ({"json": body} if body else {}))


async def withdraw(world: World, place: Place) -> Call:
    return await changed(world, place, "withdrawal")


async def shorten(world: World, place: Place) -> Call:
    return await changed(world, place, "end", last_day="2026-09-09")


async def accept(world: World, place: Place) -> Call:
    return await changed(world, place, "acceptance")


async def announced(world: World, place: Place) -> Call:
    return Call(f"/groups/{(await ready(world, place))[0].group_id}/absence-notices")


async def in_organization(world: World, place: Place) -> Listed:
    _, _, notice = await told(world, place)
    path = f"/organizations/{place.organization_id}/absence-notices"
    return Listed(Call(path, {"params": {"date": NOTICE["starts_on"]}}), notice)


async def unexplained(world: World, place: Place) -> Call:
    return Call(f"/groups/{(await ready(world, place))[0].group_id}/unexplained-absences")


async def suggested(world: World, place: Place) -> Call:
    school, _ = await ready(world, place)
    period = {"from": MONDAY.isoformat(), "to": MONDAY.isoformat()}
    return Call(f"/journals/{await school.journal()}/announced-absences", {"params": period})


SAMPLES: dict[str, Sample | Listing] = {
    "list_absence_reasons": Sample(reasons, scoped=False),
    "tell_absence": Sample(tell, visible=FAMILY),
    "list_absence_notices": Listing(of_student, key="id", visible=FAMILY, denied=404),
    "withdraw_absence_notice": Sample(withdraw, visible=FAMILY),
    "shorten_absence_notice": Sample(shorten, visible=FAMILY),
    "accept_absence_notice": Sample(accept),
    "list_announced": Sample(announced),
    "list_announced_in_organization": Listing(in_organization, key="id", denied=404),
    "list_unexplained": Sample(unexplained),
    "suggest_absences": Sample(suggested),
}
