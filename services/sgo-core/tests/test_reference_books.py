"""Reference books of the region, and what organizations add to them and replace in them."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from servicekit.testing import ServiceUnderTest

from .world import Registry

ROOMS = "/reference-books/room_kinds/entries"
IF_FIRST = {"If-Match": '"1"'}


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


def entry(title: str, **changes: Any) -> dict[str, Any]:
    return {"title": title, "position": 5, "reason": "Ведение справочника", **changes}


async def add(registry: Registry, headers: dict[str, str], body: dict[str, Any], path: str = ROOMS) -> dict[str, Any]:
    answer = await registry.service.client.post(path, json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def titles(
    registry: Registry, headers: dict[str, str], organization_id: UUID | None, path: str = ROOMS, **params: Any
) -> dict[str, str]:
    if organization_id is not None:
        params["organization_id"] = str(organization_id)
    answer = await registry.service.client.get(path, params=params, headers=headers)
    return {one["code"]: one["title"] for one in answer.json()["items"]}


async def test_the_region_begins_with_books_that_can_be_used(registry: Registry) -> None:
    books = (await registry.service.client.get("/reference-books", headers=registry.region)).json()["items"]
    for book in books:
        assert await titles(registry, registry.region, None, f"/reference-books/{book['code']}/entries"), book
    works = await registry.service.client.get("/reference-books/work_kinds/entries", headers=registry.region)
    assert all(one["abbreviation"] for one in works.json()["items"])


async def test_an_organization_adds_replaces_and_hides_for_itself_alone(registry: Registry) -> None:
    school, other = await registry.organization(), await registry.organization()
    office, client = registry.office(school), registry.service.client
    inherited = await titles(registry, office, school)
    own = await add(registry, office, entry("Кабинет робототехники"))
    await add(registry, office, entry("Плавательный бассейн", code="pool"))
    await add(registry, office, entry("Мастерская", code="workshop", active=False))
    seen = await titles(registry, office, school)
    assert seen[own["code"]] == "Кабинет робототехники"
    assert seen["pool"] == "Плавательный бассейн"
    assert "workshop" not in seen
    assert "workshop" in await titles(registry, office, school, everything=True)
    assert await titles(registry, registry.office(other), other) == inherited
    assert await titles(registry, office, None) == inherited
    hidden = await client.patch(
        f"/reference-entries/{own['id']}", json={"reason": "Закрыт", "active": False}, headers={**office, **IF_FIRST}
    )
    assert hidden.json()["active"] is False
    assert own["code"] not in await titles(registry, office, school)


async def test_a_new_entry_of_the_region_reaches_those_who_inherit(registry: Registry) -> None:
    school = await registry.organization()
    office = registry.office(school)
    made = await add(registry, registry.region, entry("Кванториум", code="quantorium", valid_from="2027-01-01"))
    assert "quantorium" not in await titles(registry, office, school, date="2026-12-31")
    assert (await titles(registry, office, school, date="2027-01-01"))["quantorium"] == "Кванториум"
    patch = {"reason": "Переименован", "title": "Кванториум мини", "valid_to": "2027-06-01"}
    path = f"/reference-entries/{made['id']}"
    await registry.service.client.patch(path, json=patch, headers={**registry.region, **IF_FIRST})
    assert (await titles(registry, office, school, date="2027-05-31"))["quantorium"] == "Кванториум мини"
    assert "quantorium" not in await titles(registry, office, school, date="2027-06-01")
    changes = (await registry.service.client.get(f"{path}/history", headers=office)).json()["items"]
    assert changes[1]["changes"] == {
        "title": ["Кванториум", "Кванториум мини"],
        "valid_to": [None, "2027-06-01"],
    }
    told = await registry.events("core.reference-entry.changed.v1")
    assert [(one["version"], one["subject"]) for one in told] == [(1, made["id"]), (2, made["id"])]


@pytest.mark.parametrize(
    ("book", "sent", "status", "code"),
    [
        ("unknown", entry("Запись"), 404, "not-found"),
        ("profiles", entry("Профиль школы"), 403, "reference-books.regional"),
        ("day_kinds", entry("Иной день", code="regular"), 403, "reference-books.regional"),
        ("room_kinds", entry("Зал", code="no_such_code"), 422, "reference-books.code"),
        ("room_kinds", entry("  спортивный ЗАЛ "), 409, "reference-books.exists"),
        (
            "room_kinds",
            entry("Зал", valid_from="2026-09-01", valid_to="2026-09-01"),
            422,
            "reference-books.interval",
        ),
    ],
)
async def test_what_an_organization_may_not(
    registry: Registry, book: str, sent: dict[str, Any], status: int, code: str
) -> None:
    office = registry.office(await registry.organization())
    answer = await registry.service.client.post(f"/reference-books/{book}/entries", json=sent, headers=office)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert await registry.value("SELECT count(*) FROM reference_entry WHERE organization_id IS NOT NULL") == 0


@pytest.mark.parametrize("sent", [entry("Без кода"), entry("Чужой код", code="own_1")])
async def test_the_region_names_codes(registry: Registry, sent: dict[str, Any]) -> None:
    answer = await registry.service.client.post(ROOMS, json=sent, headers=registry.region)
    assert (answer.status_code, answer.json()["code"]) == (422, "reference-books.code")


async def test_an_entry_changes_where_it_was_made(registry: Registry) -> None:
    school, client = await registry.organization(), registry.service.client
    office = registry.office(school)
    regional = await registry.value("SELECT id FROM reference_entry WHERE code = 'pool' AND organization_id IS NULL")
    own = await add(registry, office, entry("Кабинет робототехники"))
    patch = {"reason": "Чужое", "title": "Другое"}
    for entry_id, headers in ((regional, office), (own["id"], registry.region)):
        answer = await client.patch(f"/reference-entries/{entry_id}", json=patch, headers={**headers, **IF_FIRST})
        assert answer.status_code == 403


async def test_two_add_the_same_at_once_and_one_is_told(registry: Registry) -> None:
    office = registry.office(await registry.organization())
    sent = (registry.service.client.post(ROOMS, json=entry("Кабинет робототехники"), headers=office) for _ in range(2))
    assert sorted(one.status_code for one in await asyncio.gather(*sent)) == [201, 409]
