"""Sample calls of the routes of rooms, shifts and lesson times."""

from typing import Any

from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from .registry import place_organization
from .settings import made

_numbers = iter(range(10_000_000))
LESSONS = [
    {"number": 1, "starts_at": "08:30", "ends_at": "09:10"},
    {"number": 2, "starts_at": "09:20", "ends_at": "10:00"},
]
_IF_FIRST = {"If-Match": '"1"'}


def new_room() -> dict[str, Any]:
    return {"number": f"{next(_numbers)}", "kind": "classroom", "capacity": 25, "floor": 2}


def new_bells() -> dict[str, Any]:
    """Lesson times that no other of these meet: for a day of their own."""
    number = next(_numbers)
    year = 2000 + number % 99
    return {
        "title": "Первая смена",
        "shift": 1,
        "weekdays": [number // 99 % 7 + 1],
        "valid_from": f"{year}-09-01",
        "valid_to": f"{year}-09-02",
        "lessons": LESSONS,
    }


async def place_room(world: World, place: Place) -> str:
    registry = await place_organization(world, place)
    path = f"/organizations/{place.organization_id}/rooms"
    return await made(registry, path, new_room(), registry.office(place.organization_id))


async def place_shift(world: World, place: Place) -> None:
    """The first shift, once."""
    registry = await place_organization(world, place)
    headers = registry.office(place.organization_id)
    path = f"/organizations/{place.organization_id}/shifts"
    answer = await registry.service.client.post(
        path, json={"number": 1, "starts_at": "08:00", "ends_at": "15:00"}, headers=headers
    )
    assert answer.status_code in {201, 409}, answer.text


async def place_bells(world: World, place: Place) -> str:
    registry = await place_organization(world, place)
    await place_shift(world, place)
    path = f"/organizations/{place.organization_id}/bell-schedules"
    return await made(registry, path, new_bells(), registry.office(place.organization_id))


async def enter_room(world: World, place: Place) -> Call:
    await place_organization(world, place)
    return Call(f"/organizations/{place.organization_id}/rooms", {"json": new_room()})


async def list_rooms(world: World, place: Place) -> Listed:
    return Listed(Call(f"/organizations/{place.organization_id}/rooms"), await place_room(world, place))


def of_room(suffix: str = "", **options: Any) -> Any:
    async def make(world: World, place: Place) -> Call:
        return Call(f"/rooms/{await place_room(world, place)}{suffix}", options)

    return make


async def list_shifts(world: World, place: Place) -> Call:
    await place_shift(world, place)
    return Call(f"/organizations/{place.organization_id}/shifts")


async def open_shift(world: World, place: Place) -> Call:
    await place_organization(world, place)
    number = await first_free(world, place)
    body = {"number": number, "starts_at": "08:00", "ends_at": "15:00"}
    return Call(f"/organizations/{place.organization_id}/shifts", {"json": body})


async def first_free(world: World, place: Place) -> int:
    registry = await place_organization(world, place)
    query = "SELECT coalesce(max(number), 0) + 1 FROM shift WHERE organization_id = $1"
    number: int = await registry.value(query, place.organization_id)
    return number


async def edit_shift(world: World, place: Place) -> Call:
    registry = await place_organization(world, place)
    await place_shift(world, place)
    query = "SELECT id FROM shift WHERE organization_id = $1 AND number = 1"
    shift_id = await registry.value(query, place.organization_id)
    version = await registry.value("SELECT version FROM shift WHERE id = $1", shift_id)
    body = {"reason": "Уточнение", "ends_at": f"15:{version % 60:02d}"}
    return Call(f"/shifts/{shift_id}", {"json": body, "headers": {"If-Match": f'"{version}"'}})


async def get_bells_of_day(world: World, place: Place) -> Call:
    await place_organization(world, place)
    return Call(f"/organizations/{place.organization_id}/bells", {"params": {"date": "2026-09-01", "grade": 1}})


async def enter_bells(world: World, place: Place) -> Call:
    await place_shift(world, place)
    return Call(f"/organizations/{place.organization_id}/bell-schedules", {"json": new_bells()})


async def list_bells(world: World, place: Place) -> Listed:
    bells_id = await place_bells(world, place)
    return Listed(Call(f"/organizations/{place.organization_id}/bell-schedules"), bells_id)


def of_bells(suffix: str = "", **options: Any) -> Any:
    async def make(world: World, place: Place) -> Call:
        return Call(f"/bell-schedules/{await place_bells(world, place)}{suffix}", options)

    return make


SAMPLES: dict[str, Sample | Listing] = {
    "enter_room": Sample(enter_room),
    "list_rooms": Listing(list_rooms, denied=404),
    "get_room": Sample(of_room()),
    "edit_room": Sample(of_room(json={"reason": "Ремонт", "active": False}, headers=_IF_FIRST)),
    "list_room_changes": Sample(of_room("/history")),
    "list_shifts": Sample(list_shifts),
    "open_shift": Sample(open_shift),
    "edit_shift": Sample(edit_shift),
    "get_bells_of_day": Sample(get_bells_of_day),
    "list_bell_schedules": Listing(list_bells, denied=404),
    "enter_bell_schedule": Sample(enter_bells),
    "get_bell_schedule": Sample(of_bells()),
    "edit_bell_schedule": Sample(of_bells(json={"reason": "Уточнение", "title": "Звонки"}, headers=_IF_FIRST)),
    "list_bell_schedule_changes": Sample(of_bells("/history")),
}
