"""What families are told of places reserved for others, and for them: counts, cut-offs and chances by the rules that reserve them."""

from io import BytesIO
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from pypdf import PdfReader

from eu_enrollment.allocation.matching import allocate
from eu_enrollment.allocation.problem import Applicant, Choice, Instance, Precedence, Result
from eu_enrollment.allocation.reserves import Keeping
from eu_enrollment.queue import futures
from eu_enrollment.queue.futures import Order, Rates, forecast

from ..allocation.instances import small_instances
from ..allocation.test_reserves import LONE, ORDERS, claim, garden, rules
from ..campaigns.test_rules import changed, in_place_of
from ..factories import Town, group, organization

HOME, GROUP = UUID(int=1), UUID(int=2)
STILL = Rates(0, 0, 0)
BY_TIME = Order(by_lot=False, drawn=True)


@pytest.fixture(params=ORDERS)
def kept(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Campaigns keep two places for children of lone parents."""
    in_place_of(monkeypatch, changed(reserves=[LONE | {"count": 2, "precedence": request.param}]))


async def place(town: Town, application_id: str) -> dict[str, Any]:
    found = await town.get(f"/applications/{application_id}/position", by=town.portal)
    (line,) = found["organizations"]
    return dict(line)


async def why_not(town: Town, application_id: str) -> dict[str, Any]:
    found = await town.get(f"/applications/{application_id}/certificate", by=town.portal)
    (why,) = found["certificate"]["wanted_more"]
    return dict(why)


def blocks(line: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(block["kind"], block["places"], block["ahead"], block["yours"]) for block in line["blocks"]]


@pytest.mark.usefixtures("kept")
class TestPosition:
    async def test_tells_how_many_places_are_for_whom_and_how_many_ahead_compete_for_them(self, town: Town) -> None:
        wanted = await garden(town, 3)
        await claim(town, 1, wanted, "police")
        first = await claim(town, 2, wanted, "single_parent")
        mine = (await town.apply(3, wanted))["id"]
        await town.examine()
        late = await claim(town, 4, wanted, "single_parent")
        line = await place(town, mine)
        assert blocks(line) == [("lone", 2, 2, False), (None, 1, 3, True)]
        assert (
            "свободных мест, которые может занять ребёнок, — 3 (по квоте «Особые» — 2, впереди на них — 2; для всех — 1)"
            in (line["explanation"])
        )
        assert blocks(await place(town, first)) == [("lone", 2, 0, True), (None, 1, 1, True)]
        assert blocks(await place(town, late)) == [("lone", 2, 1, True), (None, 1, 2, True)]

    async def test_counts_who_sits_there_already(self, town: Town) -> None:
        wanted = await garden(town, 3)
        for number in (1, 2):
            await claim(town, number, wanted, "single_parent")
        await town.allocate()
        mine = (await town.apply(3, wanted))["id"]
        line = await place(town, mine)
        assert (line["seats"], line["blocks"]) == (1, [])

    async def test_says_that_all_free_places_are_for_others(self, town: Town) -> None:
        wanted = await garden(town, 2)
        mine = (await town.apply(1, wanted))["id"]
        await town.examine()
        line = await place(town, mine)
        assert blocks(line) == [("lone", 2, 0, False), (None, 0, 0, True)]
        assert line["explanation"].endswith("если дети, для которых они выделены, их не займут")
        await town.allocate()
        assert [one["application_id"] for one in await town.referrals()] == [mine], "nobody took what was reserved"

    async def test_a_look_up_by_number_tells_no_kind_of_the_child(self, town: Town) -> None:
        """Nor in words: whoever is of the kind reads the same as who is not."""
        wanted = await garden(town, 2)
        mine, other = await claim(town, 1, wanted, "single_parent"), (await town.apply(2, wanted))["id"]
        assert blocks(await looked_up(town, mine)) == [("lone", 2, 0, None), (None, 0, 0, None)]
        said = (await looked_up(town, mine))["explanation"]
        assert said.endswith("впереди на них — 0; для всех — 0)")
        await town.post(f"/applications/{mine}/withdraw")
        assert (await looked_up(town, other))["explanation"] == said


async def test_a_group_that_has_less_places_than_are_held_there_keeps_none(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when places are given out: half of those the other group offers are kept, not half of all."""
    in_place_of(monkeypatch, changed(reserves=[LONE | {"count": None, "share": 50}]))
    own = organization()
    full, other = group(own.organization_id, 2), group(own.organization_id, 20)
    await town.hear(own, full, other)
    await town.open({full: 2})
    for number in (1, 2):
        await town.apply(number, own.organization_id)
    await town.allocate()
    for held in await town.referrals():
        await town.post(f"/referrals/{held['id']}/accept")
    await town.offer({full: 2, other: 2})
    await town.hear(full.model_copy(update={"capacity": 1}))
    for number, benefit in enumerate(("single_parent", "police"), 3):
        await claim(town, number, own.organization_id, benefit)
    late = await claim(town, 5, own.organization_id, "single_parent")
    assert blocks(await place(town, late)) == [("lone", 1, 1, True), (None, 1, 2, True)]
    await town.allocate()
    assert len(await town.referrals()) == 2
    assert (await town.get(f"/applications/{late}"))["status"] == "queued"


async def looked_up(town: Town, application_id: str) -> dict[str, Any]:
    told = await town.get(f"/applications/{application_id}/look-up-code", by=town.portal)
    answer = await town.service.client.get(
        f"/public/applications/{told['number']}", headers={"Look-Up-Code": told["code"]}
    )
    (line,) = answer.json()["organizations"]
    return dict(line)


@pytest.mark.usefixtures("kept")
class TestCertificate:
    async def test_tells_places_taken_by_a_quota_with_their_count(self, town: Town) -> None:
        """Before, it said nothing where all places were reserved for others."""
        wanted = await garden(town, 2)
        taken = [await claim(town, number, wanted, "single_parent") for number in (1, 2)]
        mine = (await town.apply(3, wanted))["id"]
        await town.allocate()
        why = await why_not(town, mine)
        assert (why["compared"], why["decided_by"]) == ([], None)
        assert why["explanation"].endswith("выделены другим детям: по квоте «Особые» — 2")
        (block,) = why["blocks"]
        assert (block["kind"], block["places"], block["yours"], block["compared"]) == ("lone", 2, False, [])
        assert not any(id_ in str(why) for id_ in taken)

    async def test_has_a_cut_off_for_each_block_the_child_could_sit_in(self, town: Town) -> None:
        wanted = await garden(town, 3)
        await claim(town, 1, wanted, "police")
        for number in (2, 3):
            await claim(town, number, wanted, "single_parent")
        lone, other = await claim(town, 4, wanted, "single_parent"), (await town.apply(5, wanted))["id"]
        await town.allocate()
        assert [(block["kind"], block["decided_by"]) for block in (await why_not(town, lone))["blocks"]] == [
            ("lone", "time"),
            (None, "benefit"),
        ]
        assert [(block["kind"], block["decided_by"]) for block in (await why_not(town, other))["blocks"]] == [
            ("lone", None),
            (None, "benefit"),
        ]
        printed = await town.service.client.get(f"/applications/{other}/certificate/print", headers=town.portal)
        text = " ".join(page.extract_text() for page in PdfReader(BytesIO(printed.content)).pages)
        assert "Места по квоте «Особые»: 2." in text.replace("\n", " ")


@settings(max_examples=200, deadline=None)
@given(small_instances())
def test_a_cut_off_is_stronger_than_whom_it_passes_over(instance: Instance) -> None:
    """Block by block, and no block that the child could sit in is left out; of blocks for others nothing is told."""
    result = allocate(instance)
    for applicant in instance.applicants:
        for passed, choice in zip(result.passed_over[applicant.id], applicant.choices, strict=False):
            pools = [instance.pools[choice.organization_id][index] for index in choice.pools]
            assert sum(block.places for block in passed.blocks) in {0, sum(pool.places for pool in pools)}
            for block in passed.blocks:
                assert block.for_others == (block.kind is not None and block.kind not in choice.reserves)
                if block.for_others:
                    assert block.last is None
                elif block.places:
                    assert block.last is not None
                    assert block.last < (choice.priority, applicant.tie)
            lasts = [block.last for block in passed.blocks if block.last is not None]
            assert not passed.blocks or passed.last == max(lasts, default=None)


class TestForecast:
    @pytest.mark.parametrize("order", ORDERS)
    def test_reserves_each_month_what_the_rules_would(self, order: str) -> None:
        """Whatever happens, a month's allocation is that of a problem whose places are reserved by who sits there then."""
        keeping = Keeping(rules(LONE | {"count": 2, "precedence": order}), {GROUP: 4}, {})
        lone = [child(number, kinds=("lone",)) for number in (8, 9)]
        strong = [child(number) for number in range(4)]
        pools = {HOME: (keeping.pool([(GROUP, 3)], {}),)}
        instance = Instance((*strong, *lone), pools, Precedence(order))
        told = forecast(instance, STILL, BY_TIME, 3, 2, 1, keeping)
        assert [one.id.int - 100 for one in instance.applicants if told[one.id][0][-1]] == [0, 8, 9]

    @pytest.mark.parametrize("seed", range(12))
    def test_who_has_taken_a_reserved_place_fills_the_quota(self, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
        """Half of the families decline what they get; each month as many places are reserved as the quota still lacks."""
        months: list[Instance] = []

        def noted(instance: Instance) -> Result:
            months.append(instance)
            return allocate(instance)

        monkeypatch.setattr(futures, "allocate", noted)
        keeping = Keeping(rules(LONE | {"count": 2}), {GROUP: 4}, {})
        people = [child(number, kinds=("lone",) if number % 2 else ()) for number in range(12)]
        instance = Instance(tuple(people), {HOME: (keeping.pool([(GROUP, 4)], {}),)})
        came = futures.future(instance, Rates(0, 0, 0.5), BY_TIME, 5, Random(seed), keeping)
        for month, then in enumerate(months, 1):
            taken = [one for one in people if one.id in came and came[one.id][1] < month]
            lone = sum(bool(one.choices[0].reserves) for one in taken)
            (pool,) = then.pools[HOME]
            assert pool.reserved == (("lone", max(0, min(2 - lone, 4 - len(taken)))),)


def child(number: int, kinds: tuple[str, ...] = ()) -> Applicant:
    return Applicant(UUID(int=100 + number), number, (Choice(HOME, 0, (0,), kinds),))
