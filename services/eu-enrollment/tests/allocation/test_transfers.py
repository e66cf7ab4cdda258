"""Who has a place and asks for another: never without one, and the old place goes to the next in the same allocation."""

from typing import Any
from uuid import UUID

import pytest

from servicekit.ids import new_id

from ..factories import Town, group, organization


@pytest.fixture
async def gardens(town: Town) -> tuple[Any, Any]:
    """Groups of two gardens: one place free in the first, none but a spare one of the campaign's in the second."""
    first, second = organization(), organization()
    wanted, old = group(first.organization_id, 20, 19), group(second.organization_id, 20, 18)
    await town.hear(first, second, wanted, old)
    await town.open({wanted: 1, old: 1}, kind="preschool_transfer", rules=await rules(town))
    return wanted, old


async def rules(town: Town) -> str:
    """The rules of transfers between preschools."""
    found = [one["id"] for one in await town.get("/rules") if one["kind"] == "preschool_transfer"]
    return str(found[0])


async def ask(town: Town, number: int, where: UUID, held: Any = None) -> str:
    """An application of a child who has a place in a group; by default in one that the campaign does not offer."""
    held = held or group(new_id(), 20, 20)
    attends = {"organization_id": str(held.organization_id), "group_id": str(held.group_id)}
    return str((await town.confirm(await town.apply(number, where, attends=attends)))["id"])


async def places(town: Town, of: Any) -> tuple[int, int]:
    """Offered and taken."""
    (row,) = await town.fetch("SELECT places, taken FROM offer WHERE group_id = $1", of.group_id)
    return row["places"], row["taken"]


async def test_the_old_place_goes_to_the_next_in_the_same_allocation(town: Town, gardens: tuple[Any, Any]) -> None:
    wanted, old = gardens
    mover = await ask(town, 1, wanted.organization_id, old)
    others = [await ask(town, number, old.organization_id) for number in (2, 3, 4)]
    done = await town.allocate()
    assert (done["applicants"], done["referred"]) == (4, 3), "the mover, the spare place, the mover's old one"
    held = {item["application_id"]: item["group_id"] for item in await town.referrals()}
    assert held == {mover: str(wanted.group_id)} | dict.fromkeys(others[:2], str(old.group_id))
    assert await places(town, old) == (2, 2)


async def test_without_a_better_place_the_child_stays_and_nobody_gets_its_own(
    town: Town, gardens: tuple[Any, Any]
) -> None:
    wanted, old = gardens
    first = await ask(town, 1, wanted.organization_id)
    mover = await ask(town, 2, wanted.organization_id, old)
    others = [await ask(town, number, old.organization_id) for number in (3, 4)]
    await town.allocate()
    assert {item["application_id"] for item in await town.referrals()} == {first, others[0]}
    assert await places(town, old) == (1, 1)
    outcome = await town.get(f"/applications/{mover}/outcome")
    assert (outcome["organization_id"], outcome["group_id"]) == (str(old.organization_id), str(old.group_id))


async def test_who_declines_the_new_place_stays_in_the_old_one(town: Town, gardens: tuple[Any, Any]) -> None:
    wanted, old = gardens
    mover = await ask(town, 1, wanted.organization_id, old)
    await town.allocate()
    assert await places(town, old) == (2, 0)
    (held,) = await town.referrals()
    assert held["application_id"] == mover
    await town.post(f"/referrals/{held['id']}/decline")
    assert (await places(town, old), await places(town, wanted)) == ((1, 0), (1, 0))


async def test_a_place_in_a_group_that_is_not_offered_is_nobodys_here(town: Town, gardens: tuple[Any, Any]) -> None:
    wanted, _ = gardens
    mover = await ask(town, 1, wanted.organization_id)
    await town.allocate()
    (held,) = await town.referrals()
    assert held["application_id"] == mover


async def test_a_place_that_becomes_free_is_not_taken_back_by_a_table_of_before(
    town: Town, gardens: tuple[Any, Any]
) -> None:
    wanted, old = gardens
    await ask(town, 1, wanted.organization_id, old)
    path = f"/campaigns/{town.campaign_id}/offers"
    seen = (await town.service.client.get(path, headers=town.operator)).headers["ETag"]
    await town.allocate()
    assert await places(town, old) == (2, 0)
    sent = {"offers": [{"group_id": str(one.group_id), "places": 1} for one in gardens]}
    answer = await town.service.client.put(path, json=sent, headers=town.operator | {"If-Match": seen})
    assert answer.status_code == 412
    assert await places(town, old) == (2, 0)


async def test_places_that_are_to_become_free_can_still_be_offered(town: Town, gardens: tuple[Any, Any]) -> None:
    """The registry still counts the one who is to leave; the place it leaves is given already."""
    wanted, old = gardens
    old = old.model_copy(update={"occupied": 19})
    await town.hear(old)
    await ask(town, 1, wanted.organization_id, old)
    for number in (2, 3):
        await ask(town, number, old.organization_id)
    await town.allocate()
    assert await places(town, old) == (2, 2)
    offers = [{"group_id": str(one.group_id), "places": count} for one, count in ((wanted, 1), (old, 2))]
    assert (await town.put_offers(offers)).status_code == 204
    offers[1]["places"] = 3
    assert (await town.put_offers(offers)).json()["errors"][0]["code"] == "offer.no-room"
