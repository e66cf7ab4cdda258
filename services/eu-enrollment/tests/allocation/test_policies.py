"""What becomes of places that families were offered: allocated anew until the campaign is frozen, then only free ones are given."""

from typing import Any
from uuid import UUID

import pytest

from eu_enrollment.allocation.errors import FrozenError
from servicekit.ids import new_id

from ..factories import Town, group, organization


class Gardens:
    """A wanted garden and one less wanted, with one place each; the second child holds a place in the latter."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.wanted, self.other = organization(), organization()

    async def open(self, **more: Any) -> list[dict[str, Any]]:
        places = {group(one.organization_id, 20, 19): 1 for one in (self.wanted, self.other)}
        await self.town.hear(self.wanted, self.other, *places)
        await self.town.open(places, **more)
        wishes = (self.wanted.organization_id, self.other.organization_id)
        receipts = [await self.town.apply(number, *wishes) for number in range(3)]
        await self.town.allocate()
        assert await self.held() == {receipts[0]["id"]: "wanted", receipts[1]["id"]: "other"}
        return receipts

    async def held(self, status: str = "pending") -> dict[str, str]:
        names = {str(self.wanted.organization_id): "wanted", str(self.other.organization_id): "other"}
        return {item["application_id"]: names[item["organization_id"]] for item in await self.town.referrals(status)}

    async def answer(self, receipt: dict[str, Any], answer: str) -> None:
        (mine,) = [item for item in await self.town.referrals() if item["application_id"] == receipt["id"]]
        await self.town.post(f"/referrals/{mine['id']}/{answer}")


@pytest.fixture
def gardens(town: Town) -> Gardens:
    return Gardens(town)


async def taken(town: Town) -> list[int]:
    return [row["taken"] for row in await town.fetch("SELECT taken FROM offer ORDER BY group_id")]


async def test_rerun_moves_a_family_to_a_more_wanted_place_and_gives_its_own_to_the_next(gardens: Gardens) -> None:
    town, (first, second, third) = gardens.town, await gardens.open()
    await gardens.answer(first, "decline")
    done = await town.allocate()
    assert (done["policy"], done["referred"], done["moved_up"], done["stable"]) == ("rerun", 1, 1, True)
    assert await gardens.held() == {second["id"]: "wanted", third["id"]: "other"}
    assert await gardens.held("replaced") == {second["id"]: "other"}
    assert await taken(town) == [1, 1]
    history = await town.get(f"/applications/{second['id']}/history")
    assert [line["reason"] for line in history][-2:] == ["referred", "moved_up"]
    card = await town.get(f"/applications/{second['id']}")
    assert (card["status"], card["organization_id"]) == ("referred", str(gardens.wanted.organization_id))
    before = await town.referrals()
    again = await town.allocate()
    assert (again["referred"], again["moved_up"]) == (0, 0)
    assert await town.referrals() == before, "who stays keeps the same referral and its term"


async def test_who_has_accepted_takes_no_part(gardens: Gardens) -> None:
    town, (first, second, third) = gardens.town, await gardens.open()
    await gardens.answer(second, "accept")
    await gardens.answer(first, "decline")
    assert (await town.allocate())["applicants"] == 1
    assert await gardens.held() == {third["id"]: "wanted"}
    assert await gardens.held("accepted") == {second["id"]: "other"}


async def test_fill_moves_nobody(gardens: Gardens) -> None:
    town, (first, second, third) = gardens.town, await gardens.open()
    await gardens.answer(first, "decline")
    done = await town.allocate(policy="fill")
    assert (done["policy"], done["applicants"], done["referred"], done["moved_up"]) == ("fill", 1, 1, 0)
    assert await gardens.held() == {third["id"]: "wanted", second["id"]: "other"}
    assert await gardens.held("replaced") == {}


async def test_from_the_day_of_freezing_only_free_places_are_given(gardens: Gardens) -> None:
    town, (first, second, third) = gardens.town, await gardens.open(freeze_on="2026-01-20")
    (allocated,) = (await town.get(f"/campaigns/{town.campaign_id}/allocations"))["items"]
    assert allocated["policy"] == "fill"
    await gardens.answer(first, "decline")
    run = await town.post(f"/campaigns/{town.campaign_id}/allocations", 202, town.operator, {"policy": "rerun"})
    with pytest.raises(FrozenError):
        await town.carry_out(run["id"], policy="rerun")
    assert (await town.allocate())["policy"] == "fill"
    assert await gardens.held() == {third["id"]: "wanted", second["id"]: "other"}
    assert (await town.get(f"/campaigns/{town.campaign_id}"))["freeze_on"] == "2026-01-20"


async def test_who_stays_stays_in_its_group_though_others_of_the_pool_are_emptier(town: Town) -> None:
    garden = organization()
    small, large = group(garden.organization_id, 20, 18), group(garden.organization_id, 20, 10)
    await town.hear(garden, small, large)
    await town.open({small: 2})
    for number in range(2):
        await town.apply(number, garden.organization_id)
    await town.allocate()
    await town.offer({small: 2, large: 10})
    for number in range(2, 6):
        await town.apply(number, garden.organization_id)
    assert (await town.allocate())["moved_up"] == 0
    groups = [item["group_id"] for item in await town.referrals()]
    assert [groups.count(str(one.group_id)) for one in (small, large)] == [2, 4]


async def test_nobody_is_moved_to_a_less_wanted_place_as_a_group_is_closed(gardens: Gardens) -> None:
    """It may be open again tomorrow, and a place once given to another is gone."""
    town, (first, second, third) = gardens.town, await gardens.open()
    await town.fetch("UPDATE directory_group SET occupied = 10")
    offers = await town.get(f"/campaigns/{town.campaign_id}/offers")
    of = {item["organization"]["id"]: item["group"]["id"] for item in offers["items"]}
    wanted, other = (of[str(one.organization_id)] for one in (gardens.wanted, gardens.other))
    sent = [{"group_id": wanted, "places": 1}, {"group_id": other, "places": 3}]
    assert (await town.put_offers(sent)).status_code == 204
    await town.fetch("UPDATE directory_group SET active = false WHERE id = $1", UUID(wanted))
    done = await town.allocate()
    assert (done["referred"], done["moved_up"]) == (1, 0)
    assert await gardens.held() == {first["id"]: "wanted", second["id"]: "other", third["id"]: "other"}


async def test_a_wish_for_an_organization_that_offers_nothing_is_passed_by(town: Town) -> None:
    none, some = organization(), organization()
    place = group(some.organization_id, 20)
    await town.hear(none, some, place)
    await town.open({place: 1})
    receipt = await town.apply(1, none.organization_id, some.organization_id)
    assert (await town.allocate())["placed"] == 1
    (referral,) = await town.referrals()
    assert (referral["application_id"], referral["rank"]) == (receipt["id"], 2)


@pytest.mark.parametrize(("leaving", "given"), [(1, 0), (2, 1)])
async def test_a_place_that_the_group_has_no_more_is_given_to_nobody_when_its_holder_moves_up(
    town: Town, leaving: int, given: int
) -> None:
    """Three hold places, the group has two by now: only what leaves less than two there is a place."""
    wanted, other = organization(), organization()
    few, shrinking = group(wanted.organization_id, 20), group(other.organization_id, 3)
    await town.hear(wanted, other, few, shrinking)
    await town.open({shrinking: 3})
    wishes = (wanted.organization_id, other.organization_id)
    for number in range(3):
        await town.apply(number, *wishes)
    await town.allocate()
    await town.offer({few: leaving, shrinking: 3})
    await town.hear(shrinking.model_copy(update={"capacity": 2}))
    late = [await town.apply(number, other.organization_id) for number in range(3, 6)]
    for _ in range(2):
        await town.allocate()
    held = await town.referrals()
    there = [one["application_id"] for one in held if one["organization_id"] == str(other.organization_id)]
    assert len(there) == 2
    assert len({one["id"] for one in late} & set(there)) == given


@pytest.mark.parametrize("apart", [True, False])
async def test_brothers_and_sisters_are_placed_together(gardens: Gardens, apart: bool) -> None:
    """A place in each garden: apart where the family allows it, otherwise neither gets one; then a second place joins them."""
    town = gardens.town
    place, other = (group(one.organization_id, 20, 15) for one in (gardens.wanted, gardens.other))
    await town.hear(gardens.wanted, gardens.other, place, other)
    await town.open({place: 1, other: 1})
    wishes = (gardens.wanted.organization_id, gardens.other.organization_id)
    pair = [await town.apply(number, *wishes, apart_allowed=apart) for number in range(2)]
    await town.fetch("UPDATE application SET family_key = $1", new_id())
    done = await town.allocate()
    assert (done["stable"], done["blocking"]) == (True, [])
    assert sorted((await gardens.held()).values()) == (["other", "wanted"] if apart else [])
    await town.offer({place: 2, other: 1})
    await town.allocate()
    assert await gardens.held() == {one["id"]: "wanted" for one in pair}
    ids = [UUID(one["id"]) for one in pair]
    rows = await town.fetch("SELECT DISTINCT line FROM allocation_outcome WHERE application_id = ANY ($1)", ids)
    assert len(rows) == 4, "a line is of one allocation"
