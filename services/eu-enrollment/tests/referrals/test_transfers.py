"""Admission orders of children who come from other organizations: who lets them go is named, to people and to the registry."""

from typing import Any
from uuid import UUID

import pytest

from asu_contracts.core import AdmissionRejected, RejectionReason
from asu_contracts.enrollment import AdmissionApproved
from eu_enrollment.replay import admissions
from servicekit.ids import new_id
from servicekit.testing import deliver, received

from ..factories import Town, group, organization


@pytest.fixture
async def own(town: Town) -> UUID:
    """A garden with places in a campaign of transfers."""
    own = organization()
    place = group(own.organization_id, 10)
    await town.hear(own, place)
    await town.open({place: 10}, kind="preschool_transfer", rules="preschool-862-2025")
    return own.organization_id


async def contracted(town: Town, own: UUID, *formers: UUID) -> None:
    """A child of each former garden has signed the contract with the new one."""
    for number, former in enumerate(formers, 1):
        attends = {"organization_id": str(former), "group_id": str(new_id())}
        await town.confirm(await town.apply(number, own, attends=attends))
    await town.allocate()
    for held in await town.referrals():
        await town.take(held)


async def approvals(town: Town) -> list[AdmissionApproved]:
    return [AdmissionApproved.model_validate_json(row["payload"]) for row in await town.events(AdmissionApproved.type)]


async def test_an_order_and_its_events_name_where_each_child_comes_from(town: Town, own: UUID) -> None:
    formers = [new_id(), new_id()]
    await contracted(town, own, *formers)
    order = await town.order(own)
    card = await town.get(f"/orders/{order['id']}")
    assert {UUID(line["from_organization_id"]) for line in card["lines"]} == set(formers)
    sent = {one.admission_id: one.from_organization_id for one in await approvals(town)}
    assert set(sent.values()) == set(formers)
    async with town.service.runtime.sessions() as session:
        again: list[Any] = [one.event async for chunk in admissions(session) for one in chunk]
    assert {one.admission_id: one.from_organization_id for one in again} == sent


async def test_a_child_who_is_not_released_yet_keeps_the_place_for_another_order(town: Town, own: UUID) -> None:
    await contracted(town, own, new_id())
    await town.order(own)
    (first,) = await approvals(town)
    rejection = AdmissionRejected(
        rejection_id=new_id(),
        admission_id=first.admission_id,
        application_id=first.application_id,
        reason=RejectionReason.NOT_RELEASED,
    )
    outcomes = town.service.definition.handlers["outcomes"]
    await deliver(town.service.runtime, outcomes, [received(rejection)], "outcomes")
    (item,) = (await town.get(f"/campaigns/{town.campaign_id}/queues/to_order"))["items"]
    assert item["rejection"]["title"] == "Прежняя организация ещё не отчислила ребёнка: ей направлен запрос о переводе"
    await town.order(own, "2-З", attended=[first.application_id])
    second = (await approvals(town))[-1]
    assert second.from_organization_id == first.from_organization_id
    assert second.admission_id != first.admission_id
