"""What an application states, held against itself and against the rules of its campaign."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.core import OrganizationKind
from servicekit.ids import new_id

from ..factories import Town, body, organization

PLACE = {"organization_id": str(new_id()), "group_id": str(new_id())}
PAPER = {"title": "Справка"}
ADDRESS = {"registered": {"settlement": "г. Краснодар", "street": "ул. Красная", "house": "1"}}
SCHOOL = {
    "kind": "school_first_grade",
    "rules": "school-458-2025",
    "opens_at": "2026-03-18T09:00:00+03:00",
    "closes_at": "2026-07-01T00:00:00+03:00",
}
TRANSFER = {"kind": "school_transfer", "rules": "school-240-2023"}


@pytest.fixture
async def wanted(town: Town) -> UUID:
    found = organization(kind=OrganizationKind.SCHOOL)
    await town.hear(found)
    town.at("2026-03-31T22:30:00Z")  # 1 April, 01:30 in Moscow
    return found.organization_id


def child(sent: dict[str, Any], **changes: Any) -> dict[str, Any]:
    stated = deepcopy(sent)
    stated["child"] |= changes
    stated["child"]["document"]["issued_on"] = None
    stated["consent"]["given_at"] = "2026-03-31T22:00:00Z"
    return stated


async def errors(town: Town, sent: dict[str, Any], by: dict[str, str] | None = None) -> list[tuple[str, str]]:
    answer = await town.send(sent, by=by)
    assert answer.status_code in {201, 422}, answer.text
    return [(error["pointer"], error["code"]) for error in answer.json().get("errors", [])]


CONTRADICTIONS: list[tuple[Mapping[str, Any], Mapping[str, Any], str, str]] = [
    ({}, {"grade": 1}, "/body/grade", "grade.other"),
    (SCHOOL, {"grade": 2}, "/body/grade", "grade.other"),
    (TRANSFER, {}, "/body/grade", "grade.missing"),
    (TRANSFER, {"grade": 9, "profile": "Физика"}, "/body/profile", "profile.grade"),
    (TRANSFER, {"grade": 9, "certificate": PAPER}, "/body/certificate", "certificate.grade"),
    (SCHOOL, {"group": {}}, "/body/group", "group.school"),
    (SCHOOL, {"attends": PLACE}, "/body/attends", "attends.first-grade"),
    ({}, {"stay_document": PAPER}, "/body/stay_document", "foreign.citizen"),
    ({}, {"language_test": {"passed_on": "2026-01-10"}}, "/body/language_test", "foreign.citizen"),
    ({}, {"benefits": [{"code": "judge"}] * 2}, "/body/benefits/1/code", "benefit.repeated"),
    ({}, {"benefits": [{"code": "cosmonaut"}]}, "/body/benefits/0/code", "benefit.unknown"),
    (
        {},
        {"benefits": [{"code": "judge", "document": PAPER | {"valid_until": "2026-03-31"}}]},
        "/body/benefits/0/document/valid_until",
        "document.expired",
    ),
    (
        {},
        {"benefits": [{"code": "judge", "document": PAPER | {"issued_on": "2026-04-02"}}]},
        "/body/benefits/0/document/issued_on",
        "document.future",
    ),
    ({}, {"together_with": ["03701-2026-00000001"] * 2}, "/body/together_with", "together.repeated"),
    ({}, {"channel": "in_person"}, "/body/channel", "channel.not-yours"),
    ({}, {"group": {"orientations": ["compensating"]}}, "/body/group", "group.consent"),
    ({}, {"group": {"disorder": "speech"}}, "/body/group", "group.disorder"),
    ({}, {"group": {"stay_modes": ["full_day"] * 2}}, "/body/group", "group.repeated"),
    (
        {},
        {"group": {"orientations": ["wellness"], "conclusion": PAPER | {"valid_until": "2026-03-31"}}},
        "/body/group/conclusion/valid_until",
        "document.expired",
    ),
    ({}, {"address": {}}, "/body/address", "address.missing"),
    ({}, {"address": {"stay": {"house": "1"}}}, "/body/address/stay", "address.empty"),
]


async def test_a_contradiction_is_named(town: Town, wanted: UUID) -> None:
    opened: dict[str, str] = {}
    for campaign, stated, pointer, code in CONTRADICTIONS:
        key = str(campaign)
        opened[key] = opened.get(key) or await town.open({}, **campaign)
        sent = child(body(opened[key], 1, wanted, **stated))
        assert (pointer, code) in await errors(town, sent), (stated, await errors(town, sent))
    assert await town.fetch("SELECT FROM application") == []


async def test_who_attends_a_place_does_not_want_the_same(town: Town, wanted: UUID) -> None:
    await town.open({})
    sent = child(body(town.campaign_id, 1, wanted, attends=PLACE | {"organization_id": str(wanted)}))
    assert await errors(town, sent) == [("/body/attends/organization_id", "attends.chosen")]


async def test_the_last_day_of_a_document_is_moscows(town: Town, wanted: UUID) -> None:
    await town.open({})
    paper = PAPER | {"valid_until": "2026-03-31"}
    sent = child(body(town.campaign_id, 1, wanted, benefits=[{"code": "judge", "document": paper}]))
    assert await errors(town, sent) == [("/body/benefits/0/document/valid_until", "document.expired")]
    town.at("2026-03-31T20:30:00Z")
    sent["consent"]["given_at"] = "2026-03-31T20:00:00Z"
    assert await errors(town, sent) == []


async def test_an_operator_says_how_it_came(town: Town, wanted: UUID) -> None:
    """A foreign child is not applied for in person; by registered mail it is."""
    await town.open({}, **SCHOOL)
    stay = PAPER | {"valid_until": "2027-01-01"}
    sent = child(body(town.campaign_id, 1, wanted, stay_document=stay), citizenship="762", birth_date="2019-05-01")
    assert await errors(town, sent, town.operator) == [("/body/channel", "foreign.channel")]
    assert await errors(town, sent | {"channel": "mfc"}, town.operator) == [("/body/channel", "foreign.channel")]
    assert await errors(town, sent | {"channel": "portal"}, town.operator) == [("/body/channel", "channel.not-yours")]
    assert await errors(town, sent | {"channel": "post"}, town.operator) == []


async def test_what_the_rules_ask_for_waits_for_an_operator(town: Town, wanted: UUID) -> None:
    await town.open({}, **SCHOOL)
    sent = child(body(town.campaign_id, 1, wanted), citizenship="762", birth_date="2020-03-02")
    receipt = (await town.send(sent)).json()
    card = await town.get(f"/applications/{receipt['id']}")
    assert [one["code"] for one in card["findings"]] == ["age.below", "ground.none", "foreign.stay", "foreign.language"]
    assert card["attention"] == "to_verify"
    age = card["findings"][0]
    assert (age["consequence"], age["documents"][0]) == ("documents", "разрешение учредителя")
    assert age["legal"]["clause"] == "ст. 67, ч. 1"
    assert await town.counts() == {"registered": 1}


async def test_a_transfer_keeps_where_the_child_is(town: Town, wanted: UUID) -> None:
    await town.open({}, **TRANSFER)
    sent = child(body(town.campaign_id, 1, wanted, grade=10, attends=PLACE, certificate=PAPER))
    receipt = (await town.send(sent)).json()
    (row,) = await town.fetch("SELECT * FROM application")
    assert (row["grade"], str(row["held_organization_id"]), row["attention"]) == (
        10,
        PLACE["organization_id"],
        "to_verify",
    )
    lacking = child(body(town.campaign_id, 2, wanted, grade=10))
    receipt = (await town.send(lacking)).json()
    card = await town.get(f"/applications/{receipt['id']}")
    assert [one["code"] for one in card["findings"]] == ["holder.none", "certificate.none"]
