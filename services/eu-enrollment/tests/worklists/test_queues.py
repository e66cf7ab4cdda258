"""Working queues and the register: what waits, in what order, for whose eyes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from asu_contracts.core import AdmissionRejected, RejectionReason
from asu_contracts.enrollment import AdmissionApproved
from servicekit.clock import Clock
from servicekit.ids import new_id
from servicekit.testing import deliver, received
from servicekit.testing.lists import counted

from ..factories import Town, body, group, organization

TODAY = Clock().today()


@pytest.fixture
async def wanted(town: Town) -> UUID:
    """An organization of a campaign, with ten places."""
    own = organization()
    place = group(own.organization_id, 10)
    await town.hear(own, place)
    await town.open({place: 10})
    return own.organization_id


async def queues(town: Town, by: dict[str, str] | None = None) -> dict[str, int]:
    """How many wait where, empty queues left out."""
    found = await town.get(f"/campaigns/{town.campaign_id}/queues", by=by)
    return {queue["name"]: queue["count"] for queue in found["queues"] if queue["count"]}


async def listed(town: Town, name: str, by: dict[str, str] | None = None, query: str = "") -> list[dict[str, Any]]:
    page = await town.get(f"/campaigns/{town.campaign_id}/queues/{name}?limit=500{query}", by=by)
    items: list[dict[str, Any]] = page["items"]
    return items


async def register(town: Town, query: str = "", by: dict[str, str] | None = None) -> list[str]:
    """Numbers of the register as filtered."""
    page = await town.get(f"/campaigns/{town.campaign_id}/register?limit=500{query}", by=by)
    return [item["number"] for item in page["items"]]


async def test_an_application_goes_from_queue_to_queue(town: Town, wanted: UUID) -> None:
    receipt = await town.apply(1, wanted, benefit="police")
    await town.examine()
    assert await queues(town) == {"to_check": 1}
    await town.fetch("UPDATE verification SET due_on = '2026-01-01'")
    assert await queues(town) == {"checks_overdue": 1, "to_check": 1}
    (item,) = await listed(town, "to_check")
    assert (item["number"], item["benefit_class"], item["attention"]) == (
        receipt["number"],
        "priority",
        "rights_stated",
    )
    assert item["due_on"] == (TODAY + timedelta(days=7)).isoformat()
    await town.confirm(receipt)
    assert await queues(town) == {}
    await town.allocate()
    assert await queues(town) == {"to_answer": 1}
    (held,) = await town.referrals()
    path = f"/referrals/{held['id']}"
    await town.post(f"{path}/accept")
    assert await queues(town) == {"to_contract": 1}
    await town.fetch("UPDATE referral SET due_on = '2026-01-01'")
    assert await queues(town) == {"to_contract": 1, "no_show": 1}
    assert [item["overdue"] for item in await listed(town, "no_show")] == [True]
    await town.post(f"{path}/contract", by=town.operator)
    assert await queues(town) == {"contracts_due": 1}
    sent = {"number": "1", "date": TODAY.isoformat()}
    await town.post(f"{path}/contract/sign", by=town.operator, json=sent)
    assert await queues(town) == {"to_order": 1}
    await town.fetch("UPDATE referral SET due_on = '2026-01-01'")
    assert await queues(town) == {"to_order": 1, "order_late": 1}
    await town.order(wanted)
    assert await queues(town) == {}


async def test_what_the_registry_returns_says_why_and_what_next(town: Town, wanted: UUID) -> None:
    await town.apply(1, wanted)
    await town.allocate()
    (held,) = await town.referrals()
    await town.take(held)
    await town.order(wanted)
    (row,) = await town.events(AdmissionApproved.type)
    approved = AdmissionApproved.model_validate_json(row["payload"])
    rejection = AdmissionRejected(
        rejection_id=new_id(),
        admission_id=approved.admission_id,
        application_id=approved.application_id,
        reason=RejectionReason.ALREADY_MEMBER,
    )
    outcomes = town.service.definition.handlers["outcomes"]
    await deliver(town.service.runtime, outcomes, [received(rejection)], "outcomes")
    assert await queues(town) == {"to_order": 1, "rejected": 1}
    (item,) = await listed(town, "rejected")
    assert item["rejection"]["code"] == "already_member"
    assert item["rejection"]["title"] == "Ребёнок числится в контингенте другой организации"
    assert item["rejection"]["actions"]


async def test_the_nearest_term_comes_first_page_by_page(town: Town, wanted: UUID) -> None:
    for number in range(5):
        await town.apply(number, wanted)
    await town.allocate()
    held = await town.referrals()
    for days, item in zip((3, 1, 2, 1, 5), held, strict=True):
        day = TODAY + timedelta(days=days)
        await town.fetch("UPDATE referral SET due_on = $2 WHERE id = $1", UUID(item["id"]), day)
    path, seen, after = f"/campaigns/{town.campaign_id}/queues/to_answer?limit=2", [], ""
    while True:
        page = await town.get(path + after)
        seen += [(item["due_on"], item["id"]) for item in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert [due for due, _ in seen] == [(TODAY + timedelta(days=days)).isoformat() for days in (1, 1, 2, 3, 5)]
    assert len({id_ for _, id_ in seen}) == 5


@pytest.mark.parametrize("name", ["to_check", "to_answer", "rejected"])
@pytest.mark.parametrize("after", ["x", "1_x", "99999999999999999999999_00000000-0000-0000-0000-000000000000"])
async def test_a_key_of_no_page_is_refused(town: Town, wanted: UUID, name: str, after: str) -> None:
    path = f"/campaigns/{town.campaign_id}/queues/{name}?after={after}"
    answer = await town.service.client.get(path, headers=town.operator)
    assert answer.status_code == 422, answer.text


async def test_filters_of_the_register(town: Town, wanted: UUID) -> None:
    other = organization()
    await town.hear(other)
    a = await town.apply(1, wanted, benefit="police")
    b = await town.apply(2, other.organization_id, desired_from="2027-09-01")
    child = body(town.campaign_id, 3)["child"] | {"birth_date": "2022-05-01"}
    c = await town.apply(3, wanted, other.organization_id, child=child)
    await town.examine()
    found = {
        "": [a, b, c],
        "&benefit_class=priority": [a],
        "&benefit_class=general": [b, c],
        f"&organization_id={other.organization_id}": [b, c],
        "&age=4": [c],
        "&desired_until=2026-12-31": [a, c],
        "&attention=rights_stated": [a],
        "&attention=none": [b, c],
        f"&number={b['number']}": [b],
        "&status=registered&status=queued": [a, b, c],
        "&status=referred": [],
        f"&accepted_from={TODAY.isoformat()}&accepted_until={TODAY.isoformat()}": [a, b, c],
        f"&accepted_until={(TODAY - timedelta(days=1)).isoformat()}": [],
        "&client=portal-1": [a, b, c],
        "&client=somebody": [],
        "&channel=mfc": [],
        "&channel=portal": [a, b, c],
        "&check=benefit": [a],
        "&check=duplicate": [],
        "&orientation=general": [a, b, c],
        "&stay_mode=full_day": [a, b, c],
        "&stay_mode=short_stay": [],
    }
    for query, receipts in found.items():
        assert await register(town, query) == [receipt["number"] for receipt in receipts], query


async def test_queues_are_narrowed_by_what_is_needed_how_it_came_and_what_is_to_check(town: Town, wanted: UUID) -> None:
    plain = await town.apply(1, wanted, benefit="police")
    special = {
        "orientations": ["compensating"],
        "stay_modes": ["full_day", "short_stay"],
        "adapted_consent": True,
    }
    sent = body(town.campaign_id, 2, wanted, benefit="police", group=special, channel="mfc")
    answer = await town.send(sent, by=town.operator)
    assert answer.status_code == 201, answer.text
    paper = answer.json()
    await town.examine()
    found = {
        "": [plain, paper],
        "&orientation=general": [plain],
        "&orientation=compensating": [paper],
        "&stay_mode=full_day": [plain, paper],
        "&stay_mode=short_stay": [paper],
        "&channel=mfc": [paper],
        "&check=benefit&channel=portal": [plain],
        "&check=language_test": [],
    }
    for query, receipts in found.items():
        items = await listed(town, "to_check", query=query)
        assert [item["number"] for item in items] == [receipt["number"] for receipt in receipts], query
    rows = [(one["channel"], one["orientation"], one["stay_modes"]) for one in await listed(town, "to_check")]
    assert rows == [("portal", "general", ["full_day"]), ("mfc", "compensating", ["full_day", "short_stay"])]
    await town.confirm(plain)
    assert await register(town, "&check=benefit") == [paper["number"]]


async def test_a_child_is_found_by_number_or_document_whatever_became_of_it(town: Town, wanted: UUID) -> None:
    first = await town.apply(1, wanted)
    await town.post(f"/applications/{first['id']}/withdraw")
    second = await town.apply(1, wanted)
    await town.apply(2, wanted)
    child = body(town.campaign_id, 1)["child"]
    path = f"/campaigns/{town.campaign_id}/register/search"
    for sent in ({"snils": child["snils"]}, {"document": child["document"]}):
        found = await town.post(path, 200, town.operator, sent)
        assert {(item["number"], item["status"]) for item in found} == {
            (first["number"], "withdrawn"),
            (second["number"], "registered"),
        }
    trail = await town.fetch("SELECT subjects FROM audit WHERE action = 'application.search'")
    assert len(trail) == 2
    assert set(trail[0]["subjects"]) == {UUID(first["id"]), UUID(second["id"])}
    await town.post(path, 422, town.operator, {})
    await town.post(path, 422, town.operator, {"document": {"kind": "other", "series": "", "number": "1"}})


async def test_an_organization_sees_whom_it_is_to_receive_and_counts_of_the_rest(town: Town) -> None:
    mine, theirs = organization(), organization()
    places = {group(mine.organization_id, 5): 1, group(theirs.organization_id, 5): 5}
    await town.hear(mine, theirs, *places)
    await town.open(places)
    for number in range(3):
        await town.apply(number, mine.organization_id, theirs.organization_id)
    await town.apply(4, theirs.organization_id)
    await town.allocate()
    held = {item["organization_id"]: item for item in await town.referrals()}
    own = held[str(mine.organization_id)]["application_id"]
    for role in (Role.HEAD, Role.SECRETARY, Role.ORGANIZATION_ADMIN):
        by = town.of_organization(mine.organization_id, role)
        assert await queues(town, by) == {"to_answer": 1}
        assert [item["id"] for item in await listed(town, "to_answer", by)] == [own]
        page = await town.get(f"/campaigns/{town.campaign_id}/register", by=by)
        assert [item["id"] for item in page["items"]] == [own]
        demand = await town.get(f"/campaigns/{town.campaign_id}/organizations/{mine.organization_id}/demand", by=by)
        assert (demand["wanted"], demand["first"]) == (3, 3)
        assert demand["lines"][-1] == {"benefit_class": "general", "wanted": 3, "first": 3}


async def test_queues_take_a_handful_of_statements(town: Town, wanted: UUID) -> None:
    for number in range(3):
        await town.apply(number, wanted)
    await town.allocate()
    for path in (
        "queues",
        "queues/to_answer?limit=500",
        "register?limit=500&check=benefit&channel=portal&orientation=general&stay_mode=full_day",
    ):
        with counted(town.service) as sent:
            await town.get(f"/campaigns/{town.campaign_id}/{path}")
        assert len(sent) <= 5, sent
