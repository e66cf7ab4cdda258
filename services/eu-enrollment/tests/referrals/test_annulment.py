"""An order issued by mistake: what the registry has not carried out comes back, what it has cannot be undone here."""

from typing import Any
from uuid import UUID

import pytest

from asu_contracts.core import AdmissionRejected, RejectionReason
from asu_contracts.enrollment import AdmissionApproved, AdmissionOrderAnnulled
from eu_enrollment.replay import annulments
from servicekit.ids import new_id
from servicekit.testing import deliver, received

from ..factories import Town, group, movement, organization

WHY = {"reason": "Не та дата зачисления"}


@pytest.fixture
async def own(town: Town) -> UUID:
    """A garden that two children have signed contracts with."""
    own = organization()
    place = group(own.organization_id, 10)
    await town.hear(own, place)
    await town.open({place: 10})
    for number in (1, 2):
        await town.apply(number, own.organization_id)
    await town.allocate()
    for held in await town.referrals():
        await town.take(held)
    return own.organization_id


async def approvals(town: Town) -> list[AdmissionApproved]:
    return [AdmissionApproved.model_validate_json(row["payload"]) for row in await town.events(AdmissionApproved.type)]


async def hear(town: Town, *events: Any) -> None:
    """What the registry answers."""
    outcomes = town.service.definition.handlers["outcomes"]
    await deliver(town.service.runtime, outcomes, [received(one) for one in events], "outcomes")


def revoked(event: AdmissionApproved) -> AdmissionRejected:
    return AdmissionRejected(
        rejection_id=new_id(),
        admission_id=event.admission_id,
        application_id=event.application_id,
        reason=RejectionReason.REVOKED,
    )


async def test_the_children_are_back_at_the_step_before_once_the_registry_has_answered(town: Town, own: UUID) -> None:
    order = await town.order(own)
    await town.post(f"/orders/{order['id']}/annul", by=town.operator, json=WHY)
    await town.post(f"/orders/{order['id']}/annul", by=town.operator, json={"reason": "Ещё раз"})
    card = await town.get(f"/orders/{order['id']}")
    assert (card["state"], card["annulled_for"], await town.counts()) == ("annulling", WHY["reason"], {"ordered": 2})
    (told,) = await town.events(AdmissionOrderAnnulled.type)
    event = AdmissionOrderAnnulled.model_validate_json(told["payload"])
    sent = await approvals(town)
    assert {one.admission_id for one in event.admissions} == {one.admission_id for one in sent}
    await hear(town, *map(revoked, sent))
    await hear(town, *map(revoked, sent))
    assert await town.counts() == {"contracted": 2}
    assert (await town.get(f"/orders/{order['id']}"))["state"] == "annulled"
    history = (await town.get(f"/applications/{sent[0].application_id}/history"))[-1]
    assert (history["reason"], history["note"]) == ("order_annulled", WHY["reason"])
    assert [row["taken"] for row in await town.fetch("SELECT taken FROM offer")] == [2]
    assert (await town.get(f"/campaigns/{town.campaign_id}/queues/rejected"))["items"] == []


async def test_they_can_be_ordered_anew_under_another_number(town: Town, own: UUID) -> None:
    order = await town.order(own)
    await town.post(f"/orders/{order['id']}/annul", by=town.operator, json=WHY)
    assert (await town.order(own, status=409))["code"] == "order.number-used"
    await hear(town, *map(revoked, await approvals(town)))
    assert (await town.order(own, status=409))["code"] == "order.number-used"
    assert (await town.order(own, "2-З"))["applications"] == 2


async def test_an_order_that_is_carried_out_is_not_annulled(town: Town, own: UUID) -> None:
    order = await town.order(own)
    first, _ = await approvals(town)
    await hear(town, movement(first))
    answer = await town.post(f"/orders/{order['id']}/annul", 409, town.operator, WHY)
    assert answer["code"] == "order.carried-out"
    assert (await town.get(f"/orders/{order['id']}"))["state"] == "issued"
    assert await town.events(AdmissionOrderAnnulled.type) == []


async def test_whom_the_registry_was_faster_to_enrol_is_enrolled_and_shown(town: Town, own: UUID) -> None:
    order = await town.order(own)
    await town.post(f"/orders/{order['id']}/annul", by=town.operator, json=WHY)
    first, second = await approvals(town)
    await hear(town, movement(first), revoked(second))
    assert await town.counts() == {"contracted": 1, "enrolled": 1}
    card = await town.get(f"/applications/{first.application_id}")
    assert (card["status"], card["attention"]) == ("enrolled", "annulled_late")
    assert (await town.get(f"/orders/{order['id']}"))["state"] == "carried_out"


async def test_what_the_registry_refused_before_stays_as_it_is(town: Town, own: UUID) -> None:
    order = await town.order(own)
    sent = await approvals(town)
    await hear(town, *(revoked(one).model_copy(update={"reason": RejectionReason.UNREADABLE}) for one in sent))
    await town.post(f"/orders/{order['id']}/annul", by=town.operator, json=WHY)
    assert (await town.get(f"/orders/{order['id']}"))["state"] == "annulled"
    assert await town.counts() == {"contracted": 2}
    await hear(town, *map(revoked, sent))
    assert (await town.get(f"/applications/{sent[0].application_id}"))["attention"] == "unreadable"


async def test_a_reader_that_is_rebuilt_hears_of_it_again(town: Town, own: UUID) -> None:
    order = await town.order(own)
    await town.post(f"/orders/{order['id']}/annul", by=town.operator, json=WHY)
    (told,) = await town.events(AdmissionOrderAnnulled.type)
    async with town.service.runtime.sessions() as session:
        again = [one.event async for chunk in annulments(session) for one in chunk]
    assert again == [AdmissionOrderAnnulled.model_validate_json(told["payload"])]
