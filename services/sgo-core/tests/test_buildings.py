"""Buildings of an organization: entered, changed with their history, given up."""

from datetime import timedelta
from typing import Any

import pytest

from asu_contracts.core import BuildingChanged
from servicekit.testing import ServiceUnderTest

from .samples.buildings import BUILDING
from .world import Registry


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def test_a_building_is_entered_changed_and_read_as_of_the_past(registry: Registry) -> None:
    organization_id = await registry.organization()
    office, client = registry.office(organization_id), registry.service.client
    made = await client.post(f"/organizations/{organization_id}/buildings", json=BUILDING, headers=office)
    assert made.status_code == 201, made.text
    building = made.json()
    assert building["area"] == "1250.50"
    assert building["address"]["text"] == "г. Образцовск, ул. Примерная, д. 2"
    before = registry.service.runtime.clock.now().isoformat()
    patch = {"reason": "Обмеры", "area": "1300.25", "address": {"text": "г. Образцовск, ул. Новая, д. 2", "house": "2"}}
    path = f"/buildings/{building['id']}"
    edited = await client.patch(path, json=patch, headers={**office, "If-Match": '"1"'})
    assert (edited.status_code, edited.json()["area"], edited.headers["ETag"]) == (200, "1300.25", '"2"')
    stale = await client.patch(path, json=patch, headers={**office, "If-Match": '"1"'})
    assert stale.status_code == 412
    past = (await client.get(path, params={"as_of": before}, headers=office)).json()
    assert (past["area"], past["address"]["text"], past["version"]) == ("1250.50", BUILDING["address"]["text"], None)
    history = (await client.get(f"{path}/history", headers=office)).json()["items"]
    assert [one["created"] for one in history] == [True, False]
    assert history[1]["changes"]["area"] == [1250.5, 1300.25]
    told = [BuildingChanged.model_validate_json(one["payload"]) for one in await registry.events(BuildingChanged.type)]
    assert [one.address for one in told] == [BUILDING["address"]["text"], "г. Образцовск, ул. Новая, д. 2"]


async def test_a_building_given_up_is_listed_only_when_asked(registry: Registry) -> None:
    organization_id = await registry.organization()
    office, client = registry.office(organization_id), registry.service.client
    path = f"/organizations/{organization_id}/buildings"
    building = (await client.post(path, json=BUILDING, headers=office)).json()
    yesterday = (registry.service.runtime.clock.today() - timedelta(days=1)).isoformat()
    patch = {"reason": "Договор окончен", "used_to": yesterday}
    answer = await client.patch(f"/buildings/{building['id']}", json=patch, headers={**office, "If-Match": '"1"'})
    assert answer.status_code == 200, answer.text
    assert (await client.get(path, headers=office)).json()["items"] == []
    former = (await client.get(path, params={"former": "true"}, headers=office)).json()["items"]
    assert [one["id"] for one in former] == [building["id"]]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"tenure": "rent"}, "buildings.tenure-document"),
        ({"area": "0"}, "validation"),
        ({"area": "12.345"}, "validation"),
        ({"capacity": 0}, "validation"),
        ({"purpose": "palace"}, "validation"),
        ({"address": {"text": " "}}, "validation"),
    ],
)
async def test_bad_buildings_are_refused(registry: Registry, changes: dict[str, Any], code: str) -> None:
    organization_id = await registry.organization()
    path = f"/organizations/{organization_id}/buildings"
    answer = await registry.service.client.post(
        path, json={**BUILDING, **changes}, headers=registry.office(organization_id)
    )
    assert answer.status_code == 422
    if code != "validation":
        assert answer.json()["code"] == code
    assert await registry.value("SELECT count(*) FROM building") == 0


async def test_the_end_of_use_is_not_before_its_beginning(registry: Registry) -> None:
    organization_id = await registry.organization()
    office, client = registry.office(organization_id), registry.service.client
    made = (await client.post(f"/organizations/{organization_id}/buildings", json=BUILDING, headers=office)).json()
    patch = {"reason": "Ошибка", "used_to": "2019-01-01"}
    answer = await client.patch(f"/buildings/{made['id']}", json=patch, headers={**office, "If-Match": '"1"'})
    assert (answer.status_code, answer.json()["code"]) == (422, "buildings.dates")
    assert await registry.value("SELECT version FROM building") == 1


async def test_a_closed_organization_takes_no_buildings(registry: Registry) -> None:
    organization_id = await registry.organization()
    client = registry.service.client
    closing = {"reason": "Ликвидация", "active": False}
    headers = {**registry.region, "If-Match": '"1"'}
    assert (await client.patch(f"/organizations/{organization_id}", json=closing, headers=headers)).status_code == 200
    answer = await client.post(
        f"/organizations/{organization_id}/buildings", json=BUILDING, headers=registry.office(organization_id)
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "buildings.organization-closed")
