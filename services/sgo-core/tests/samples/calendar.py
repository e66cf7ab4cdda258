"""Sample calls of the routes of calendars."""

from typing import Any

from asu_contracts.access import Role
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from .registry import place_organization
from .settings import keeper, made

_numbers = iter(range(10_000_000))


def new_set() -> dict[str, Any]:
    """A set that no other of these meets: a year and a grade of its own."""
    number = next(_numbers)
    year, grade = 2000 + number // 11 % 100, number % 11 + 1
    interval = {"title": "Осенние", "first_day": f"{year}-10-26", "last_day": f"{year}-11-03"}
    return {
        "academic_year": year,
        "kind": "vacations",
        "grade_from": grade,
        "grade_to": grade,
        "intervals": [interval],
        "reason": "Календарный график",
    }


def new_day() -> dict[str, Any]:
    number = next(_numbers)
    day = f"{2001 + number // 336 % 90}-{number // 28 % 12 + 1:02d}-{number % 28 + 1:02d}"
    return {"day": day, "kind": "off", "title": "День города", "reason": "Приказ"}


async def place_set(world: World, place: Place, *, region_too: bool = False) -> str:
    registry = await place_organization(world, place)
    headers = keeper(registry, world, place) if region_too else registry.office(place.organization_id)
    return await made(registry, "/calendar/sets", new_set(), headers)


async def place_day(world: World, place: Place, *, region_too: bool = False) -> str:
    registry = await place_organization(world, place)
    headers = keeper(registry, world, place) if region_too else registry.office(place.organization_id)
    return await made(registry, "/calendar/special-days", new_day(), headers)


def asked(path: str, **params: Any) -> Any:
    async def make(world: World, place: Place) -> Call:
        await place_organization(world, place)
        return Call(path, {"params": {"organization_id": str(place.organization_id), **params}})

    return make


async def list_sets(world: World, place: Place) -> Listed:
    params = {"organization_id": str(place.organization_id)}
    return Listed(Call("/calendar/sets", {"params": params}), await place_set(world, place))


async def list_days(world: World, place: Place) -> Listed:
    params = {"organization_id": str(place.organization_id)}
    return Listed(Call("/calendar/special-days", {"params": params}), await place_day(world, place))


async def add_set(world: World, place: Place) -> Call:
    if not world.is_of(Role.REGION_ADMIN):
        await place_organization(world, place)
    return Call("/calendar/sets", {"json": new_set()})


async def add_day(world: World, place: Place) -> Call:
    if not world.is_of(Role.REGION_ADMIN):
        await place_organization(world, place)
    return Call("/calendar/special-days", {"json": new_day()})


def of_set(suffix: str = "") -> Any:
    async def make(world: World, place: Place) -> Call:
        return Call(f"/calendar/sets/{await place_set(world, place)}{suffix}")

    return make


def of_day(suffix: str = "") -> Any:
    async def make(world: World, place: Place) -> Call:
        return Call(f"/calendar/special-days/{await place_day(world, place)}{suffix}")

    return make


async def edit_set(world: World, place: Place) -> Call:
    set_id = await place_set(world, place, region_too=True)
    options = {"json": {"reason": "Отмена", "active": False}, "headers": {"If-Match": '"1"'}}
    return Call(f"/calendar/sets/{set_id}", options)


async def edit_day(world: World, place: Place) -> Call:
    day_id = await place_day(world, place, region_too=True)
    options = {"json": {"reason": "Уточнение", "title": "День станицы"}, "headers": {"If-Match": '"1"'}}
    return Call(f"/calendar/special-days/{day_id}", options)


SAMPLES: dict[str, Sample | Listing] = {
    "get_calendar": Sample(asked("/calendar", academic_year=2026, grade=1)),
    "list_calendar_days": Sample(asked("/calendar/days", first="2026-09-01", last="2026-09-30", grade=1)),
    "list_calendar_sets": Listing(list_sets, denied=404),
    "add_calendar_set": Sample(add_set, scoped=False),
    "get_calendar_set": Sample(of_set()),
    "edit_calendar_set": Sample(edit_set),
    "list_calendar_set_changes": Sample(of_set("/history")),
    "list_special_days": Listing(list_days, denied=404),
    "add_special_day": Sample(add_day, scoped=False),
    "get_special_day": Sample(of_day()),
    "edit_special_day": Sample(edit_day),
    "list_special_day_changes": Sample(of_day("/history")),
}
