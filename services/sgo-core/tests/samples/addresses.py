"""Sample calls of the routes of the address book."""

import json
from uuid import UUID

from servicekit.ids import new_id
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from .registry import place_student, plain


async def get_address(world: World, _place: Place) -> Call:
    object_id = new_id()
    await world.service.fetch(
        "INSERT INTO address_object (id, level, type_name, name, search_name, search_text, full_text) "
        "VALUES ($1, 'settlement', 'г.', 'Образцовск', 'образцовск', ' образцовск', 'г. Образцовск')",
        object_id,
    )
    return Call(f"/addresses/{object_id}")


async def list_unmatched_addresses(world: World, place: Place) -> Listed:
    registry, student_id = await place_student(world, place)
    await typed_by_hand(world, student_id, "Образцовск, Примерная, 5")
    del registry
    return Listed(Call(f"/organizations/{place.organization_id}/unmatched-addresses"), f"residence:{student_id}")


async def typed_by_hand(world: World, student_id: UUID, text: str) -> None:
    await world.service.fetch("UPDATE student SET residence = $2 WHERE id = $1", student_id, json.dumps({"text": text}))


SAMPLES: dict[str, Sample | Listing] = {
    "look_up_addresses": plain("/addresses?text=Образцовск"),
    "get_address": Sample(get_address, scoped=False),
    "list_unmatched_addresses": Listing(list_unmatched_addresses, key="key", denied=404),
}
