"""Ends and suspensions of many applications at once, each as the use case of one would do it."""

from typing import Any
from uuid import UUID

import pytest

from ..factories import Town, group, organization
from .test_bulk import carry_out, preview


@pytest.fixture
async def queued(town: Town) -> list[str]:
    """Three children in the queue of a garden without a place."""
    own = organization()
    place = group(own.organization_id, 10)
    await town.hear(own, place)
    await town.open({place: 10})
    ids = [(await town.apply(number, own.organization_id))["id"] for number in range(3)]
    await town.examine()
    return ids


async def done(town: Town, **sent: Any) -> dict[str, Any]:
    """Show and carry out."""
    return await carry_out(town, (await preview(town, **sent))["id"])


async def test_the_frozen_are_restored(town: Town, queued: list[str]) -> None:
    frozen = await done(town, action="freeze", applications=queued[:2], note="По просьбе семьи")
    assert (frozen["done"], await town.counts()) == (2, {"frozen": 2, "queued": 1})
    shown = await preview(town, action="restore", applications=queued)
    refused = {item["application_id"]: item["code"] for item in shown["items"] if not item["allowed"]}
    assert refused == {queued[2]: "application.step-not-allowed"}
    assert (await carry_out(town, shown["id"]))["done"] == 2
    assert await town.counts() == {"queued": 3}


async def test_a_refusal_names_its_ground(town: Town, queued: list[str]) -> None:
    missing = await preview(town, 422, action="refuse", applications=queued)
    assert [error["pointer"] for error in missing["errors"]] == ["/body/ground"]
    unknown = await preview(town, action="refuse", applications=queued, ground="no_such")
    assert {item["code"] for item in unknown["items"]} == {"refusal.ground-unknown"}
    refused = await done(town, action="refuse", applications=queued[:2], ground="documents", note="Не представлены")
    assert (refused["done"], await town.counts()) == (2, {"queued": 1, "refused": 2})
    step = (await town.get(f"/applications/{queued[0]}/history"))[-1]
    assert (step["reason"], step["ground"], step["note"]) == ("refused", "documents", "Не представлены")


async def test_who_holds_a_place_is_not_taken_off_the_register(town: Town) -> None:
    own = organization()
    place = group(own.organization_id, 10)
    await town.hear(own, place)
    await town.open({place: 1})
    held, waiting = [(await town.apply(number, own.organization_id))["id"] for number in range(2)]
    await town.allocate()
    missing = await preview(town, 422, action="archive", applications=[held, waiting])
    assert [error["pointer"] for error in missing["errors"]] == ["/body/note"]
    archived = await done(town, action="archive", applications=[held, waiting], note="Семья выехала из региона")
    assert {item["application_id"]: item["code"] for item in archived["items"]} == {
        held: "application.step-not-allowed",
        waiting: None,
    }
    assert await town.counts() == {"archived": 1, "referred": 1}


async def test_documents_are_asked_for_whatever_is_open(town: Town, queued: list[str]) -> None:
    own = UUID((await town.get(f"/applications/{queued[0]}"))["choices"][0]["organization_id"])
    stating = [(await town.apply(number, own, benefit="police"))["id"] for number in (10, 11)]
    await town.examine()
    asked = await done(town, action="documents", applications=[*queued, *stating], note="Справка с места службы")
    assert {item["application_id"] for item in asked["items"] if item["done"]} == set(stating)
    assert {item["code"] for item in asked["items"] if not item["done"]} == {"application.step-not-allowed"}
    assert await town.counts() == {"documents_required": 2, "queued": 3}
    checks = await town.get(f"/applications/{stating[0]}/verifications")
    assert {check["state"] for check in checks} == {"awaiting"}


async def test_an_organization_ends_nothing(town: Town, queued: list[str]) -> None:
    head = town.of_organization(UUID((await town.get(f"/applications/{queued[0]}"))["choices"][0]["organization_id"]))
    for action in ("documents", "freeze", "restore", "refuse", "archive"):
        await preview(town, 403, head, action=action, applications=queued, note="Так надо", ground="documents")
