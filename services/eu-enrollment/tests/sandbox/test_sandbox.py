"""A portal tries the whole life of test applications by itself, and touches nobody else's."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from eu_enrollment.sandbox import world
from servicekit.clock import Clock

from ..factories import Town, body, group, organization

BORN = {"preschool": "2023-05-01", "school": "2019-12-01"}


async def opened(town: Town, **sent: Any) -> list[UUID]:
    """A test campaign of the portal's; its organizations."""
    made = await town.post("/portal/sandbox/campaigns", 201, json=sent)
    town.campaign_id = made["campaign_id"]
    return [UUID(one) for one in made["organizations"]]


async def applied(town: Town, number: int, *chosen: UUID, line: str = "preschool", **more: Any) -> str:
    """An application of a child of the age that the line is for; its id."""
    sent = body(town.campaign_id, number, *chosen, **more)
    sent["child"]["birth_date"] = BORN[line]
    if line == "school":
        sent |= {"grade": 1, "desired_from": f"{Clock().today().year + 1}-09-01"}
    answer = await town.send(sent)
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    await town.examine()
    return found


async def act(town: Town, application_id: str, what: str, status: int = 204) -> Any:
    return await town.post(f"/portal/sandbox/applications/{application_id}/acts", status, json={"act": what})


async def allocate(town: Town) -> None:
    """Ask for an allocation, and carry it out as the worker does."""
    await town.post(f"/portal/sandbox/campaigns/{town.campaign_id}/allocate", 202)
    (run,) = await town.fetch("SELECT id, kind FROM run WHERE status = 'queued'")
    await town.carry_out(str(run["id"]), run["kind"])


async def answer(town: Town, application_id: str, word: str) -> None:
    """What the family says to the place it is offered."""
    referral, *_ = await town.get(f"/applications/{application_id}/referrals", by=town.portal)
    await town.post(f"/referrals/{referral['id']}/{word}")


async def steps(town: Town, application_id: str) -> list[str]:
    """Reasons of the steps that the feed tells."""
    items = (await town.get("/portal/changes", by=town.portal))["items"]
    return [item["reason"] for item in items if item["application_id"] == application_id]


async def test_from_acceptance_to_a_preschool(town: Town) -> None:
    chosen = await opened(town)
    child = await applied(town, 1, *chosen, benefit="judge")
    await act(town, child, "request_documents")
    await town.post(f"/applications/{child}/documents")
    await act(town, child, "confirm")
    await allocate(town)
    await act(town, child, "extend")
    await answer(town, child, "accept")
    await act(town, child, "order", 409)
    for what in ("offer_contract", "sign_contract", "order", "enroll"):
        await act(town, child, what)
    assert await steps(town, child) == [
        "submitted",
        "documents_requested",
        "documents_received",
        "checked",
        "referred",
        "term_extended",
        "place_accepted",
        "contract_offered",
        "contract_signed",
        "ordered",
        "enrolled",
    ]
    assert (await act(town, child, "refuse", 409))["code"] == "application.step-not-allowed"


async def test_from_acceptance_to_a_school(town: Town) -> None:
    chosen = await opened(town, line="school")
    child = await applied(town, 1, *chosen, line="school")
    await act(town, child, "confirm")
    await allocate(town)
    await answer(town, child, "accept")
    assert (await act(town, child, "offer_contract", 409))["code"] == "referral.no-contract"
    for what in ("order", "reject"):
        await act(town, child, what)
    assert (await steps(town, child))[-2:] == ["ordered", "admission_rejected"]


async def test_refused_declined_missed_and_left_without_a_place(town: Town) -> None:
    first, second = await opened(town, places=1)
    refused, declined, missed, waiting = [
        await applied(town, number, one) for number, one in enumerate((first, first, second, second))
    ]
    await act(town, refused, "refuse")
    await allocate(town)
    await answer(town, declined, "decline")
    await act(town, missed, "no_show")
    asked = {"ids": [refused, declined, missed, waiting]}
    items = (await town.post("/applications/statuses", 200, json=asked))["items"]
    assert {item["application_id"]: item["status"] for item in items} == {
        refused: "refused",
        declined: "declined",
        missed: "no_show",
        waiting: "queued",
    }


@pytest.mark.parametrize(
    "what", ["request_documents", "confirm", "extend", "no_show", "sign_contract", "order", "enroll", "reject"]
)
async def test_an_act_out_of_its_turn_is_refused(town: Town, what: str) -> None:
    chosen = await opened(town)
    child = await applied(town, 1, *chosen)
    assert (await act(town, child, what, 409))["code"] == "application.step-not-allowed"


async def test_others_and_the_real_are_out_of_reach(town: Town) -> None:
    chosen = await opened(town)
    child = await applied(town, 1, *chosen)
    campaign_id = town.campaign_id
    other = town.service.tokens.headers(Role.PORTAL, account_id="portal-2")
    for path in (f"applications/{child}/acts", f"campaigns/{campaign_id}/allocate"):
        await town.post(f"/portal/sandbox/{path}", 404, by=other, json={"act": "refuse"})
        await town.post(f"/portal/sandbox/{path}", 403, by=town.operator, json={"act": "refuse"})
    real = organization()
    place = group(real.organization_id, 20)
    await town.hear(real, place)
    await town.open({place: 1})
    receipt = await town.apply(2, real.organization_id)
    await act(town, receipt["id"], "refuse", 404)
    await town.post(f"/portal/sandbox/campaigns/{town.campaign_id}/allocate", 404)


async def test_where_there_is_no_sandbox_its_routes_are_not_found(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = await opened(town)
    child = await applied(town, 1, *chosen)
    runtime = town.service.runtime
    monkeypatch.setattr(runtime, "settings", runtime.settings.model_copy(update={"sandbox": False}))
    await act(town, child, "refuse", 404)
    await town.post("/portal/sandbox/campaigns", 404)
    await town.post(f"/portal/sandbox/campaigns/{town.campaign_id}/allocate", 404)


async def test_so_many_and_no_more(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "_MOST", 1)
    await opened(town)
    assert (await town.post("/portal/sandbox/campaigns", 409))["code"] == "sandbox.too-many"


@pytest.mark.parametrize(
    ("now", "year"),
    [
        ("2027-03-31T23:00:00+03:00", 2027),
        ("2027-04-02T09:00:00+03:00", 2027),
        ("2027-06-30T23:59:59+03:00", 2027),
        ("2027-06-30T22:30:00+00:00", 2028),
        ("2027-12-31T22:30:00+00:00", 2028),
    ],
)
def test_a_test_campaign_is_open_on_every_day_of_the_year(now: str, year: int) -> None:
    instant = datetime.fromisoformat(now).astimezone(UTC)
    found, opens_at, closes_at = world._period(Clock(), instant)
    assert found == year
    assert opens_at <= instant < closes_at
