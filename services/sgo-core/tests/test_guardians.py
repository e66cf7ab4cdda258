"""Guardians' cards, and students' cards opened by the office before any order."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from asu_contracts.access import Role
from servicekit.testing import ServiceUnderTest
from sgo_core.catalogue.definition import CATALOGUE, CardKind

from .clubs import club, line
from .world import Registry, new_child, new_parent, snils


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def open_card(registry: Registry, organization_id: UUID, number: int = 1, **more: Any) -> httpx.Response:
    values = new_child(number, **more.pop("values", {}))
    body = {"values": values, "guardians": [], **more}
    path = f"/organizations/{organization_id}/students"
    return await registry.service.client.post(path, json=body, headers=registry.office(organization_id))


async def opened(registry: Registry, organization_id: UUID, number: int = 1, **more: Any) -> UUID:
    answer = await open_card(registry, organization_id, number, **more)
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["student_id"])


async def get(registry: Registry, path: str, headers: dict[str, str]) -> dict[str, Any]:
    answer = await registry.service.client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


class TestOpening:
    """A card before an order: for the office that opened it, until somebody enrols the child."""

    async def test_a_card_is_opened_seen_by_its_office_and_enrolled_by_an_order(self, registry: Registry) -> None:
        organization_id, other = await registry.organization(), await registry.organization()
        guardians = [{"values": new_parent(snils=snils(7)), "kinship": "mother"}]
        student_id = await opened(registry, organization_id, guardians=guardians)
        office = registry.office(organization_id)
        card = await get(registry, f"/students/{student_id}", office)
        assert (card["values"]["first_name"], card["guardians"][0]["kinship"]) == ("Анна", "mother")
        mother = await get(registry, f"/guardians/{card['guardians'][0]['id']}", office)
        assert [one["student_id"] for one in mother["children"]] == [str(student_id)]
        for headers in (registry.office(other), registry.region):
            hidden = await registry.service.client.get(f"/students/{student_id}", headers=headers)
            assert hidden.status_code == 404
        group_id = await registry.school_class(other)
        line = {
            "student_id": str(student_id),
            "kind": "enrolled",
            "effective_date": "2026-10-01",
            "group_id": str(group_id),
        }
        assert (await registry.order(other, line)).status_code == 200
        assert (await registry.service.client.get(f"/students/{student_id}", headers=office)).status_code == 404
        assert (await get(registry, f"/students/{student_id}", registry.office(other)))["id"] == str(student_id)

    async def test_a_known_child_is_found_and_nothing_on_the_card_changes(self, registry: Registry) -> None:
        first, second = await registry.organization(), await registry.organization()
        student_id = await opened(registry, first)
        guardians = [{"values": new_parent(), "kinship": "guardian"}]
        again = await open_card(
            registry, second, values={"native_language": "русский", "first_name": "Другая"}, guardians=guardians
        )
        assert again.json() == {"student_id": str(student_id), "created": False}
        card = await get(registry, f"/students/{student_id}", registry.office(first))
        assert (card["values"]["native_language"], card["guardians"], card["version"]) == (None, [], 1)
        differs = await open_card(registry, second, values={"birth_date": "2017-01-01"})
        assert (differs.status_code, differs.json()["code"]) == (409, "people.card-differs")

    async def test_two_offices_open_one_childs_card_at_once(self, registry: Registry) -> None:
        schools = [await registry.organization() for _ in range(2)]
        answers = await asyncio.gather(*(open_card(registry, school) for school in schools))
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.json()["student_id"] for answer in answers}) == 1
        assert await registry.value("SELECT count(*) FROM student") == 1

    @pytest.mark.parametrize(
        ("values", "code"),
        [
            ({"snils": None}, "people.no-identity"),
            ({"birth_date": "2099-01-01"}, "people.birth-date"),
            ({"mobile_phone": "+79001234567"}, "consents.required"),
            ({"last_name": ""}, "request.invalid"),
        ],
    )
    async def test_a_card_that_cannot_be(self, registry: Registry, values: dict[str, Any], code: str) -> None:
        organization_id = await registry.organization()
        answer = await open_card(registry, organization_id, values=values)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert await registry.value("SELECT count(*) FROM student") == 0

    async def test_with_the_familys_consent_all_is_stored(self, registry: Registry) -> None:
        organization_id = await registry.organization()
        guardians = [{"values": new_parent(workplace="Завод", work_phone="+78612000000"), "kinship": "father"}]
        student_id = await opened(
            registry,
            organization_id,
            values={"mobile_phone": "+79001234567", "health_group": "1"},
            guardians=guardians,
            consented_at="2026-09-01T09:00:00+03:00",
        )
        card = await get(registry, f"/students/{student_id}", registry.office(organization_id))
        assert (card["values"]["health_group"], card["closed"]) == ("1", [])
        assert (card["guardians"][0]["values"]["workplace"], card["guardians"][0]["closed"]) == ("Завод", [])


class TestGuardians:
    """A guardian's card is read, edited, added; the ties say what of the children is seen."""

    async def a_family(self, registry: Registry) -> tuple[UUID, UUID, UUID]:
        organization_id = await registry.organization()
        student_id = await registry.student(organization_id, await registry.school_class(organization_id), 1)
        guardian_id = await registry.value("SELECT guardian_id FROM guardianship WHERE student_id = $1", student_id)
        return organization_id, student_id, guardian_id

    async def edit(self, registry: Registry, organization_id: UUID, guardian_id: UUID, **values: Any) -> httpx.Response:
        version = await registry.value("SELECT version FROM guardian WHERE id = $1", guardian_id)
        return await registry.service.client.patch(
            f"/guardians/{guardian_id}",
            json={"reason": "Смена фамилии", "values": values},
            headers={**registry.office(organization_id), "If-Match": f'"{version}"'},
        )

    async def test_who_does_not_keep_the_childs_card_changes_neither(self, registry: Registry) -> None:
        _, student_id, guardian_id = await self.a_family(registry)
        art_school = await registry.organization("additional")
        programme_id, group_id = await club(registry, art_school)
        enrolled = line("enrolled", student_id, programme_id, group_id=group_id)
        assert (await registry.order(art_school, enrolled)).status_code == 200
        office = registry.office(art_school)
        for path in (f"/students/{student_id}", f"/guardians/{guardian_id}"):
            read = await registry.service.client.get(path, headers=office)
            change = {"reason": "Ошибка", "values": {"last_name": "Чужова"}}
            headers = {**office, "If-Match": read.headers["ETag"]}
            refused = await registry.service.client.patch(path, json=change, headers=headers)
            assert (refused.status_code, refused.json()["code"]) == (403, "students.main-office-keeps")

    async def test_every_field_is_kept_and_a_parent_who_changed_surname_is_one_person(self, registry: Registry) -> None:
        organization_id, student_id, guardian_id = await self.a_family(registry)
        await registry.consent(organization_id, guardian_id, subject_kind="guardian", given_by=None)
        whole: dict[str, Any] = {
            "last_name": "Замужняя",
            "middle_name": "Ивановна",
            "birth_date": "1990-01-15",
            "sex": "female",
            "home_phone": "+78612000001",
            "email": "m@example.org",
            "mobile_phone": "+79005550001",
            "education": "higher",
            "workplace": "Завод",
            "post": "Инженер",
            "work_phone": "+78612000002",
            "residence": {"text": "г. Образцовск"},
            "registration": {"text": "г. Образцовск"},
            "document": {"kind": "passport_rf", "series": "0314", "number": "123456"},
        }
        edited = await self.edit(registry, organization_id, guardian_id, **whole)
        assert edited.status_code == 200, edited.text
        card = await get(registry, f"/guardians/{guardian_id}", registry.office(organization_id))
        assert CATALOGUE.cards[CardKind.GUARDIAN].stored().keys() <= card["values"].keys()
        for name in whole.keys() - {"residence", "registration", "document"}:
            assert card["values"][name] == whole[name], name
        assert [one["student_id"] for one in card["children"]] == [str(student_id)]
        told = await registry.fetch(
            "SELECT payload::jsonb ->> 'last_name' AS name FROM outbox WHERE type = 'core.guardian.profiled.v1' "
            "ORDER BY version DESC LIMIT 1"
        )
        assert told[0]["name"] == "Замужняя"
        group_id = await registry.school_class(organization_id, "1Б")
        sister = registry.admission(organization_id, group_id, 2)
        (mother,) = sister.representatives
        same = mother.model_copy(update={"last_name": "Замужняя", "snils": registry.seal(snils(500_001))})
        await registry.admit(sister.model_copy(update={"representatives": (same,)}))
        assert await registry.value("SELECT count(*) FROM guardian") == 1
        assert await registry.value("SELECT count(*) FROM guardianship") == 2

    async def test_history_and_as_of(self, registry: Registry) -> None:
        organization_id, _, guardian_id = await self.a_family(registry)
        office = registry.office(organization_id)
        before = await get(registry, f"/guardians/{guardian_id}", office)
        instant = registry.service.runtime.clock.now().isoformat()
        assert (await self.edit(registry, organization_id, guardian_id, last_name="Иная")).status_code == 200
        then = await registry.service.client.get(f"/guardians/{guardian_id}", params={"as_of": instant}, headers=office)
        assert (then.json()["values"], then.json()["version"]) == (before["values"], None)
        changes = (await get(registry, f"/guardians/{guardian_id}/history", office))["items"]
        assert changes[-1]["changes"]["last_name"] == ["Образцова", "Иная"]

    async def test_what_needs_consent_and_whose_number(self, registry: Registry) -> None:
        organization_id, _, guardian_id = await self.a_family(registry)
        refused = await self.edit(registry, organization_id, guardian_id, workplace="Завод")
        assert refused.json()["code"] == "consents.required"
        group_id = await registry.school_class(organization_id, "1Б")
        await registry.student(organization_id, group_id, 2)
        taken = await self.edit(registry, organization_id, guardian_id, snils=snils(500_002))
        assert (taken.status_code, taken.json()["code"]) == (409, "people.guardian-taken")

    async def test_a_guardian_is_added_once_and_not_under_anothers_number(self, registry: Registry) -> None:
        organization_id, student_id, _ = await self.a_family(registry)
        path, office = f"/students/{student_id}/guardians", registry.office(organization_id)
        body = {"values": new_parent(snils=snils(8)), "kinship": "guardian", "reason": "Акт опеки № 4"}
        for _ in range(2):
            assert (await registry.service.client.post(path, json=body, headers=office)).status_code == 201
        card = await get(registry, f"/students/{student_id}", office)
        assert sorted(one["kinship"] for one in card["guardians"]) == ["guardian", "mother"]
        wrong = {**body, "values": new_parent(snils=snils(500_001))}
        refused = await registry.service.client.post(path, json=wrong, headers=office)
        assert (refused.status_code, refused.json()["code"]) == (409, "people.guardian-differs")

    async def test_a_guardian_sees_only_the_children_it_may(self, registry: Registry) -> None:
        organization_id, student_id, guardian_id = await self.a_family(registry)
        own = registry.service.tokens.headers(Role.GUARDIAN, person_id=guardian_id)
        card = await get(registry, f"/guardians/{guardian_id}", own)
        assert [one["student_id"] for one in card["children"]] == [str(student_id)]
        barred = await registry.service.client.patch(
            f"/students/{student_id}/guardians/{guardian_id}",
            json={"reason": "Суд", "may_see": False},
            headers={**registry.office(organization_id), "If-Match": '"1"'},
        )
        assert barred.status_code == 200
        assert (await get(registry, f"/guardians/{guardian_id}", own))["children"] == []
        stranger = registry.service.tokens.headers(Role.GUARDIAN, person_id=UUID(int=3))
        assert (await registry.service.client.get(f"/guardians/{guardian_id}", headers=stranger)).status_code == 404
