"""Subgroups of a class and groups across classes: by rule and by hand, one of a division at a time, ending with the class."""

import asyncio
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asu_contracts.access import Role
from asu_contracts.core import TeachingGroupChanged, TeachingGroupKind
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest
from sgo_core.subgroups.rules import RULES
from sgo_core.subgroups.service import tell_ended

from .staffing import hiring
from .world import MUNICIPALITY, Registry, class_


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


CHILDREN = (
    ("Яблокова", "female", "Немецкий"),
    ("Абрикосов", "male", "Английский"),
    ("Ёлкина", "female", "Английский"),
    ("Вишнев", "male", None),
    ("Грушина", "female", "Английский"),
)


async def school_of_five(registry: Registry) -> tuple[UUID, UUID, dict[str, str]]:
    """A class of five children; ids of the children by surname."""
    school = await registry.organization()
    group_id = await registry.school_class(school)
    ids: dict[str, str] = {}
    for number, (name, sex, language) in enumerate(CHILDREN):
        student = await registry.student(school, group_id, number, child_last_name=name, child_sex=sex)
        ids[name] = str(student)
        if language is not None:
            answer = await registry.service.client.patch(
                f"/students/{student}",
                json={"reason": "Выбор языка", "values": {"foreign_languages": [language]}},
                headers={**registry.office(school), "If-Match": '"1"'},
            )
            assert answer.status_code == 200, answer.text
    return school, group_id, ids


async def divide(
    registry: Registry, school: UUID, group_id: UUID, rule: str, *names: str, **more: Any
) -> dict[str, Any]:
    body = {"name": f"По признаку {rule}", "rule": rule, "subgroups": names, "valid_from": "2026-09-01", **more}
    answer = await registry.service.client.post(
        f"/groups/{group_id}/divisions", json=body, headers=registry.office(school)
    )
    assert answer.status_code == 201, answer.text
    divided: dict[str, Any] = answer.json()
    return divided


def parts(divided: dict[str, Any]) -> dict[str, list[str]]:
    return {one["name"]: [member["values"]["last_name"] for member in one["members"]] for one in divided["subgroups"]}


def outside(divided: dict[str, Any]) -> list[str]:
    return [one["values"]["last_name"] for one in divided["not_in_a_subgroup"]]


async def distribute(
    registry: Registry, school: UUID, division: dict[str, Any], day: str, **moves: str | None
) -> httpx.Response:
    """``moves``: a subgroup's name or None by the student's id."""
    ids = {one["name"]: one["id"] for one in division["subgroups"]} | {None: None}
    students = [{"student_id": student, "subgroup_id": ids[name]} for student, name in moves.items()]
    return await registry.service.client.post(
        f"/divisions/{division['id']}/distribution",
        json={"valid_from": day, "students": students},
        headers=registry.office(school),
    )


async def on(registry: Registry, school: UUID, group_id: UUID, day: str) -> dict[str, Any]:
    answer = await registry.service.client.get(
        f"/groups/{group_id}/divisions", params={"date": day}, headers=registry.office(school)
    )
    (found,) = answer.json()["items"]
    divided: dict[str, Any] = found
    return divided


@given(size=st.integers(0, 60), count=st.integers(1, 6))
def test_the_alphabet_makes_parts_of_nearly_one_size(size: int, count: int) -> None:
    students = [SimpleNamespace(student_id=new_id()) for _ in range(size)]
    made = RULES["alphabet"](students, [f"{number}" for number in range(count)])
    assert [one for part in made.values() for one in part] == [one.student_id for one in students]
    sizes = [len(part) for part in made.values()]
    assert max(sizes) - min(sizes) <= 1
    assert len(made) == count


async def test_rules_divide_a_class(registry: Registry) -> None:
    school, group_id, _ = await school_of_five(registry)
    halves = await divide(registry, school, group_id, "alphabet")
    assert parts(halves) == {
        "Подгруппа 1": ["Абрикосов", "Вишнев", "Грушина"],
        "Подгруппа 2": ["Ёлкина", "Яблокова"],
    }
    assert outside(halves) == []
    sexes = await divide(registry, school, group_id, "sex")
    assert parts(sexes) == {"Девочки": ["Грушина", "Ёлкина", "Яблокова"], "Мальчики": ["Абрикосов", "Вишнев"]}
    languages = await divide(registry, school, group_id, "foreign_language")
    assert parts(languages) == {"Английский": ["Абрикосов", "Грушина", "Ёлкина"], "Немецкий": ["Яблокова"]}
    assert outside(languages) == ["Вишнев"]
    thirds = await divide(registry, school, group_id, "alphabet", "А", "Б", "В", name="Трети")
    assert [len(part) for part in parts(thirds).values()] == [2, 2, 1]
    events = await registry.events("core.teaching-group.changed.v1")
    told = [TeachingGroupChanged.model_validate_json(event["payload"]) for event in events]
    assert {(one.name, len(one.members)) for one in told if one.division_id == UUID(languages["id"])} == {
        ("Английский", 3),
        ("Немецкий", 1),
    }


async def test_students_are_moved_by_hand_and_stay_in_one_subgroup(registry: Registry) -> None:
    school, group_id, ids = await school_of_five(registry)
    division = await divide(registry, school, group_id, "by_hand", "Первая", "Вторая")
    assert len(outside(division)) == 5
    first = await distribute(
        registry, school, division, "2026-09-01", **{ids["Вишнев"]: "Первая", ids["Яблокова"]: "Вторая"}
    )
    assert first.status_code == 201, first.text
    moved = await distribute(
        registry, school, division, "2026-10-01", **{ids["Вишнев"]: "Вторая", ids["Яблокова"]: None}
    )
    assert parts(moved.json()) == {"Первая": [], "Вторая": ["Вишнев"]}
    assert parts(await on(registry, school, group_id, "2026-09-30")) == {"Первая": ["Вишнев"], "Вторая": ["Яблокова"]}
    early = await distribute(registry, school, division, "2026-09-10", **{ids["Вишнев"]: None})
    assert [one["code"] for one in early.json()["errors"]] == ["subgroups.later-change"]
    stranger = str(new_id())
    unknown = await distribute(registry, school, division, "2026-10-05", **{stranger: "Первая", ids["Вишнев"]: None})
    assert [(one["pointer"], one["code"]) for one in unknown.json()["errors"]] == [
        ("/body/students/0/student_id", "subgroups.not-in-class")
    ]
    assert parts(await on(registry, school, group_id, "2026-10-05"))["Вторая"] == ["Вишнев"], "nothing was written"
    racing = await asyncio.gather(
        *(
            distribute(registry, school, division, "2026-11-01", **{ids["Грушина"]: name})
            for name in ("Первая", "Вторая")
        )
    )
    assert [one.status_code for one in racing] == [201, 201]
    now = parts(await on(registry, school, group_id, "2026-11-01"))
    assert sum("Грушина" in part for part in now.values()) == 1


async def test_the_database_keeps_a_student_in_one_subgroup_of_a_division(registry: Registry) -> None:
    school, group_id, ids = await school_of_five(registry)
    division = await divide(registry, school, group_id, "alphabet")
    other = UUID(division["subgroups"][1]["id"])
    with pytest.raises(Exception, match="ex_teaching_group_stay_division"):
        await registry.fetch(
            "INSERT INTO teaching_group_stay SELECT gen_random_uuid(), organization_id, $1, division_id, student_id, "
            "membership_id, placement_id, '2026-10-01', NULL, 1, now(), now(), 'test', 'Проверка' "
            "FROM teaching_group_stay WHERE student_id = $2",
            other,
            UUID(ids["Абрикосов"]),
        )


async def test_who_leaves_the_class_leaves_its_subgroups(registry: Registry) -> None:
    school, group_id, ids = await school_of_five(registry)
    other = UUID((await registry.groups(school, class_("1Б")))[0]["id"])
    await divide(registry, school, group_id, "alphabet")
    line = {
        "student_id": ids["Абрикосов"],
        "kind": "transferred_between_groups",
        "effective_date": "2026-10-05",
        "group_id": str(other),
    }
    assert (await registry.order(school, line)).status_code == 200
    await registry.depart(school, UUID(ids["Ёлкина"]), "2026-10-10")
    assert parts(await on(registry, school, group_id, "2026-10-04"))["Подгруппа 1"] == [
        "Абрикосов",
        "Вишнев",
        "Грушина",
    ]
    assert parts(await on(registry, school, group_id, "2026-10-05"))["Подгруппа 1"] == ["Вишнев", "Грушина"]
    assert parts(await on(registry, school, group_id, "2026-10-10"))["Подгруппа 2"] == ["Яблокова"]
    newcomer = await registry.student(
        school, group_id, 50, child_last_name="Новенький", effective_date=date(2026, 10, 12)
    )
    late = await on(registry, school, group_id, "2026-10-12")
    assert (outside(late), late["not_in_a_subgroup"][0]["student_id"]) == (["Новенький"], str(newcomer))
    await tell_ended(registry.service.runtime)
    latest: dict[UUID, TeachingGroupChanged] = {}
    for event in await registry.events("core.teaching-group.changed.v1"):
        told = TeachingGroupChanged.model_validate_json(event["payload"])
        latest[told.teaching_group_id] = told
    ended = {
        one.student_id: one.valid_to for told in latest.values() for one in told.members if one.valid_to is not None
    }
    assert ended == {UUID(ids["Абрикосов"]): date(2026, 10, 5), UUID(ids["Ёлкина"]): date(2026, 10, 10)}
    assert await registry.value("SELECT count(*) FROM teaching_group WHERE told_version < version") == 0


async def test_a_division_ends_with_its_subgroups(registry: Registry) -> None:
    school, group_id, _ = await school_of_five(registry)
    division = await divide(registry, school, group_id, "alphabet")
    client, office = registry.service.client, registry.office(school)
    headers = {**office, "If-Match": '"1"'}
    ended = await client.patch(
        f"/divisions/{division['id']}", json={"reason": "Не нужно", "active": False}, headers=headers
    )
    assert (ended.status_code, ended.json()["active"]) == (200, False)
    listed = await client.get(f"/groups/{group_id}/divisions", headers=office)
    assert listed.json()["items"] == []
    again = await client.post(f"/divisions/{division['id']}/subgroups", json={"name": "Ещё"}, headers=office)
    assert again.json()["code"] == "subgroups.ended"
    assert await registry.value("SELECT count(*) FROM teaching_group_stay WHERE valid_to IS NULL") == 0
    named_again = await divide(registry, school, group_id, "alphabet")
    assert named_again["id"] != division["id"]
    history = await client.get(f"/teaching-groups/{division['subgroups'][0]['id']}/history", headers=office)
    assert {one["relation"] for one in history.json()["items"]} == {"teaching_group", "teaching_group_stay"}


async def test_a_teacher_divides_the_own_class_alone(registry: Registry) -> None:
    school, group_id, ids = await school_of_five(registry)
    other = UUID((await registry.groups(school, class_("1Б")))[0]["id"])
    client, office = registry.service.client, registry.office(school)
    hired = (await client.post(f"/organizations/{school}/workers", json=hiring(1), headers=office)).json()
    await client.post(
        f"/groups/{group_id}/teachers",
        json={"worker_id": hired["worker_id"], "valid_from": "2026-09-01"},
        headers=office,
    )
    token = registry.service.tokens.headers(
        Role.TEACHER, municipality=MUNICIPALITY, organization_id=school, person_id=UUID(hired["worker_id"])
    )
    body = {"name": "Половины", "rule": "alphabet", "valid_from": "2026-09-01"}
    own = await client.post(f"/groups/{group_id}/divisions", json=body, headers=token)
    assert own.status_code == 201, own.text
    foreign = await client.post(f"/groups/{other}/divisions", json=body, headers=token)
    assert foreign.json()["code"] == "subgroups.not-class-teacher"
    assert ids.keys() == {name for part in parts(own.json()).values() for name in part}


async def open_crossing(registry: Registry, school: UUID, **changes: Any) -> dict[str, Any]:
    body = {"academic_year": 2026, "kind": "individual_plan", "name": "Физика, углублённо", **changes}
    answer = await registry.service.client.post(
        f"/organizations/{school}/teaching-groups", json=body, headers=registry.office(school)
    )
    assert answer.status_code == 201, answer.text
    opened: dict[str, Any] = answer.json()
    return opened


async def change_members(
    registry: Registry, school: UUID, group: dict[str, Any], day: str, **lists: list[str]
) -> httpx.Response:
    return await registry.service.client.post(
        f"/teaching-groups/{group['id']}/members",
        json={"valid_from": day, **lists},
        headers=registry.office(school),
    )


async def test_a_group_across_classes_takes_students_of_its_grades(registry: Registry) -> None:
    school, other = await registry.organization(), await registry.organization()
    a, b, fifth = [
        UUID(one["id"])
        for one in await registry.groups(
            school, class_("10А", grade=10), class_("11А", grade=11), class_("5А", grade=5)
        )
    ]
    first = str(await registry.student(school, a, 1))
    second = str(await registry.student(school, b, 2))
    young = str(await registry.student(school, fifth, 3))
    stranger = str(await registry.student(other, await registry.school_class(other), 4))
    group = await open_crossing(registry, school, grade_from=10, grade_to=11, capacity=2)
    keyed = {**registry.office(school), "Idempotency-Key": "members-1"}
    answers = [
        await registry.service.client.post(
            f"/teaching-groups/{group['id']}/members",
            json={"valid_from": "2026-09-01", "enter": [first, second]},
            headers=keyed,
        )
        for _ in range(2)
    ]
    entered, again = (one.json()["members"] for one in answers)
    assert ([one["student_id"] for one in entered], entered[0]["values"]["first_name"]) == (
        sorted([first, second]),
        "Алиса",
    )
    assert [one["student_id"] for one in again] == sorted([first, second])
    assert [one["values"] for one in again] == [{}, {}], "what is kept for a repeated request names nobody"
    refused = await change_members(registry, school, group, "2026-10-01", enter=[first, young, stranger])
    assert [one["code"] for one in refused.json()["errors"]] == [
        "teaching-groups.in-already",
        "teaching-groups.other-grade",
        "teaching-groups.not-a-student",
    ]
    third = str(await registry.student(school, a, 5))
    full = await change_members(registry, school, group, "2026-10-01", enter=[third])
    assert [one["code"] for one in full.json()["errors"]] == ["teaching-groups.full"]
    swapped = await change_members(registry, school, group, "2026-10-01", enter=[third], leave=[first])
    assert {one["student_id"] for one in swapped.json()["members"]} == {second, third}
    await registry.depart(school, UUID(second), "2026-10-15")
    path = f"/teaching-groups/{group['id']}"
    for day, expected in (("2026-09-30", {first, second}), ("2026-10-01", {second, third}), ("2026-10-15", {third})):
        found = await registry.service.client.get(path, params={"date": day}, headers=registry.office(school))
        assert {one["student_id"] for one in found.json()["members"]} == expected, day


async def test_a_group_across_classes_is_changed_and_ended(registry: Registry) -> None:
    school = await registry.organization()
    student = str(await registry.student(school, await registry.school_class(school), 1))
    group = await open_crossing(registry, school, kind="extended_day", name="ГПД 1")
    await change_members(registry, school, group, "2026-09-01", enter=[student])
    client, path = registry.service.client, f"/teaching-groups/{group['id']}"
    office = registry.office(school)
    for sent, code in (
        ({"grade_from": 5}, "subgroups.grades"),
        ({"grade_from": 5, "grade_to": 4}, "subgroups.grades"),
        ({"subject_ids": [str(new_id())]}, "subgroups.subject-unknown"),
    ):
        answer = await client.patch(path, json={"reason": "Правка", **sent}, headers={**office, "If-Match": '"2"'})
        assert answer.json()["code"] == code
    stale = await client.patch(path, json={"reason": "Правка", "name": "ГПД 2"}, headers={**office, "If-Match": '"1"'})
    assert stale.status_code == 412
    ended = await client.patch(path, json={"reason": "Закрыта", "active": False}, headers={**office, "If-Match": '"2"'})
    assert (ended.json()["active"], ended.json()["members"]) == (False, [])
    late = await change_members(registry, school, group, "2026-12-01", enter=[student])
    assert late.json()["code"] == "subgroups.ended"
    again = await open_crossing(registry, school, kind="extended_day", name="ГПД 1")
    twice = await client.post(
        f"/organizations/{school}/teaching-groups",
        json={"academic_year": 2026, "kind": "extended_day", "name": "гпд 1"},
        headers=office,
    )
    assert twice.json()["code"] == "subgroups.name-taken"
    listed = await client.get(
        f"/organizations/{school}/teaching-groups", params={"kind": "extended_day"}, headers=office
    )
    assert [(one["id"], one["active"]) for one in listed.json()["items"]] == [
        (group["id"], False),
        (again["id"], True),
    ]


async def test_a_child_taught_at_home_has_a_group_of_one(registry: Registry) -> None:
    school = await registry.organization()
    student = await registry.student(school, await registry.school_class(school), 1)
    group = await open_crossing(registry, school, kind="home_teaching", name="Обучение на дому, 1 «А»", capacity=1)
    entered = await change_members(registry, school, group, "2026-09-01", enter=[str(student)])
    assert entered.status_code == 201, entered.text
    *_, event = await registry.events("core.teaching-group.changed.v1")
    told = TeachingGroupChanged.model_validate_json(event["payload"])
    assert (told.kind, [one.student_id for one in told.members]) == (TeachingGroupKind.HOME_TEACHING, [student])
