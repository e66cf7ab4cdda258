"""Documents asked of who waits already: the family is told what and by what day, and keeps its place in the queue."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from eu_enrollment.verifications import documents

from ..factories import Town
from ..lifecycle.test_amendments import amend
from ..lifecycle.test_corrections import correct
from ..worklists.test_bulk import carry_out
from .test_verifications import card, checks, decide, standing

DUE = "2026-05-25"
NOTE = "Справка с места службы"


@pytest.fixture
async def waiting(town: Town, wanted: UUID) -> dict[str, Any]:
    """An application in the queue, behind another, whose family has stated a right since."""
    town.at("2026-05-10T09:00:00+03:00")
    await town.apply(1, wanted)
    receipt = await town.apply(2, wanted)
    await town.examine()
    seen = await card(town, receipt)
    answer = await town.service.client.patch(
        f"/applications/{receipt['id']}",
        json={"benefits": [{"code": "judge"}, {"code": "police"}]},
        headers=town.portal | {"If-Match": f'"{seen["version"]}"'},
    )
    assert answer.status_code == 200, answer.text
    assert (await card(town, receipt))["status"] == "queued"
    return receipt


async def told(town: Town, receipt: dict[str, Any]) -> list[tuple[str, str, str | None, str | None]]:
    """(reason, status, code of the exchange, last day) of the last two steps of the feed."""
    items = (await town.get("/portal/changes", by=town.portal))["items"]
    own = [one for one in items if one["application_id"] == receipt["id"]]
    return [(one["reason"], one["status"], one["portal_code"], one["answer_by"]) for one in own[-2:]]


async def stands(town: Town, receipt: dict[str, Any]) -> tuple[str, str | None, str | None]:
    """(status, code of the exchange, last day) as the statuses tell."""
    (item,) = (await town.post("/applications/statuses", 200, json={"ids": [receipt["id"]]}))["items"]
    return item["status"], item["portal_code"], item["answer_by"]


async def last_text(town: Town, receipt: dict[str, Any]) -> str:
    *_, last = await town.get(f"/applications/{receipt['id']}/notifications", by=town.portal)
    text: str = last["text"]
    return text


async def test_asked_of_who_waits_it_is_told_and_the_place_is_kept(town: Town, waiting: dict[str, Any]) -> None:
    judge, police = await checks(town, waiting)
    await decide(town, judge, "documents_requested", note=NOTE)
    assert (await told(town, waiting))[-1] == ("proof_requested", "queued", "130", DUE)
    assert await stands(town, waiting) == ("queued", "130", DUE)
    text = await last_text(town, waiting)
    assert f"{date.fromisoformat(DUE):%d.%m.%Y}" in text
    assert NOTE in text
    assert await standing(town, waiting) == [2]
    await decide(town, police, "confirmed")
    assert (await told(town, waiting))[-1] == ("verified", "queued", "130", DUE)
    town.at("2026-05-12T09:00:00+03:00")
    await town.post(f"/applications/{waiting['id']}/documents")
    assert (await told(town, waiting))[-1] == ("proof_received", "queued", "140", None)
    assert await stands(town, waiting) == ("queued", "140", None)
    await decide(town, judge, "confirmed")
    assert await standing(town, waiting) == [1]


async def test_all_that_is_open_is_asked_for_by_one_step(town: Town, waiting: dict[str, Any]) -> None:
    sent = {"action": "documents", "applications": [waiting["id"]], "note": NOTE}
    shown = await town.post(f"/campaigns/{town.campaign_id}/bulk", 201, town.operator, sent)
    done = await carry_out(town, shown["id"])
    assert done["done"] == 1
    assert {check["state"] for check in await checks(town, waiting)} == {"awaiting"}
    history = await town.get(f"/applications/{waiting['id']}/history")
    assert [line["reason"] for line in history][-2:] == ["changed", "proof_requested"]


async def test_not_brought_in_time_the_right_counts_nothing_and_the_day_is_over(
    town: Town, waiting: dict[str, Any]
) -> None:
    judge, police = await checks(town, waiting)
    await decide(town, judge, "documents_requested", note=NOTE)
    await decide(town, police, "confirmed")
    town.at("2026-05-25T22:30:00+00:00")
    await documents.overdue(town.service.runtime)
    assert await stands(town, waiting) == ("queued", "140", None)
    assert await standing(town, waiting) == [1]


async def test_a_second_request_is_told_as_the_first(town: Town, wanted: UUID) -> None:
    town.at("2026-05-10T09:00:00+03:00")
    receipt = await town.apply(1, wanted, benefits=[{"code": "judge"}, {"code": "police"}])
    await town.examine()
    judge, police = await checks(town, receipt)
    await decide(town, judge, "documents_requested", note=NOTE)
    town.at("2026-05-11T09:00:00+03:00")
    await decide(town, police, "documents_requested", note="Удостоверение")
    assert await told(town, receipt) == [
        ("documents_requested", "documents_required", "130", DUE),
        ("documents_requested", "documents_required", "130", DUE),
    ]
    assert "Удостоверение" in await last_text(town, receipt)


@pytest.fixture
async def offered(town: Town, waiting: dict[str, Any]) -> dict[str, Any]:
    """The same application, offered a place while documents are asked of its family; the check."""
    judge, police = await checks(town, waiting)
    await decide(town, police, "confirmed")
    await decide(town, judge, "documents_requested", note=NOTE)
    town.at("2026-05-20T09:00:00+03:00")
    await town.allocate()
    assert (await told(town, waiting))[-1][:3] == ("referred", "referred", "190")
    return (await checks(town, waiting))[0]


async def test_brought_by_who_is_offered_a_place_meanwhile_they_are_a_step(
    town: Town, waiting: dict[str, Any], offered: dict[str, Any]
) -> None:
    await town.post(f"/applications/{waiting['id']}/documents")
    assert (await told(town, waiting))[-1][:3] == ("proof_received", "referred", "190")
    await decide(town, offered, "documents_requested", 409)
    await decide(town, offered, "confirmed")
    assert (await told(town, waiting))[-1][:3] == ("verified", "referred", "190")
    assert (await card(town, waiting))["organization_id"] is not None


async def test_not_brought_by_who_is_offered_a_place_the_day_is_a_step(
    town: Town, waiting: dict[str, Any], offered: dict[str, Any]
) -> None:
    town.at("2026-05-25T22:30:00+00:00")
    await documents.overdue(town.service.runtime)
    assert (await told(town, waiting))[-1][:2] == ("verified", "referred")
    assert {check["state"] for check in await checks(town, waiting)} == {"confirmed", "not_confirmed"}


async def test_nothing_is_decided_of_who_has_ended(town: Town, waiting: dict[str, Any]) -> None:
    judge, _ = await checks(town, waiting)
    await decide(town, judge, "documents_requested", note=NOTE)
    await town.post(f"/applications/{waiting['id']}/withdraw")
    await town.post(f"/applications/{waiting['id']}/documents", 409)
    town.at("2026-05-25T22:30:00+00:00")
    await documents.overdue(town.service.runtime)
    assert (await checks(town, waiting))[0]["state"] == "awaiting"


async def test_what_nobody_asks_for_any_more_is_not_waited_for(town: Town, wanted: UUID) -> None:
    """By an operator who has seen it otherwise; by the family, who states the right with another document."""
    town.at("2026-05-10T09:00:00+03:00")
    seen = await town.apply(1, wanted, benefits=[{"code": "judge"}, {"code": "police"}])
    stated = await town.apply(2, wanted, benefit="judge")
    await town.examine()
    judge, police = await checks(town, seen)
    await decide(town, judge, "documents_requested", note=NOTE)
    await decide(town, judge, "confirmed")
    assert await stands(town, seen) == ("registered", "110", None)
    await decide(town, police, "confirmed")
    assert (await card(town, seen))["status"] == "queued"
    (judge,) = await checks(town, stated)
    await decide(town, judge, "documents_requested", note=NOTE)
    await amend(town, stated, benefits=[{"code": "judge", "document": {"title": "Справка"}}])
    assert await stands(town, stated) == ("registered", "110", None)
    assert (await told(town, stated))[-1][0] == "recheck"


async def test_asked_of_who_is_checked_anew_meanwhile_they_are_brought_all_the_same(
    town: Town, waiting: dict[str, Any]
) -> None:
    judge, police = await checks(town, waiting)
    await decide(town, police, "confirmed")
    await decide(town, judge, "documents_requested", note=NOTE)
    await correct(town, waiting, citizenship="051")
    assert await stands(town, waiting) == ("registered", "110", DUE)
    await town.post(f"/applications/{waiting['id']}/documents")
    assert (await told(town, waiting))[-1] == ("documents_received", "registered", "110", None)
    assert {check["state"] for check in await checks(town, waiting)} == {"confirmed", "open"}


async def test_the_day_of_an_offered_place_is_the_one_to_answer_by(
    town: Town, waiting: dict[str, Any], offered: dict[str, Any]
) -> None:
    (referral,) = [one for one in await town.referrals() if one["application_id"] == waiting["id"]]
    assert offered["due_on"] < referral["answer_by"]
    assert await stands(town, waiting) == ("referred", "190", referral["answer_by"])


async def test_a_day_that_has_passed_is_told_of_no_more(town: Town, waiting: dict[str, Any]) -> None:
    judge, _ = await checks(town, waiting)
    await decide(town, judge, "documents_requested", note=NOTE)
    await correct(town, waiting, citizenship="051")
    assert await stands(town, waiting) == ("registered", "110", DUE)
    town.at("2026-05-25T22:30:00+00:00")
    await documents.overdue(town.service.runtime)
    assert await stands(town, waiting) == ("registered", "110", None)
