"""How a student studies: one form at a time, what goes beside it, and what the card tells of it and of the movement on any day."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest

from asu_contracts.access import Role
from asu_contracts.core import StudyFormChanged
from servicekit.clock import FixedClock
from servicekit.testing import ServiceUnderTest
from sgo_core.study_forms.service import tell_ended

from .samples.classes import programme
from .samples.study_forms import AT_HOME
from .world import MUNICIPALITY, Registry, class_


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


@pytest.fixture
def clock(service: ServiceUnderTest) -> Iterator[FixedClock]:
    runtime = service.runtime
    real, runtime.clock = runtime.clock, FixedClock(datetime(2026, 9, 1, 9, tzinfo=UTC))
    yield runtime.clock
    runtime.clock = real


async def record(registry: Registry, school: UUID, student: UUID, **form: Any) -> httpx.Response:
    return await registry.service.client.post(
        f"/students/{student}/study-forms", json={**AT_HOME, **form}, headers=registry.office(school)
    )


async def card(registry: Registry, headers: dict[str, str], student: UUID, **query: str) -> dict[str, Any]:
    answer = await registry.service.client.get(f"/students/{student}", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    values: dict[str, Any] = answer.json()["values"]
    return values


STAY = {"kind": "temporary_stay", "place_kind": "sanatorium", "place": "Санаторий «Берёзка»", "basis": None}


async def test_a_new_form_ends_the_one_before_and_what_goes_beside_stays(registry: Registry) -> None:
    school = await registry.organization()
    student = await registry.student(school, await registry.school_class(school), 1)
    first = await record(registry, school, student)
    assert first.status_code == 201, first.text
    assert first.json()["title"] == "На дому по медицинскому заключению"
    stay = await record(registry, school, student, **STAY, valid_from="2026-10-10", valid_to="2026-10-31")
    assert stay.status_code == 201, stay.text
    again = await record(registry, school, student, **STAY, valid_from="2026-10-20", valid_to="2026-11-20")
    assert again.json()["code"] == "study-forms.taken"
    second = await record(registry, school, student, kind="part_time", basis=None, valid_from="2026-11-01")
    assert second.status_code == 201, second.text
    same_day = await record(registry, school, student, kind="family", valid_from="2026-11-01")
    assert same_day.json()["code"] == "study-forms.taken"
    before = await record(registry, school, student, kind="external", valid_from="2026-09-10")
    assert before.json()["code"] == "study-forms.taken"
    path, office = f"/students/{student}/study-forms", registry.office(school)
    found = (await registry.service.client.get(path, headers=office)).json()["items"]
    assert [(one["kind"], one["valid_from"], one["valid_to"]) for one in found] == [
        ("at_home", "2026-10-01", "2026-11-01"),
        ("temporary_stay", "2026-10-10", "2026-10-31"),
        ("part_time", "2026-11-01", None),
    ]
    assert (found[1]["place"], found[0]["basis"]) == (STAY["place"], AT_HOME["basis"])
    events = await registry.events("core.study-form.changed.v1")
    told = [StudyFormChanged.model_validate_json(event["payload"]) for event in events]
    assert [(one.kind, str(one.valid_to)) for one in told] == [
        ("at_home", "None"),
        ("temporary_stay", "2026-10-31"),
        ("at_home", "2026-11-01"),
        ("part_time", "None"),
    ]
    statistical = await registry.value("SELECT statistical_id FROM student WHERE id = $1", student)
    assert {one.statistical_id for one in told} == {statistical}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"place": "Где-то"}, "study-forms.fields"),
        ({**STAY, "place": None}, "study-forms.fields"),
        ({**STAY, "place_kind": None}, "study-forms.fields"),
        ({"kind": "network"}, "study-forms.fields"),
        ({"valid_to": "2026-10-01"}, "study-forms.dates"),
        ({"valid_from": "2026-08-31"}, "study-forms.not-a-student"),
    ],
)
async def test_what_does_not_fit_is_refused(registry: Registry, changes: dict[str, Any], code: str) -> None:
    school = await registry.organization()
    student = await registry.student(school, await registry.school_class(school), 1)
    assert (await record(registry, school, student, **changes)).json()["code"] == code
    assert await registry.value("SELECT count(*) FROM study_form") == 0


async def test_two_forms_at_once_leave_one(registry: Registry) -> None:
    school = await registry.organization()
    student = await registry.student(school, await registry.school_class(school), 1)
    answers = await asyncio.gather(*(record(registry, school, student, kind=kind) for kind in ("at_home", "family")))
    assert sorted(one.status_code for one in answers) == [201, 409]


async def test_a_form_ends_with_the_stay_in_the_school(registry: Registry) -> None:
    school = await registry.organization()
    student = await registry.student(school, await registry.school_class(school), 1)
    form = (await record(registry, school, student)).json()
    await registry.depart(school, student, "2026-10-20")
    row = (await registry.fetch("SELECT valid_to, version, recorded_by FROM study_form"))[0]
    assert (row["valid_to"], row["version"], row["recorded_by"]) == (date(2026, 10, 20), 2, "system")
    await tell_ended(registry.service.runtime)
    await tell_ended(registry.service.runtime)
    events = await registry.events("core.study-form.changed.v1")
    assert [event["version"] for event in events] == [1, 2]
    longer = await registry.service.client.patch(
        f"/study-forms/{form['id']}",
        json={"reason": "Ошибка", "valid_to": None},
        headers={**registry.office(school), "If-Match": '"2"'},
    )
    assert (longer.status_code, longer.json()["valid_to"]) == (200, "2026-10-20"), "not beyond the stay"


async def test_where_a_child_is_treated_is_not_for_everybody(registry: Registry) -> None:
    school = await registry.organization()
    student = await registry.student(school, await registry.school_class(school), 1)
    await record(registry, school, student)
    await record(
        registry, school, student, **{**STAY, "place_kind": "hospital", "place": "Психиатрическая больница № 1"}
    )
    client = registry.service.client
    teacher = registry.position(school, Role.TEACHER)
    body = registry.service.tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=MUNICIPALITY)
    for headers in (teacher, body, registry.region):
        for path in (
            f"/students/{student}/study-forms",
            f"/students/{student}/study-forms/history",
            f"/organizations/{school}/study-forms?date=2026-10-05",
        ):
            answer = await client.get(path, headers=headers)
            assert answer.status_code == 200
            assert "temporary_stay" in answer.text
            assert not any(word in answer.text for word in ("больница", "hospital", "Заключение"))
    office = await client.get(f"/students/{student}/study-forms/history", headers=registry.office(school))
    assert "Психиатрическая больница № 1" in office.text


async def test_the_card_tells_class_shift_form_and_movement_of_any_day(registry: Registry, clock: FixedClock) -> None:
    school = await registry.organization()
    first, second = [
        UUID(one["id"])
        for one in await registry.groups(school, {**class_("1А"), "shift": 1}, {**class_("1Б"), "shift": 2})
    ]
    student = await registry.student(school, first, 1)
    office = registry.office(school)
    name = await registry.value("SELECT short_name FROM organization WHERE id = $1", school)
    enrolled = f"01.09.2026 зачислен: {name}, 1А (приказ № 45-з от 20.08.2026)"
    derived = ("enrolled_on", "group", "shift", "study_form", "movement")

    async def told(**query: str) -> list[Any]:
        values = await card(registry, office, student, **query)
        return [values[one] for one in derived]

    assert await told() == ["2026-09-01", "1А", "1", "Очная", [enrolled]]
    clock.instant = datetime(2026, 10, 5, 9, tzinfo=UTC)
    line = {
        "student_id": str(student),
        "kind": "transferred_between_groups",
        "effective_date": "2026-10-05",
        "group_id": str(second),
    }
    assert (await registry.order(school, line)).status_code == 200
    await record(registry, school, student, kind="part_time", valid_from="2026-10-05")
    await record(registry, school, student, kind="individual_plan", valid_from="2026-10-05")
    moved = f"05.10.2026 переведён в другой класс (группу): {name}, 1А → 1Б (приказ № 7 от 01.10.2026)"
    now = ["2026-09-01", "1Б", "2", "Очно-заочная, по индивидуальному учебному плану", [enrolled, moved]]
    assert await told() == now
    clock.instant = datetime(2026, 10, 20, 9, tzinfo=UTC)
    version = await registry.value("SELECT version FROM study_group WHERE id = $1", second)
    await registry.service.client.patch(
        f"/groups/{second}", json={"letter": "В", "shift": 1}, headers={**office, "If-Match": f'"{version}"'}
    )
    assert (await told())[1:3] == ["1В", "1"]
    assert await told(as_of="2026-10-19") == now
    assert await told(as_of="2026-10-04") == ["2026-09-01", "1А", "1", "Очная", [enrolled]]


async def test_the_other_school_of_a_child_reads_the_card_and_changes_nothing(
    registry: Registry, clock: FixedClock
) -> None:
    school, art_school = await registry.organization(), await registry.organization("additional")
    student = await registry.student(school, await registry.school_class(school), 1)
    client, office = registry.service.client, registry.office(art_school)
    started = await client.post(
        f"/organizations/{art_school}/programmes", json=programme("Живопись", orientation="arts"), headers=office
    )
    programme_id = started.json()["id"]
    group = {"kind": "additional_group", "name": "Живопись 1", "programme_id": programme_id, "capacity": 5}
    group_id = (await registry.groups(art_school, group))[0]["id"]
    line = {
        "student_id": str(student),
        "kind": "enrolled",
        "programme_id": programme_id,
        "group_id": group_id,
        "effective_date": "2026-10-01",
    }
    assert (await registry.order(art_school, line)).status_code == 200
    seen = await card(registry, office, student)
    assert (seen["group"], seen["movement"]) == ("1А", [])
    assert len((await card(registry, registry.office(school), student))["movement"]) == 1
    path, headers = f"/students/{student}", {**office, "If-Match": '"1"'}
    edited = await client.patch(path, json={"reason": "Опечатка", "values": {"last_name": "Иная"}}, headers=headers)
    assert (edited.status_code, edited.json()["code"]) == (403, "students.main-office-keeps")
    form = await record(registry, art_school, student)
    assert form.json()["code"] == "students.main-office-keeps"
    assert (await record(registry, school, student)).status_code == 201
    for reader, told in ((office, False), (registry.office(school), True)):
        for read in (f"/students/{student}/study-forms", f"/students/{student}/study-forms/history"):
            forms = await client.get(read, headers=reader)
            assert ("at_home" in forms.text, "Заключение" in forms.text) == (True, told)
    await registry.depart(school, student, "2026-10-05")
    clock.instant = datetime(2026, 10, 5, 9, tzinfo=UTC)
    edited = await client.patch(path, json={"reason": "Опечатка", "values": {"last_name": "Иная"}}, headers=headers)
    assert edited.status_code == 200, edited.text
