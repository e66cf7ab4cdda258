"""Territories: the operator publishes acts over the generated streets, a visitor without login looks an address up."""

import csv
import io
from collections import defaultdict
from typing import Any

from demodata.journey.client import eventually
from demodata.journey.errors import JourneyError
from demodata.journey.world import World

_NOT_YET = frozenset({404, 422})
_TITLES = {"school": "О закреплении территорий за школами", "preschool": "О закреплении территорий за детскими садами"}
_PUBLIC = "/api/enrollment/v1/public"


async def assign(world: World) -> None:
    """An act for schools and one for preschools; then whoever lives at the demo school's address finds it."""
    with world.steps.step("territories", "Закреплённые территории") as step:
        counts: list[int] = []
        for kind in _TITLES:
            act = act_of(world, kind)

            async def publish(act: dict[str, Any] = act) -> Any:
                return await world.api.post("/api/enrollment/v1/territory-acts", world.operator, act)

            counts.append((await eventually(publish, statuses=_NOT_YET))["lines"])
        await _visit(world)
        step.note = f"строк в актах {sum(counts)}, адрес школы найден, открытые данные скачаны"
    world.summary["territories"] = sum(counts)


def act_of(world: World, kind: str) -> dict[str, Any]:
    """An act of the demo's municipality: a street belongs to the neighbourhoods whose organizations stand on it.

    A street of two neighbourhoods has its odd houses in the first and its even ones in the second; preschools share theirs.
    """
    place = world.municipality
    own = [one for one in world.organizations if one["municipality"] == place["oktmo"]]
    streets: dict[str, list[int]] = defaultdict(list)
    for one in own:
        street, _ = street_and_house(one["address"])
        if one["catchment"] not in streets[street]:
            streets[street].append(one["catchment"])
    lines = [
        {
            "organization_id": world.organization_ids[one["key"]],
            "settlement": place["name"],
            "street": street,
            "houses": houses,
            "shared": kind == "preschool",
        }
        for street, catchments in sorted(streets.items())
        for catchment, houses in zip(catchments, ("нечётные", "чётные") if len(catchments) > 1 else ("",), strict=False)
        for one in own
        if (one["kind"], one["catchment"]) == (kind, catchment)
    ]
    year = world.as_of.year
    return {
        "municipality": place["oktmo"],
        "kind": kind,
        "title": _TITLES[kind],
        "number": "1-Т",
        "issued_on": f"{year}-03-10",
        "authority": f"Администрация: {place['name']}",
        "valid_from": f"{year}-03-15",
        "lines": lines,
    }


def street_and_house(address: str) -> tuple[str, str]:
    """Of a generated address «край, город, улица, дом»."""
    _, _, street, house = address.split(", ")
    return street, house


async def _visit(world: World) -> None:
    street, house = street_and_house(world.demo_school["address"])
    asked = {"municipality": world.municipality["oktmo"], "settlement": world.municipality["name"]}
    answer = await world.api.call("GET", f"{_PUBLIC}/territories", params=asked | {"street": street, "house": house})
    outcomes = {item["kind"]: item["outcome"] for item in answer.json()["items"]}
    if outcomes["school"] != "assigned":
        raise JourneyError(f"Адрес школы ни за кем не закреплён: {outcomes}")
    for name in ("organizations", "territories"):
        table = await world.api.call("GET", f"{_PUBLIC}/open-data/{name}/data.csv")
        if len(list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))) < 2:
            raise JourneyError(f"Набор открытых данных пуст: {name}")
