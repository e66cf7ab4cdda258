"""The last day for a family to act goes out with the status: in the feed as it was set, in the statuses as it is now."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from servicekit.clock import Clock

from ..factories import Town, group, organization

TODAY = Clock().today()
ANSWER = (TODAY + timedelta(days=10)).isoformat()
CONTRACT = (TODAY + timedelta(days=4)).isoformat()


@pytest.fixture
async def wanted(town: Town) -> UUID:
    """An organization with one place in an open campaign; its id."""
    found = organization()
    place = group(found.organization_id, 20)
    await town.hear(found, place)
    await town.open({place: 1})
    return found.organization_id


async def told(town: Town) -> list[tuple[str, str, str | None]]:
    """(reason, status, last day) of every step of the feed."""
    items = (await town.get("/portal/changes", by=town.portal))["items"]
    return [(item["reason"], item["status"], item["answer_by"]) for item in items]


async def stands(town: Town, receipt: dict[str, Any]) -> tuple[str, str | None]:
    """(status, last day) as the statuses tell."""
    (item,) = (await town.post("/applications/statuses", 200, json={"ids": [receipt["id"]]}))["items"]
    return item["status"], item["answer_by"]


async def test_of_a_place_and_of_a_contract(town: Town, wanted: UUID) -> None:
    receipt = await town.apply(1, wanted)
    assert await stands(town, receipt) == ("registered", None)
    await town.allocate()
    assert await stands(town, receipt) == ("referred", ANSWER)
    (referral,) = await town.referrals()
    path = f"/referrals/{referral['id']}"
    await town.post(f"{path}/accept")
    assert await stands(town, receipt) == ("accepted", None)
    await town.post(f"{path}/contract", by=town.operator, json={"sign_by": CONTRACT})
    assert await stands(town, receipt) == ("contract", CONTRACT)
    await town.post(f"{path}/contract/sign", by=town.operator, json={"number": "1-Д", "date": TODAY.isoformat()})
    assert await stands(town, receipt) == ("contracted", None)
    assert await told(town) == [
        ("submitted", "registered", None),
        ("checked", "queued", None),
        ("referred", "referred", ANSWER),
        ("place_accepted", "accepted", None),
        ("contract_offered", "contract", CONTRACT),
        ("contract_signed", "contracted", None),
    ]


async def test_a_term_put_off_is_a_step_of_its_own(town: Town, wanted: UUID) -> None:
    receipt = await town.apply(1, wanted)
    await town.allocate()
    (referral,) = await town.referrals()
    later = (date.fromisoformat(ANSWER) + timedelta(days=3)).isoformat()
    sent = {"due_on": later, "reason": "Семья в отъезде"}
    await town.post(f"/referrals/{referral['id']}/extension", by=town.operator, json=sent)
    assert (await told(town))[-2:] == [("referred", "referred", ANSWER), ("term_extended", "referred", later)]
    assert await stands(town, receipt) == ("referred", later)
    told_to_the_family = await town.get(f"/applications/{receipt['id']}/notifications", by=town.portal)
    assert f"{date.fromisoformat(later):%d.%m.%Y}" in told_to_the_family[-1]["text"]
    held = await town.get(f"/applications/{receipt['id']}", by=town.portal)
    assert held["organization_id"] == str(wanted)


async def test_of_documents_and_another_change_leaves_it(town: Town, wanted: UUID) -> None:
    town.at("2026-05-10T09:00:00+03:00")
    receipt = await town.apply(1, wanted, benefit="judge")
    await town.examine()
    (check,) = await town.get(f"/applications/{receipt['id']}/verifications")
    asked = {"outcome": "documents_requested", "note": "Справка с места службы"}
    await town.post(f"/verifications/{check['id']}/decide", by=town.operator, json=asked)
    assert await stands(town, receipt) == ("documents_required", "2026-05-25")
    card = await town.get(f"/applications/{receipt['id']}", by=town.portal)
    answer = await town.service.client.patch(
        f"/applications/{receipt['id']}",
        json={"desired_from": "2026-09-02"},
        headers=town.portal | {"If-Match": f'"{card["version"]}"'},
    )
    assert answer.status_code == 200, answer.text
    assert (await told(town))[1:] == [
        ("documents_requested", "documents_required", "2026-05-25"),
        ("changed", "documents_required", "2026-05-25"),
    ]
    await town.post(f"/applications/{receipt['id']}/documents")
    assert await stands(town, receipt) == ("registered", None)
