"""Where a card is measured and by what it is asked; the numbers of card, class, organization, municipality, region and event agree."""

import json
from typing import Any
from uuid import UUID

import pytest

from servicekit.testing import ServiceUnderTest

from .clubs import club, line
from .loading import distribute, load, teacher
from .measuring import a_class, get, measured, of_kind
from .planning import subject_ids
from .world import MUNICIPALITY, OTHER_MUNICIPALITY, Registry

_COUNTED = ("cards", "mandatory", "missing", "without_ground")


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def fields(registry: Registry, organization_id: UUID, kind: str) -> dict[str, set[str]]:
    """Fields with a gap by card."""
    path = f"/organizations/{organization_id}/quality/gaps"
    found = await get(registry, path, registry.office(organization_id), card_kind=kind)
    return {one["card_id"]: {gap["field"] for gap in one["gaps"]} for one in found["items"]}


async def test_every_level_tells_the_same_and_a_child_of_a_club_alone_is_measured_there(registry: Registry) -> None:
    school, _, (pupil, leaver) = await a_class(registry)
    other, _, _ = await a_class(registry, 0)
    art_school = await registry.organization("additional", OTHER_MUNICIPALITY)
    today = registry.service.runtime.clock.today().isoformat()
    painting, group = await club(registry, art_school)
    music, choir = await club(registry, art_school, "Хор")
    entered = await registry.order(
        art_school,
        *(line("enrolled", one, painting, today, group_id=group) for one in (pupil, leaver)),
        line("enrolled", leaver, music, today, group_id=choir),
    )
    assert entered.status_code == 200, entered.text
    both = of_kind(await measured(registry, school), "student")
    assert (both["cards"], of_kind(await measured(registry, art_school), "student")["cards"]) == (2, 0)

    await registry.depart(school, leaver, today)
    standings = {one: await measured(registry, one) for one in (school, other, art_school)}
    students = {one: of_kind(standing, "student") for one, standing in standings.items()}
    assert [one["cards"] for one in students.values()] == [1, 0, 1]
    assert of_kind(standings[art_school], "guardian")["cards"] == 1
    asked = (await fields(registry, art_school, "student"))[str(leaver)]
    assert {"residence"} <= asked
    assert not asked & {"personal_file_number", "health_group", "native_language", "study_form"}
    assert students[art_school]["mandatory"] < students[school]["mandatory"]
    assert students[art_school]["without_ground"] == 0

    for organization_id, standing in standings.items():
        office = registry.office(organization_id)
        groups = (await get(registry, f"/organizations/{organization_id}/quality/groups", office))["items"]
        student = students[organization_id]
        assert [sum(one[name] for one in groups) for name in _COUNTED] == [student[name] for name in _COUNTED]
        for one in groups:
            path = f"/organizations/{organization_id}/quality/gaps"
            cards = await get(registry, path, office, card_kind="student", group_id=one["group_id"])
            gaps = sum(len(card["gaps"]) for card in cards["items"])
            assert gaps == one["missing"] + one["without_ground"]
        for kind in ("organization", "worker", "student", "guardian"):
            measure = of_kind(standing, kind)
            gaps = sum(one["cards"] for one in standing["fields"] if one["card_kind"] == kind)
            assert gaps == measure["missing"] + measure["without_ground"]
    assert {one["group_id"] for one in groups} == {group}, "a child of two clubs is measured once"

    sums = {
        (one["municipality"], one["card_kind"]): one
        for one in (await get(registry, "/quality/sums", registry.region))["items"]
    }
    told = [json.loads(one["payload"]) for one in await registry.events("core.quality.measured.v1")]
    last = {UUID(one["organization_id"]): one for one in told}
    places = {MUNICIPALITY: (school, other), OTHER_MUNICIPALITY: (art_school,), None: (school, other, art_school)}
    for (place, kind), total in sums.items():
        mine = [of_kind(standings[one], kind) for one in places[place]]
        events = [next(card for card in last[one]["cards"] if card["kind"] == kind) for one in places[place]]
        for name in (*_COUNTED, "overdue"):
            assert total[name] == sum(one[name] for one in mine) == sum(one[name] for one in events), (
                place,
                kind,
                name,
            )
    assert len(sums) == 12


async def test_load_and_form_of_study_are_measured_by_what_is_recorded(registry: Registry) -> None:
    school, class_id, (student,) = await a_class(registry, 1)
    worker = await teacher(registry, school, 1)
    await teacher(registry, school, 2, post="psychologist")
    await measured(registry, school)

    async def lacks(kind: str, field: str) -> list[str]:
        await measured(registry, school)
        return [card for card, gaps in (await fields(registry, school, kind)).items() if field in gaps]

    assert await lacks("worker", "teaching") == [worker], "a psychologist has no load of lessons"
    subject = (await subject_ids(registry))["russian"]
    taught = await distribute(registry, school, load(subject, worker, "18", group_id=class_id, valid_from="2026-09-01"))
    assert taught.status_code == 201, taught.text
    assert await lacks("worker", "teaching") == []

    assert await lacks("student", "study_form") == [], "who has none recorded studies full time"
    today = registry.service.runtime.clock.today().isoformat()
    path, office = f"/students/{student}/study-forms", registry.office(school)
    form: dict[str, Any] = {
        "kind": "at_home",
        "order_number": "17-у",
        "order_date": "2026-09-28",
        "valid_from": "2026-10-01",
    }
    recorded = await registry.service.client.post(path, json=form | {"valid_to": today}, headers=office)
    assert recorded.status_code == 201, recorded.text
    assert await lacks("student", "study_form") == [str(student)], "it ran out and none follows"
    full = form | {"kind": "full_time", "order_number": "18-у", "valid_from": today}
    assert (await registry.service.client.post(path, json=full, headers=office)).status_code == 201
    assert await lacks("student", "study_form") == []
