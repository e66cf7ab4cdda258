"""The way of applications through the whole service: accepted, allocated, answered, ordered, enrolled."""

from uuid import UUID

import pytest

from asu_contracts.base import Event
from asu_contracts.core import AdmissionRejected, RejectionReason
from asu_contracts.enrollment import ADMISSION_CONTEXT, AdmissionApproved, ApplicationStatusChanged
from eu_enrollment.runtime import EnrollmentRuntime
from servicekit.ids import new_id
from servicekit.messaging import Received
from servicekit.testing import deliver, received

from .factories import Town, group, movement, organization


async def test_from_application_to_enrolment(town: Town) -> None:
    first, second = organization(), organization()
    places = {group(first.organization_id, 20, 18): 2, group(second.organization_id, 20, 19): 1}
    await town.hear(first, second, *places)
    await town.open(places)
    a, b = first.organization_id, second.organization_id
    receipts = [await town.apply(number, a, b) for number in range(5)]
    favoured = await town.apply(6, a, benefit="police")
    assert await town.counts() == {"registered": 6}
    await town.confirm(favoured)

    result = await town.allocate()
    assert (result["applicants"], result["placed"], result["unplaced"], result["stable"]) == (6, 3, 3, True)
    referrals = {item["application_id"]: item for item in await town.referrals()}
    assert set(referrals) == {favoured["id"], receipts[0]["id"], receipts[1]["id"]}
    assert referrals[receipts[1]["id"]]["organization_id"] == str(b)
    assert await town.counts() == {"queued": 3, "referred": 3}

    await town.post(f"/referrals/{referrals[receipts[0]['id']]['id']}/decline")
    again = await town.allocate()
    assert (again["applicants"], again["placed"], again["referred"], again["moved_up"]) == (5, 3, 1, 1)
    referrals = {item["application_id"]: item for item in await town.referrals()}
    held = {favoured["id"]: a, receipts[1]["id"]: a, receipts[2]["id"]: b}
    assert {id_: item["organization_id"] for id_, item in referrals.items()} == {id_: str(o) for id_, o in held.items()}

    carried_out = (await town.get(f"/campaigns/{town.campaign_id}/allocations"))["items"]
    assert [(item["applicants"], item["placed"]) for item in carried_out] == [(6, 3), (5, 3)]
    outcome = await town.get(f"/applications/{receipts[2]['id']}/outcome")
    assert outcome["result_hash"] == carried_out[1]["result_hash"] != carried_out[0]["result_hash"]

    for item in referrals.values():
        await town.take(item)
    assert (await town.order(a))["applications"] == 2
    assert (await town.order(b))["applications"] == 1
    assert await town.counts() == {"declined": 1, "ordered": 3, "queued": 2}

    approved = [
        AdmissionApproved.model_validate_json(row["payload"]) for row in await town.events(AdmissionApproved.type)
    ]
    assert {event.application_id for event in approved} == {UUID(id_) for id_ in referrals}
    runtime = town.service.runtime
    assert isinstance(runtime, EnrollmentRuntime)
    assert all("IV-АГ" not in event.child.document.series for event in approved)
    assert {runtime.transport.decrypt(event.child.document.series, ADMISSION_CONTEXT) for event in approved} == {
        "IV-АГ"
    }

    outcomes = town.service.definition.handlers["outcomes"]
    rejected, *rest = approved
    rejection = AdmissionRejected(
        rejection_id=new_id(),
        admission_id=rejected.admission_id,
        application_id=rejected.application_id,
        reason=RejectionReason.GROUP_FULL,
    )
    messages: list[Received[Event]] = [received(movement(event)) for event in rest]
    await deliver(runtime, outcomes, [received(rejection), *messages], "outcomes")
    assert await town.counts() == {"declined": 1, "enrolled": 2, "queued": 2, "registered": 1}
    card = await town.get(f"/applications/{rejected.application_id}")
    assert card["attention"] == "group_full"
    assert card["organization_id"] is None
    taken = await town.fetch("SELECT sum(taken) AS taken FROM offer")
    assert taken[0]["taken"] == 2

    history = await town.get(f"/applications/{rest[0].application_id}/history", by=town.portal)
    assert [line["to_status"] for line in history] == [
        "registered",
        "queued",
        "referred",
        "accepted",
        "contract",
        "contracted",
        "ordered",
        "enrolled",
    ]
    rows = await town.fetch("SELECT count(*) AS steps FROM application_history")
    changes = await town.events(ApplicationStatusChanged.type)
    assert len(changes) == rows[0]["steps"]


async def contracted(town: Town) -> UUID:
    """One child whose family took the place and signed the contract; the organization."""
    own = organization()
    place = group(own.organization_id, 1)
    await town.hear(own, place)
    await town.open({place: 1})
    await town.apply(1, own.organization_id)
    await town.allocate()
    (held,) = await town.referrals()
    await town.take(held)
    return own.organization_id


async def ordered(town: Town) -> AdmissionApproved:
    """The same child in an admission order, as the registry hears of it."""
    await town.order(await contracted(town))
    return await approval(town)


async def approval(town: Town) -> AdmissionApproved:
    """The newest admission sent to the registry."""
    return AdmissionApproved.model_validate_json((await town.events(AdmissionApproved.type))[-1]["payload"])


async def hear_rejection(town: Town, event: AdmissionApproved, reason: RejectionReason) -> None:
    rejection = AdmissionRejected(
        rejection_id=new_id(),
        admission_id=event.admission_id,
        application_id=event.application_id,
        reason=reason,
    )
    outcomes = town.service.definition.handlers["outcomes"]
    await deliver(town.service.runtime, outcomes, [received(rejection)], "outcomes")


async def test_a_child_who_cannot_be_admitted_yet_keeps_the_place(town: Town) -> None:
    """A first-grader still on a kindergarten's roll: ordered again once the operator has seen to it."""
    first = await ordered(town)
    await hear_rejection(town, first, RejectionReason.ALREADY_MEMBER)
    card = await town.get(f"/applications/{first.application_id}")
    assert (card["status"], card["attention"]) == ("contracted", "already_member")
    assert card["organization_id"] == str(first.organization_id)
    assert [row["taken"] for row in await town.fetch("SELECT taken FROM offer")] == [1]
    await town.order(first.organization_id, "2-З", 409)  # left out of a routine order
    await town.order(first.organization_id, "2-З", attended=[first.application_id])
    second = await approval(town)
    assert (second.application_id, second.group_id) == (first.application_id, first.group_id)
    assert second.admission_id != first.admission_id
    await hear_rejection(town, first, RejectionReason.ALREADY_MEMBER)
    card = await town.get(f"/applications/{first.application_id}")
    assert (card["status"], card["attention"]) == ("ordered", None)
    assert [row["status"] for row in await town.referrals("rejected")] == ["rejected"]


async def test_an_operator_lets_a_kept_place_go(town: Town) -> None:
    event = await ordered(town)
    await hear_rejection(town, event, RejectionReason.UNREADABLE)
    (kept,) = await town.referrals("contracted")
    await town.post(f"/referrals/{kept['id']}/decline", by=town.operator)
    assert [row["taken"] for row in await town.fetch("SELECT taken FROM offer")] == [0]
    assert await town.counts() == {"declined": 1}


@pytest.mark.parametrize("day", ["2026-08-31", "2027-09-01"])
async def test_no_order_takes_effect_outside_the_groups_year(town: Town, day: str) -> None:
    sent = {
        "organization_id": str(await contracted(town)),
        "number": "1-З",
        "date": "2026-08-20",
        "effective_date": day,
    }
    answer = await town.post(f"/campaigns/{town.campaign_id}/orders", 422, town.operator, sent)
    assert [(error["pointer"], error["code"]) for error in answer["errors"]] == [
        ("/body/effective_date", "order.effective-date")
    ]
    assert await town.counts() == {"contracted": 1}
    assert await town.fetch("SELECT * FROM admission_order") == []
