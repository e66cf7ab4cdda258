"""Organizations, classes and groups over HTTP."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from asu_contracts.core import OrganizationChanged
from identifiers import complete_inn, complete_ogrn
from servicekit.clock import FixedClock
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest
from sgo_core.catalogue.definition import CATALOGUE, CardKind
from sgo_core.organizations.events import organization_changed
from sgo_core.organizations.model import Organization

from .world import MUNICIPALITY, OTHER_MUNICIPALITY, Registry, class_, inn, ogrn


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


def body(number: int, /, **changes: Any) -> dict[str, Any]:
    return {
        **{name: changes.pop(name) for name in ("founder_id", "parent_id") if name in changes},
        "values": {
            "kind": "school",
            "full_name": "Школа",
            "short_name": "Школа",
            "municipality": MUNICIPALITY,
            "locality": "urban",
            "inn": inn(number),
            "ogrn": ogrn(number),
            "legal_address": {"text": "г. Образцовск"},
            **changes,
        },
    }


def patch(**values: Any) -> dict[str, Any]:
    return {"reason": "Уточнение", "values": values}


async def test_municipalities_are_at_hand(registry: Registry) -> None:
    answer = await registry.service.client.get("/municipalities", headers=registry.region)
    assert len(answer.json()["items"]) == 44


async def test_registering_again_is_refused_or_repeated(registry: Registry) -> None:
    client, key = registry.service.client, {**registry.region, "Idempotency-Key": "organization-1"}
    first = await client.post("/organizations", json=body(1), headers=key)
    again = await client.post("/organizations", json=body(1), headers=key)
    assert (first.status_code, again.status_code, first.json()) == (201, 200, again.json())
    taken = await client.post("/organizations", json=body(1), headers=registry.region)
    assert (taken.status_code, taken.json()["code"]) == (409, "organizations.already-registered")
    assert len(await registry.events("core.organization.changed.v1")) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"inn": "2300000000"},
        {"ogrn": "1022300000001"},
        {"municipality": "99999999"},
        {"municipality": "1"},
        {"kind": "college"},
        {"full_name": ""},
        {"short_name": "a" * 501},
        {"extra": 1},
        {"founder_id": str(new_id())},
        {"kpp": "12"},
        {"okpo": "00032536"},
        {"phones": ["200-00-00"]},
        {"inn": complete_inn("2312345678")},
    ],
)
async def test_wrong_cards(registry: Registry, changes: dict[str, Any]) -> None:
    answer = await registry.service.client.post("/organizations", json=body(1, **changes), headers=registry.region)
    assert answer.status_code == 422
    assert await registry.value("SELECT count(*) FROM organization") == 0


async def test_lists_show_what_stands_on_or_below_ones_unit(registry: Registry) -> None:
    own, sibling = await registry.organization(), await registry.organization("preschool")
    foreign = await registry.organization(municipality=OTHER_MUNICIPALITY)
    for number, organization_id in enumerate((own, foreign)):
        await registry.student(organization_id, await registry.school_class(organization_id), number)
    tokens = registry.service.tokens
    operator = tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=MUNICIPALITY)
    teacher = tokens.headers(Role.TEACHER, municipality=MUNICIPALITY, organization_id=own)
    seen = ((registry.region, {own, sibling, foreign}), (operator, {own, sibling}), (teacher, {own}))
    for headers, expected in seen:
        listed = await registry.service.client.get("/organizations", headers=headers)
        assert {UUID(one["id"]) for one in listed.json()["items"]} == expected
        counted = await registry.service.client.get("/contingent", params={"date": "2026-09-01"}, headers=headers)
        totals = {UUID(one["organization_id"]): one["total"] for one in counted.json()["items"]}
        assert totals == {one: int(one != sibling) for one in expected}
    narrowed = {"municipality": OTHER_MUNICIPALITY}
    outside = await registry.service.client.get("/organizations", params=narrowed, headers=operator)
    assert outside.json()["items"] == []


async def test_a_department_sees_what_it_founded_wherever_it_stands(registry: Registry) -> None:
    department_body = {"kind": "department", "full_name": "Министерство культуры", "short_name": "Минкультуры"}
    made = await registry.service.client.post("/governing-bodies", json=department_body, headers=registry.region)
    founder = UUID(made.json()["id"])
    await registry.organization()
    sent = body(500, founder_id=str(founder), municipality=OTHER_MUNICIPALITY)
    founded = (await registry.service.client.post("/organizations", json=sent, headers=registry.region)).json()
    department = registry.service.tokens.headers(Role.DEPARTMENT_OFFICER, founder_id=founder)
    listed = await registry.service.client.get("/organizations", headers=department)
    assert [(one["id"], one["founder_id"]) for one in listed.json()["items"]] == [(founded["id"], str(founder))]
    published = await registry.events("core.organization.changed.v1")
    founders = [OrganizationChanged.model_validate_json(event["payload"]).founder_id for event in published]
    assert founders == [None, founder]


async def test_null_is_no_value_of_an_organization_or_a_group(registry: Registry) -> None:
    organization_id = await registry.organization()
    group_id = await registry.school_class(organization_id)
    headers = {**registry.region, "If-Match": '"1"'}
    card = {"reason": "Проверка", "values": {"legal_address": None}}
    for path, sent, pointer in (
        (f"/organizations/{organization_id}", card, "/body/values/legal_address"),
        (f"/groups/{group_id}", {"capacity": None}, "/body/capacity"),
    ):
        answer = await registry.service.client.patch(path, json=sent, headers=headers)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_a_card_is_edited_by_version_and_closed_from_above(registry: Registry) -> None:
    organization_id = await registry.organization()
    client = registry.service.client
    own = registry.service.tokens.headers(
        Role.ORGANIZATION_ADMIN, municipality=MUNICIPALITY, organization_id=organization_id
    )
    path, first = f"/organizations/{organization_id}", {"If-Match": '"1"'}
    edited = await client.patch(path, json=patch(short_name="Лицей"), headers={**own, **first})
    assert (edited.json()["values"]["short_name"], edited.headers["ETag"]) == ("Лицей", '"2"')
    late = await client.patch(path, json=patch(short_name="Гимназия"), headers={**own, **first})
    assert late.status_code == 412
    for above in ({"active": False}, {"values": {"inn": inn(77)}}, {"values": {"municipality": OTHER_MUNICIPALITY}}):
        refused = await client.patch(path, json={"reason": "Сами", **above}, headers={**own, "If-Match": '"2"'})
        assert refused.status_code == 403
    operator = registry.service.tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=MUNICIPALITY)
    away = patch(municipality=OTHER_MUNICIPALITY)
    refused = await client.patch(path, json=away, headers={**operator, "If-Match": '"2"'})
    assert refused.status_code == 403, "who registers in one's own municipality moves nothing out of it"
    closing = {"reason": "Ликвидация", "active": False}
    closed = await client.patch(path, json=closing, headers={**registry.region, "If-Match": '"2"'})
    assert closed.json()["active"] is False
    groups = {"academic_year": 2026, "groups": [class_("1А")]}
    refused = await client.post(f"{path}/groups", json=groups, headers=registry.region)
    assert refused.json()["code"] == "groups.organization-closed"


WHOLE: dict[str, Any] = {
    "full_name": "Муниципальное бюджетное общеобразовательное учреждение гимназия № 7",
    "short_name": "Гимназия № 7",
    "kind": "school",
    "legal_form": "75403",
    "number": "7",
    "locality": "urban",
    "settlement": "г. Образцовск",
    "legal_address": {"text": "г. Образцовск, ул. Тестовая, 1", "settlement": "г. Образцовск", "house": "1"},
    "phones": ["+78612000000"],
    "email": "school7@example.org",
    "site": "https://school7.example.org",
    "kpp": "231001001",
    "okpo": "00032537",
    "okato": "03401",
    "okogu": "4210007",
    "charter": {"approved_on": "2015-05-20", "number": "12", "approved_by": "Администрация"},
    "video_surveillance": True,
    "networked_computers": 120,
    "content_filter": "Фильтр оператора связи",
    "link_speed": "100.50",
    "municipality": MUNICIPALITY,
    "oktmo": "03701000001",
    "okfs": "14",
    "licence": {"number": "Л035-1", "issued_on": "2016-01-15"},
}


async def test_a_card_holds_every_field_and_reads_as_it_was(registry: Registry) -> None:
    client = registry.service.client
    made = await client.post("/organizations", json=body(1, **WHOLE), headers=registry.region)
    assert made.status_code == 201, made.text
    path = f"/organizations/{made.json()['id']}"
    fields = CATALOGUE.cards[CardKind.ORGANIZATION]
    read = (await client.get(path, headers=registry.region)).json()["values"]
    assert fields.stored().keys() <= read.keys()
    for name, value in WHOLE.items():
        seen = read[name]
        assert ({part: seen[part] for part in value} if isinstance(value, dict) else seen) == value, name
    runtime, real = registry.service.runtime, registry.service.runtime.clock
    before = real.now()
    runtime.clock = FixedClock(before + timedelta(hours=1))
    try:
        changed = patch(link_speed="200", phones=["+78612000001"], content_filter=None)
        answer = await client.patch(path, json=changed, headers={**registry.region, "If-Match": '"1"'})
        assert (answer.status_code, answer.json()["values"]["link_speed"]) == (200, "200.00")
    finally:
        runtime.clock = real
    then = await client.get(path, params={"as_of": before.isoformat()}, headers=registry.region)
    assert (then.json()["values"], then.json()["version"]) == (read, None)
    changes = (await client.get(f"{path}/history", headers=registry.region)).json()["items"]
    assert changes[1]["changes"] == {
        "link_speed": ["100.50", "200.00"],
        "phones": [["+78612000000"], ["+78612000001"]],
        "content_filter": ["Фильтр оператора связи", None],
    }


async def test_a_branch_shares_its_heads_numbers(registry: Registry) -> None:
    client = registry.service.client
    head = (await client.post("/organizations", json=body(1, full_name="Гимназия"), headers=registry.region)).json()
    branch = await client.post("/organizations", json=body(1, parent_id=head["id"]), headers=registry.region)
    assert (branch.status_code, branch.json()["values"]["parent"]) == (201, "Гимназия")
    events = await registry.events("core.organization.changed.v1")
    heads = [OrganizationChanged.model_validate_json(event["payload"]).parent_id for event in events]
    assert [None if one is None else str(one) for one in heads] == [None, head["id"]]
    other = await client.post("/organizations", json=body(2, parent_id=head["id"]), headers=registry.region)
    assert other.json()["code"] == "organizations.branch"
    deeper = await client.post("/organizations", json=body(1, parent_id=branch.json()["id"]), headers=registry.region)
    assert deeper.json()["code"] == "organizations.branch"
    moved = await client.patch(
        f"/organizations/{head['id']}", json=patch(ogrn=ogrn(5)), headers={**registry.region, "If-Match": '"1"'}
    )
    assert moved.json()["code"] == "organizations.branch"
    assert await registry.value("SELECT count(*) FROM organization") == 2


async def test_numbers_are_nobody_elses_and_fit_each_other(registry: Registry) -> None:
    client = registry.service.client
    await registry.organization()
    made = (await client.post("/organizations", json=body(50), headers=registry.region)).json()
    path, first = f"/organizations/{made['id']}", {**registry.region, "If-Match": '"1"'}
    taken = await client.patch(path, json=patch(ogrn=ogrn(1)), headers=first)
    assert (taken.status_code, taken.json()["code"]) == (409, "organizations.already-registered")
    unfit = await client.patch(path, json=patch(inn=complete_inn("2312345678")), headers=first)
    assert unfit.json()["code"] == "organizations.numbers"
    other_kind = await client.patch(path, json=patch(kind="preschool"), headers=first)
    assert other_kind.json()["code"] == "organizations.kind-fixed"
    trader = body(51, inn=complete_inn("2312345678"), ogrn=complete_ogrn("30423050000001"))
    assert (await client.post("/organizations", json=trader, headers=registry.region)).status_code == 201


async def test_a_name_is_found_by_words_with_mistakes(registry: Registry) -> None:
    client = registry.service.client
    names = ("Детский сад «Берёзка»", "Детский сад «Ромашка»", "Гимназия № 7")
    for number, name in enumerate(names):
        await client.post("/organizations", json=body(number, full_name=name, short_name=name), headers=registry.region)
    for words, found in (("березка", [names[0]]), ("рамашка", [names[1]]), ("ГИМНАЗИЯ", [names[2]]), ("лицей", [])):
        listed = await client.get("/organizations", params={"search": words}, headers=registry.region)
        assert [one["full_name"] for one in listed.json()["items"]] == found, words


async def test_groups_are_opened_together_or_not_at_all(registry: Registry) -> None:
    organization_id = await registry.organization()
    opened = await registry.groups(organization_id, class_("1Б"), class_("1А"))
    assert [(one["name"], one["starts_on"], one["ends_on"]) for one in opened] == [
        ("1Б", "2026-09-01", "2027-09-01"),
        ("1А", "2026-09-01", "2027-09-01"),
    ]
    path = f"/organizations/{organization_id}/groups"
    cases: list[tuple[dict[str, Any], str]] = [
        ({"academic_year": 2026, "groups": [class_("2А"), class_("1а")]}, "groups.name-taken"),
        ({"academic_year": 2026, "groups": [class_("2А"), class_("2А")]}, "groups.name-taken"),
        ({"academic_year": 1999, "groups": [class_("2А")]}, "request.invalid"),
        ({"academic_year": 2026, "groups": [class_("2А", grade=12)]}, "request.invalid"),
        ({"academic_year": 2026, "groups": [{**class_("2А"), "age_from": 3}]}, "request.invalid"),
        ({"academic_year": 2026, "groups": []}, "request.invalid"),
    ]
    for groups, code in cases:
        answer = await registry.service.client.post(path, json=groups, headers=registry.region)
        assert answer.json()["code"] == code
    assert await registry.value("SELECT count(*) FROM study_group") == 2
    listed = await registry.service.client.get(path, params={"academic_year": 2025}, headers=registry.region)
    assert listed.json()["items"] == []


async def test_capacity_stays_above_occupancy(registry: Registry) -> None:
    organization_id = await registry.organization()
    group_id = await registry.school_class(organization_id, capacity=3)
    for number in range(2):
        await registry.student(organization_id, group_id, number)
    client, path = registry.service.client, f"/groups/{group_id}"
    version = (await client.get(path, headers=registry.region)).json()["version"]
    headers = {**registry.region, "If-Match": f'"{version}"'}
    low = await client.patch(path, json={"capacity": 1}, headers=headers)
    assert low.json()["code"] == "groups.capacity-below-occupancy"
    closed = await client.patch(path, json={"active": False}, headers=headers)
    assert closed.json()["code"] == "groups.occupied"
    fits = await client.patch(path, json={"capacity": 2, "name": "1Я"}, headers=headers)
    assert (fits.json()["capacity"], fits.json()["name"]) == (2, "1Я")
    await registry.check()
    unknown: UUID = new_id()
    assert (await client.get(f"/groups/{unknown}", headers=registry.region)).status_code == 404


async def test_two_groups_given_one_name_at_once(registry: Registry) -> None:
    organization_id = await registry.organization()
    opened = await registry.groups(organization_id, class_("1А"), class_("1Б"))
    headers = {**registry.region, "If-Match": '"1"'}
    answers = await asyncio.gather(
        *(
            registry.service.client.patch(f"/groups/{one['id']}", json={"name": name}, headers=headers)
            for one, name in zip(opened, ("1я", "1Я"), strict=True)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_contacts_are_told_of_an_organization_and_not_of_a_person(registry: Registry) -> None:
    organization_id = await registry.organization()
    card = {
        "phones": ["+78612000007"],
        "email": "school@example.org",
        "site": "https://school.example.org",
        "licence": {"number": "Л035-01218-23/00000007", "issued_on": "2015-04-01"},
    }
    headers = {**registry.region, "If-Match": '"1"'}
    answer = await registry.service.client.patch(
        f"/organizations/{organization_id}", json={"reason": "Контакты", "values": card}, headers=headers
    )
    assert answer.status_code == 200, answer.text
    told = [
        OrganizationChanged.model_validate_json(event["payload"])
        for event in await registry.events("core.organization.changed.v1")
    ]
    assert (told[0].address, told[0].phones, told[0].licence) == ("г. Образцовск", (), None)
    assert (told[1].phones, told[1].email) == (("+78612000007",), "school@example.org")
    assert told[1].licence is not None
    assert told[1].licence.number == "Л035-01218-23/00000007"
    trader = Organization(
        id=organization_id,
        kind="additional",
        short_name="ИП",
        full_name="ИП",
        municipality=MUNICIPALITY,
        locality="urban",
        active=True,
        ogrn="304500116000157",
        legal_address={"text": "г. Образцовск, ул. Домашняя, д. 1, кв. 1"},
        phones=["+79180000000"],
        email="home@example.org",
        site="https://club.example.org",
    )
    state = organization_changed(trader)
    assert (state.address, state.phones, state.email, state.site) == (None, (), None, "https://club.example.org")
