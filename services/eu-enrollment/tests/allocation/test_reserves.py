"""Reserved places: how many the rules and those who sit there leave, who may take them, and that anyone can prove it."""

from collections.abc import Sequence
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from typer.testing import CliRunner

from eu_enrollment.__main__ import cli
from eu_enrollment.allocation import matching
from eu_enrollment.allocation.checker import violations
from eu_enrollment.allocation.problem import HELD, Applicant, Choice, Instance, Pool
from eu_enrollment.allocation.reserves import precedence_of, reserved
from eu_enrollment.campaigns.rules import Reserve

from ..campaigns.test_rules import changed, in_place_of, reserve
from ..factories import Town, group, organization

ORDERS = ("reserved_first", "open_first")
LONE = reserve(kind="lone", benefits=["single_parent"], share=None, count=1)


def rules(*reserves: dict[str, object]) -> Sequence[Reserve]:
    return changed(reserves=list(reserves)).reserves


class TestHowMany:
    @pytest.mark.parametrize(
        ("free", "seated", "holders", "first", "open_first"),
        [
            (10, 0, [], 3, 3),
            (2, 0, [], 2, 2),
            (10, 2, [], 1, 1),
            (10, 5, [], 0, 0),
            (0, 0, [("lone",), ()], 1, 0),
            (1, 0, [("lone",), ()], 2, 1),
            (10, 1, [("lone",)] * 4, 2, 0),
        ],
    )
    def test_of_three(
        self, free: int, seated: int, holders: list[tuple[str, ...]], first: int, open_first: int
    ) -> None:
        for order, expected in zip(ORDERS, (first, open_first), strict=True):
            kept = rules(LONE | {"count": 3, "precedence": order})
            assert reserved(kept, 20, free, {"lone": seated}, holders) == (("lone", expected),)

    def test_a_share_is_of_what_the_campaign_offers_and_every_kind_is_named(self) -> None:
        kept = rules(LONE | {"share": 10, "count": None}, reserve(share=50))
        assert reserved(kept, 25, 3, {}, []) == (("lone", 2), ("special", 1))
        assert reserved(kept, 9, 9, {"special": 9}, []) == (("lone", 0), ("special", 0))
        assert reserved([], 9, 9, {}, []) == ()

    @pytest.mark.parametrize("order", ORDERS)
    def test_nobody_loses_the_place_it_holds_to_a_reserve(self, order: str) -> None:
        """Random pools that share children, random kinds and holders: the result is proven, and every holder has a place."""
        random = Random(order)
        for _ in range(300):
            instance = town(random, order)
            result = matching.allocate(instance)
            assert violations(instance, result) == []
            assert {one.id for one in instance.applicants if one.holds is not None} <= result.seats.keys()


def town(random: Random, order: str) -> Instance:
    """One organization with two pools whose places are partly held."""
    kept = rules(LONE | {"count": 2, "precedence": order}, reserve(share=50, precedence=order))
    home, groups, beside = UUID(int=1), (UUID(int=2), UUID(int=3)), (UUID(int=4), UUID(int=5))

    def kinds() -> tuple[str, ...]:
        return tuple(kind for kind in ("lone", "special") if random.random() < 0.4)

    people = []
    pools = []
    for index, place in enumerate(groups):
        free, holders = random.randint(0, 3), [kinds() for _ in range(random.randint(0, 3))]
        seated = {"lone": random.randint(0, 2)}
        counts = reserved(kept, free + len(holders) + 3, free + 1, seated, holders)
        pools.append(Pool(((place, free + len(holders)), (beside[index], 1)), counts))
        people += [(Choice(home, HELD, (index,), own), place) for own in holders]
    asking = [
        (Choice(home, random.randint(0, 3), random.choice([(0,), (1,), (0, 1)]), kinds()), None) for _ in range(8)
    ]
    return Instance(
        tuple(
            Applicant(UUID(int=100 + tie), tie, (choice,), holds)
            for tie, (choice, holds) in enumerate([*people, *asking])
        ),
        {home: tuple(pools)},
        precedence_of(kept),
    )


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Campaigns keep a place for children of lone parents, by the precedence asked for."""
    order = getattr(request, "param", ORDERS[0])
    in_place_of(monkeypatch, changed(reserves=[LONE | {"precedence": order}]))


async def garden(town: Town, places: int) -> UUID:
    found = organization()
    place = group(found.organization_id, 20)
    await town.hear(found, place)
    await town.open({place: places})
    return found.organization_id


async def claim(town: Town, number: int, wanted: UUID, benefit: str) -> str:
    receipt = await town.confirm(await town.apply(number, wanted, benefit=benefit))
    return str(receipt["id"])


async def placed(town: Town) -> set[str]:
    return {one["application_id"] for one in await town.referrals()}


@pytest.mark.parametrize("kept", ORDERS, indirect=True)
@pytest.mark.usefixtures("kept")
async def test_a_kept_place_goes_to_the_weaker_right_of_its_kind_and_anyone_proves_it(
    town: Town, tmp_path: Path
) -> None:
    wanted = await garden(town, 3)
    strong = [await claim(town, number, wanted, "police") for number in range(3)]
    lone = await claim(town, 5, wanted, "single_parent")
    doubted = await town.apply(6, wanted, benefit="single_parent")
    await town.doubt(doubted["id"])
    done = await town.allocate()
    assert await placed(town) == {*strong[:2], lone}
    data = await town.service.client.get(f"/public/allocations/{done['allocation_id']}/data")
    assert b'"pools":[[3,[[0,1]]]]' in data.content
    assert b"lone" not in data.content
    for changed_, code in ((data.content, 0), (data.content.replace(b"[[3,[[0,1]]]]", b"[[3,[[0,0]]]]"), 1)):
        (tmp_path / "data").write_bytes(changed_)
        assert CliRunner().invoke(cli, ["check-allocation", str(tmp_path / "data")]).exit_code == code


@pytest.mark.parametrize("policy", ["rerun", "fill"])
@pytest.mark.parametrize("lone_leaves", [True, False])
@pytest.mark.usefixtures("kept")
async def test_a_reserve_that_is_filled_keeps_no_more(town: Town, policy: str, *, lone_leaves: bool) -> None:
    """The place that became free is for the kind only where it was the kept one."""
    wanted = await garden(town, 2)
    strong, lone = await claim(town, 1, wanted, "police"), await claim(town, 2, wanted, "single_parent")
    await town.allocate()
    next_strong, next_lone = await claim(town, 3, wanted, "police"), await claim(town, 4, wanted, "single_parent")
    leaving, staying, coming = (lone, strong, next_lone) if lone_leaves else (strong, lone, next_strong)
    (referral,) = [one for one in await town.referrals() if one["application_id"] == leaving]
    await town.post(f"/referrals/{referral['id']}/decline")
    await town.allocate(policy=policy)
    assert await placed(town) == {staying, coming}


async def test_a_ground_that_only_a_reserve_knows_is_checked_and_counts_once_confirmed(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_register = [one.model_dump(mode="json") for one in changed().comparators if one.by == "benefit"]
    kin = LONE | {"kind": "kin", "benefits": [], "by": "sibling"}
    in_place_of(monkeypatch, changed(comparators=by_register, reserves=[kin]))
    wanted = await garden(town, 1)
    first = await town.apply(1, wanted)
    sibling = await town.apply(2, wanted, siblings_in=[str(wanted)])
    await town.examine()
    (check,) = await town.get(f"/applications/{sibling['id']}/verifications")
    assert (check["kind"], check["state"]) == ("sibling", "open")
    simulated = (await town.simulate())["mechanisms"][0]
    assert simulated["placed"] == 1
    await town.confirm(sibling)
    await town.allocate()
    assert await placed(town) == {sibling["id"]}
    outcome = await town.get(f"/applications/{first['id']}/outcome")
    assert [one["priority"] for one in outcome["passed_over"]] == [None]
