import pytest
from fastapi import APIRouter
from kit_sample.service import PRODUCER

from asu_contracts.access import Role
from servicekit.http.rights import UnguardedRouteError, rights_of
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World, check_matrix


async def _new_item(world: World) -> str:
    headers = {**world.headers(Role.REGION_ADMIN), "Idempotency-Key": str(new_id())}
    answer = await world.service.client.post("/items", json={"name": str(new_id())}, headers=headers)
    return str(answer.json()["id"])


async def create_item(_world: World, _place: Place) -> Call:
    return Call("/items", {"json": {"name": str(new_id())}, "headers": {"Idempotency-Key": str(new_id())}})


async def list_items(_world: World, _place: Place) -> Call:
    return Call("/items")


async def rename_item(world: World, _place: Place) -> Call:
    return Call(f"/items/{await _new_item(world)}", {"json": {"name": str(new_id())}, "headers": {"If-Match": '"1"'}})


async def work(_world: World, _place: Place) -> Call:
    return Call("/work")


SAMPLES = {
    "create_item": Sample(create_item, scoped=False),
    "list_items": Sample(list_items, scoped=False),
    "rename_item": Sample(rename_item, scoped=False),
    "work": Sample(work, scoped=False),
}
OUTSIDE = {"boom", "taken", "get_run"}


async def test_matrix_finds_what_is_wrong(service: ServiceUnderTest) -> None:
    wrong = await check_matrix(service, SAMPLES)
    assert sorted(wrong) == sorted(
        f"{name}: no sample call in SAMPLES of tests/test_permissions.py" for name in OUTSIDE
    )
    lied = await check_matrix(
        service,
        {"list_items": Sample(list_items, scoped=True)} | {k: v for k, v in SAMPLES.items() if k != "list_items"},
    )
    assert "GET /items by organization_admin on foreign: 200, expected 404" in lied


async def test_matrix_finds_what_a_list_shows_too_much(service: ServiceUnderTest) -> None:
    async def an_item(world: World, _place: Place) -> Listed:
        return Listed(Call("/items"), await _new_item(world))

    wrong = await check_matrix(service, {**SAMPLES, "list_items": Listing(an_item)})
    shown = "GET /items by organization_admin on {}: the object is shown in the list of own, expected not shown"
    assert {shown.format("sibling"), shown.format("foreign")} <= set(wrong)
    assert not [line for line in wrong if "region_admin" in line]
    unlisted = await check_matrix(service, {**SAMPLES, "list_items": Listing(another_id)})
    assert "GET /items by region_admin on own: the object is not shown, expected shown" in unlisted


async def another_id(_world: World, _place: Place) -> Listed:
    return Listed(Call("/items"), new_id())


def test_route_that_forgot_to_say_is_refused() -> None:
    router = APIRouter()

    @router.get("/open")
    async def forgotten() -> None: ...

    with pytest.raises(UnguardedRouteError):
        rights_of([router])
    assert {right.name for right in rights_of(PRODUCER.all_routers) if right.public} == {"boom", "taken"}
