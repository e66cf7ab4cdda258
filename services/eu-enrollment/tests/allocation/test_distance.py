"""The way from home decides between equal rights: measured for each wish by an operator, told to nobody else."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eu_enrollment.allocation import publication
from eu_enrollment.allocation.checker import violations
from eu_enrollment.allocation.matching import allocate
from eu_enrollment.allocation.problem import Applicant, Choice, Instance, Pool
from eu_enrollment.campaigns.rules import FARTHEST, TieRule, Wish

from ..campaigns.test_rules import LEGAL, changed, facts, in_place_of
from ..factories import Town, body, group, organization

BY_DISTANCE = changed(tie={"by": TieRule.DISTANCE, "legal": LEGAL})
HOMES = [UUID(int=1), UUID(int=2)]
Distances = Sequence[Sequence[int | None]]
"""Of each child in the order of the register: metres to either organization."""
DISTANCES = st.lists(st.tuples(*[st.none() | st.integers(10_000, FARTHEST - 1)] * 2), min_size=1, max_size=7)


def instance(distances: Distances) -> Instance:
    """Children with equal rights who want both organizations, and no more than a place and two there."""
    pools = {home: (Pool(((UUID(int=10 + number), 1 + number),)),) for number, home in enumerate(HOMES)}
    return Instance(
        tuple(
            Applicant(
                UUID(int=100 + tie),
                tie,
                tuple(
                    Choice(home, BY_DISTANCE.priority(BY_DISTANCE.rights_at(facts(), Wish(distance=far))), (0,))
                    for home, far in zip(HOMES, to, strict=True)
                ),
            )
            for tie, to in enumerate(distances)
        ),
        pools,
    )


def key(distances: Distances, child: int, home: int) -> tuple[int, int]:
    far = distances[child][home]
    return FARTHEST if far is None else far, child


@settings(max_examples=200, deadline=None)
@given(DISTANCES)
def test_each_organization_takes_who_lives_closest_to_it_and_of_equals_who_came_first(distances: Distances) -> None:
    town = instance(distances)
    result = allocate(town)
    assert violations(town, result) == []
    for home in range(len(HOMES)):
        wanting = [
            child
            for child in range(len(distances))
            if (seat := result.seats.get(UUID(int=100 + child))) is None or seat.rank > home
        ]
        seated = {
            child
            for child in wanting
            if result.seats.get(UUID(int=100 + child)) is not None
            and result.seats[UUID(int=100 + child)].rank == home + 1
        }
        closest = sorted(wanting, key=lambda child: key(distances, child, home))[: 1 + home]
        assert seated == set(closest)


@settings(max_examples=100, deadline=None)
@given(DISTANCES, st.integers(2, 9))
def test_what_is_published_follows_from_the_order_alone(distances: Distances, scale: int) -> None:
    """Wherever everybody lived, the same order gives the same document: it tells no metres."""
    ranked = sorted({far for to in distances for far in to if far is not None})
    elsewhere = [tuple(None if far is None else scale * ranked.index(far) for far in to) for to in distances]
    documents = []
    for told in (distances, elsewhere):
        town = instance(told)
        lines = {one.id: f"{one.id.int:032x}" for one in town.applicants}
        documents.append(list(publication.document(town, allocate(town), lines, {}, by_lot=False)))
    assert documents[0] == documents[1]


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> None:
    in_place_of(monkeypatch, BY_DISTANCE)


async def garden(town: Town) -> UUID:
    found = organization()
    place = group(found.organization_id, 20)
    await town.hear(found, place)
    await town.open({place: 1})
    return found.organization_id


async def apply(town: Town, number: int, *wanted: UUID) -> str:
    sent = body(town.campaign_id, number, *wanted, address={"stay": {"settlement": "Краснодар", "street": "Красная"}})
    answer = await town.send(sent)
    assert answer.status_code == 201, answer.text
    await town.examine()
    return str(answer.json()["id"])


async def checks(town: Town, application_id: str) -> dict[str, Any]:
    """Undecided checks by kind; the last of a kind."""
    found = await town.get(f"/applications/{application_id}/verifications", by=town.portal)
    return {check["kind"]: check for check in found if check["state"] == "open"}


async def measure(town: Town, application_id: str, metres: int) -> None:
    check = (await checks(town, application_id))["distance"]
    sent = {"outcome": "confirmed", "metres": metres}
    await town.post(f"/verifications/{check['id']}/decide", by=town.operator, json=sent)


async def positions(town: Town, *ids: str) -> list[int | None]:
    found = [await town.get(f"/applications/{id_}/position", by=town.portal) for id_ in ids]
    return [one["organizations"][0]["position"] for one in found]


@pytest.mark.usefixtures("measured")
class TestMeasuring:
    async def test_an_operator_measures_and_who_lives_closer_goes_first(self, town: Town) -> None:
        wanted = await garden(town)
        far, near = await apply(town, 1, wanted), await apply(town, 2, wanted)
        for application_id, metres in ((far, 71_234), (near, 54_321)):
            await town.post(f"/applications/{application_id}/verifications/confirm", by=town.operator)
            assert (await town.get(f"/applications/{application_id}"))["status"] == "registered", "it is not measured"
            await measure(town, application_id, metres)
        assert await positions(town, far, near) == [2, 1]
        await town.allocate()
        (given,) = await town.referrals()
        assert given["application_id"] == near
        certificate = (await town.get(f"/applications/{far}/certificate", by=town.portal))["certificate"]
        (why,) = certificate["wanted_more"]
        step = why["compared"][-1]
        assert (why["decided_by"], step["by"], step["yours"], step["last"], step["verdict"]) == (
            "distance",
            "distance",
            "71234 м",
            "ближе",
            "weaker",
        )
        outcome = await town.get(f"/applications/{far}/outcome", by=town.portal)
        assert "54321" not in str(certificate) + str(outcome)
        equal = BY_DISTANCE.rights_at(facts(), Wish(distance=54_321))
        assert outcome["passed_over"][0]["priority"] not in {None, BY_DISTANCE.priority(equal)}
        data = await town.service.client.get(f"/public/allocations/{outcome['allocation_id']}/data")
        assert b"54321" not in data.content
        assert b"71234" not in data.content

    async def test_who_lives_farther_than_is_compared_is_not_said_to_be_unmeasured(self, town: Town) -> None:
        wanted = await garden(town)
        far, near = await apply(town, 1, wanted), await apply(town, 2, wanted)
        for application_id, metres in ((far, FARTHEST + 20_000), (near, 900)):
            await town.post(f"/applications/{application_id}/verifications/confirm", by=town.operator)
            await measure(town, application_id, metres)
        await town.allocate()
        certificate = (await town.get(f"/applications/{far}/certificate", by=town.portal))["certificate"]
        assert certificate["wanted_more"][0]["compared"][-1]["yours"] == "100 км и дальше или не измерено"

    async def test_an_address_that_is_not_confirmed_or_was_changed_has_no_distance(self, town: Town) -> None:
        wanted = await garden(town)
        early, doubted = await apply(town, 1, wanted), await apply(town, 2, wanted)
        await measure(town, early, 900)
        await measure(town, doubted, 100)
        await town.post(f"/applications/{early}/verifications/confirm", by=town.operator)
        await town.doubt(doubted)
        assert await positions(town, early, doubted) == [1, 2]
        moved = {"address": {"stay": {"settlement": "Краснодар", "street": "Северная"}}}
        headers = town.portal | {
            "If-Match": (await town.service.client.get(f"/applications/{early}", headers=town.portal)).headers["ETag"]
        }
        answer = await town.service.client.patch(f"/applications/{early}", json=moved, headers=headers)
        assert answer.status_code == 200, answer.text
        assert set(await checks(town, early)) == {"address", "distance"}
        await town.post(f"/applications/{early}/verifications/confirm", by=town.operator)
        late = await apply(town, 3, wanted)
        await town.post(f"/applications/{late}/verifications/confirm", by=town.operator)
        await measure(town, late, 5_000)
        assert await positions(town, late, early, doubted) == [1, 2, 3]
        await measure(town, early, 50)
        assert await positions(town, early, late, doubted) == [1, 2, 3]

    @pytest.mark.parametrize(
        ("kind", "sent"),
        [
            ("distance", {"outcome": "confirmed"}),
            ("distance", {"outcome": "not_confirmed", "note": "Дом не найден", "metres": 5}),
            ("address", {"outcome": "confirmed", "metres": 5}),
        ],
    )
    async def test_metres_belong_to_a_distance_that_is_confirmed(
        self, town: Town, kind: str, sent: dict[str, Any]
    ) -> None:
        found = await checks(town, await apply(town, 1, await garden(town)))
        answer = await town.post(f"/verifications/{found[kind]['id']}/decide", 422, town.operator, sent)
        assert [(error["pointer"], error["code"]) for error in answer["errors"]] == [
            ("/body/metres", "verification.metres")
        ]
        assert set(await checks(town, found[kind]["application_id"])) == {"address", "distance"}
