"""Admissions of children who study elsewhere: the move is a transfer by both orders, never a second stay."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.core import AdmissionRejected, TransferAccepted
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest

from .transferring import Move, TickingClock, a_move
from .world import Registry

TODAY = date(2026, 10, 1)


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    service.runtime.clock = TickingClock.on(TODAY)
    return Registry(service)


async def reasons(registry: Registry) -> list[str]:
    return [
        AdmissionRejected.model_validate_json(one["payload"]).reason
        for one in await registry.events(AdmissionRejected.type)
    ]


async def transfers(registry: Registry) -> list[dict[str, Any]]:
    answer = await registry.service.client.get("/transfers", headers=registry.region)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def admit(move: Move, from_organization_id: UUID | None, **changes: Any) -> None:
    group_id = changes.pop("group_id", move.there)
    values = {"effective_date": TODAY, "from_organization_id": from_organization_id} | changes
    await move.registry.admit(move.registry.admission(move.receiver, group_id, 1, **values))


async def test_the_receivers_order_asks_for_the_release_and_then_carries_the_transfer_out(registry: Registry) -> None:
    move = await a_move(registry)
    application = new_id()
    await admit(move, move.sender, application_id=application)
    await admit(move, move.sender, application_id=application)
    assert await reasons(registry) == ["not_released"] * 2
    (asked,) = await transfers(registry)
    assert (asked["state"], asked["awaits"], asked["from_organization_id"]) == ("agreed", "sender", str(move.sender))
    assert (asked["to_organization_id"], asked["group_id"]) == (str(move.receiver), str(move.there))
    assert (await move.release(TODAY)).status_code == 200
    await admit(move, move.sender, application_id=application)
    (accepted,) = await transfers(registry)
    assert (accepted["id"], accepted["state"]) == (asked["id"], "accepted")
    (event,) = await registry.events(TransferAccepted.type)
    assert TransferAccepted.model_validate_json(event["payload"]).from_organization_id == move.sender
    stays = await registry.fetch(
        "SELECT organization_id, valid_from, valid_to FROM membership WHERE student_id = $1 ORDER BY valid_from",
        move.student,
    )
    assert [(one["organization_id"], one["valid_to"]) for one in stays] == [(move.sender, TODAY), (move.receiver, None)]
    await registry.check()


async def test_another_organization_than_the_one_named_is_asked_for_nothing(registry: Registry) -> None:
    move = await a_move(registry)
    for named in (None, await registry.organization(), move.receiver):
        await admit(move, named)
    assert await reasons(registry) == ["already_member"] * 3
    assert await transfers(registry) == []


async def test_a_transfer_that_is_under_way_is_not_asked_for_again(registry: Registry) -> None:
    move = await a_move(registry)
    assert (await move.ask_out()).status_code == 201
    await admit(move, move.sender)
    assert await reasons(registry) == ["not_released"]
    (only,) = await transfers(registry)
    assert (only["id"], only["state"]) == (move.transfer["id"], "asked")


async def test_a_full_group_asks_nobody_to_release_a_child(registry: Registry) -> None:
    move = await a_move(registry)
    full = await registry.school_class(move.receiver, capacity=1)
    await registry.student(move.receiver, full, 2)
    await admit(move, move.sender, group_id=full)
    assert await reasons(registry) == ["group_full"]
    assert await transfers(registry) == []


async def test_approved_at_both_places_in_one_batch(registry: Registry) -> None:
    """The stay that the child is to leave begins in the same batch."""
    first, second = await registry.organization("preschool"), await registry.organization("preschool")
    here, there = await registry.preschool_group(first), await registry.preschool_group(second)
    leaving = registry.admission(second, there, 1, from_organization_id=first)
    assert await registry.admit(registry.admission(first, here, 1), leaving) == 2
    assert await reasons(registry) == ["not_released"]
    (asked,) = await transfers(registry)
    assert asked["from_organization_id"] == str(first)
    await registry.check()
