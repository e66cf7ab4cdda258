"""Places of kinds: which groups of an organization a child can sit in, by what its family takes and what is confirmed."""

from collections import Counter
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from ..factories import Town, group, organization

SPEECH = {"orientations": ["compensating"], "disorder": "speech", "adapted_consent": True}
OR_GENERAL = SPEECH | {"orientations": ["compensating", "general"]}


class Garden:
    """An organization with a place in a group of each kind that is named."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.id_ = UUID(int=0)
        self.names: dict[str, str] = {}

    async def open(self, places: int = 1, /, **groups: dict[str, Any]) -> None:
        one = organization()
        self.id_ = one.organization_id
        made = {name: group(self.id_, 20, **more) for name, more in groups.items()}
        self.names = {str(found.group_id): name for name, found in made.items()}
        await self.town.hear(one, *made.values())
        await self.town.open(dict.fromkeys(made.values(), places))

    async def apply(self, number: int, **needs: Any) -> dict[str, Any]:
        return await self.town.apply(number, self.id_, **({"group": needs} if needs else {}))

    async def confirmed(self, number: int, **needs: Any) -> dict[str, Any]:
        return await self.town.confirm(await self.apply(number, **needs))

    async def seated(self) -> dict[str, str]:
        """Names of the groups that children were referred to, by application."""
        await self.town.allocate()
        return {item["application_id"]: self.names[item["group_id"]] for item in await self.town.referrals()}


@pytest.fixture
def garden(town: Town) -> Garden:
    return Garden(town)


async def test_a_compensating_place_is_for_who_has_the_conclusion(garden: Garden) -> None:
    await garden.open(speech={"orientation": "compensating", "disorder": "speech"}, general={})
    first, second = await garden.apply(1), await garden.apply(2)
    third = await garden.confirmed(3, **SPEECH)
    assert await garden.seated() == {first["id"]: "general", third["id"]: "speech"}
    outcome = await garden.town.get(f"/applications/{second['id']}/outcome")
    assert outcome["passed_over"]


async def test_who_needs_a_conclusion_gets_no_general_place_unasked(garden: Garden) -> None:
    await garden.open(2, general={})
    needs = await garden.confirmed(1, **SPEECH)
    takes = await garden.confirmed(2, **OR_GENERAL)
    assert await garden.seated() == {takes["id"]: "general"}
    told = await garden.town.get(f"/applications/{needs['id']}/outcome")
    (more,) = told["passed_over"]
    assert more["explanation"] == "Мест, которые может занять ребёнок, в этой организации нет"


async def test_a_group_is_of_one_disorder_and_one_for_none_is_of_all(garden: Garden) -> None:
    await garden.open(
        vision={"orientation": "compensating", "disorder": "vision"}, any={"orientation": "combined"}, general={}
    )
    speech = await garden.confirmed(1, **SPEECH)
    vision = await garden.confirmed(2, **SPEECH | {"disorder": "vision"})
    combined = await garden.confirmed(3, **SPEECH | {"orientations": ["combined"]})
    assert await garden.seated() == {vision["id"]: "vision", combined["id"]: "any"}
    assert (await garden.town.get(f"/applications/{speech['id']}"))["status"] == "queued"


async def test_a_conclusion_that_is_not_borne_out_leaves_what_needs_none(garden: Garden) -> None:
    await garden.open(speech={"orientation": "compensating", "disorder": "speech"}, general={})
    town = garden.town
    left, nothing = await garden.apply(1, **OR_GENERAL), await garden.apply(2, **SPEECH)
    await town.doubt(left["id"])
    await town.doubt(nothing["id"])
    assert await garden.seated() == {left["id"]: "general"}
    card = await town.get(f"/applications/{nothing['id']}")
    assert (card["status"], card["attention"]) == ("registered", "not_confirmed")


async def test_stay_modes_are_taken_as_wanted(garden: Garden) -> None:
    await garden.open(short={"stay_mode": "short_stay"}, day={})
    only_day, either = await garden.apply(1), await garden.apply(2, stay_modes=["full_day", "short_stay"])
    late = await garden.apply(3, stay_modes=["short_stay"])
    assert await garden.seated() == {only_day["id"]: "day", either["id"]: "short"}
    assert (await garden.town.get(f"/applications/{late['id']}"))["status"] == "queued"


async def test_the_wanted_kind_comes_first_where_it_leaves_nobody_without(garden: Garden) -> None:
    await garden.open(speech={"orientation": "compensating", "disorder": "speech"}, general={})
    takes = await garden.confirmed(1, **OR_GENERAL)
    assert await garden.seated() == {takes["id"]: "speech"}
    needs = await garden.confirmed(2, **SPEECH)
    assert await garden.seated() == {takes["id"]: "speech"}
    assert (await garden.town.get(f"/applications/{needs['id']}"))["status"] == "queued"


async def test_groups_of_early_age_are_general(garden: Garden) -> None:
    await garden.open(early={"orientation": "early"})
    one = await garden.apply(1)
    assert await garden.seated() == {one["id"]: "early"}


async def test_nobody_is_seated_where_the_registry_has_not_said_the_kind(garden: Garden) -> None:
    town = garden.town
    await garden.open(day={})
    group_id = UUID(next(iter(garden.names)))
    await garden.apply(1)
    await town.fetch("UPDATE directory_group SET orientation = 'unknown'")
    assert await garden.seated() == {}
    refused = await town.put_offers([{"group_id": str(group_id), "places": 2}])
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "offer.kind")


async def test_the_database_refuses_a_place_of_another_kind(garden: Garden) -> None:
    town = garden.town
    await garden.open(day={})
    await garden.apply(1)
    await garden.seated()
    await town.fetch("UPDATE directory_group SET orientation = 'wellness'")
    again = (
        "INSERT INTO referral (id, campaign_id, application_id, organization_id, group_id, allocation_id, rank, status, answer_by,"
        " due_on, created_at, changed_at) SELECT gen_random_uuid(), campaign_id, application_id, organization_id, group_id,"
        " allocation_id, rank, status, answer_by, due_on, created_at, changed_at FROM was"
    )
    gone = "WITH was AS (DELETE FROM referral RETURNING *) "
    with pytest.raises(asyncpg.CheckViolationError):
        await town.fetch(gone + again)
    await town.fetch("UPDATE directory_group SET orientation = 'general'")
    await town.fetch(
        "UPDATE application SET line = 'school', kinds = NULL, stay_modes = NULL, orientation = NULL, version = version + 1"
    )
    with pytest.raises(asyncpg.CheckViolationError):
        await town.fetch(gone + again)


KINDS: dict[str, dict[str, Any]] = {
    "day": {},
    "short": {"stay_mode": "short_stay"},
    "speech": {"orientation": "compensating", "disorder": "speech"},
    "vision": {"orientation": "compensating", "disorder": "vision"},
    "combined": {"orientation": "combined"},
    "wellness": {"orientation": "wellness"},
}
NEEDS: tuple[tuple[dict[str, Any], set[str]], ...] = (
    ({}, {"day"}),
    ({"stay_modes": ["short_stay", "full_day"]}, {"day", "short"}),
    ({"stay_modes": ["short_stay"]}, {"short"}),
    (SPEECH, {"speech"}),
    (OR_GENERAL, {"speech", "day"}),
    (SPEECH | {"disorder": "vision", "orientations": ["compensating", "combined"]}, {"vision", "combined"}),
    ({"orientations": ["wellness", "general"]}, {"wellness", "day"}),
)
"""What families ask, and where their children can sit once it is confirmed."""


@pytest.mark.parametrize("seed", range(3))
async def test_nobody_sits_where_it_cannot_and_nobody_who_can_is_passed_over(garden: Garden, seed: int) -> None:
    random = Random(seed)
    await garden.open(**KINDS)
    town, can = garden.town, {}
    order = []
    for number in range(14):
        needs, names = random.choice(NEEDS)
        receipt = await garden.apply(number, **needs)
        bare = all(name in {"day", "short"} for name in names)
        if bare:
            can[receipt["id"]] = names
        elif random.random() < 0.7:
            await town.confirm(receipt)
            can[receipt["id"]] = names
        else:
            await town.doubt(receipt["id"])
            can[receipt["id"]] = names & {"day"}
        order.append(receipt["id"])
    found = await garden.seated()
    assert all(found[id_] in can[id_] for id_ in found)
    assert max(Counter(found.values()).values()) == 1
    for passed in (id_ for id_ in order if id_ not in found):
        # whoever sits where it could sit stood before it
        sitting = [id_ for id_, name in found.items() if name in can[passed]]
        assert all(order.index(id_) < order.index(passed) for id_ in sitting)
        assert can[passed] <= set(found.values())
