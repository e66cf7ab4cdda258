"""Consents: without a ground nothing is stored or shown."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest
from sgo_core.catalogue.definition import CATALOGUE, CardKind

from .clubs import club, line
from .consenting import ON_CONSENT, PHONE, a_student, card_of, edit, with_phone, withdraw
from .samples.registry import become_guardian
from .world import MUNICIPALITY, Registry, row, xlsx


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def standing(registry: Registry, student_id: UUID, headers: dict[str, str]) -> Any:
    params = {"subject_kind": "student", "subject_id": str(student_id)}
    answer = await registry.service.client.get("/consents", params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def addressed(told: Any) -> list[Any]:
    """Consents to an organization of the register; an application's is to processing as such."""
    return [one for one in told["consents"] if one["organization_id"] is not None]


SAMPLE_VALUES: dict[str, Any] = {
    "phone": "+79001234567",
    "email": "a@example.org",
    "lines": ["Астма"],
    "pe_exemptions": [{"starts_on": "2026-09-20", "ends_on": "2026-10-01", "document": "Справка № 17 от 20.09.2026"}],
    "policy": "2345678901234560",
    "line": "Страховая компания",
    "boolean": True,
}


def a_value(name: str) -> Any:
    one = CATALOGUE.cards[CardKind.STUDENT].fields[name]
    if one.options is not None:
        code = next(iter(one.options))
        return code if one.type == "choice" else [code]
    return SAMPLE_VALUES[one.type]


async def test_no_field_that_needs_consent_is_stored_without_one(registry: Registry) -> None:
    organization_id, student_id = await a_student(registry)
    for name in sorted(ON_CONSENT):
        answer = await edit(registry, organization_id, student_id, {name: a_value(name), "native_language": "русский"})
        assert answer.status_code == 422, name
        assert answer.json()["code"] == "consents.required"
        assert [one["pointer"] for one in answer.json()["errors"]] == [f"/body/values/{name}"]
    card = await card_of(registry, student_id, registry.office(organization_id))
    assert (card["version"], card["values"]["native_language"]) == (1, None)
    assert set(card["closed"]) == ON_CONSENT
    assert not ON_CONSENT & card["values"].keys()


async def test_with_consent_it_is_stored_and_shown(registry: Registry) -> None:
    organization_id, student_id, consent = await with_phone(registry)
    assert set(consent["fields"]) == ON_CONSENT
    assert (consent["method"], consent["operator"]) == ("paper", "Организация 1")
    card = await card_of(registry, student_id, registry.office(organization_id))
    assert (card["values"]["mobile_phone"], card["closed"]) == ("+79001234567", [])
    masked = await card_of(registry, student_id, registry.region)
    assert masked["values"]["mobile_phone"] == "***67"


async def test_a_consent_may_name_some_fields_only(registry: Registry) -> None:
    organization_id, student_id = await a_student(registry)
    await registry.consent(organization_id, student_id, fields=["mobile_phone"])
    assert (await edit(registry, organization_id, student_id, PHONE)).status_code == 200
    assert (await edit(registry, organization_id, student_id, {"home_computer": True})).status_code == 422
    assert (await edit(registry, organization_id, student_id, {"mobile_phone": None})).status_code == 200


async def test_another_operator_needs_a_consent_of_its_own(registry: Registry) -> None:
    organization_id, student_id, _ = await with_phone(registry)
    await registry.depart(organization_id, student_id, "2026-09-10")
    other = await registry.organization()
    group_id = await registry.school_class(other)
    assert await registry.student(other, group_id, 1, effective_date=date(2026, 9, 11)) == student_id
    card = await card_of(registry, student_id, registry.office(other))
    assert "mobile_phone" not in card["values"]
    assert "mobile_phone" in card["closed"]
    refused = await edit(registry, other, student_id, {"mobile_phone": "+79007654321"})
    assert refused.json()["code"] == "consents.required"
    await registry.consent(other, student_id)
    card = await card_of(registry, student_id, registry.office(other))
    assert card["values"]["mobile_phone"] == "+79001234567"


async def test_a_named_ground_replaces_consent(registry: Registry) -> None:
    organization_id, student_id = await a_student(registry)
    values = {"deviant_behaviour": ["commission"]}
    ground = {"ground": "prevention", "document": "Постановление КДН № 5 от 01.09.2026"}
    unknown = await edit(
        registry, organization_id, student_id, values, grounds={"deviant_behaviour": {**ground, "ground": "x"}}
    )
    assert unknown.status_code == 422
    beside = await edit(registry, organization_id, student_id, values, grounds={"last_name": ground})
    assert beside.json()["code"] == "consents.ground-unknown"
    stored = await edit(registry, organization_id, student_id, values, grounds={"deviant_behaviour": ground})
    assert stored.status_code == 200
    assert stored.json()["values"]["deviant_behaviour"] == ["commission"]
    (kept,) = (await standing(registry, student_id, registry.office(organization_id)))["grounds"]
    assert (kept["field"], kept["ground"], kept["document"]) == ("deviant_behaviour", "prevention", ground["document"])


async def test_an_office_reads_its_own_grounds_and_the_family_reads_all(registry: Registry) -> None:
    """What a court wrote to the school, and to whom else the family gave its consent, the club does not learn."""
    school, student_id = await a_student(registry)
    consent = await registry.consent(school, student_id, fields=["mobile_phone"])
    ground = {"ground": "prevention", "document": "Постановление КДН № 5 от 01.09.2026"}
    values = {"deviant_behaviour": ["commission"]}
    assert (await edit(registry, school, student_id, values, grounds={"deviant_behaviour": ground})).status_code == 200
    art_school = await registry.organization("additional")
    painting, group = await club(registry, art_school)
    entered = line("enrolled", student_id, painting, group_id=group)
    assert (await registry.order(art_school, entered)).status_code == 200
    theirs = await registry.consent(art_school, student_id, fields=["mobile_phone"])
    told = await standing(registry, student_id, registry.office(art_school))
    assert ([one["id"] for one in addressed(told)], told["grounds"]) == ([theirs["id"]], [])
    assert addressed(await card_of(registry, student_id, registry.office(art_school))) == addressed(told)
    told = await standing(registry, student_id, registry.office(school))
    assert [one["id"] for one in addressed(told)] == [consent["id"]]
    assert [one["document"] for one in told["grounds"]] == [ground["document"]]
    await become_guardian(registry, student_id, mother := new_id())
    family = registry.service.tokens.headers(Role.GUARDIAN, person_id=mother)
    told = await standing(registry, student_id, family)
    assert {one["id"] for one in addressed(told)} == {consent["id"], theirs["id"]}
    assert [one["organization_id"] for one in told["grounds"]] == [str(school)]


async def test_an_imported_list_brings_the_consent_of_child_and_parents(registry: Registry) -> None:
    organization_id = await registry.organization()
    await registry.school_class(organization_id)
    line = row(1, **{"Мобильный телефон": "+79001234567", "Родитель: место работы": "Завод"})
    sheet = xlsx([line], tuple(line))
    assert (await registry.import_list(organization_id, sheet))["created"] == 1
    student_id = await registry.value("SELECT id FROM student")
    office = registry.office(organization_id)
    card = await card_of(registry, student_id, office)
    assert card["values"]["mobile_phone"] == "+79001234567"
    assert card["guardians"][0]["values"]["workplace"] == "Завод"
    assert card["closed"] == card["guardians"][0]["closed"] == []
    await withdraw(registry, card["consents"][0], office)
    again = await registry.import_list(organization_id, sheet)
    assert [(one["code"], one["column"]) for one in again["errors"]] == [
        ("imports.row.consent-withdrawn", "Согласие от")
    ]
    new = {**line, "Согласие от": date(2026, 9, 1)}
    assert (await registry.import_list(organization_id, xlsx([new], tuple(line))))["refused"] == 0


class TestGuardian:
    """A guardian gives and withdraws without paper, for the own children only."""

    async def test_gives_and_withdraws(self, registry: Registry) -> None:
        organization_id, student_id = await a_student(registry)
        guardian_id = await registry.value("SELECT guardian_id FROM guardianship")
        headers = registry.service.tokens.headers(Role.GUARDIAN, person_id=guardian_id)
        body = {
            "subject_kind": "student",
            "subject_id": str(student_id),
            "organization_id": str(organization_id),
            "purposes": ["communication"],
            "fields": ["mobile_phone"],
        }
        given = await registry.service.client.post("/consents", json=body, headers=headers)
        assert given.status_code == 201, given.text
        assert (given.json()["method"], given.json()["given_by"]) == ("electronic", str(guardian_id))
        assert (await edit(registry, organization_id, student_id, PHONE)).status_code == 200
        withdrawn = await withdraw(registry, given.json(), headers)
        assert withdrawn.json()["closed"] == ["mobile_phone"]

    async def test_one_who_may_not_decide_is_refused(self, registry: Registry) -> None:
        organization_id, student_id, consent = await with_phone(registry)
        guardian_id = UUID(consent["given_by"])
        headers = {**registry.office(organization_id), "If-Match": '"1"'}
        path = f"/students/{student_id}/guardians/{guardian_id}"
        await registry.service.client.patch(path, json={"reason": "Суд", "may_decide": False}, headers=headers)
        guardian = registry.service.tokens.headers(Role.GUARDIAN, person_id=guardian_id)
        assert (await withdraw(registry, consent, guardian)).status_code == 403
        refused = await registry.service.client.post(
            "/consents",
            json={
                "subject_kind": "student",
                "subject_id": str(student_id),
                "organization_id": str(organization_id),
                "purposes": ["contingent"],
                "given_by": str(guardian_id),
            },
            headers=registry.office(organization_id),
        )
        assert refused.json()["code"] == "consents.giver"

    async def test_somebody_elses_child_is_not_there(self, registry: Registry) -> None:
        organization_id, student_id, consent = await with_phone(registry, 1)
        group_id = await registry.school_class(organization_id, "1Б")
        other = await registry.student(organization_id, group_id, 2)
        stranger = await registry.value("SELECT guardian_id FROM guardianship WHERE student_id = $1", other)
        headers = registry.service.tokens.headers(Role.GUARDIAN, person_id=stranger)
        assert (await withdraw(registry, consent, headers)).status_code == 404
        seen = await registry.service.client.get(
            "/consents", params={"subject_kind": "student", "subject_id": str(student_id)}, headers=headers
        )
        assert seen.status_code == 404


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"fields": ["last_name"]}, "consents.field"),
        ({"given_at": "2999-01-01T00:00:00+03:00"}, "consents.date"),
        ({"valid_until": "2020-01-01"}, "consents.date"),
        ({"given_by": None}, "consents.giver"),
        ({"purposes": ["реклама"]}, "request.invalid"),
    ],
)
async def test_a_consent_that_cannot_be(registry: Registry, changes: dict[str, Any], code: str) -> None:
    organization_id, student_id = await a_student(registry)
    guardian_id = await registry.value("SELECT guardian_id FROM guardianship")
    body = {
        "subject_kind": "student",
        "subject_id": str(student_id),
        "organization_id": str(organization_id),
        "purposes": ["contingent"],
        "given_by": str(guardian_id),
        **changes,
    }
    answer = await registry.service.client.post("/consents", json=body, headers=registry.office(organization_id))
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert await registry.value("SELECT count(*) FROM consent WHERE method = 'paper'") == 0


async def test_the_same_consent_is_entered_once(registry: Registry) -> None:
    organization_id, student_id = await a_student(registry)
    given_at = datetime(2026, 9, 1, 9, tzinfo=UTC).isoformat()
    first = await registry.consent(organization_id, student_id, given_at=given_at)
    body = {
        "subject_kind": "student",
        "subject_id": str(student_id),
        "organization_id": str(organization_id),
        "purposes": ["contingent"],
        "given_by": first["given_by"],
        "given_at": given_at,
    }
    again = await registry.service.client.post("/consents", json=body, headers=registry.office(organization_id))
    assert (again.status_code, again.json()["code"]) == (409, "consents.known")
    stale = await withdraw(registry, {**first, "version": 7}, registry.office(organization_id))
    assert stale.status_code == 412


async def test_from_fourteen_a_child_signs_alone(registry: Registry) -> None:
    organization_id = await registry.organization()
    group_id = await registry.school_class(organization_id)
    student_id = await registry.student(organization_id, group_id, 1, child_birth_date=date(2011, 5, 14))
    assert (await registry.consent(organization_id, student_id, given_by=None))["given_by"] is None


async def test_another_schools_office_does_not_withdraw(registry: Registry) -> None:
    _, student_id, consent = await with_phone(registry)
    other = registry.service.tokens.headers(
        Role.ORGANIZATION_ADMIN, municipality=MUNICIPALITY, organization_id=await registry.organization()
    )
    assert (await withdraw(registry, consent, other)).status_code == 404
    await become_guardian(registry, student_id, UUID(int=7))
    assert (await registry.value("SELECT withdrawn_at FROM consent WHERE method = 'paper'")) is None
