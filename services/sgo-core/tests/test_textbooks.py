"""Textbooks: copies counted by documents, classes, supply."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from asu_contracts.access import Role
from servicekit.testing import ServiceUnderTest

from .planning import approved, fifth_class, subject_ids
from .world import Registry, class_


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def add(registry: Registry, organization_id: UUID, **changes: Any) -> httpx.Response:
    ids = await subject_ids(registry)
    body = {
        "subject_id": ids["mathematics"],
        "title": "Математика. 5 класс",
        "authors": "Образцов И. П.",
        "grade_from": 5,
        "grade_to": 5,
        "publisher": "Образцовое издательство",
        "year": 2023,
        "isbn": "978-5-306-00000-8",
        "federal_number": "1.1.2.4.1.1.1",
        **changes,
    }
    return await registry.service.client.post(
        f"/organizations/{organization_id}/textbooks",
        json=body,
        headers=registry.position(organization_id, Role.SECRETARY),
    )


async def count(registry: Registry, organization_id: UUID, textbook_id: str, kind: str, copies: int) -> httpx.Response:
    return await registry.service.client.post(
        f"/textbooks/{textbook_id}/copies",
        json={"kind": kind, "copies": copies, "day": "2026-08-20", "document": "Накладная № 5"},
        headers=registry.office(organization_id),
    )


async def use(
    registry: Registry, organization_id: UUID, textbook: dict[str, Any], *group_ids: UUID, year: int = 2026
) -> httpx.Response:
    version = await registry.value("SELECT version FROM textbook WHERE id = $1", UUID(textbook["id"]))
    return await registry.service.client.put(
        f"/textbooks/{textbook['id']}/classes",
        json={"academic_year": year, "group_ids": [str(one) for one in group_ids]},
        headers={**registry.office(organization_id), "If-Match": f'"{version}"'},
    )


async def test_copies_are_counted_and_never_fewer_than_none(registry: Registry) -> None:
    organization_id = await registry.organization()
    made = await add(registry, organization_id)
    assert (made.status_code, made.json()["isbn"], made.json()["available"]) == (201, "9785306000008", 0)
    textbook_id = made.json()["id"]
    assert (await count(registry, organization_id, textbook_id, "received", 10)).json()["available"] == 10
    answers = await asyncio.gather(*(count(registry, organization_id, textbook_id, "written_off", 4) for _ in range(3)))
    assert sorted(one.status_code for one in answers) == [201, 201, 409]
    refused = next(one for one in answers if one.status_code == 409)
    assert refused.json()["code"] == "textbooks.no-copies"
    client, office = registry.service.client, registry.office(organization_id)
    card = (await client.get(f"/textbooks/{textbook_id}", headers=office)).json()
    assert (card["received"], card["written_off"], card["available"], card["version"]) == (10, 8, 2, 4)
    page = (await client.get(f"/textbooks/{textbook_id}/copies", headers=office)).json()["items"]
    assert [(one["kind"], one["copies"]) for one in page] == [
        ("received", 10),
        ("written_off", 4),
        ("written_off", 4),
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"grade_from": 6}, "textbooks.grades"),
        ({"subject_id": str(UUID(int=4))}, "textbooks.subject-unknown"),
        ({"isbn": "978-5-306-00000-7"}, "request.invalid"),
        ({"isbn": "5-306-0000"}, "request.invalid"),
    ],
)
async def test_textbooks_that_cannot_be(registry: Registry, changes: dict[str, Any], code: str) -> None:
    organization_id = await registry.organization()
    answer = await add(registry, organization_id, **changes)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert await registry.value("SELECT count(*) FROM textbook") == 0


async def test_an_edition_is_entered_once_and_put_out_of_use(registry: Registry) -> None:
    organization_id = await registry.organization()
    textbook = (await add(registry, organization_id)).json()
    again = await add(registry, organization_id, title="МАТЕМАТИКА. 5 класс")
    assert (again.status_code, again.json()["code"]) == (409, "textbooks.exists")
    assert (await add(registry, organization_id, part="Часть 2")).status_code == 201
    assert (await add(registry, organization_id, isbn="5-02-013850-9", year=1990)).status_code == 201
    ended = await registry.service.client.patch(
        f"/textbooks/{textbook['id']}",
        json={"reason": "Исключён из федерального перечня", "active": False},
        headers={**registry.office(organization_id), "If-Match": '"1"'},
    )
    assert ended.json()["active"] is False
    group_id = await fifth_class(registry, organization_id)
    refused = await use(registry, organization_id, textbook, group_id)
    assert refused.json()["code"] == "textbooks.classes"


async def test_supply_sets_copies_beside_students(registry: Registry) -> None:
    organization_id = await registry.organization()
    first, second = await fifth_class(registry, organization_id), await fifth_class(registry, organization_id, "5Б")
    sixth = UUID((await registry.groups(organization_id, class_("6А", 25, 6)))[0]["id"])
    await approved(registry, organization_id, first)
    for number in range(1, 4):
        await registry.student(organization_id, first, number)
    await registry.student(organization_id, second, 9)
    textbook = (await add(registry, organization_id)).json()
    await count(registry, organization_id, textbook["id"], "received", 3)
    assert (await use(registry, organization_id, textbook, sixth)).json()["code"] == "textbooks.classes"
    used = await use(registry, organization_id, textbook, first, second)
    assert used.status_code == 200, used.text
    client, path = registry.service.client, f"/organizations/{organization_id}/textbooks/supply"
    found = (await client.get(path, params={"academic_year": 2026}, headers=registry.region)).json()["items"]
    shown = {one["group"]: (one["students"], one["percent"], len(one["without_textbook"])) for one in found}
    assert shown == {"5А": (3, 75, 10), "5Б": (1, 75, 0), "6А": (0, None, 0)}
    assert (found[0]["textbooks"][0]["need"], found[0]["textbooks"][0]["available"]) == (4, 3)
    await use(registry, organization_id, textbook, first)
    found = (await client.get(path, params={"academic_year": 2026}, headers=registry.region)).json()["items"]
    assert [one["percent"] for one in found] == [100, None, None]
    stale = await client.put(
        f"/textbooks/{textbook['id']}/classes",
        json={"academic_year": 2026, "group_ids": []},
        headers={**registry.office(organization_id), "If-Match": '"1"'},
    )
    assert stale.status_code == 412
