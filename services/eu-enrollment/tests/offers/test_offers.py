"""Places: never more than are free in the registry, never fewer than are referred."""

import asyncio
from typing import Any

import pytest

from asu_contracts.core import GroupKind, GroupOrientation, OrganizationKind
from eu_enrollment.allocation.errors import NothingOfferedError

from ..factories import SOCHI, Town, group, organization


async def put(town: Town, *offers: tuple[Any, int]) -> Any:
    return await town.put_offers([{"group_id": str(place.group_id), "places": places} for place, places in offers])


def codes(answer: Any) -> list[str]:
    return [error["code"] for error in answer.json().get("errors", [])]


async def test_only_free_places_of_fitting_groups(town: Town) -> None:
    own, foreign = organization(), organization(SOCHI)
    school = organization(kind=OrganizationKind.SCHOOL)
    fitting = group(own.organization_id, 20, 15)
    other_year = group(own.organization_id, 20, academic_year=2025)
    closed = group(own.organization_id, 20, active=False)
    class_ = group(school.organization_id, 25, kind=GroupKind.CLASS, grade=1, age_from=None, age_to=None)
    abroad = group(foreign.organization_id, 20)
    unknown = group(own.organization_id, 20)
    await town.hear(own, foreign, school, fitting, other_year, closed, class_, abroad)
    await town.open({})
    assert codes(await put(town, (fitting, 6))) == ["offer.no-room"]
    for wrong in (other_year, closed, class_, abroad, unknown):
        answer = await put(town, (wrong, 1))
        assert (answer.status_code, codes(answer)) == (422, ["offer.group"])
    assert codes(await put(town, (fitting, 1), (fitting, 2))) == ["offer.repeated"]
    assert (await put(town, (fitting, 5))).status_code == 204
    (line,) = (await town.get(f"/campaigns/{town.campaign_id}/offers", by=town.portal))["items"]
    assert (line["places"], line["taken"], line["group"]["name"]) == (5, 0, "Ромашка")


async def test_a_school_campaign_takes_first_grades(town: Town) -> None:
    school = organization(kind=OrganizationKind.SCHOOL)
    ages: dict[str, Any] = {"kind": GroupKind.CLASS, "age_from": None, "age_to": None}
    first, second = (group(school.organization_id, 25, grade=grade, **ages) for grade in (1, 2))
    await town.hear(school, first, second)
    town.at("2026-04-01T09:00:00+03:00")
    await town.open({}, kind="school_first_grade", rules="school-458-2025")
    assert codes(await put(town, (second, 1))) == ["offer.group"]
    assert (await put(town, (first, 25))).status_code == 204
    receipt = await town.apply(1, school.organization_id)
    assert (await town.get(f"/applications/{receipt['id']}"))["of_age"] is False
    assert (await town.allocate())["applicants"] == 0


@pytest.mark.parametrize(
    ("kind", "rules", "grades", "preschool"),
    [
        ("preschool_supplementary", "preschool-236-supplementary-2025", set(), True),
        ("preschool_transfer", "preschool-862-2025", set(), True),
        ("school_second_wave", "school-458-wave2-2025", {1}, False),
        ("school_transfer", "school-240-2023", {1, 5, 11}, False),
    ],
)
async def test_a_campaign_takes_groups_of_its_kind(
    town: Town, kind: str, rules: str, grades: set[int], preschool: bool
) -> None:
    school = organization(kind=OrganizationKind.SCHOOL)
    ages: dict[str, Any] = {"kind": GroupKind.CLASS, "age_from": None, "age_to": None}
    classes = {grade: group(school.organization_id, 25, grade=grade, **ages) for grade in (1, 5, 11)}
    garden = group(school.organization_id, 20)
    await town.hear(school, garden, *classes.values())
    await town.open({}, kind=kind, rules=rules)
    fitting = {grade for grade, place in classes.items() if (await put(town, (place, 1))).status_code == 204}
    assert fitting == grades
    assert ((await put(town, (garden, 1))).status_code == 204) is preschool


async def test_referred_places_stay(town: Town) -> None:
    own = organization()
    first, second = group(own.organization_id, 20), group(own.organization_id, 20)
    await town.hear(own, first, second)
    await town.open({first: 2, second: 0})
    for number in range(2):
        await town.apply(number, own.organization_id)
    await town.allocate()
    assert codes(await put(town, (first, 1), (second, 5))) == ["offer.taken"]
    assert (await put(town, (second, 5))).json()["code"] == "offers.taken"
    (held, _) = await town.referrals()
    await town.post(f"/referrals/{held['id']}/decline")
    assert (await put(town, (first, 1), (second, 5))).status_code == 204


async def test_a_group_once_referred_can_be_left_out(town: Town) -> None:
    own = organization()
    place = group(own.organization_id, 20)
    await town.hear(own, place)
    await town.open({place: 1})
    await town.apply(1, own.organization_id)
    await town.allocate()
    (held,) = await town.referrals()
    await town.post(f"/referrals/{held['id']}/decline")
    assert (await put(town)).status_code == 204
    (line,) = (await town.get(f"/campaigns/{town.campaign_id}/offers"))["items"]
    assert line["places"] == 0


async def test_those_enrolled_are_not_counted_twice(town: Town) -> None:
    """A child of the campaign who studies already is among the occupants the registry tells of."""
    own = organization()
    place = group(own.organization_id, 2)
    await town.hear(own, place)
    await town.open({place: 2})
    await town.apply(1, own.organization_id)
    await town.allocate()
    (held,) = await town.referrals()
    await town.take(held)
    await town.order(own.organization_id)
    await town.enroll()
    await town.hear(place.model_copy(update={"occupied": 1}))
    assert (await put(town, (place, 2))).status_code == 204
    assert codes(await put(town, (place, 3))) == ["offer.no-room"]


async def test_campaigns_share_the_places_of_a_group(town: Town) -> None:
    """What one campaign offers another does not; who came by one is an occupant for both."""
    own = organization()
    place = group(own.organization_id, 3)
    await town.hear(own, place)
    first = await town.open({place: 2})
    await town.apply(1, own.organization_id)
    second = await town.open({})
    assert codes(await put(town, (place, 2))) == ["offer.no-room"]
    assert (await put(town, (place, 1))).status_code == 204
    town.campaign_id = first
    assert codes(await put(town, (place, 3))) == ["offer.no-room"]
    await town.allocate()
    (held,) = await town.referrals()
    await town.take(held)
    await town.order(own.organization_id)
    await town.enroll()
    await town.hear(place.model_copy(update={"occupied": 1}))
    town.campaign_id = second
    assert codes(await put(town, (place, 2))) == ["offer.no-room"]
    assert (await put(town, (place, 1))).status_code == 204


async def test_two_campaigns_at_once_offer_no_place_twice(town: Town) -> None:
    own = organization()
    place = group(own.organization_id, 20)
    await town.hear(own, place)
    campaigns = [await town.open({}) for _ in range(4)]
    sent = {"offers": [{"group_id": str(place.group_id), "places": 20}]}
    headers = town.operator | {"If-Match": '"1"'}
    answers = await asyncio.gather(
        *(town.service.client.put(f"/campaigns/{id_}/offers", json=sent, headers=headers) for id_ in campaigns)
    )
    assert sorted(answer.status_code for answer in answers) == [204, 422, 422, 422]


async def test_places_filled_or_closed_since_are_not_referred(town: Town) -> None:
    """The registry has the last word: a class list came after the offer, then the group was closed."""
    own = organization()
    place = group(own.organization_id, 10)
    await town.hear(own, place)
    await town.open({place: 10})
    for number in range(4):
        await town.apply(number, own.organization_id)
    await town.hear(place.model_copy(update={"occupied": 8}))
    assert (await town.allocate())["referred"] == 2
    assert (await town.allocate())["referred"] == 0
    await town.hear(place.model_copy(update={"occupied": 12}))
    assert (await town.allocate())["referred"] == 0
    await town.hear(place.model_copy(update={"active": False}))
    run = await town.post(f"/campaigns/{town.campaign_id}/allocations", 202, town.operator)
    with pytest.raises(NothingOfferedError):
        await town.carry_out(run["id"])


async def test_places_owed_by_another_campaign_are_not_referred(town: Town) -> None:
    own = organization()
    place = group(own.organization_id, 2)
    await town.hear(own, place)
    await town.open({place: 1})
    await town.apply(1, own.organization_id)
    await town.allocate()
    await town.open({place: 1})
    await town.apply(2, own.organization_id)
    await town.hear(place.model_copy(update={"occupied": 1}))
    assert (await town.allocate())["referred"] == 0


async def test_offers_are_replaced_only_as_they_were_seen(town: Town) -> None:
    """Two operators with one table open: the second does not undo the first unseen."""
    own = organization()
    place = group(own.organization_id, 20)
    await town.hear(own, place)
    await town.open({place: 5})
    path = f"/campaigns/{town.campaign_id}/offers"
    sent = {"offers": [{"group_id": str(place.group_id), "places": 6}]}
    seen = (await town.service.client.get(path, headers=town.operator)).headers["ETag"]
    unseen = await town.service.client.put(path, json=sent, headers=town.operator)
    assert (unseen.status_code, unseen.json()["code"]) == (428, "if-match-required")
    answers = await asyncio.gather(
        *(town.service.client.put(path, json=sent, headers=town.operator | {"If-Match": seen}) for _ in range(3))
    )
    assert sorted(answer.status_code for answer in answers) == [204, 412, 412]
    (done,) = [answer for answer in answers if answer.status_code == 204]
    again = await town.service.client.put(path, json=sent, headers=town.operator | {"If-Match": done.headers["ETag"]})
    assert again.status_code == 204


@pytest.mark.parametrize(
    "since",
    [{"active": False}, {"orientation": GroupOrientation.UNKNOWN}, {"capacity": 1, "occupied": 1}],
    ids=["closed", "of no known kind", "shrunk"],
)
async def test_a_group_that_takes_nobody_more_keeps_who_is_referred_and_hinders_no_other_offer(
    town: Town, since: dict[str, Any]
) -> None:
    """What is promised stays offered; otherwise no offer of the campaign could be changed any more."""
    own = organization()
    first, second = group(own.organization_id, 20), group(own.organization_id, 20)
    await town.hear(own, first, second)
    await town.open({first: 2})
    for number in range(2):
        await town.apply(number, own.organization_id)
    await town.allocate()
    await town.hear(first.model_copy(update=since))
    assert codes(await put(town, (first, 3), (second, 5))) != []
    assert (await put(town, (second, 5))).json()["code"] == "offers.taken"
    assert (await put(town, (first, 2), (second, 5))).status_code == 204
    for held, left in zip(await town.referrals(), (1, 0), strict=True):
        await town.post(f"/referrals/{held['id']}/decline")
        assert codes(await put(town, (first, 1 + left), (second, 5))) != []
        assert (await put(town, (first, left), (second, 5))).status_code == 204
