"""Opening campaigns: by the rule set in force, on the days that the law has for it."""

from typing import Any

import pytest

from asu_contracts.core import OrganizationKind
from servicekit.ids import new_id

from ..factories import Town, organization

FIRST = {
    "kind": "school_first_grade",
    "academic_year": 2026,
    "opens_at": "2026-03-18T09:00:00+03:00",
    "closes_at": "2026-07-01T00:00:00+03:00",
}
SECOND = {
    "kind": "school_second_wave",
    "academic_year": 2026,
    "opens_at": "2026-07-06T09:00:00+03:00",
    "closes_at": "2026-09-06T00:00:00+03:00",
}


async def opened(town: Town, **sent: Any) -> Any:
    body = {"municipality": town.municipality, "title": "Приём"} | sent
    return await town.service.client.post("/campaigns", json=body, headers=town.operator)


def codes(answer: Any) -> list[tuple[str, str]]:
    return [(error["pointer"], error["code"]) for error in answer.json().get("errors", [])]


@pytest.mark.parametrize(
    ("opens_at", "rules"),
    [
        ("2025-11-24T20:59:59Z", "preschool-236-2020"),
        ("2025-11-24T22:30:00Z", "preschool-236-2025"),  # 25 November, 01:30 in Moscow
    ],
)
async def test_goes_by_the_edition_of_the_local_day_of_opening(town: Town, opens_at: str, rules: str) -> None:
    preschool = {"kind": "preschool", "academic_year": 2026, "opens_at": opens_at, "closes_at": "2026-12-01T00:00:00Z"}
    answer = await opened(town, **preschool)
    assert (answer.status_code, answer.json()["rules"]) == (201, rules)
    other = {"preschool-236-2020", "preschool-236-2025"} - {rules}
    refused = await opened(town, **preschool, rules=other.pop())
    assert (refused.status_code, refused.json()["code"]) == (422, "campaign.rules-not-in-force")


async def test_rules_of_another_kind_or_of_no_day_are_refused(town: Town) -> None:
    for changes, code in (
        ({"rules": "preschool-236-2025"}, "campaign.rules-unknown"),
        ({"rules": "nothing"}, "campaign.rules-unknown"),
        ({"opens_at": "2021-03-01T00:00:00Z"}, "campaign.rules-not-in-force"),
    ):
        answer = await opened(town, **(FIRST | changes))
        assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_the_first_wave_has_its_days(town: Town) -> None:
    late = await opened(town, **FIRST | {"opens_at": "2026-04-01T22:30:00Z"})
    assert (late.status_code, codes(late)) == (422, [("/body/opens_at", "intake.opens-late")])
    both = await opened(town, **FIRST | {"opens_at": "2026-04-02T00:00:00Z", "closes_at": "2026-08-01T00:00:00Z"})
    assert codes(both) == [("/body/opens_at", "intake.opens-late"), ("/body/closes_at", "intake.closes-late")]
    assert (await opened(town, **FIRST)).status_code == 201


async def test_the_second_wave_comes_earlier_once_nobody_waits_by_the_first(town: Town) -> None:
    early = SECOND | {"opens_at": "2026-07-01T09:00:00+03:00"}
    assert codes(await opened(town, **early)) == [("/body/opens_at", "intake.opens-early")]
    school = organization(kind=OrganizationKind.SCHOOL)
    await town.hear(school)
    town.at("2026-04-01T09:00:00+03:00")
    await town.open({}, **FIRST, rules="school-458-2025")
    receipt = await town.apply(1, school.organization_id)
    assert codes(await opened(town, **early)) == [("/body/opens_at", "intake.opens-early")]
    await town.post(f"/applications/{receipt['id']}/withdraw")
    assert (await opened(town, **early)).status_code == 201


async def test_a_rule_set_is_shown_whole(town: Town) -> None:
    listed = await town.get("/rules", by=town.portal)
    assert [one["id"] for one in listed] == sorted(one["id"] for one in listed)
    shown = await town.get("/rules/school-458-2025", by=town.portal)
    assert shown in listed
    assert shown["intake"]["opens"] == {"earliest": None, "latest": "04-01"}
    assert {"where": "tie.legal", "what": shown["tie"]["legal"]["confirm"]} in shown["to_confirm"]
    assert {one["code"]: one["class"] for one in shown["benefits"]}["police"] == "priority"
    assert (await town.service.client.get("/rules/none", headers=town.portal)).status_code == 404


async def test_boarding_houses_are_kept(town: Town) -> None:
    ids = [str(new_id()), str(new_id())]
    answer = await opened(town, **FIRST, boarding=ids)
    assert answer.json()["boarding"] == sorted(ids)
