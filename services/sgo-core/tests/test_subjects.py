"""Reference books of the curriculum: the region's and an organization's own, and the norms in dated editions."""

from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from asu_contracts.core import SubjectChanged
from servicekit.testing import ServiceUnderTest
from sgo_core.subjects import service as subjects

from .planning import subject_ids
from .world import Registry

OWN = {"title": "Математика: углублённый курс", "short_title": "Матем. угл.", "area": "mathematics"}
OWN_FROM: dict[str, Any] = {**OWN, "valid_from": "2026-09-01"}


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def add_own(registry: Registry, organization_id: UUID, **changes: Any) -> Any:
    return await registry.service.client.post(
        f"/organizations/{organization_id}/subjects",
        json={**OWN_FROM, **changes},
        headers=registry.position(organization_id, Role.COORDINATOR),
    )


async def test_a_registry_begins_with_the_federal_subjects_and_says_whence(registry: Registry) -> None:
    client = registry.service.client
    page = (await client.get("/subjects", params={"grade": 7, "limit": 500}, headers=registry.region)).json()["items"]
    codes = {one["code"] for one in page}
    assert {"algebra", "geometry", "physics"} <= codes
    assert codes.isdisjoint({"mathematics", "chemistry", "world"})
    assert all("с текстом приказ" in one["source"] or one["area"] == "regional" for one in page)
    terms = (await client.get("/curriculum-terms", headers=registry.region)).json()["items"]
    counted = {one["code"]: one["counts_in_load"] for one in terms if one["kind"] == "component"}
    assert counted == {"obligatory": True, "participants": True, "extracurricular": False, "correction": False}
    assert {one["area"] for one in page} <= {one["code"] for one in terms if one["kind"] == "area"}


async def test_the_subjects_a_registry_begins_with_are_told_once(registry: Registry) -> None:
    """Journals are called by them, and nobody ever enters them."""
    runtime = registry.service.runtime
    await subjects.tell_untold(runtime)
    await subjects.tell_untold(runtime)
    told = [
        SubjectChanged.model_validate_json(one["payload"]) for one in await registry.events("core.subject.changed.v1")
    ]
    known = await subject_ids(registry)
    assert sorted(one.code for one in told) == sorted(known)
    assert {one.code: str(one.subject_id) for one in told} == known
    assert await registry.value("SELECT count(*) FROM row_history WHERE relation = 'subject'") == 0


async def test_an_own_subject_is_the_organization_s_alone(registry: Registry) -> None:
    mine, other = await registry.organization(), await registry.organization()
    mathematics = (await subject_ids(registry))["mathematics"]
    made = await add_own(registry, mine, counts_as=mathematics)
    assert made.status_code == 201, made.text
    subject = made.json()
    client = registry.service.client
    for organization_id, shown in ((mine, True), (other, False)):
        path = f"/organizations/{organization_id}/subjects"
        listed = await client.get(path, params={"limit": 500}, headers=registry.office(organization_id))
        ids = {one["id"] for one in listed.json()["items"]}
        assert (subject["id"] in ids, mathematics in ids) == (shown, True)
    told = SubjectChanged.model_validate_json((await registry.events("core.subject.changed.v1"))[0]["payload"])
    assert (told.organization_id, str(told.counts_as)) == (mine, mathematics)
    same = await add_own(registry, mine)
    assert (same.status_code, same.json()["code"]) == (409, "subjects.taken")
    regional = await add_own(registry, mine, title="математика")
    assert regional.json()["code"] == "subjects.taken"
    office = registry.position(mine, Role.HEAD)
    renamed = {"reason": "Название", "title": "Математика"}
    headers = {**office, "If-Match": '"1"'}
    taken = await client.patch(f"/subjects/{subject['id']}", json=renamed, headers=headers)
    assert (taken.status_code, taken.json()["code"]) == (409, "subjects.taken")
    of_own = await add_own(registry, other, counts_as=subject["id"])
    assert of_own.json()["code"] == "subjects.counts-as"
    nowhere = await add_own(registry, other, area="magic")
    assert (nowhere.status_code, nowhere.json()["code"]) == (422, "subjects.area-unknown")


async def test_a_subject_is_put_out_of_use_and_stays(registry: Registry) -> None:
    client = registry.service.client
    kuban = (await subject_ids(registry))["kuban"]
    ended = {"reason": "Исключён из перечня", "valid_to": "2026-09-01"}
    headers = {**registry.region, "If-Match": '"1"'}
    answer = await client.patch(f"/subjects/{kuban}", json=ended, headers=headers)
    assert answer.json()["valid_to"] == "2026-09-01"
    assert (await client.patch(f"/subjects/{kuban}", json=ended, headers=headers)).status_code == 412
    for day, shown in (("2026-08-31", True), ("2026-09-01", False)):
        page = await client.get("/subjects", params={"date": day, "limit": 500}, headers=registry.region)
        assert (kuban in {one["id"] for one in page.json()["items"]}) is shown
    assert (await client.get(f"/subjects/{kuban}", headers=registry.region)).json()["title"] == "Кубановедение"
    kept = await registry.value("SELECT row ->> 'valid_to' FROM row_history WHERE row_id = $1", UUID(kuban))
    assert kept is None
    assert len(await registry.events("core.subject.changed.v1")) == 1
    before = {"reason": "Ошибка", "valid_to": "2020-09-01"}
    refused = await client.patch(f"/subjects/{kuban}", json=before, headers={**registry.region, "If-Match": '"2"'})
    assert (refused.status_code, refused.json()["code"]) == (422, "subjects.interval")


async def test_an_organization_does_not_edit_the_region_s_subject_nor_the_region_its_own(registry: Registry) -> None:
    organization_id = await registry.organization()
    client, rename = registry.service.client, {"reason": "Так лучше", "short_title": "М"}
    office = {**registry.position(organization_id, Role.COORDINATOR), "If-Match": '"1"'}
    regional = (await subject_ids(registry))["mathematics"]
    assert (await client.patch(f"/subjects/{regional}", json=rename, headers=office)).status_code == 403
    own = (await add_own(registry, organization_id)).json()["id"]
    region = {**registry.region, "If-Match": '"1"'}
    assert (await client.patch(f"/subjects/{own}", json=rename, headers=region)).status_code == 403
    assert (await client.patch(f"/subjects/{own}", json=rename, headers=office)).json()["short_title"] == "М"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"kind": "component", "counts_in_load": None}, "curriculum-terms.counts"),
        ({"kind": "area", "counts_in_load": True}, "curriculum-terms.counts"),
        ({"kind": "area", "valid_to": "2026-09-01"}, "subjects.interval"),
        ({"kind": "area", "code": "natural"}, "curriculum-terms.taken"),
    ],
)
async def test_terms_that_cannot_be(registry: Registry, body: dict[str, Any], code: str) -> None:
    sent = {"code": "new", "title": "Новый", "source": "Приказ", "valid_from": "2026-09-01", **body}
    answer = await registry.service.client.post("/curriculum-terms", json=sent, headers=registry.region)
    assert answer.json()["code"] == code


async def editions(registry: Registry, **query: str) -> dict[str, list[dict[str, Any]]]:
    answer = await registry.service.client.get("/study-norms", params=query, headers=registry.region)
    found: dict[str, list[dict[str, Any]]] = {}
    for one in answer.json()["items"]:
        found.setdefault(one["kind"], []).append(one)
    return found


async def test_the_maximum_load_is_the_one_of_the_sanitary_rules(registry: Registry) -> None:
    (load,) = (await editions(registry, date="2026-09-01"))["maximum_load"]
    assert "таблица 6.6" in load["source"]
    hours = {(row["grade"], row["week_days"]): row["hours"] for row in load["maximum_load"]}
    assert hours == {
        (1, 5): "21.0",
        **{(grade, days): most for grade in (2, 3, 4) for days, most in ((5, "23.0"), (6, "26.0"))},
        (5, 5): "29.0",
        (5, 6): "32.0",
        (6, 5): "30.0",
        (6, 6): "33.0",
        (7, 5): "32.0",
        (7, 6): "35.0",
        **{(grade, days): most for grade in (8, 9) for days, most in ((5, "33.0"), (6, "36.0"))},
        **{(grade, days): most for grade in (10, 11) for days, most in ((5, "34.0"), (6, "37.0"))},
    }


async def test_a_norm_is_replaced_from_a_day_and_never_overwritten(registry: Registry) -> None:
    client = registry.service.client
    rows = [{"grade": 5, "week_days": 5, "hours": "28.5"}]
    body = {"kind": "maximum_load", "valid_from": "2027-09-01", "source": "СанПиН, ред. 2027", "maximum_load": rows}
    made = await client.post("/study-norms", json=body, headers=registry.region)
    assert (made.status_code, made.json()["maximum_load"][0]["hours"]) == (201, "28.5")
    (before,) = (await editions(registry, date="2027-08-31"))["maximum_load"]
    (after,) = (await editions(registry, date="2027-09-01"))["maximum_load"]
    assert (before["valid_to"], after["source"]) == ("2027-09-01", "СанПиН, ред. 2027")
    mended = {**body, "source": "СанПиН, исправлено"}
    assert (await client.post("/study-norms", json=mended, headers=registry.region)).status_code == 201
    (after,) = (await editions(registry, date="2027-09-01"))["maximum_load"]
    assert after["source"] == "СанПиН, исправлено"
    assert len((await editions(registry, all="true"))["maximum_load"]) == 3
    rights = await registry.fetch(
        "SELECT table_name FROM information_schema.role_table_grants WHERE grantee = 'core_app' "
        "AND privilege_type IN ('UPDATE', 'DELETE') AND table_name IN ('norm_edition', 'maximum_load', 'obligatory_subject')"
    )
    assert rights == []


async def test_norms_that_cannot_be(registry: Registry) -> None:
    client = registry.service.client
    organization_id = await registry.organization()
    own = (await add_own(registry, organization_id)).json()["id"]
    row = {"grade": 5, "week_days": 5, "hours": "28.5"}
    head = {"valid_from": "2027-09-01", "source": "Приказ"}
    lists = [{"grade": 5, "subject_ids": [own]}]
    for body, code in (
        ({**head, "kind": "maximum_load"}, "study-norms.rows"),
        ({**head, "kind": "maximum_load", "maximum_load": [row, row]}, "study-norms.rows"),
        ({**head, "kind": "obligatory_subjects", "maximum_load": [row]}, "study-norms.rows"),
        ({**head, "kind": "obligatory_subjects", "obligatory_subjects": lists}, "study-norms.subject-unknown"),
    ):
        answer = await client.post("/study-norms", json=body, headers=registry.region)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert await registry.value("SELECT count(*) FROM norm_edition") == 2
