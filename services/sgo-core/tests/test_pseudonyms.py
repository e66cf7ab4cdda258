"""Names by the ids that reports count people under: each reader gets those it sees otherwise, in one statement, on record."""

from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest
from servicekit.testing.lists import counted

from .merging import enrol, merged, open_card
from .staffing import hiring
from .world import FIRST_DAY, MUNICIPALITY, OTHER_MUNICIPALITY, Registry


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def named(registry: Registry, people: str, headers: dict[str, str], ids: list[Any]) -> list[dict[str, Any]]:
    answer = await registry.service.client.post(
        f"/{people}/by-statistical-ids", json={"statistical_ids": [str(one) for one in ids]}, headers=headers
    )
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def pseudonym(registry: Registry, table: str, card_id: Any) -> UUID:
    found: UUID = await registry.value(f"SELECT statistical_id FROM {table} WHERE id = $1", UUID(str(card_id)))
    return found


async def test_each_reader_gets_the_names_of_those_it_sees(registry: Registry) -> None:
    own, other = await registry.organization(), await registry.organization(municipality=OTHER_MUNICIPALITY)
    students = [
        await registry.student(place, await registry.school_class(place), number)
        for number, place in enumerate((own, other), 1)
    ]
    ids = [await pseudonym(registry, "student", one) for one in students]
    tokens = registry.service.tokens
    teacher = tokens.headers(Role.TEACHER, municipality=MUNICIPALITY, organization_id=own, person_id=new_id())
    operator = tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=MUNICIPALITY)
    for headers in (registry.office(own), teacher, operator):
        (one,) = await named(registry, "students", headers, [*ids, new_id()])
        assert (one["statistical_id"], one["student_id"], one["group"]) == (str(ids[0]), str(students[0]), "1А")
        assert one["values"]["last_name"] == "Образцова"
        assert one["masked"] == []
        assert set(one["values"]) == {"last_name", "first_name", "middle_name"}
    found = await named(registry, "students", registry.region, ids)
    assert [one["statistical_id"] for one in found] == sorted(map(str, ids))
    read = await registry.fetch("SELECT subjects FROM audit WHERE action = 'students.named' ORDER BY id")
    assert [sorted(row["subjects"]) for row in read] == [[students[0]]] * 3 + [sorted(students)]


async def test_a_card_united_with_another_answers_as_that_one(registry: Registry) -> None:
    own = await registry.organization()
    group_id = await registry.school_class(own)
    paper = {"kind": "birth_certificate", "series": "I-АГ", "number": "654321"}
    survivor = await open_card(registry, own, 1)
    absorbed = await open_card(registry, own, None, document=paper, birth_date="2019-05-02")
    await enrol(registry, own, group_id, survivor, str(FIRST_DAY), "1-З")
    asked = [await pseudonym(registry, "student", one) for one in (survivor, absorbed)]
    await merged(registry, registry.office(own), survivor, absorbed)
    found = await named(registry, "students", registry.office(own), asked)
    assert {one["statistical_id"]: (one["student_id"], one["group"]) for one in found} == {
        str(one): (str(survivor), "1А") for one in asked
    }


async def test_workers_are_named_to_those_who_see_an_employer(registry: Registry) -> None:
    own, other = await registry.organization(), await registry.organization()
    hired = await registry.service.client.post(
        f"/organizations/{own}/workers", json=hiring(1), headers=registry.office(own)
    )
    asked = await pseudonym(registry, "worker", hired.json()["worker_id"])
    (one,) = await named(registry, "workers", registry.office(own), [asked])
    assert (one["worker_id"], one["posts"]) == (hired.json()["worker_id"], [hiring(1)["employment"]["post_code"]])
    assert one["values"]["last_name"] == hiring(1)["values"]["last_name"]
    assert await named(registry, "workers", registry.office(other), [asked]) == []


async def test_two_hundred_names_are_one_statement(registry: Registry) -> None:
    own = await registry.organization()
    student_id = await registry.student(own, await registry.school_class(own), 1)
    asked = await pseudonym(registry, "student", student_id)
    ids, office = [asked, *(new_id() for _ in range(199))], registry.office(own)
    with counted(registry.service) as sent:
        assert len(await named(registry, "students", office, ids)) == 1
    assert len([one for one in sent if one.lstrip().startswith(("SELECT", "WITH"))]) == 1, sent
    too_many = {"statistical_ids": [str(one) for one in [*ids, new_id()]]}
    answer = await registry.service.client.post("/students/by-statistical-ids", json=too_many, headers=office)
    assert answer.status_code == 422
