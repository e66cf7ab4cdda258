"""Students' cards: reading is audited, editing keeps history."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest

from asu_contracts.access import Role
from servicekit.testing import ServiceUnderTest

from .world import MUNICIPALITY, Registry, snils


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def a_student(registry: Registry, number: int = 1) -> tuple[UUID, UUID]:
    organization_id = await registry.organization()
    group_id = await registry.school_class(organization_id)
    return organization_id, await registry.student(organization_id, group_id, number)


async def edit(registry: Registry, student_id: UUID, version: int | None, **values: Any) -> httpx.Response:
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    organization_id = await registry.value("SELECT organization_id FROM membership WHERE student_id = $1", student_id)
    return await registry.service.client.patch(
        f"/students/{student_id}",
        json={"reason": "Исправление", "values": values},
        headers={**registry.office(organization_id), **headers},
    )


async def changes_of(registry: Registry, student_id: UUID, headers: dict[str, str]) -> list[dict[str, Any]]:
    answer = await registry.service.client.get(f"/students/{student_id}/history", headers=headers)
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_card_is_whole_for_the_office_and_masked_for_a_body(registry: Registry) -> None:
    organization_id, student_id = await a_student(registry)
    answer = await registry.service.client.get(f"/students/{student_id}", headers=registry.office(organization_id))
    card = answer.json()
    assert (answer.headers["ETag"], card["version"], card["masked"]) == ('"1"', 1, [])
    assert card["values"]["snils"] == snils(1).replace("-", "").replace(" ", "")
    assert card["values"]["document"]["number"] == "000001"
    assert card["guardians"][0]["kinship"] == "mother"
    assert card["guardians"][0]["values"]["mobile_phone"] == "+70000000000"
    assert card["consents"][0]["operator"] == "Министерство"
    (audited,) = await registry.fetch("SELECT action, role, subjects FROM audit")
    assert (audited["action"], audited["role"], audited["subjects"]) == (
        "student.card.read",
        "organization_admin",
        [student_id],
    )
    masked = (await registry.service.client.get(f"/students/{student_id}", headers=registry.region)).json()
    assert masked["values"]["snils"] == "***-***-" + snils(1)[8:]
    assert masked["values"]["document"] == {"kind": "birth_certificate", "number": "***01"}
    assert masked["values"]["birth_date"] == "2020"
    assert "health_group" not in masked["values"]
    assert masked["guardians"][0]["values"]["mobile_phone"] == "***00"


async def test_an_edit_is_told_to_its_readers_and_kept_in_history(registry: Registry) -> None:
    organization_id, student_id = await a_student(registry)
    renamed = await edit(registry, student_id, 1, last_name="Примерова", citizenship="051")
    assert (renamed.status_code, renamed.headers["ETag"]) == (200, '"2"')
    same = await edit(registry, student_id, 2, last_name="Примерова", snils=snils(1))
    assert same.headers["ETag"] == '"2"'
    document = {"kind": "passport_rf", "series": "03 14", "number": "123456", "issued_on": "2026-09-01"}
    changed = await edit(registry, student_id, 2, snils=snils(77), document=document)
    assert changed.json()["values"]["document"]["series"] == "0314"
    created, _, first, second = await changes_of(registry, student_id, registry.office(organization_id))
    assert created["created"]
    assert created["changes"]["last_name"] == [None, "Образцова"]
    assert sorted(first["changes"]) == ["citizenship", "last_name"]
    assert first["changes"]["last_name"] == ["Образцова", "Примерова"]
    assert first["reason"] == "Исправление"
    assert sorted(second["changes"]) == ["document", "snils"]
    *_, masked = await changes_of(registry, student_id, registry.region)
    assert masked["changes"]["snils"] == ["***-***-" + snils(1)[8:], "***-***-" + snils(77)[8:]]
    versions = [event["version"] for event in await registry.events("core.student.profiled.v1")]
    assert versions == [1, 2]
    assert [event["version"] for event in await registry.events("core.student.statistics-changed.v1")] == [1, 2]


async def test_null_takes_away_what_a_card_may_lack(registry: Registry) -> None:
    organization_id, student_id = await a_student(registry)
    edited = await edit(registry, student_id, 1, middle_name="Примеровна")
    assert edited.json()["values"]["middle_name"] == "Примеровна"
    cleared = (await edit(registry, student_id, 2, middle_name=None, document=None)).json()
    assert (cleared["values"]["middle_name"], cleared["values"]["document"], cleared["version"]) == (None, None, 3)
    # The document is free for the child it belongs to.
    group_id = await registry.school_class(organization_id, "1Б")
    owner = await registry.student(organization_id, group_id, 1, child_snils=None, child_birth_date=date(2020, 6, 1))
    assert owner != student_id
    given = {"document": {"kind": "passport_rf", "series": "03 14", "number": "123456"}, "snils": None}
    changed = (await edit(registry, student_id, 3, **given)).json()
    assert (changed["values"]["snils"], changed["values"]["document"]["kind"]) == (None, "passport_rf")


async def test_refused_edits(registry: Registry) -> None:
    organization_id, student_id = await a_student(registry)
    group_id = await registry.school_class(organization_id, "1Б")
    await registry.student(organization_id, group_id, 2)
    cases: list[tuple[int | None, dict[str, Any], int, str]] = [
        (None, {"last_name": "Иная"}, 428, "if-match-required"),
        (7, {"last_name": "Иная"}, 412, "version-mismatch"),
        (1, {"snils": snils(2)}, 409, "people.identity-taken"),
        (1, {"birth_date": "2100-01-01"}, 422, "people.birth-date"),
        (1, {"snils": "112-233-445 00"}, 422, "request.invalid"),
        (1, {"document": {"kind": "passport_rf", "series": "1", "number": "2"}}, 422, "request.invalid"),
        (1, {"birth_date": "2019-02-31"}, 422, "request.invalid"),
        (1, {"surname": "Иная"}, 422, "request.invalid"),
        (1, {"last_name": "\x00"}, 422, "request.invalid"),
        (1, {"last_name": None}, 422, "request.invalid"),
        (1, {"snils": None, "document": None}, 422, "people.no-identity"),
    ]
    for version, changes, status, code in cases:
        answer = await edit(registry, student_id, version, **changes)
        assert (answer.status_code, answer.json()["code"]) == (status, code), changes
        assert "445 00" not in answer.text
    assert await registry.value("SELECT count(*) FROM row_history") == 0


async def test_a_student_who_left_is_read_by_the_last_organization_alone_until_the_next(registry: Registry) -> None:
    organization_id, student_id = await a_student(registry)
    headers = registry.service.tokens.headers(
        Role.ORGANIZATION_ADMIN, municipality=MUNICIPALITY, organization_id=organization_id
    )
    await registry.depart(organization_id, student_id, "2026-10-01")
    assert registry.service.runtime.clock.today() > date(2026, 10, 1)
    assert (await registry.service.client.get(f"/students/{student_id}", headers=headers)).status_code == 200, (
        "its file"
    )
    next_id = await registry.organization()
    group_id = await registry.school_class(next_id)
    assert (
        await registry.service.client.get(f"/students/{student_id}", headers=registry.office(next_id))
    ).status_code == 404
    line = {
        "student_id": str(student_id),
        "kind": "enrolled",
        "effective_date": "2026-10-05",
        "group_id": str(group_id),
    }
    assert (await registry.order(next_id, line, number="з-1")).status_code == 200
    assert (await registry.service.client.get(f"/students/{student_id}", headers=headers)).status_code == 404
    book = await registry.service.client.get(f"/students/{student_id}/movements", headers=headers)
    assert [one["kind"] for one in book.json()["items"]] == ["enrolled", "departed"]


async def test_two_cards_given_one_number_at_once(registry: Registry) -> None:
    organization_id, first = await a_student(registry)
    group_id = await registry.school_class(organization_id, "1Б")
    second = await registry.student(organization_id, group_id, 2)
    answers = await asyncio.gather(*(edit(registry, student, 1, snils=snils(9)) for student in (first, second)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_a_guardianship_is_limited_and_ended(registry: Registry) -> None:
    organization_id, student_id = await a_student(registry)
    card = (await registry.service.client.get(f"/students/{student_id}", headers=registry.region)).json()
    guardian = card["guardians"][0]
    path = f"/students/{student_id}/guardians/{guardian['id']}"

    async def change(version: int, **changes: Any) -> httpx.Response:
        headers = {**registry.office(organization_id), "If-Match": f'"{version}"'}
        body = {"reason": "Решение суда", **changes}
        return await registry.service.client.patch(path, json=body, headers=headers)

    limited = await change(1, may_see=False)
    assert (limited.status_code, limited.headers["ETag"]) == (200, '"2"')
    assert limited.json()["guardians"][0]["may_see"] is False
    assert (await change(1, may_see=True)).status_code == 412
    early = await change(2, valid_to="2026-08-31")
    assert early.json()["code"] == "people.guardianship-end"
    ended = await change(2, valid_to="2026-10-01")
    assert ended.json()["guardians"][0]["valid_to"] == "2026-10-01"
    assert (await change(3, may_see=None)).status_code == 422
    reopened = await change(3, valid_to=None)
    assert reopened.json()["guardians"][0]["valid_to"] is None
    told = await registry.events("core.guardianship.changed.v1")
    assert [event["version"] for event in told] == [1, 2, 3, 4]
    profiles = await registry.fetch(
        "SELECT payload::jsonb -> 'organization_ids' AS ids FROM outbox WHERE type = $1 ORDER BY version",
        "core.guardian.profiled.v1",
    )
    assert [str(organization_id) in one["ids"] for one in profiles] == [True, True, False, True]
    changes = await changes_of(registry, student_id, registry.office(organization_id))
    assert [one["relation"] for one in changes] == ["student", *["guardianship"] * 4]
    assert [one["reason"] for one in changes[2:]] == ["Решение суда"] * 3
    assert changes[2]["changes"] == {"may_see": [True, False]}
