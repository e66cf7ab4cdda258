"""Pairs of cards that may be one child: what speaks for them, who sees how much of which."""

from typing import Any
from uuid import UUID

import pytest

from servicekit.testing import ServiceUnderTest

from .world import OTHER_MUNICIPALITY, Registry, snils

CHILD = {
    "first_name": "Пётр",
    "middle_name": "Тестович",
    "birth_date": "2019-05-01",
    "sex": "male",
    "citizenship": "643",
}


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def a_card(registry: Registry, organization_id: UUID, number: int, phone: str | None = None) -> str:
    """A card of a child called the same as every other, and a guardian of its own."""
    guardian = {"last_name": "Двойникова", "first_name": "Мария"} | ({"mobile_phone": phone} if phone else {})
    answer = await registry.service.client.post(
        f"/organizations/{organization_id}/students",
        json={
            "values": {"last_name": "Двойников", **CHILD, "snils": snils(number)},
            "guardians": [{"values": guardian, "kinship": "mother"}],
        },
        headers=registry.office(organization_id),
    )
    assert answer.status_code == 201, answer.text
    student_id: str = answer.json()["student_id"]
    return student_id


async def pairs(registry: Registry, headers: dict[str, str], **params: Any) -> dict[str, Any]:
    answer = await registry.service.client.get("/students/duplicates", params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


async def test_each_side_sees_its_own_card_and_a_hint_of_the_other(registry: Registry) -> None:
    own, other = await registry.organization(), await registry.organization(municipality=OTHER_MUNICIPALITY)
    third = await registry.organization()
    one, another = await a_card(registry, own, 1), await a_card(registry, other, 2)
    for office, mine in ((own, one), (other, another)):
        (pair,) = (await pairs(registry, registry.office(office)))["items"]
        assert (pair["score"], pair["reasons"]) == (45, ["birth_date", "name"])
        seen = next(card for card in pair["cards"] if card["student_id"] is not None)
        assert (seen["student_id"], seen["values"]["last_name"], seen["hint"]) == (mine, "Двойников", None)
        hidden = next(card for card in pair["cards"] if card["student_id"] is None)
        assert (hidden["values"], hidden["hint"]) == ({}, "Д. П. Т., 2019 г. р.")
    assert (await pairs(registry, registry.office(third)))["items"] == []
    audited = await registry.fetch("SELECT subjects FROM audit WHERE action = 'students.duplicates.read' ORDER BY id")
    assert [[str(one) for one in row["subjects"]] for row in audited] == [[one], [another], []]


async def test_guardians_with_one_phone_speak_for_a_pair_and_a_mended_name_against_it(registry: Registry) -> None:
    organization_id = await registry.organization()
    one = await a_card(registry, organization_id, 1, "8 900 000-00-01")
    await a_card(registry, organization_id, 2, "+7 (900) 000-00-01")
    office = registry.office(organization_id)
    (pair,) = (await pairs(registry, office))["items"]
    assert (pair["score"], pair["reasons"]) == (60, ["birth_date", "name", "guardian"])
    mended = {"last_name": "Непохожих", "first_name": "Егор", "middle_name": None}
    answer = await registry.service.client.patch(
        f"/students/{one}", json={"reason": "Ошибка", "values": mended}, headers={**office, "If-Match": '"1"'}
    )
    assert answer.status_code == 200, answer.text
    (pair,) = (await pairs(registry, office))["items"]
    assert (pair["score"], pair["reasons"]) == (35, ["birth_date", "guardian"])


async def test_pairs_page_by_key(registry: Registry) -> None:
    organization_id = await registry.organization()
    for number in range(3):
        await a_card(registry, organization_id, number)
    office, found, after = registry.office(organization_id), [], None
    for _ in range(3):
        page = await pairs(registry, office, limit=1, **({"after": after} if after else {}))
        found += [pair["id"] for pair in page["items"]]
        after = page["next"]
    assert (len(set(found)), after) == (3, None)


async def test_a_child_repeated_many_times_is_noted_beside_a_few(registry: Registry) -> None:
    organization_id = await registry.organization()
    for number in range(13):
        await a_card(registry, organization_id, number)
    assert await registry.value("SELECT count(*) FROM duplicate_note") == sum(min(before, 10) for before in range(13))
