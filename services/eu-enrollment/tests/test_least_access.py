"""An organization's worker reads nothing of another organization's children through any door."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from fastapi.routing import APIRoute

from eu_enrollment.exports import service as exports
from eu_enrollment.roles import RECEIVING
from servicekit.http.rights import rights_of
from servicekit.runs import RunContext
from servicekit.testing import ServiceUnderTest

from .factories import Town, body, group, organization


class Neighbours:
    """Two organizations of one campaign, each with a child in an order, each with a child referred."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.mine, self.theirs = organization(), organization()
        self.secrets: set[str] = set()
        self.ids: dict[str, list[str]] = {}

    async def settle(self) -> None:
        town = self.town
        places = {group(one.organization_id, 5): 5 for one in (self.mine, self.theirs)}
        await town.hear(self.mine, self.theirs, *places)
        await town.open(places)
        for number, one in enumerate((self.mine, self.theirs, self.theirs, self.mine), 1):
            name = "Тайная" if one is self.theirs else "Своя"
            child = body(town.campaign_id, number)["child"] | {"last_name": name}
            receipt = await town.apply(number, one.organization_id, child=child)
            if one is self.theirs:
                self.secrets |= {receipt["id"], receipt["number"], "Тайная", child["snils"]}
        await town.allocate()
        held = await town.referrals()
        ordered = {}
        for one in (self.mine, self.theirs):
            own = [item for item in held if item["organization_id"] == str(one.organization_id)]
            await town.take(own[0])
            ordered[one] = (await town.order(one.organization_id))["id"]
        others = [item for item in held if item["organization_id"] == str(self.theirs.organization_id)]
        self.secrets |= {item["id"] for item in others} | {ordered[self.theirs]}
        self.ids = {
            "application_id": [item["application_id"] for item in others],
            "referral_id": [item["id"] for item in others],
            "order_id": [ordered[self.theirs]],
            "organization_id": [str(self.theirs.organization_id)],
            "campaign_id": [town.campaign_id],
            "name": ["to_answer", "to_order", "rejected"],
        }


@pytest.fixture
async def neighbours(town: Town) -> Neighbours:
    found = Neighbours(town)
    await found.settle()
    return found


def _readable(service: ServiceUnderTest) -> Iterator[tuple[str, str]]:
    """Name and path of every reading route that some of an organization's roles are let in by."""
    rights = {route.name: route for route in rights_of(service.definition.all_routers)}
    for router in service.definition.all_routers:
        for route in router.routes:
            if isinstance(route, APIRoute) and "GET" in (route.methods or ()) and route.name in rights:
                found = rights[route.name]
                if not found.public and any(found.admits(role) for role in RECEIVING):
                    yield route.name, route.path


def _paths(path: str, ids: dict[str, list[str]]) -> list[str]:
    """The path about each of the neighbour's things; none if it is about something else."""
    found = [path]
    for name, values in ids.items():
        if f"{{{name}}}" in path:
            found = [one.replace(f"{{{name}}}", value) for one in found for value in values]
    return [one for one in found if "{" not in one]


async def test_no_reading_route_tells_of_a_neighbours_child(neighbours: Neighbours) -> None:
    town, asked, told = neighbours.town, 0, []
    by = town.of_organization(neighbours.mine.organization_id)
    for name, path in _readable(town.service):
        for one in _paths(path, neighbours.ids):
            params = {"campaign_id": town.campaign_id, "since": "2026-01-01T00:00:00Z"}
            answer = await town.service.client.get(one, params=params, headers=by)
            asked += 1
            told += [f"{name}: {secret}" for secret in neighbours.secrets if secret in answer.text]
            if any(
                value in one for key in ("application_id", "referral_id", "order_id") for value in neighbours.ids[key]
            ):
                assert answer.status_code in {403, 404}, (name, answer.status_code)
    assert told == []
    assert asked > 20


async def test_no_list_as_a_file_tells_of_a_neighbours_child(neighbours: Neighbours) -> None:
    town = neighbours.town
    by = town.of_organization(neighbours.mine.organization_id)
    for what in ("register", "to_answer", "to_order", "results", "places"):
        sent: dict[str, Any] = {"list": what, "format": "csv", "names": True}
        filters = {"organization_id": str(neighbours.theirs.organization_id)}
        for more in ({}, {"filters": filters}):
            run = await town.post(f"/campaigns/{town.campaign_id}/exports", 202, by, sent | more)
            (row,) = await town.fetch("SELECT id FROM list_file WHERE run_id = $1", UUID(run["id"]))
            await exports.make(RunContext(town.service.runtime, UUID(run["id"]), {"file_id": str(row["id"])}))
            answer = await town.service.client.get(f"/exports/{row['id']}/file", headers=by)
            assert answer.status_code == 200, answer.text
            text = answer.content.decode("utf-8-sig")
            assert [secret for secret in neighbours.secrets if secret in text] == [], what


async def test_no_action_touches_a_neighbours_child(neighbours: Neighbours) -> None:
    town = neighbours.town
    by = town.of_organization(neighbours.mine.organization_id)
    before = await town.fetch("SELECT id, version FROM application ORDER BY id")
    for referral_id in neighbours.ids["referral_id"]:
        await town.post(f"/referrals/{referral_id}/no-show", 404, by)
        await town.post(f"/referrals/{referral_id}/contract", 404, by)
    sent = {"action": "no_show", "applications": neighbours.ids["application_id"]}
    await town.post(f"/campaigns/{town.campaign_id}/bulk", 422, by, sent)
    assert await town.fetch("SELECT id, version FROM application ORDER BY id") == before
