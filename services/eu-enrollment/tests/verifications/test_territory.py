"""The assigned territory decides after acceptance: the ground of the first wave, and who goes first."""

from typing import Any

import pytest

from eu_enrollment.verifications.kinds import CheckKind
from eu_enrollment.verifications.schemas import TITLES
from eu_enrollment.verifications.service import examine

from ..factories import Town, body
from ..lifecycle.test_amendments import amend
from ..territories.acts import act, line, publish, schools

SCHOOL = {
    "kind": "school_first_grade",
    "rules": "school-458-2025",
    "opens_at": "2026-03-18T09:00:00+03:00",
    "closes_at": "2026-07-01T00:00:00+03:00",
}


def at_home(house: str) -> dict[str, Any]:
    return {"registered": {"settlement": "г. Краснодар", "street": "ул. Красная", "house": house}}


@pytest.fixture
async def near_and_far(town: Town) -> list[str]:
    """Two schools: the odd houses are assigned to the first, the even ones to the second."""
    town.at("2026-03-31T22:30:00Z")
    ids = await schools(town, 2)
    await publish(town, act(line(ids[0], houses="нечётные"), line(ids[1], houses="чётные")))
    await town.open({}, **SCHOOL)
    return [str(id_) for id_ in ids]


async def applied(town: Town, number: int, *ids: str, **more: Any) -> dict[str, Any]:
    sent = body(town.campaign_id, number, **more)
    sent["choices"] = [{"organization_id": id_} for id_ in ids]
    sent["child"]["birth_date"] = "2019-05-01"
    sent["consent"]["given_at"] = "2026-03-31T22:00:00Z"
    answer = await town.send(sent)
    assert answer.status_code == 201, answer.text
    receipt: dict[str, Any] = answer.json()
    return receipt


async def checks(town: Town, receipt: dict[str, Any]) -> list[tuple[str, str, str]]:
    rows = await town.fetch(
        "SELECT kind, subject, state FROM verification WHERE application_id = $1::uuid ORDER BY id", receipt["id"]
    )
    return [(row["kind"], row["subject"], row["state"]) for row in rows]


async def status(town: Town, receipt: dict[str, Any]) -> str:
    return str((await town.get(f"/applications/{receipt['id']}"))["status"])


async def test_who_lives_nearby_has_the_address_checked_and_goes_first(town: Town, near_and_far: list[str]) -> None:
    receipt = await applied(town, 1, near_and_far[0], address=at_home("1"))
    await examine(town.service.runtime)
    assert await checks(town, receipt) == [("address", "", "open")]
    before = await town.fetch("SELECT priority FROM application_choice")
    await town.confirm(receipt)
    assert await status(town, receipt) == "queued"
    (after,) = await town.fetch("SELECT priority FROM application_choice")
    assert after["priority"] == before[0]["priority"] - 1


async def test_who_lives_elsewhere_has_no_ground_and_an_operator_decides(town: Town, near_and_far: list[str]) -> None:
    receipt = await applied(town, 1, near_and_far[0], address=at_home("2"))
    kin = await applied(town, 2, near_and_far[0], address=at_home("2"), siblings_in=[near_and_far[0]])
    await examine(town.service.runtime)
    assert await checks(town, receipt) == [("condition", "ground.none", "open")]
    assert await checks(town, kin) == [("sibling", near_and_far[0], "open")]


async def test_a_condition_that_is_not_met_is_shown_like_every_check(town: Town, near_and_far: list[str]) -> None:
    receipt = await applied(town, 1, near_and_far[0], address=at_home("2"))
    await examine(town.service.runtime)
    (check,) = await town.get(f"/applications/{receipt['id']}/verifications")
    assert (check["kind"], check["title"]) == ("condition", "Условие приёма не выполнено")
    assert [one["id"] for one in (await town.get("/verifications"))["items"]] == [check["id"]]
    (count,) = await town.get("/verifications/summary")
    assert (count["title"], count["total"]) == (check["title"], 1)


def test_every_kind_of_check_has_a_title() -> None:
    assert set(TITLES) == set(CheckKind)


async def test_without_an_act_there_is_nothing_to_look_up(town: Town) -> None:
    town.at("2026-03-31T22:30:00Z")
    (school,) = await schools(town, 1)
    await town.open({}, **SCHOOL)
    receipt = await applied(town, 1, str(school), address=at_home("1"), benefits=[{"code": "police"}])
    bare = await applied(town, 2, str(school), address=at_home("1"))
    await examine(town.service.runtime)
    assert await checks(town, receipt) == [("benefit", "police", "open")]
    assert await checks(town, bare) == [("condition", "ground.none", "open")]
    await town.open({})
    preschool = await applied(town, 3, str(school), address=at_home("1"))
    await examine(town.service.runtime)
    assert await checks(town, preschool) == []
    assert await status(town, preschool) == "queued"


async def test_one_that_no_act_tells_of_is_left_to_a_person(town: Town, near_and_far: list[str]) -> None:
    for number, street in enumerate(("ул. Красная", "ул. Прекрасная"), 1):
        unknown = {"registered": {"settlement": "г. Краснодар", "street": street}}
        receipt = await applied(town, number, near_and_far[0], address=unknown)
        await examine(town.service.runtime)
        assert await checks(town, receipt) == [("address", "", "open")]


async def test_an_address_that_does_not_bear_out_takes_the_only_ground(town: Town, near_and_far: list[str]) -> None:
    receipt = await applied(town, 1, near_and_far[0], address=at_home("1"))
    await examine(town.service.runtime)
    (task,) = await town.fetch("SELECT id FROM verification")
    refusal = {"outcome": "not_confirmed", "note": "Регистрация не подтверждена"}
    await town.post(f"/verifications/{task['id']}/decide", by=town.operator, json=refusal)
    assert await checks(town, receipt) == [("address", "", "not_confirmed"), ("condition", "ground.none", "open")]
    assert await status(town, receipt) == "registered"


@pytest.mark.parametrize("ground", ["open", "not_confirmed"])
async def test_a_change_of_something_else_gives_no_ground_back(
    town: Town, near_and_far: list[str], ground: str
) -> None:
    receipt = await applied(town, 1, near_and_far[0], address=at_home("1"))
    await examine(town.service.runtime)
    refusal = {"outcome": "not_confirmed", "note": "Регистрация не подтверждена"}
    for _ in range(1 if ground == "open" else 2):
        (task,) = await town.fetch("SELECT id FROM verification WHERE state = 'open'")
        await town.post(f"/verifications/{task['id']}/decide", by=town.operator, json=refusal)
    await amend(town, receipt, language="uk")
    assert await checks(town, receipt) == [("address", "", "not_confirmed"), ("condition", "ground.none", ground)]
    assert await status(town, receipt) == "registered"


async def test_a_school_without_a_ground_chosen_afterwards_is_decided_before_the_family_waits_again(
    town: Town, near_and_far: list[str]
) -> None:
    receipt = await applied(town, 1, near_and_far[0], address=at_home("1"))
    await examine(town.service.runtime)
    await town.confirm(receipt)
    changed = await amend(town, receipt, choices=[{"organization_id": near_and_far[1]}])
    assert ("condition", "ground.none", "open") in await checks(town, receipt)
    assert await status(town, receipt) == "registered"
    assert changed["version"] == (await town.get(f"/applications/{receipt['id']}"))["version"]
    await town.confirm(receipt)
    assert await status(town, receipt) == "queued"


async def test_a_ground_that_falls_away_in_the_queue_is_decided_before_the_family_waits_again(
    town: Town, near_and_far: list[str]
) -> None:
    receipt = await applied(town, 1, near_and_far[0], address=at_home("1"))
    await examine(town.service.runtime)
    await town.confirm(receipt)
    await amend(town, receipt, address=at_home("3"))
    assert await status(town, receipt) == "registered", "the only ground is what the new address would give"
    await town.doubt(receipt["id"])
    assert ("condition", "ground.none", "open") in await checks(town, receipt)
    assert await status(town, receipt) == "registered"
    await town.confirm(receipt)
    assert await status(town, receipt) == "queued"
