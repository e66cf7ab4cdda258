"""Finding a child in the region: one's own by a misspelt name, others' as a hint, numbers exactly; all of it recorded."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from servicekit.testing import ServiceUnderTest

from .world import OTHER_MUNICIPALITY, Registry, snils


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def search(registry: Registry, organization_id: UUID, **sought: Any) -> httpx.Response:
    return await registry.service.client.post("/students/search", json=sought, headers=registry.office(organization_id))


async def found(registry: Registry, organization_id: UUID, **sought: Any) -> dict[str, Any]:
    answer = await search(registry, organization_id, **sought)
    assert answer.status_code == 200, answer.text
    result: dict[str, Any] = answer.json()
    return result


async def two_schools(registry: Registry) -> tuple[UUID, UUID, UUID, dict[str, Any]]:
    """Two schools, a child of the first, and the child's card as its office reads it."""
    own, other = await registry.organization(), await registry.organization(municipality=OTHER_MUNICIPALITY)
    student_id = await registry.student(own, await registry.school_class(own), 1)
    card = await registry.service.client.get(f"/students/{student_id}", headers=registry.office(own))
    values: dict[str, Any] = card.json()["values"]
    return own, other, student_id, values


def whole_name(card: dict[str, Any]) -> str:
    return " ".join(card[name] for name in ("last_name", "first_name", "middle_name") if card.get(name))


async def test_an_office_finds_its_own_by_a_misspelt_name(registry: Registry) -> None:
    own, _, student_id, card = await two_schools(registry)
    last, rest = card["last_name"], card["first_name"]
    for name in (whole_name(card), f"{last} {rest}".upper(), last[:3] + "о" + last[4:] + f" {rest}"):
        result = await found(registry, own, name=name)
        assert [one["student_id"] for one in result["items"]] == [str(student_id)], name
        (one,) = result["items"]
        assert (one["found_by"], one["masked"]) == (["name"], [])
        assert one["values"]["birth_date"] == card["birth_date"]
    assert (await found(registry, own, name=whole_name(card), birth_date="2001-01-01"))["items"] == []
    assert (await found(registry, own, name="Непохожая Екатерина"))["items"] == []


async def test_a_number_finds_exactly(registry: Registry) -> None:
    own, _, student_id, card = await two_schools(registry)
    document = {name: card["document"][name] for name in ("kind", "series", "number")}
    result = await found(registry, own, snils=snils(1), document=document)
    assert [(one["student_id"], one["found_by"]) for one in result["items"]] == [
        (str(student_id), ["snils", "document"])
    ]
    nobody = await found(registry, own, snils=snils(2), document={**document, "number": "999999"})
    assert nobody == {"items": [], "elsewhere": [], "more": False}


async def test_of_others_children_an_office_learns_that_they_are_known(registry: Registry) -> None:
    _, other, student_id, card = await two_schools(registry)
    initials = " ".join(f"{part[0]}." for part in whole_name(card).split())
    hint = f"{initials}, {card['birth_date'][:4]} г. р."
    by_number = await search(registry, other, snils=snils(1))
    assert by_number.json() == {"items": [], "elsewhere": [{"hint": hint, "found_by": ["snils"]}], "more": False}
    named = await search(registry, other, name=whole_name(card), birth_date=card["birth_date"])
    assert named.json()["elsewhere"] == [{"hint": hint, "found_by": ["name"]}]
    for answer in (by_number, named):
        for secret in (str(student_id), card["last_name"], card["birth_date"], card["snils"]):
            assert secret not in answer.text
    undated = await found(registry, other, name=whole_name(card))
    assert undated == {"items": [], "elsewhere": [], "more": False}  # a name alone would list the region


async def test_a_child_who_left_is_found_where_the_last_stay_ended(registry: Registry) -> None:
    own, other, student_id, card = await two_schools(registry)
    sought = {"name": whole_name(card), "birth_date": card["birth_date"]}
    await registry.fetch("UPDATE membership SET valid_to = '2026-09-02' WHERE student_id = $1", student_id)
    await registry.fetch("UPDATE placement SET valid_to = '2026-09-02'")
    here, there = [await found(registry, office, **sought) for office in (own, other)]
    assert ([one["student_id"] for one in here["items"]], here["elsewhere"]) == ([str(student_id)], [])
    assert (there["items"], len(there["elsewhere"])) == ([], 1)


async def test_a_card_without_a_membership_belongs_to_who_opened_it(registry: Registry) -> None:
    own, other = await registry.organization(), await registry.organization()
    values = {
        "last_name": "Картотекин",
        "first_name": "Пётр",
        "birth_date": "2019-05-01",
        "sex": "male",
        "citizenship": "643",
        "snils": snils(7),
    }
    opened = await registry.service.client.post(
        f"/organizations/{own}/students", json={"values": values}, headers=registry.office(own)
    )
    assert opened.status_code == 201, opened.text
    mine = await found(registry, own, name="картатекин петр")
    assert [one["student_id"] for one in mine["items"]] == [opened.json()["student_id"]]
    theirs = await found(registry, other, snils=snils(7))
    assert (theirs["items"], theirs["elsewhere"]) == ([], [{"hint": "К. П., 2019 г. р.", "found_by": ["snils"]}])
    await registry.fetch("UPDATE student SET kept_by = NULL")
    assert len((await found(registry, own, snils=snils(7)))["elsewhere"]) == 1


async def test_more_than_fits_is_said(registry: Registry) -> None:
    organization_id = await registry.organization()
    group_id = await registry.school_class(organization_id)
    for number in range(21):
        await registry.student(organization_id, group_id, number)
    (name,) = {row["search_name"] for row in await registry.fetch("SELECT DISTINCT search_name FROM student LIMIT 1")}
    result = await found(registry, organization_id, name=name)
    assert (len(result["items"]), result["more"]) == (20, True)


async def test_a_search_is_recorded_with_everyone_it_told_of(registry: Registry) -> None:
    own, other, student_id, _ = await two_schools(registry)
    for office in (own, other):
        await found(registry, office, snils=snils(1))
    rows = await registry.fetch("SELECT subjects FROM audit WHERE action = 'students.find'")
    assert [row["subjects"] for row in rows] == [[student_id], [student_id]]


@pytest.mark.parametrize(
    ("sought", "code"),
    [
        ({}, "finding.nothing-to-find-by"),
        ({"birth_date": "2019-03-01"}, "finding.nothing-to-find-by"),
        ({"name": "Ив"}, "request.invalid"),
        ({"snils": "112-233-445 96"}, "request.invalid"),
        ({"document": {"kind": "other", "series": "", "number": "1"}}, "request.invalid"),
    ],
)
async def test_what_names_nobody_is_refused(registry: Registry, sought: dict[str, Any], code: str) -> None:
    answer = await search(registry, await registry.organization(), **sought)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert await registry.value("SELECT count(*) FROM audit WHERE action = 'students.find'") == 0
