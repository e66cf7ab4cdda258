"""Governing bodies, and the cabinet each keeps of itself."""

from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from asu_contracts.core import GoverningBodyChanged
from servicekit.testing import ServiceUnderTest

from .world import MUNICIPALITY, OTHER_MUNICIPALITY, Registry


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


def municipal(municipality: str = MUNICIPALITY) -> dict[str, Any]:
    return {
        "kind": "municipality",
        "full_name": "Управление образования",
        "short_name": "УО",
        "municipality": municipality,
    }


async def test_the_region_enters_bodies_each_once(registry: Registry) -> None:
    client = registry.service.client
    ministry = {"kind": "ministry", "full_name": "Министерство образования", "short_name": "Минобр"}
    for sent in (ministry, municipal(), municipal(OTHER_MUNICIPALITY)):
        assert (await client.post("/governing-bodies", json=sent, headers=registry.region)).status_code == 201
        again = await client.post("/governing-bodies", json=sent, headers=registry.region)
        assert (again.status_code, again.json()["code"]) == (409, "governing-bodies.exists")
    listed = (await client.get("/governing-bodies", headers=registry.region)).json()["items"]
    assert sorted(one["kind"] for one in listed) == ["ministry", "municipality", "municipality"]


@pytest.mark.parametrize(
    "sent",
    [
        {**municipal(), "municipality": None},
        {**municipal(), "kind": "department"},
        municipal("99999999"),
    ],
)
async def test_territory_belongs_to_municipal_bodies(registry: Registry, sent: dict[str, Any]) -> None:
    answer = await registry.service.client.post("/governing-bodies", json=sent, headers=registry.region)
    assert (answer.status_code, answer.json()["code"]) == (422, "governing-bodies.territory")
    assert await registry.value("SELECT count(*) FROM governing_body") == 0


async def test_a_body_keeps_its_own_cabinet_and_nothing_else(registry: Registry) -> None:
    client = registry.service.client
    made = (await client.post("/governing-bodies", json=municipal(), headers=registry.region)).json()
    path = f"/governing-bodies/{made['id']}"
    own = registry.service.tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=MUNICIPALITY)
    other = registry.service.tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=OTHER_MUNICIPALITY)
    responsible = [{"task": "Приём в школы", "name": "Образцова М. И.", "phone": "+7 861 200-00-00"}]
    cabinet = {"reason": "Новый ответственный", "responsible": responsible, "site": "https://uo.example.org"}
    first, second = {"If-Match": '"1"'}, {"If-Match": '"2"'}
    assert (await client.patch(path, json=cabinet, headers={**other, **first})).status_code == 403
    kept = await client.patch(path, json=cabinet, headers={**own, **first})
    assert (kept.status_code, kept.json()["responsible"][0]["task"]) == (200, "Приём в школы")
    assert (await client.patch(path, json=cabinet, headers={**own, **first})).status_code == 412
    renaming = {"reason": "Переименование", "full_name": "Департамент образования"}
    assert (await client.patch(path, json=renaming, headers={**own, **second})).status_code == 403
    renamed = await client.patch(path, json=renaming, headers={**registry.region, **second})
    assert renamed.json()["full_name"] == "Департамент образования"


async def test_an_organization_shows_its_founder(registry: Registry) -> None:
    client = registry.service.client
    made = (await client.post("/governing-bodies", json=municipal(), headers=registry.region)).json()
    organization_id: UUID = await registry.organization()
    path = f"/organizations/{organization_id}"
    patch = {"reason": "Учредитель", "founder_id": made["id"]}
    answer = await client.patch(path, json=patch, headers={**registry.region, "If-Match": '"1"'})
    assert answer.json()["values"]["governing_body"] == "Управление образования"
    department = {"kind": "department", "full_name": "Бывшее ведомство", "short_name": "БВ"}
    former = (await client.post("/governing-bodies", json=department, headers=registry.region)).json()
    for version, day, there in ((1, "2100-01-01", True), (2, "2026-01-01", False)):
        end = {"reason": "Упразднён", "abolished_on": day}
        headers = {**registry.region, "If-Match": f'"{version}"'}
        assert (await client.patch(f"/governing-bodies/{former['id']}", json=end, headers=headers)).status_code == 200
        listed = (await client.get("/governing-bodies", headers=registry.region)).json()["items"]
        assert (former["id"] in {one["id"] for one in listed}) is there, "it stands until its last day"
    for founder_id in (str(organization_id), former["id"]):
        unknown = {"reason": "Учредитель", "founder_id": founder_id}
        refused = await client.patch(path, json=unknown, headers={**registry.region, "If-Match": '"2"'})
        assert refused.json()["code"] == "organizations.founder-unknown"


async def test_how_to_reach_a_body_is_told_and_nobodys_name(registry: Registry) -> None:
    client = registry.service.client
    sent = {
        **municipal(),
        "phones": ["+78612000000"],
        "responsible": [{"task": "Приём", "name": "Иванова Анна Петровна"}],
    }
    made = (await client.post("/governing-bodies", json=sent, headers=registry.region)).json()
    path = f"/governing-bodies/{made['id']}"
    for changed in ({"site": "https://edu.example.org"}, {"site": "https://edu.example.org"}):
        tag = (await client.get(path, headers=registry.region)).headers["ETag"]
        answer = await client.patch(
            path, json={"reason": "Сайт", **changed}, headers=registry.region | {"If-Match": tag}
        )
        assert answer.status_code == 200, answer.text
    told = await registry.events("core.governing-body.changed.v1")
    states = [GoverningBodyChanged.model_validate_json(event["payload"]) for event in told]
    assert [(one.municipality, one.phones, one.site) for one in states] == [
        (MUNICIPALITY, ("+78612000000",), None),
        (MUNICIPALITY, ("+78612000000",), "https://edu.example.org"),
    ]
    assert not any("Иванова" in event["payload"] for event in told)
