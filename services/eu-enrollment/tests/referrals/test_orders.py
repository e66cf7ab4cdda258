"""Admission orders: the chosen or all who are ready, late ones told, schools without a contract."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.core import GroupKind, OrganizationKind
from eu_enrollment.applications import service as applications
from eu_enrollment.campaigns.model import Campaign
from eu_enrollment.campaigns.rules import CampaignKind, rule_sets
from eu_enrollment.referrals import terms
from servicekit.clock import Clock
from servicekit.ids import new_id
from servicekit.workdays import add_workdays

from ..factories import Town, body, group, organization


async def ready(town: Town, children: int = 3) -> tuple[UUID, list[dict[str, Any]]]:
    """An organization and its children with signed contracts."""
    own = organization()
    place = group(own.organization_id, 10)
    await town.hear(own, place)
    await town.open({place: 10})
    for number in range(children):
        await town.apply(number, own.organization_id)
    await town.allocate()
    held = await town.referrals()
    for item in held:
        await town.take(item)
    return own.organization_id, held


async def issue(town: Town, organization_id: UUID, status: int = 201, number: str = "1-З", **more: Any) -> Any:
    sent = {
        "organization_id": str(organization_id),
        "number": number,
        "date": "2026-08-20",
        "effective_date": "2026-09-01",
    }
    return await town.post(f"/campaigns/{town.campaign_id}/orders", status, town.operator, sent | more)


async def test_the_chosen_alone_and_the_same_order_again(town: Town) -> None:
    own, held = await ready(town)
    chosen = [item["application_id"] for item in held[:2]]
    first = await issue(town, own, applications=chosen)
    assert first["applications"] == 2
    assert await town.counts() == {"contracted": 1, "ordered": 2}
    assert await issue(town, own, 200, applications=chosen) == first
    await town.enroll()
    assert await issue(town, own, 200, applications=chosen) == first
    card = await town.get(f"/orders/{first['id']}")
    assert {line["application_id"] for line in card["lines"]} == set(chosen)
    assert {line["status"] for line in card["lines"]} == {"enrolled"}
    assert [row["id"] for row in (await town.get(f"/campaigns/{town.campaign_id}/orders"))["items"]] == [first["id"]]


async def test_who_is_not_ready_is_named_and_nobody_is_ordered(town: Town) -> None:
    own, held = await ready(town)
    await town.post(f"/referrals/{held[1]['id']}/decline")
    chosen = [item["application_id"] for item in held]
    answer = await issue(town, own, 409, applications=chosen)
    assert answer["code"] == "order.not-ready"
    assert [error["pointer"] for error in answer["errors"]] == ["/body/applications/1"]
    assert await town.counts() == {"contracted": 2, "declined": 1}


async def test_who_signs_while_an_order_is_made_is_for_the_next_one(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, _ = await ready(town, 1)
    await town.apply(7, own)
    await town.allocate(policy="fill")
    (late,) = await town.referrals()
    lock = applications.lock

    async def slowly(*args: Any) -> None:
        monkeypatch.undo()
        await town.take(late)
        await lock(*args)

    monkeypatch.setattr(applications, "lock", slowly)
    assert (await issue(town, own))["applications"] == 1
    assert (await issue(town, own, number="2-З"))["applications"] == 1


async def test_an_order_after_its_term_is_told_to_be_late(town: Town) -> None:
    own, held = await ready(town, 2)
    await town.fetch(
        "UPDATE referral SET due_on = '2026-08-19' WHERE application_id = $1", UUID(held[0]["application_id"])
    )
    card = await town.get(f"/orders/{(await issue(town, own))['id']}")
    late = {line["application_id"] for line in card["lines"] if line["late"]}
    assert held[0]["application_id"] in late
    on_time = date.fromisoformat(next(line["due_on"] for line in card["lines"] if line["application_id"] not in late))
    assert on_time >= date(2026, 8, 20)


async def test_a_head_issues_orders_of_the_own_organization_alone(town: Town) -> None:
    own, _ = await ready(town, 1)
    other = organization()
    await town.hear(other)
    head = town.of_organization(own)
    sent = {"number": "1-З", "date": "2026-08-20", "effective_date": "2026-09-01"}
    path = f"/campaigns/{town.campaign_id}/orders"
    await town.post(path, 403, head, sent | {"organization_id": str(other.organization_id)})
    await town.post(path, 201, head, sent | {"organization_id": str(own)})


async def test_a_school_orders_those_who_took_the_place(town: Town) -> None:
    school = organization(kind=OrganizationKind.SCHOOL)
    place = group(school.organization_id, 25, kind=GroupKind.CLASS, grade=1, age_from=None, age_to=None, name="1А")
    await town.hear(school, place)
    town.at("2026-07-06T09:30:00+03:00")
    await town.open({place: 5}, kind="school_second_wave", rules="school-458-wave2-2025")
    child = body(town.campaign_id, 1)["child"] | {"birth_date": "2019-05-01"}
    await town.apply(1, school.organization_id, grade=1, child=child)
    await town.allocate()
    (held,) = await town.referrals()
    path = f"/referrals/{held['id']}"
    await town.post(f"{path}/accept")
    assert (await town.post(f"{path}/contract", 409, town.operator))["code"] == "referral.no-contract"
    await town.post(f"{path}/extension", 409, town.operator, {"due_on": "2026-08-20", "reason": "Так надо"})
    assert (await issue(town, school.organization_id))["applications"] == 1


def test_in_the_first_wave_the_term_of_the_order_runs_from_the_end_of_intake() -> None:
    clock = Clock()
    rules = rule_sets()["school-458-2025"]
    campaign = Campaign(
        new_id(),
        "03701000",
        CampaignKind.SCHOOL_FIRST_GRADE,
        2026,
        "",
        rules,
        opens_at=datetime.fromisoformat("2026-04-01T00:00:00+03:00"),
        closes_at=datetime.fromisoformat("2026-07-01T00:00:00+03:00"),
        freeze_on=None,
    )
    assert terms.order_by(campaign, clock, date(2026, 5, 12)) == add_workdays(date(2026, 6, 30), 3) == date(2026, 7, 3)
    assert terms.order_by(campaign, clock, date(2026, 7, 2)) == add_workdays(date(2026, 7, 2), 3)
