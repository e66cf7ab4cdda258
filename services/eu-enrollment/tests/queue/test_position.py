"""Place in the queue: who stands ahead, and by what right."""

from copy import deepcopy
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest

from asu_contracts.core import GroupKind, OrganizationKind
from eu_enrollment.campaigns import rules
from eu_enrollment.campaigns.rules import Tie, TieRule
from servicekit.ids import new_id
from servicekit.jobs import Job

from ..factories import Town, body, group, organization
from ..lifecycle.test_corrections import correct


async def place(town: Town, receipt: dict[str, Any]) -> Any:
    found = await town.get(f"/applications/{receipt['id']}/position", by=town.portal)
    return found["organizations"]


@pytest.fixture
async def wanted(town: Town) -> UUID:
    """An organization with a group of three and four years and one of five, three places together."""
    found = organization()
    small = group(found.organization_id, 20)
    large = group(found.organization_id, 20, age_from=5, age_to=5)
    await town.hear(found, small, large)
    await town.open({small: 2, large: 1})
    return found.organization_id


def born(sent: dict[str, Any], day: str) -> dict[str, Any]:
    child = deepcopy(sent["child"])
    child["birth_date"] = day
    child["document"]["issued_on"] = None
    return sent | {"child": child}


async def test_stronger_rights_then_earlier_ones_stand_ahead(town: Town, wanted: UUID) -> None:
    early = await town.apply(1, wanted)
    mine = await town.apply(2, wanted)
    await town.apply(3, wanted)
    await town.confirm(await town.apply(4, wanted, benefit="judge"))
    await town.confirm(await town.apply(5, wanted, siblings_in=[str(wanted)]))
    (line,) = await place(town, mine)
    assert (line["total"], line["ahead"], line["position"]) == (5, 3, 4)
    assert line["ahead_by_class"] == {"extraordinary": 1, "general": 2}
    assert line["total_by_class"] == {"extraordinary": 1, "general": 4}
    assert line["seats"] == 2
    said, odds = line["explanation"].split("; ")
    assert said == "Впереди заявлений: 3 (внеочередное право — 1, общая очередь — 2)"
    assert odds.startswith("свободных мест, которые может занять ребёнок, — 2: место достанется вам, если")
    (line,) = await place(town, early)
    assert line["position"] == 3


async def test_only_ages_of_the_same_groups_compete(town: Town, wanted: UUID) -> None:
    mine = await town.apply(1, wanted)
    for number, day in ((2, "2020-10-01"), (3, "2022-01-01"), (4, "2026-08-01")):
        answer = await town.send(born(body(town.campaign_id, number, wanted), day))
        assert answer.status_code == 201
    (line,) = await place(town, mine)
    assert line["total"] == 2


async def test_only_those_compete_who_can_take_the_same_kind_of_place(town: Town, wanted: UUID) -> None:
    speech = group(wanted, 20, orientation="compensating", disorder="speech")
    short = group(wanted, 20, stay_mode="short_stay")
    await town.hear(speech, short)
    places = {row["group_id"]: 1 for row in await town.fetch("SELECT group_id FROM offer")}
    places |= {speech.group_id: 1, short.group_id: 3}
    offers = [{"group_id": str(id_), "places": count} for id_, count in places.items()]
    assert (await town.put_offers(offers)).status_code == 204
    needs = {"orientations": ["compensating"], "disorder": "speech", "adapted_consent": True}
    first = await town.apply(1, wanted)
    both = await town.apply(2, wanted, group={"stay_modes": ["full_day", "short_stay"]})
    needing = await town.confirm(await town.apply(3, wanted, group=needs))
    brief = await town.apply(4, wanted, group={"stay_modes": ["short_stay"]})
    lines = [(await place(town, one))[0] for one in (first, both, needing, brief)]
    assert [(line["total"], line["ahead"], line["seats"]) for line in lines] == [
        (2, 0, 1),
        (3, 1, 4),
        (1, 0, 1),
        (2, 1, 3),
    ]


async def test_who_can_take_no_place_any_more_is_told_no_position(town: Town, wanted: UUID) -> None:
    """Its conclusion has run out: it stays in the register for another one, but is not the first of a queue of nobody."""
    town.at("2026-04-05T12:00:00+03:00")
    paper = {"title": "Заключение ПМПК", "valid_until": "2026-04-10"}
    needs = {"orientations": ["compensating"], "disorder": "speech", "conclusion": paper, "adapted_consent": True}
    first, mine = [await town.confirm(await town.apply(number, wanted, group=needs)) for number in (1, 2)]
    (line,) = await place(town, mine)
    assert (line["position"], line["total"]) == (2, 2)
    before = await town.get(f"/applications/{mine['id']}/position")
    town.at("2026-04-10T22:30:00Z")
    (job,) = (one for one in town.service.definition.jobs if one.name == "rights.watch")
    assert isinstance(job, Job)
    await job.action(town.service.runtime)
    town.at("2026-04-11T09:00:00+03:00")
    (line,) = await place(town, mine)
    assert (line["position"], line["total"]) == (None, 0)
    assert "ребёнок не может занять места ни в одной из указанных групп" in line["explanation"]
    told = await town.get(f"/applications/{first['id']}/position/changes?since={quote(before['at'])}")
    (moved,) = told["organizations"]
    assert (moved["position_then"], moved["position_now"], moved["lines"]) == (1, None, [])


async def test_a_place_before_another_day_of_birth_is_told_among_the_age_of_then(town: Town, wanted: UUID) -> None:
    for number in range(3):
        await town.apply(number, wanted)
    mine = await town.apply(9, wanted)
    await town.examine()
    before = await town.get(f"/applications/{mine['id']}/position")
    await correct(town, mine, birth_date="2020-10-01")
    (line,) = await place(town, mine)
    told = await town.get(f"/applications/{mine['id']}/position/changes?since={quote(before['at'])}")
    (moved,) = told["organizations"]
    assert (moved["position_then"], moved["position_now"], line["position"]) == (4, 1, 1)
    assert [(one["cause"], one["change"]) for one in moved["lines"]] == [("own_change", -3)]


async def test_no_place_for_the_age_is_said(town: Town, wanted: UUID) -> None:
    answer = await town.send(born(body(town.campaign_id, 1, wanted), "2025-08-01"))
    (line,) = await place(town, answer.json())
    assert line["explanation"].endswith("мест, которые может занять ребёнок, в этой организации сейчас нет")


async def test_who_holds_a_place_does_not_wait(town: Town, wanted: UUID) -> None:
    mine = await town.apply(1, wanted)
    await town.allocate()
    assert await place(town, mine) == []


async def test_the_outcome_tells_why_others_were_placed(town: Town, wanted: UUID) -> None:
    for number in range(2):
        await town.confirm(await town.apply(number, wanted, benefit="judge"))
    mine = await town.apply(9, wanted)
    assert (
        await town.service.client.get(f"/applications/{mine['id']}/outcome", headers=town.portal)
    ).status_code == 404
    await town.allocate()
    outcome = await town.get(f"/applications/{mine['id']}/outcome", by=town.portal)
    (passed,) = outcome["passed_over"]
    assert (outcome["rank"], passed["organization_id"]) == (None, str(wanted))
    assert passed["explanation"].startswith("Все места заняли дети с более сильным правом")


async def test_the_outcome_names_nobody_else(town: Town, wanted: UUID) -> None:
    """A place in the register is an application's number: of others the strength of the right is told, and no more (ADR 0036)."""
    for number in range(3):
        await town.apply(number, wanted)
    await town.allocate()
    (mine,) = await town.fetch("SELECT id FROM application WHERE status = 'queued'")
    (passed,) = (await town.get(f"/applications/{mine['id']}/outcome", by=town.portal))["passed_over"]
    assert passed.keys() == {"organization_id", "priority", "explanation"}


async def test_only_applications_to_the_grade_compete(town: Town) -> None:
    school = organization(kind=OrganizationKind.SCHOOL)
    of: dict[str, Any] = {"kind": GroupKind.CLASS, "age_from": None, "age_to": None}
    fifth, sixth = (group(school.organization_id, 25, grade=grade, **of) for grade in (5, 6))
    await town.hear(school, fifth, sixth)
    await town.open({fifth: 2, sixth: 3}, kind="school_transfer", rules="school-240-2023")
    receipts = []
    for number, grade in enumerate((6, 5, 6, 5)):
        attends = {"organization_id": str(new_id()), "group_id": str(new_id())}
        sent = born(body(town.campaign_id, number, school.organization_id, grade=grade, attends=attends), "2014-05-01")
        receipts.append(await town.confirm((await town.send(sent)).json()))
    (line,) = await place(town, receipts[3])
    assert (line["total"], line["position"], line["seats"]) == (2, 2, 2)
    await town.post(f"/applications/{receipts[0]['id']}/withdraw")
    since = "2026-01-01T00:00:00Z"
    told = await town.get(f"/applications/{receipts[3]['id']}/position/changes?since={since}", by=town.portal)
    (moved,) = told["organizations"]
    assert (moved["position_then"], moved["position_now"], moved["change"]) == (2, 2, 0)


async def test_the_outcome_tells_places_held_before_from_none_for_the_age(town: Town, wanted: UUID) -> None:
    for number in range(2):
        await town.apply(number, wanted)
    await town.allocate()
    late = await town.apply(3, wanted)
    young = (await town.send(born(body(town.campaign_id, 4, wanted), "2024-08-01"))).json()
    assert (await town.allocate())["referred"] == 0
    said = []
    for receipt in (late, young):
        outcome = await town.get(f"/applications/{receipt['id']}/outcome", by=town.portal)
        said.append(outcome["passed_over"][0]["explanation"])
    assert said[0].endswith("были заняты ещё до этого распределения или выделены другим детям")
    assert said[1] == "Мест, которые может занять ребёнок, в этой организации нет"


async def test_the_queue_counts_whom_the_allocation_takes(town: Town, wanted: UUID) -> None:
    """Not those an operator must look at, nor those who want a place when the year is over; but whoever an operator let in."""
    mine = await town.apply(1, wanted)
    unseen = await town.apply(2, wanted, benefit="judge")
    late = await town.apply(3, wanted, desired_from="2027-09-01")
    old = (await town.send(born(body(town.campaign_id, 4, wanted), "2017-01-01"))).json()
    places = [(await place(town, receipt))[0] for receipt in (mine, unseen, late, old)]
    assert [line["position"] for line in places] == [1, None, None, None]
    assert "проверяет оператор" in places[1]["explanation"]
    assert "позже, чем заканчивается учебный год" in places[2]["explanation"]
    assert places[0]["total"] == 1
    await town.confirm(unseen)
    await town.examine()
    (line,) = await place(town, mine)
    assert (line["total"], line["position"]) == (2, 2)
    assert (await town.allocate())["applicants"] == 2
    assert {item["application_id"] for item in await town.referrals()} == {mine["id"], unseen["id"]}
    (line,) = await place(town, late)
    assert (line["position"], line["total"]) == (None, 0)


class TestLottery:
    @pytest.fixture(autouse=True)
    def lots(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The preschool rules with lots instead of time."""
        by_time = rules.rule_sets()["preschool-236-2025"]
        drawn = by_time.model_copy(update={"tie": Tie(by=TieRule.LOTTERY, legal=by_time.tie.legal)})
        monkeypatch.setattr(rules, "rule_sets", lambda: {drawn.id: drawn})
        monkeypatch.setattr("eu_enrollment.campaigns.model.rule_sets", lambda: {drawn.id: drawn})

    async def test_no_position_before_the_lot_and_the_same_lot_ever_after(self, town: Town, wanted: UUID) -> None:
        receipts = [await town.apply(number, wanted) for number in range(6)]
        (line,) = await place(town, receipts[0])
        assert (line["position"], line["equal"], line["ahead"]) == (None, 5, 0)
        assert "жребий" in line["explanation"]
        assert (await town.allocate())["placed"] == 2
        waiting = [receipt for receipt in receipts if await place(town, receipt)]
        positions = [(await place(town, receipt))[0]["position"] for receipt in waiting]
        assert sorted(positions) == [1, 2, 3, 4]
        (held, _) = await town.referrals()
        await town.post(f"/referrals/{held['id']}/decline")
        await town.allocate()
        placed = {item["application_id"] for item in await town.referrals()}
        first = waiting[positions.index(1)]
        assert first["id"] in placed

    async def test_a_change_of_what_a_child_takes_is_told_by_whom_it_competed_with_before(
        self, town: Town, wanted: UUID
    ) -> None:
        await town.allocate()  # draws the lots
        receipts = [await town.apply(number, wanted) for number in range(4)]
        before = {one["id"]: (await place(town, one))[0]["position"] for one in receipts}
        last = max(receipts, key=lambda one: before[one["id"]])
        at = (await town.get(f"/applications/{last['id']}/position"))["at"]
        headers = town.portal | {"If-Match": '"1"'}
        changed = {"group": {"stay_modes": ["short_stay"]}}
        answer = await town.service.client.patch(f"/applications/{last['id']}", json=changed, headers=headers)
        assert answer.status_code == 200, answer.text
        told = await town.get(f"/applications/{last['id']}/position/changes?since={quote(at)}", by=town.portal)
        (moved,) = told["organizations"]
        assert (moved["position_then"], moved["position_now"], moved["change"]) == (4, 1, -3)
