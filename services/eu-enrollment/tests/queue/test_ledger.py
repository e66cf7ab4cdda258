"""The ledger of a place: whatever happens, its lines sum up to the difference between two positions."""

from collections.abc import Awaitable, Callable
from random import Random
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest

from ..factories import Town, group, organization

RIGHTS: tuple[dict[str, Any], ...] = (
    {},
    {},
    {},
    {},
    {},
    {"benefit": "judge"},
    {"benefit": "police"},
    {"sibling": True},
)


EITHER = {"stay_modes": ["short_stay", "full_day"]}
NEEDS: tuple[dict[str, Any], ...] = (
    {},
    {},
    EITHER,
    EITHER,
    {"orientations": ["wellness", "general"]},
    {"stay_modes": ["short_stay"]},
)


async def ledger(town: Town, application_id: str, since: str) -> Any:
    return await town.get(f"/applications/{application_id}/position/changes?since={quote(since)}")


@pytest.fixture
async def wanted(town: Town) -> UUID:
    found = organization()
    place = group(found.organization_id, 20)
    await town.hear(found, place)
    await town.open({place: 2})
    return found.organization_id


async def test_every_change_is_told_with_its_cause(town: Town, wanted: UUID) -> None:
    for number in range(4):
        await town.apply(number, wanted)
    judge = await town.apply(10, wanted, benefit="judge")
    mine = await town.apply(20, wanted)
    await town.apply(30, wanted)
    before = await town.get(f"/applications/{mine['id']}/position")
    await town.confirm(judge)
    await town.allocate()
    for item in await town.referrals():
        if item["application_id"] != judge["id"]:
            await town.post(f"/referrals/{item['id']}/decline")
            await town.post(f"/applications/{item['application_id']}/restore")
    _, waiting, *_ = await town.fetch("SELECT id FROM application WHERE status = 'queued' ORDER BY accepted_seq")
    await town.post(f"/applications/{waiting['id']}/withdraw")
    (told,) = (await ledger(town, mine["id"], before["at"]))["organizations"]
    assert (told["position_then"], told["position_now"], told["change"]) == (5, 4, -1)
    assert {line["cause"]: line["change"] for line in told["lines"]} == {
        "rights_confirmed": 1,
        "placed": -2,
        "restored": 1,
        "withdrawn": -1,
    }
    assert told["federal"] == {"increase_queue": 0, "got_a_place": 2, "increase_benefits": 1}
    assert "−2: получили места" in {line["title"] for line in told["lines"]}


async def test_a_right_that_did_not_bear_out_moves_nobody(town: Town, wanted: UUID) -> None:
    claim = await town.apply(1, wanted, benefit="judge", siblings_in=[str(wanted)])
    mine = await town.apply(2, wanted)
    before = await town.get(f"/applications/{mine['id']}/position")
    await town.doubt(claim["id"])
    (told,) = (await ledger(town, mine["id"], before["at"]))["organizations"]
    assert (told["position_then"], told["position_now"]) == (1, 2)
    assert [(line["cause"], line["change"]) for line in told["lines"]] == [("checked", 1)]


class History:
    """A town in which things happen at random."""

    def __init__(self, town: Town, random: Random, organizations: list[UUID]) -> None:
        self.town, self.random, self.organizations = town, random, organizations
        self.applied = 0
        self.spared: list[str] = []

    async def look(self, application_id: str) -> tuple[str, str, dict[str, int]]:
        """An application, an instant, and its places then by organization."""
        told = await self.town.get(f"/applications/{application_id}/position")
        return application_id, told["at"], {one["organization_id"]: one["position"] for one in told["organizations"]}

    async def apply(self) -> str:
        chosen = self.random.sample(self.organizations, self.random.randint(1, len(self.organizations)))
        right = dict(self.random.choice(RIGHTS))
        if right.pop("sibling", False):
            right["siblings_in"] = [str(chosen[0])]
        self.applied += 1
        needs = self.random.choice(NEEDS)
        return str((await self.town.apply(self.applied, *chosen, group=needs, **right))["id"])

    async def one(self, *statuses: str) -> str | None:
        """Some application in one of the statuses."""
        sql = "SELECT id FROM application WHERE status = ANY ($1) AND id <> ALL ($2::uuid[]) ORDER BY accepted_seq"
        found = await self.town.fetch(sql, list(statuses), self.spared)
        return str(self.random.choice(found)["id"]) if found else None

    async def step(self, word: str, by: dict[str, str], *statuses: str, **json: Any) -> None:
        if (found := await self.one(*statuses)) is not None:
            await self.town.post(f"/applications/{found}/{word}", by=by, json=json)

    async def confirm(self) -> None:
        await self.town.examine()
        await self.step("verifications/confirm", self.town.operator, "registered")

    async def doubt(self) -> None:
        if (found := await self.one("registered")) is not None:
            await self.town.doubt(found)

    async def refuse(self) -> None:
        await self.step("refuse", self.town.operator, "registered", "queued", ground="documents")

    async def withdraw(self) -> None:
        await self.step("withdraw", self.town.portal, "queued", "declined", "referred")

    async def restore(self) -> None:
        await self.step("restore", self.town.portal, "declined")

    async def amend(self) -> None:
        if (found := await self.one("queued")) is not None:
            seen = await self.town.service.client.get(f"/applications/{found}", headers=self.town.portal)
            headers = self.town.portal | {"If-Match": seen.headers["ETag"]}
            sent = {"group": self.random.choice(NEEDS)}
            answer = await self.town.service.client.patch(f"/applications/{found}", json=sent, headers=headers)
            assert answer.status_code == 200, answer.text

    async def decline(self) -> None:
        for item in await self.town.referrals():
            await self.town.post(f"/referrals/{item['id']}/decline")

    async def allocate(self) -> None:
        await self.town.allocate()

    def happening(self) -> Callable[[], Awaitable[object]]:
        kinds = [
            self.apply,
            self.confirm,
            self.restore,
            self.decline,
            self.allocate,
            self.doubt,
            self.refuse,
            self.withdraw,
            self.amend,
        ]
        return self.random.choices(kinds, weights=[6, 3, 3, 2, 2, 1, 1, 1, 3])[0]


@pytest.mark.parametrize("seed", range(2))
async def test_changes_sum_up_to_the_difference_of_positions(town: Town, seed: int) -> None:
    random = Random(seed)
    found = [organization() for _ in range(2)]
    modes = ("full_day", "short_stay")
    places = {group(one.organization_id, 20, stay_mode=mode): 1 for one in found for mode in modes}
    await town.hear(*found, *places)
    await town.open(places)
    history = History(town, random, [one.organization_id for one in found])
    watched = [await history.apply() for _ in range(12)][-3:]
    history.spared = watched[1:]
    seen = []
    for _ in range(25):
        await history.happening()()
        seen.append(await history.look(random.choice(watched)))
    moved = 0
    for id_, at, then in seen:
        _, _, now = await history.look(id_)
        for told in (await ledger(town, id_, at))["organizations"]:
            where, numbers = told["organization_id"], told["federal"]
            assert told["position_now"] == now.get(where)
            assert told["change"] == sum(line["change"] for line in told["lines"])
            assert told["change"] == numbers["increase_queue"] + numbers["increase_benefits"] - numbers["got_a_place"]
            if then.get(where) is not None:
                assert told["position_then"] == then[where]
                if told["position_now"] is not None:
                    assert told["position_then"] + told["change"] == told["position_now"]
                    moved += bool(told["lines"])
    assert moved > 2
