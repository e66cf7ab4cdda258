"""Merging of guardians and workers, of whole chains, and what a merged card refuses."""

import json
from uuid import UUID

import pytest

from asu_contracts.access import Role
from servicekit.testing import ServiceUnderTest
from sgo_core.catalogue.definition import CardKind
from sgo_core.database import Base
from sgo_core.merging.following import MODELS, STAYS, followers
from sgo_core.people.telling import merges

from .families import BIRTH, PASSPORT, read, told
from .merging import enrol, merge, merged, note, open_card, step, without_versions
from .staffing import hiring
from .world import OTHER_MUNICIPALITY, Registry


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def test_two_organizations_need_two_people(registry: Registry) -> None:
    own, other = await registry.organization(), await registry.organization(municipality=OTHER_MUNICIPALITY)
    third = await registry.organization()
    mine, theirs = await open_card(registry, own, 1), await open_card(registry, other, None, document=PASSPORT)
    pair_id = await note(registry, mine, theirs)
    headers, at = registry.office(own), "first" if mine < theirs else "second"
    by_ids = await merge(registry, headers, mine, theirs)
    assert by_ids.status_code == 404, "whom the caller does not see it names by the pair alone"
    body = {"kind": "student", "pair_id": str(pair_id), "survivor": at, "reason": "Один ребёнок"}
    strange = await registry.service.client.post("/merges", json=body, headers=registry.office(third))
    assert strange.status_code == 404
    proposed = await registry.service.client.post("/merges", json=body, headers=headers)
    assert (proposed.status_code, proposed.json()["state"]) == (201, "proposed")
    again = await registry.service.client.post("/merges", json=body, headers=headers)
    assert (again.status_code, again.json()["code"]) == (409, "merging.proposed")
    made = proposed.json()
    hidden = await read(registry, f"/merges/{made['id']}", headers)
    assert [side["card_id"] for side in hidden["cards"]] == [str(mine), None]
    assert hidden["cards"][1]["hint"] == "Д. П., 2019 г. р."
    refused = [await step(registry, one, made, "confirmation") for one in (headers, registry.office(third))]
    assert [(one.status_code, one.json()["code"]) for one in refused] == [
        (403, "merging.not-asked"),
        (404, "not-found"),
    ]
    assert (await read(registry, "/merges", registry.office(other)))["items"][0]["id"] == made["id"]
    done = await step(registry, registry.office(other), made, "confirmation")
    assert (done.status_code, done.json()["state"]) == (200, "done"), done.text
    assert (await read(registry, f"/students/{mine}", headers))["values"]["document"]["number"] == PASSPORT["number"]
    assert (await step(registry, registry.office(other), made, "confirmation")).status_code == 412
    assert (await step(registry, registry.office(other), done.json(), "confirmation")).status_code == 409
    assert (await step(registry, registry.office(third), done.json(), "undo")).status_code == 404
    assert (await step(registry, headers, done.json(), "undo")).status_code == 200


async def test_a_proposal_is_rejected_or_taken_back(registry: Registry) -> None:
    own, other = await registry.organization(), await registry.organization(municipality=OTHER_MUNICIPALITY)
    mine, theirs = await open_card(registry, own, 1), await open_card(registry, other, None, document=PASSPORT)
    pair_id = await note(registry, mine, theirs)
    body = {"kind": "student", "pair_id": str(pair_id), "survivor": "first", "reason": "Один ребёнок"}
    for decider in (own, other):
        proposed = await registry.service.client.post("/merges", json=body, headers=registry.office(own))
        rejected = await step(registry, registry.office(decider), proposed.json(), "rejection")
        assert (rejected.status_code, rejected.json()["state"]) == (200, "rejected"), rejected.text
    assert await registry.value("SELECT count(*) FROM student WHERE merged_into IS NOT NULL") == 0


async def test_who_answers_for_the_card_no_more_does_not_undo(registry: Registry) -> None:
    left, now = await registry.organization(), await registry.organization()
    one = await open_card(registry, left, 1)
    await enrol(registry, left, await registry.school_class(left), one, "2026-09-01", "1")
    await registry.depart(left, one, "2026-10-01")
    await enrol(registry, now, await registry.school_class(now), one, "2026-10-01", "2")
    other = await open_card(registry, now, None, document=PASSPORT)
    made = await merged(registry, registry.office(now), one, other)
    refused = await step(registry, registry.office(left), made, "undo")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert (await step(registry, registry.office(now), made, "undo")).status_code == 200


async def test_chains_are_undone_from_their_end(registry: Registry) -> None:
    organization_id = await registry.organization()
    office = registry.office(organization_id)
    first = await open_card(registry, organization_id, None, document=BIRTH)
    second = await open_card(registry, organization_id, None, document=PASSPORT)
    third = await open_card(registry, organization_id, 3)
    one = await merged(registry, office, second, first)
    other = await merged(registry, office, third, second)
    for document in (BIRTH, PASSPORT):
        assert await open_card(registry, organization_id, None, document=document) == third
    told_of = {one["student_id"]: one["merged_into"] for one in await told(registry, merges)}
    assert told_of == {str(first): str(third), str(second): str(third)}
    refused = await step(registry, office, one, "undo")
    assert (refused.status_code, refused.json()["code"]) == (409, "merging.merged-further")
    assert (await step(registry, office, other, "undo")).status_code == 200
    assert [one["merged_into"] for one in await told(registry, merges)] == [str(second)]
    assert (await step(registry, office, one, "undo")).status_code == 200
    for document, student_id in ((BIRTH, first), (PASSPORT, second)):
        assert await open_card(registry, organization_id, None, document=document) == student_id


async def test_a_pair_found_to_be_two_children_comes_no_more(registry: Registry) -> None:
    organization_id = await registry.organization()
    office = registry.office(organization_id)
    one = await open_card(registry, organization_id, 1)
    other = await open_card(registry, organization_id, 2)
    (pair,) = (await read(registry, "/students/duplicates", office))["items"]
    path = f"/students/duplicates/{pair['id']}/verdict"
    stranger = registry.office(await registry.organization())
    verdict = {"different": True, "reason": "Двоюродные братья"}
    assert (await registry.service.client.put(path, json=verdict, headers=stranger)).status_code == 404
    assert (await registry.service.client.put(path, json=verdict, headers=office)).status_code == 204
    assert (await read(registry, "/students/duplicates", office))["items"] == []
    assert (await read(registry, f"/students/{one}", office))["possible_duplicates"] == []
    (kept,) = (await read(registry, "/students/duplicates", office, different=True))["items"]
    assert kept["id"] == pair["id"]
    third = await open_card(registry, organization_id, None, document=PASSPORT)
    pairs = (await read(registry, "/students/duplicates", office))["items"]
    assert {card["student_id"] for found in pairs for card in found["cards"]} == {str(one), str(other), str(third)}
    await merged(registry, office, one, third)
    assert (await read(registry, "/students/duplicates", office))["items"] == [], "the verdict is about the child"
    back = {"different": False, "reason": "Ошибка"}
    assert (await registry.service.client.put(path, json=back, headers=office)).status_code == 204
    assert len((await read(registry, "/students/duplicates", office))["items"]) == 1


async def test_guardians_are_merged_with_their_children(registry: Registry) -> None:
    organization_id = await registry.organization()
    office = registry.office(organization_id)
    group_id = await registry.school_class(organization_id)
    one, other = await open_card(registry, organization_id, 1), await open_card(registry, organization_id, 2)
    for number, student_id in enumerate((one, other)):
        await enrol(registry, organization_id, group_id, student_id, "2026-09-01", str(number))
    survivor = await registry.value("SELECT guardian_id FROM guardianship WHERE student_id = $1", one)
    absorbed = await registry.value("SELECT guardian_id FROM guardianship WHERE student_id = $1", other)
    before = [without_versions(await read(registry, f"/guardians/{one}", office)) for one in (survivor, absorbed)]
    made = await merged(registry, office, survivor, absorbed, "guardian")
    wards = (await read(registry, f"/guardians/{survivor}", office))["children"]
    assert {child["student_id"] for child in wards} == {str(one), str(other)}
    gone = await registry.service.client.get(f"/guardians/{absorbed}", headers=office)
    assert (gone.status_code, gone.json()["code"]) == (410, "people.merged")
    profiled = [json.loads(one["payload"]) for one in await registry.events("core.guardian.profiled.v1")]
    assert [one["organization_ids"] for one in profiled if one["guardian_id"] == str(absorbed)][-1] == []
    assert (await step(registry, office, made, "undo")).status_code == 200
    after = [without_versions(await read(registry, f"/guardians/{one}", office)) for one in (survivor, absorbed)]
    assert after == before


async def test_workers_are_merged_with_their_posts(registry: Registry) -> None:
    organization_id = await registry.organization()
    office = registry.position(organization_id, Role.HEAD)
    ids = []
    for number, main in ((1, True), (2, False)):
        body = hiring(number, main=main)
        if not main:
            body["values"] = {**body["values"], "snils": None, "document": PASSPORT}
        answer = await registry.service.client.post(
            f"/organizations/{organization_id}/workers", json=body, headers=office
        )
        assert answer.status_code == 201, answer.text
        ids.append(UUID(answer.json()["worker_id"]))
    survivor, absorbed = ids
    before = [without_versions(await read(registry, f"/workers/{one}", office)) for one in ids]
    made = await merged(registry, office, survivor, absorbed, "worker")
    assert len((await read(registry, f"/workers/{survivor}", office))["employments"]) == 2
    gone = await registry.service.client.get(f"/workers/{absorbed}", headers=office)
    assert (gone.status_code, gone.json()["code"]) == (410, "people.merged")
    known = hiring(3, main=False)
    known["values"] = {**known["values"], "snils": None, "document": PASSPORT}
    again = await registry.service.client.post(f"/organizations/{organization_id}/workers", json=known, headers=office)
    assert UUID(again.json()["worker_id"]) == survivor
    profiled = [json.loads(one["payload"]) for one in await registry.events("core.worker.profiled.v1")]
    assert [(one["posts"], one["active"]) for one in profiled if one["worker_id"] == str(absorbed)][-1] == ([], False)
    assert (await step(registry, office, made, "undo")).status_code == 200
    after = [without_versions(await read(registry, f"/workers/{one}", office)) for one in ids]
    assert after[1] == before[1]
    assert len(after[0]["employments"]) == 2, "the post given since stays"


async def test_nothing_begins_on_a_merged_card(registry: Registry) -> None:
    organization_id = await registry.organization()
    group_id = await registry.school_class(organization_id)
    office = registry.office(organization_id)
    survivor, absorbed = (
        await open_card(registry, organization_id, 1),
        await open_card(registry, organization_id, None, document=PASSPORT),
    )
    line = {"student_id": str(absorbed), "kind": "enrolled", "effective_date": "2026-09-01", "group_id": str(group_id)}
    drafted = await registry.draft(organization_id, line)
    await merged(registry, office, survivor, absorbed)
    signed = await registry.sign(organization_id, drafted.json())
    assert (signed.status_code, signed.json()["code"]) == (409, "movements.refused")
    with pytest.raises(Exception, match="the card is merged"):
        await registry.service.fetch(
            "INSERT INTO membership (id, student_id, organization_id, main, valid_from) "
            "VALUES (gen_random_uuid(), $1, $2, true, current_date)",
            absorbed,
            organization_id,
        )


@pytest.mark.parametrize("kind", MODELS)
def test_every_table_that_names_a_card_follows_it(kind: CardKind) -> None:
    card = MODELS[kind].__table__
    naming = {
        (table.name, key.parent.name)
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column is card.c.id
    }
    follow = {(one.table.name, one.column.name) for one in followers(kind)}
    assert {pair for pair in naming if pair[0] not in STAYS} <= follow
    named_by_kind = {
        (table.name, name.removesuffix("_kind") + "_id")
        for table in Base.metadata.tables.values()
        for name in table.c.keys()  # noqa: SIM118 - columns, not a dict
        if name.endswith("_kind") and name.removesuffix("_kind") + "_id" in table.c
    }
    assert {pair for pair in named_by_kind if pair[0] not in STAYS} <= follow
    assert {("consent", "subject_id"), ("legal_hold", "subject_id"), ("erasure", "subject_id")} <= follow
