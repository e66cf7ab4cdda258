"""Sample calls of the diary's routes."""

from typing import Any

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, Target, World

from ..factories import MONDAY, child_of
from ..places import school_of

FAMILY = {Role.GUARDIAN: frozenset({Target.OWN}), Role.STUDENT: frozenset({Target.OWN})}
"""A guardian's own child studies in the organization of the own place; so does a student."""

PERIOD = {"from": MONDAY.isoformat(), "to": MONDAY.isoformat()}


async def diary(world: World, place: Place, path: str = "", **options: Any) -> Call:
    """A call about the diary of a student of the place, the caller or the caller's child at OWN."""
    school = await school_of(world, place)
    own = place.target is Target.OWN
    itself = own and world.is_of(Role.STUDENT)
    student = await child_of(school, world.person_id if own else new_id(), itself=itself)
    return Call(f"/students/{student}/diary{path}", options)


async def week(world: World, place: Place) -> Call:
    return await diary(world, place, params={"week": MONDAY.isoformat()})


async def news(world: World, place: Place) -> Call:
    return await diary(world, place, "/news")


async def visit(world: World, place: Place) -> Call:
    return await diary(world, place, "/visit", json={"seen_to": "2026-09-06T21:00:00Z"})


async def acknowledge(world: World, place: Place) -> Call:
    return await diary(world, place, "/acknowledgement", params={"week": MONDAY.isoformat()})


async def attendance(world: World, place: Place) -> Call:
    return await diary(world, place, "/attendance", params=PERIOD)


async def diaries(world: World, place: Place) -> Listed:
    school = await school_of(world, place)
    own = place.target is Target.OWN
    student = await child_of(school, world.person_id if own else new_id(), itself=own and world.is_of(Role.STUDENT))
    return Listed(Call("/diaries"), student)


SAMPLES: dict[str, Sample | Listing] = {
    "list_diaries": Listing(diaries, key="student_id", visible=FAMILY),
    "read_diary": Sample(week, visible=FAMILY),
    "read_diary_news": Sample(news, visible=FAMILY),
    "visit_diary": Sample(visit, visible=FAMILY),
    "acknowledge_diary": Sample(acknowledge, visible=FAMILY),
    "read_diary_attendance": Sample(attendance, visible=FAMILY),
}
