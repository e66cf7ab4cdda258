"""Two cards of one child become one, and two again: what follows, what forbids it, who may."""

import asyncio
import json
from datetime import date, timedelta
from uuid import UUID

import pytest

from identifiers import parse_snils
from servicekit.testing import ServiceUnderTest
from sgo_core.movements import service as movements
from sgo_core.people.counting import statistics
from sgo_core.people.telling import merges

from .clubs import club, line
from .consenting import edit, let_come_due, withdraw
from .families import BIRTH, PASSPORT, family, read, told
from .merging import enrol, merge, merged, open_card, step, without_versions
from .world import FIRST_DAY, MUNICIPALITY, Registry, new_child, snils


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def test_the_survivor_has_what_both_knew_and_answers_for_both(registry: Registry) -> None:
    organization_id = await registry.organization()
    office = registry.office(organization_id)
    survivor, absorbed = await family(registry, organization_id)
    made = await merged(registry, office, survivor, absorbed)
    card = await read(registry, f"/students/{survivor}", office)
    assert (card["values"]["email"], card["values"]["native_language"]) == ("one@example.org", "русский")
    assert card["values"]["document"]["number"] == BIRTH["number"]
    assert len(card["guardians"]) == 2
    assert len(card["consents"]) == 1, "the same paper of both cards is one consent"
    gone = await registry.service.client.get(f"/students/{absorbed}", headers=office)
    assert (gone.status_code, gone.json()["code"]) == (410, "people.merged")
    assert str(survivor) in gone.json()["detail"]
    assert (await edit(registry, organization_id, survivor, {"native_language": "татарский"})).status_code == 200
    changed = await registry.service.client.patch(
        f"/students/{absorbed}",
        json={"reason": "Правка", "values": {"first_name": "Иван"}},
        headers={**office, "If-Match": '"1"'},
    )
    assert changed.status_code == 410
    shown = await read(registry, f"/merges/{made['id']}", office)
    assert [side["card_id"] for side in shown["cards"]] == [str(survivor), str(absorbed)]
    assert set(shown["differing"]) == {"document", "native_language"}
    assert (await read(registry, "/merges", office, state="done"))["items"][0]["id"] == made["id"]
    await registry.check()


async def test_both_cards_numbers_find_the_survivor(registry: Registry) -> None:
    organization_id = await registry.organization()
    office = registry.office(organization_id)
    survivor, absorbed = await family(registry, organization_id)
    await merged(registry, office, survivor, absorbed)
    for number in (1, None):
        document = BIRTH if number else PASSPORT
        assert await open_card(registry, organization_id, number, document=document) == survivor
    found = await registry.service.client.post("/students/search", json={"document": PASSPORT}, headers=office)
    assert [one["student_id"] for one in found.json()["items"]] == [str(survivor)]
    named = await registry.service.client.post("/students/search", json={"name": "Двойников Пётр"}, headers=office)
    assert [one["student_id"] for one in named.json()["items"]] == [str(survivor)]
    body = {"applied_on": "2026-10-01", "birth_date": "2019-05-01", "document": PASSPORT}
    receiver = await registry.organization()
    path = f"/organizations/{receiver}/transfer-requests"
    asked = await registry.service.client.post(path, json=body, headers=registry.office(receiver))
    assert asked.status_code == 201, asked.text
    assert await registry.value("SELECT student_id FROM transfer") == survivor
    # The absorbed card's paper becomes the survivor's own; the one it had still finds it through nobody else.
    assert (await edit(registry, organization_id, survivor, {"document": PASSPORT})).status_code == 200
    assert await open_card(registry, organization_id, None, document=PASSPORT) == survivor


async def test_a_field_is_taken_from_the_absorbed_card_by_choice(registry: Registry) -> None:
    organization_id = await registry.organization()
    office = registry.office(organization_id)
    survivor, absorbed = await family(registry, organization_id)
    refused = await merge(registry, office, survivor, absorbed, fields=["middle_name"])
    assert (refused.status_code, refused.json()["code"]) == (422, "merging.field")
    await edit(registry, organization_id, absorbed, {"last_name": "Иной"})
    made = await merged(registry, office, survivor, absorbed, fields=["document", "last_name"])
    card = await read(registry, f"/students/{survivor}", office)
    assert (card["values"]["document"]["number"], card["values"]["last_name"]) == (PASSPORT["number"], "Иной")
    assert await open_card(registry, organization_id, None, document=BIRTH) == survivor, "the old paper finds it too"
    profiled = [json.loads(one["payload"]) for one in await registry.events("core.student.profiled.v1")]
    assert profiled[-1]["last_name"] == "Иной"
    assert (await step(registry, office, made, "undo")).status_code == 200
    assert await open_card(registry, organization_id, None, document=BIRTH) == survivor
    assert await open_card(registry, organization_id, None, document=PASSPORT) == absorbed


async def test_different_snils_are_two_people_unless_one_is_a_mistake(registry: Registry) -> None:
    organization_id = await registry.organization()
    office = registry.office(organization_id)
    one = await open_card(registry, organization_id, 1)
    other = await open_card(registry, organization_id, 2)
    refused = await merge(registry, office, one, other)
    assert (refused.status_code, refused.json()["code"]) == (409, "merging.snils-differ")
    mistake = {"card": "survivor", "reason": "Номер матери"}
    made = await merged(registry, office, one, other, mistake=mistake)
    assert (await read(registry, f"/students/{one}", office))["values"]["snils"] == parse_snils(snils(2))
    another = await open_card(registry, organization_id, 1, first_name="Иван", birth_date="2018-01-01")
    assert another not in {one, other}, "a number that was a mistake finds nobody"
    undone = await step(registry, office, made, "undo")
    assert (undone.status_code, undone.json()["code"]) == (409, "merging.changed-since"), "the number is taken since"


async def test_stays_at_one_time_forbid_it_until_an_order_ends_one(registry: Registry) -> None:
    organization_id = await registry.organization()
    group_id = await registry.school_class(organization_id)
    office = registry.office(organization_id)
    one = await open_card(registry, organization_id, 1)
    other = await open_card(registry, organization_id, None, document=PASSPORT)
    await enrol(registry, organization_id, group_id, one, "2026-09-01", "1")
    await enrol(registry, organization_id, group_id, other, "2026-09-02", "2")
    refused = await merge(registry, office, one, other)
    assert (refused.status_code, refused.json()["code"]) == (409, "merging.stays-overlap")
    await registry.depart(organization_id, other, "2026-09-02")
    await merged(registry, office, one, other)
    book = await read(registry, f"/students/{one}/movements", office)
    assert [line["kind"] for line in book["items"]] == ["enrolled", "enrolled", "departed"]
    await registry.check()


async def test_places_in_one_programme_at_one_time_forbid_it_too(registry: Registry) -> None:
    art_school = await registry.organization("additional")
    programme_id, group_id = await club(registry, art_school)
    cards = await open_card(registry, art_school, 1), await open_card(registry, art_school, None, document=PASSPORT)
    for number, student_id in enumerate(cards):
        entered = line("enrolled", student_id, programme_id, group_id=group_id)
        assert (await registry.order(art_school, entered, number=str(number))).status_code == 200
    refused = await merge(registry, registry.office(art_school), *cards)
    assert (refused.status_code, refused.json()["code"]) == (409, "merging.stays-overlap")


async def test_one_contingent_before_and_after_and_after_undoing(registry: Registry) -> None:
    one, other = await registry.organization(), await registry.organization(municipality=MUNICIPALITY)
    here, there = await registry.school_class(one), await registry.school_class(other)
    left = FIRST_DAY + timedelta(days=30)
    absorbed = await registry.student(one, here, 1)
    await registry.depart(one, absorbed, left.isoformat())
    survivor = await registry.student(other, there, 2, effective_date=left, child_snils=None)
    days = [FIRST_DAY + timedelta(days=shift) for shift in (-1, 0, 29, 30, 31)]

    async def counted() -> list[tuple[int, int]]:
        return [(await registry.contingent(one, day), await registry.contingent(other, day)) for day in days]

    before = await counted()
    facts = await told(registry, movements.facts)
    made = await merged(registry, registry.region, survivor, absorbed)
    assert await counted() == before == [(0, 0), (1, 0), (1, 0), (0, 1), (0, 1)]
    assert await told(registry, movements.facts) == facts, "facts are told as they were, under the ids they were told"
    counting = await told(registry, statistics)
    assert len({(one["birth_date"], one["sex"], one["citizenship"]) for one in counting}) == 1
    assert len({one["statistical_id"] for one in counting}) == 2, "each pseudonym counts the same child"
    assert await told(registry, merges) == [{"student_id": str(absorbed), "merged_into": str(survivor)}]
    edited = await edit(registry, other, survivor, {"birth_date": "2020-05-15"})
    assert edited.status_code == 200, edited.text
    newest = {}
    for event in await registry.events("core.student.statistics-changed.v1"):
        newest[event["subject"]] = json.loads(event["payload"])["birth_date"]
    assert set(newest.values()) == {"2020-05-15"}, "of both pseudonyms"
    assert (await step(registry, registry.region, made, "undo")).status_code == 200
    assert await counted() == before
    assert await told(registry, movements.facts) == facts
    assert await told(registry, merges) == []
    of_absorbed = await registry.value("SELECT statistical_id FROM student WHERE id = $1", absorbed)
    latest = [
        json.loads(event["payload"])["birth_date"]
        for event in await registry.events("core.student.statistics-changed.v1")
        if event["subject"] == str(of_absorbed)
    ]
    assert latest[-1] == "2020-05-14", "its own again"
    await registry.check()


async def test_readers_hear_of_the_merge_and_of_its_end_in_order(registry: Registry) -> None:
    organization_id = await registry.organization()
    office = registry.office(organization_id)
    survivor, absorbed = await family(registry, organization_id)
    made = await merged(registry, office, survivor, absorbed)
    assert (await step(registry, office, made, "undo")).status_code == 200
    events = await registry.events("core.student.merged.v1")
    assert [json.loads(one["payload"])["merged_into"] for one in events] == [str(survivor), None]
    assert events[0]["version"] < events[1]["version"]
    ties = [json.loads(one["payload"]) for one in await registry.events("core.guardianship.changed.v1")]
    moved = [tie["student_id"] for tie in ties if tie["guardianship_id"] == ties[-1]["guardianship_id"]]
    assert moved == [str(absorbed), str(survivor), str(absorbed)]
    guardians = [json.loads(one["payload"]) for one in await registry.events("core.guardian.profiled.v1")]
    of_moved = [one["organization_ids"] for one in guardians if one["guardian_id"] == ties[-1]["guardian_id"]]
    assert of_moved == [[], [str(organization_id)], []]


async def test_the_same_guardian_of_both_cards_stays_one(registry: Registry) -> None:
    organization_id = await registry.organization()
    group_id = await registry.school_class(organization_id)
    office = registry.office(organization_id)
    survivor = await registry.student(organization_id, group_id, 1)
    mother = snils(500_001)
    answer = await registry.service.client.post(
        f"/organizations/{organization_id}/students",
        json={
            "values": new_child(7, snils=None, document=PASSPORT),
            "guardians": [
                {"values": {"last_name": "Образцова", "first_name": "Мария", "snils": mother}, "kinship": "mother"}
            ],
            "consented_at": "2026-01-01T06:00:00Z",
        },
        headers=office,
    )
    absorbed = UUID(answer.json()["student_id"])
    guardian = await registry.value("SELECT guardian_id FROM guardianship WHERE student_id = $1", survivor)
    path = f"/students/{absorbed}/guardians/{guardian}"
    closed = await registry.service.client.patch(
        path, json={"reason": "Решение суда", "may_see": False}, headers={**office, "If-Match": '"1"'}
    )
    assert closed.status_code == 200, closed.text
    refused = await merge(registry, office, survivor, absorbed)
    assert (refused.status_code, refused.json()["code"]) == (409, "merging.records-differ")
    assert [one["pointer"] for one in refused.json()["errors"]] == ["/body/guardianship"]
    await registry.service.client.patch(
        path, json={"reason": "Ошибка", "may_see": True}, headers={**office, "If-Match": '"2"'}
    )
    before = without_versions(await read(registry, f"/students/{absorbed}", office))
    made = await merged(registry, office, survivor, absorbed)
    assert len((await read(registry, f"/students/{survivor}", office))["guardians"]) == 1
    wards = (await read(registry, f"/guardians/{guardian}", office))["children"]
    assert [child["student_id"] for child in wards] == [str(survivor)]
    assert (await step(registry, office, made, "undo")).status_code == 200
    assert without_versions(await read(registry, f"/students/{absorbed}", office)) == before


async def test_undoing_is_refused_once_something_stands_on_the_merge(registry: Registry) -> None:
    organization_id = await registry.organization()
    group_id = await registry.school_class(organization_id)
    office = registry.office(organization_id)
    survivor = await open_card(registry, organization_id, None, document=PASSPORT)
    absorbed = await registry.student(organization_id, group_id, 5)
    made = await merged(registry, office, survivor, absorbed)
    taken = await read(registry, f"/students/{survivor}", office)
    assert taken["values"]["snils"] == parse_snils(snils(5))
    assert (await edit(registry, organization_id, survivor, {"snils": snils(6)})).status_code == 200
    refused = await step(registry, office, made, "undo")
    assert (refused.status_code, refused.json()["code"]) == (409, "merging.changed-since")
    assert [one["pointer"] for one in refused.json()["errors"]] == ["/body/snils"]
    assert (await edit(registry, organization_id, survivor, {"snils": snils(5)})).status_code == 200
    await registry.depart(organization_id, survivor, "2026-10-01")
    refused = await step(registry, office, made, "undo")
    assert (refused.status_code, refused.json()["code"]) == (409, "merging.moved-since")
    assert (await registry.value("SELECT merged_into FROM student WHERE id = $1", absorbed)) == survivor


async def test_what_comes_after_stays_with_the_survivor_and_is_counted(registry: Registry) -> None:
    organization_id = await registry.organization()
    office = registry.office(organization_id)
    survivor, absorbed = await family(registry, organization_id)
    made = await merged(registry, office, survivor, absorbed)
    later = await registry.consent(organization_id, survivor)
    assert (await edit(registry, organization_id, survivor, {"mobile_phone": "+79001234567"})).status_code == 200
    answer = await step(registry, office, made, "undo")
    assert answer.status_code == 200, answer.text
    report = answer.json()
    assert (report["survivor"]["consent"], report["absorbed"]["consent"]) == (2, 1)
    assert report["survivor"]["membership"] == 1
    card = await read(registry, f"/students/{survivor}", office)
    assert later["id"] in {one["id"] for one in card["consents"]}
    assert (card["values"]["mobile_phone"], card["values"]["native_language"]) == ("+79001234567", None)


async def test_erasing_reaches_the_absorbed_card_and_nothing_brings_it_back(registry: Registry) -> None:
    organization_id = await registry.organization()
    office = registry.office(organization_id)
    survivor, absorbed = await family(registry, organization_id)
    made = await merged(registry, office, survivor, absorbed)
    card = await read(registry, f"/students/{survivor}", office)
    for consent in card["consents"]:
        assert (await withdraw(registry, consent, office)).status_code == 200
    stored = (
        "SELECT count(*) FROM row_history WHERE relation = 'student' AND row_id = $1 AND row ->> 'home_phone' <> ''"
    )
    assert await registry.value(stored, absorbed) > 0
    await let_come_due(registry)
    assert await registry.value(stored, absorbed) == 0
    assert await registry.value("SELECT home_phone FROM student WHERE id = $1", absorbed) is None
    refused = await step(registry, office, made, "undo")
    assert (refused.status_code, refused.json()["code"]) == (409, "merging.erased-since")


async def test_of_two_merges_at_once_one_wins(registry: Registry) -> None:
    organization_id = await registry.organization()
    office = registry.office(organization_id)
    one = await open_card(registry, organization_id, 1)
    other = await open_card(registry, organization_id, None, document=PASSPORT)
    answers = await asyncio.gather(merge(registry, office, one, other), merge(registry, office, other, one))
    assert sorted(answer.status_code for answer in answers) == [201, 410]
    itself = await merge(registry, office, one, one)
    assert (itself.status_code, itself.json()["code"]) == (422, "merging.same-card")


async def test_a_child_enrolled_while_its_cards_are_merged_is_enrolled_once(registry: Registry) -> None:
    organization_id = await registry.organization()
    group_id = await registry.school_class(organization_id)
    office = registry.office(organization_id)
    survivor = await open_card(registry, organization_id, None, document=BIRTH)
    absorbed = await open_card(registry, organization_id, 1)
    admission = registry.admission(organization_id, group_id, 1, child_birth_date=date(2019, 5, 1))
    await asyncio.gather(registry.admit(admission), merged(registry, office, survivor, absorbed))
    holder = await registry.value("SELECT student_id FROM membership")
    assert holder == survivor
    await registry.check()


async def test_the_card_as_of_a_day_before_the_merge_is_still_read(registry: Registry) -> None:
    organization_id = await registry.organization()
    office = registry.office(organization_id)
    survivor, absorbed = await family(registry, organization_id)
    instant = (await registry.value("SELECT recorded_at FROM student WHERE id = $1", absorbed)).isoformat()
    await merged(registry, office, survivor, absorbed)
    past = await read(registry, f"/students/{absorbed}", office, as_of=instant)
    assert (past["id"], past["values"]["document"]["number"]) == (str(absorbed), PASSPORT["number"])
    assert len(past["guardians"]) == 1
    now = registry.service.runtime.clock.now() + timedelta(seconds=1)
    late = await registry.service.client.get(f"/students/{absorbed}", params={"as_of": now.isoformat()}, headers=office)
    assert late.status_code == 410
