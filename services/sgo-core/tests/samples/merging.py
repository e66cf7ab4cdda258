"""Sample calls of the routes of merging."""

from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..merging import note, open_card
from ..world import Registry
from .registry import another_student, place_organization

_PAPER = {"kind": "passport_rf", "series": "0311"}
_numbers = iter(range(100_000, 999_999))


async def two_cards(world: World, place: Place) -> tuple[Registry, UUID, UUID]:
    """Two cards of the place: one of a student there, one opened there."""
    registry, survivor = await another_student(world, place)
    paper = {**_PAPER, "number": str(next(_numbers))}
    return registry, survivor, await open_card(registry, place.organization_id, None, document=paper)


async def merge_cards(world: World, place: Place) -> Call:
    registry, survivor, _ = await two_cards(world, place)
    _, absorbed = await left(world, place, registry)
    body = {"kind": "student", "survivor_id": str(survivor), "absorbed_id": str(absorbed), "reason": "Один ребёнок"}
    return Call("/merges", {"json": {**body, "mistake": {"card": "absorbed", "reason": "Описка"}}})


async def left(world: World, place: Place, registry: Registry) -> tuple[Registry, UUID]:
    """A student who was enrolled in the place by mistake and left at once."""
    _, student_id = await another_student(world, place)
    await registry.fetch(
        "WITH ended AS (UPDATE placement p SET valid_to = p.valid_from, holds_place = false FROM membership m "
        "WHERE m.id = p.membership_id AND m.student_id = $1 RETURNING p.group_id) "
        "UPDATE study_group SET occupied = occupied - 1 WHERE id IN (SELECT group_id FROM ended)",
        student_id,
    )
    await registry.fetch("UPDATE membership SET valid_to = valid_from WHERE student_id = $1", student_id)
    return registry, student_id


async def _merged(world: World, place: Place) -> dict[str, Any]:
    """A merge that samples share: a call's changes are taken back after it."""
    return await world.once("merge", place, lambda: _merge(world, place))


async def _merge(world: World, place: Place) -> dict[str, Any]:
    registry, survivor = await another_student(world, place)
    _, absorbed = await left(world, place, registry)
    body = {"kind": "student", "survivor_id": str(survivor), "absorbed_id": str(absorbed), "reason": "Один ребёнок"}
    body |= {"mistake": {"card": "absorbed", "reason": "Описка"}}  # type: ignore[dict-item]
    answer = await registry.service.client.post("/merges", json=body, headers=registry.region)
    assert answer.status_code == 201, answer.text
    merged: dict[str, Any] = answer.json()
    return merged


async def _proposed(world: World, place: Place) -> dict[str, Any]:
    """A proposal of another organization about a card of the place."""
    return await world.once("proposal of a merge", place, lambda: _propose(world, place))


async def _propose(world: World, place: Place) -> dict[str, Any]:
    registry, mine = await another_student(world, place)
    elsewhere = Place(place.target, new_id(), place.municipality, place.founder_id)
    await place_organization(world, elsewhere)
    paper = {**_PAPER, "number": str(next(_numbers))}
    theirs = await open_card(registry, elsewhere.organization_id, None, document=paper)
    pair_id = await note(registry, mine, theirs)
    survivor = "first" if mine < theirs else "second"
    body = {"kind": "student", "pair_id": str(pair_id), "survivor": survivor, "reason": "Один ребёнок"}
    headers = registry.service.tokens.headers(
        Role.SECRETARY, municipality=place.municipality, organization_id=elsewhere.organization_id
    )
    answer = await registry.service.client.post("/merges", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def _step(made: dict[str, Any], name: str) -> Call:
    options = {"json": {"reason": "Разобрались"}, "headers": {"If-Match": f'"{made["version"]}"'}}
    return Call(f"/merges/{made['id']}/{name}", options)


async def get_merge(world: World, place: Place) -> Call:
    made = await _merged(world, place)
    return Call(f"/merges/{made['id']}")


async def list_merges(world: World, place: Place) -> Listed:
    made = await _merged(world, place)
    return Listed(Call("/merges"), made["id"])


async def confirm_merge(world: World, place: Place) -> Call:
    return _step(await _proposed(world, place), "confirmation")


async def reject_merge(world: World, place: Place) -> Call:
    return _step(await _proposed(world, place), "rejection")


async def undo_merge(world: World, place: Place) -> Call:
    made = await _merged(world, place)
    return _step(made, "undo")


async def tell_apart(world: World, place: Place) -> Call:
    registry, one, other = await two_cards(world, place)
    pair_id = await note(registry, one, other)
    return Call(f"/students/duplicates/{pair_id}/verdict", {"json": {"different": True, "reason": "Братья"}})


SAMPLES: dict[str, Sample | Listing] = {
    "merge_cards": Sample(merge_cards),
    "get_merge": Sample(get_merge),
    "list_merges": Listing(list_merges),
    "confirm_merge": Sample(confirm_merge),
    "reject_merge": Sample(reject_merge),
    "undo_merge": Sample(undo_merge),
    "tell_apart": Sample(tell_apart),
}
