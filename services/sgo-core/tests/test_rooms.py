"""Rooms of an organization: numbers, kinds, buildings, classes that have one."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest
from sgo_core.history.recorded import Author
from sgo_core.rooms import service as rooms

from .samples.buildings import BUILDING
from .world import Registry, class_

IF_FIRST = {"If-Match": '"1"'}


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


def room(number: str = "21", **values: Any) -> dict[str, Any]:
    return {"number": number, "kind": "physics", "capacity": 25, "floor": 2, **values}


async def enter(registry: Registry, organization_id: UUID, body: dict[str, Any]) -> httpx.Response:
    path = f"/organizations/{organization_id}/rooms"
    return await registry.service.client.post(path, json=body, headers=registry.office(organization_id))


async def entered(registry: Registry, organization_id: UUID, body: dict[str, Any]) -> dict[str, Any]:
    answer = await enter(registry, organization_id, body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def building(registry: Registry, organization_id: UUID) -> str:
    path = f"/organizations/{organization_id}/buildings"
    answer = await registry.service.client.post(path, json=BUILDING, headers=registry.office(organization_id))
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


async def test_a_room_is_entered_changed_and_put_out_of_use(registry: Registry) -> None:
    school, client = await registry.organization(), registry.service.client
    office = registry.office(school)
    made = await entered(registry, school, room(building_id=await building(registry, school)))
    path = f"/rooms/{made['id']}"
    patch = {"reason": "Капитальный ремонт", "active": False, "capacity": None}
    changed = await client.patch(path, json=patch, headers={**office, **IF_FIRST})
    assert (changed.json()["active"], changed.json()["capacity"], changed.headers["ETag"]) == (False, None, '"2"')
    listed = f"/organizations/{school}/rooms"
    assert (await client.get(listed, headers=office)).json()["items"] == []
    assert len((await client.get(listed, params={"former": True}, headers=office)).json()["items"]) == 1
    changes = (await client.get(f"{path}/history", headers=office)).json()["items"]
    assert changes[1]["changes"] == {"active": [True, False], "capacity": [25, None]}
    events = await registry.events("core.room.changed.v1")
    assert [(one["subject"], one["version"]) for one in events] == [(made["id"], 1), (made["id"], 2)]
    assert (await client.patch(path, json=patch, headers={**office, **IF_FIRST})).status_code == 412
    await entered(registry, school, room("21"))


async def test_a_number_is_one_in_a_building(registry: Registry) -> None:
    school = await registry.organization()
    here, there = await building(registry, school), await building(registry, school)
    await entered(registry, school, room("21а", building_id=here))
    await entered(registry, school, room("21а", building_id=there))
    await entered(registry, school, room("21а"))
    for building_id in (here, None):
        answer = await enter(registry, school, room("21А", building_id=building_id))
        assert (answer.status_code, answer.json()["code"]) == (409, "rooms.number-taken")
    sent = (enter(registry, school, room("30")) for _ in range(2))
    assert sorted(one.status_code for one in await asyncio.gather(*sent)) == [201, 409]


async def test_what_a_room_cannot_be(registry: Registry) -> None:
    school, other = await registry.organization(), await registry.organization()
    for body, code in (
        (room(kind="unknown"), "reference-books.entry-unknown"),
        (room(building_id=await building(registry, other)), "rooms.building"),
        (room(building_id=str(new_id())), "rooms.building"),
    ):
        answer = await enter(registry, school, body)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert await registry.value("SELECT count(*) FROM room") == 0


async def test_a_class_has_a_room_of_its_own_organization(registry: Registry) -> None:
    school, other = await registry.organization(), await registry.organization()
    own = (await entered(registry, school, room()))["id"]
    foreign = (await entered(registry, other, room()))["id"]
    group = (await registry.groups(school, {**class_("1А"), "room_id": own}))[0]
    assert group["room_id"] == own
    for room_id in (foreign, str(new_id())):
        patch = {"reason": "Переезд", "room_id": room_id}
        headers = {**registry.office(school), **IF_FIRST}
        answer = await registry.service.client.patch(f"/groups/{group['id']}", json=patch, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "rooms.unknown")


async def test_rooms_follow_a_building_that_is_taken_over(registry: Registry) -> None:
    origin, heir = await registry.organization(), await registry.organization()
    taken = await building(registry, origin)
    moved = (await entered(registry, origin, room("1", building_id=taken)))["id"]
    stays = (await entered(registry, origin, room("1")))["id"]
    async with registry.service.runtime.uow() as uow:
        assert await rooms.hand_over(uow, origin, heir, [UUID(taken)], Author("test", "Присоединение")) == 1
    owners = {row["id"]: row["organization_id"] for row in await registry.fetch("SELECT id, organization_id FROM room")}
    assert owners == {UUID(moved): heir, UUID(stays): origin}
