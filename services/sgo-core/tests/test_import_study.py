"""Classes, groups and curricula from tables."""

from typing import Any

import pytest

from asu_contracts.access import Role
from servicekit.testing import ServiceUnderTest

from .importing import counts, import_table
from .planning import FIFTH, approve, fifth_class
from .world import Registry

YEAR = {"academic_year": "2026"}


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


def wrong(result: dict[str, Any]) -> list[tuple[int, str, str]]:
    return [(one["row"], one["column"], one["code"].removeprefix("imports.row.")) for one in result["errors"]]


async def test_classes_with_all_their_attributes(registry: Registry) -> None:
    organization_id = await registry.organization()
    office = registry.office(organization_id)
    rows: list[dict[str, Any]] = [
        {
            "Вид": "класс",
            "Класс (группа)": "5А",
            "Параллель": 5,
            "Число мест": 25,
            "Смена": 1,
            "Вид класса": "кадетский",
        },
        {"Вид": "класс", "Класс (группа)": "10 хим-био", "Параллель": 10, "Число мест": 30, "Профиль": "Естественный"},
        {
            "Вид": "группа",
            "Класс (группа)": "Солнышко",
            "Возраст от": 3,
            "Возраст до": 4,
            "Число мест": 20,
            "Направленность": "комбинированная",
            "Вид нарушения": "нарушения речи",
            "Режим пребывания": "полный день",
        },
        {"Вид": "класс", "Класс (группа)": "6А", "Число мест": 25},
        {"Вид": "класс", "Класс (группа)": "7А", "Параллель": 7, "Число мест": "много"},
        {"Вид": "группа дополнительного образования", "Класс (группа)": "Шахматы", "Число мест": 10},
        {"Вид": "класс", "Класс (группа)": "5а", "Параллель": 5, "Число мест": 25},
    ]
    result = await import_table(registry, "groups", rows, office, organization_id, **YEAR)
    assert counts(result) == (3, 0, 0, 4)
    assert wrong(result) == [
        (5, "Вид", "groups.class-fields"),
        (6, "Число мест", "number"),
        (7, "Программа дополнительного образования", "programme-unknown"),
        (8, "Класс (группа)", "repeated"),
    ]
    stored = await registry.fetch("SELECT name, letter, class_type, disorder, stay_mode FROM study_group ORDER BY name")
    assert [tuple(one) for one in stored] == [
        ("10 хим-био", "хим-био", "ordinary", None, None),
        ("5А", "А", "cadet", None, None),
        ("Солнышко", None, None, "speech", "full_day"),
    ]
    good = rows[:3]
    assert counts(await import_table(registry, "groups", good, office, organization_id, **YEAR)) == (0, 0, 3, 0)
    told = await registry.value("SELECT count(*) FROM outbox WHERE type = 'core.group.changed.v1'")
    assert told == 3
    good[0]["Число мест"] = 28
    good[1]["Параллель"] = 11
    result = await import_table(registry, "groups", good, office, organization_id, **YEAR)
    assert (counts(result), wrong(result)) == ((0, 1, 1, 1), [(3, "Параллель", "group-fixed")])
    assert await registry.value("SELECT capacity FROM study_group WHERE name = '5А'") == 28
    await registry.check()


async def plan_rows(registry: Registry, **changes: Any) -> list[dict[str, Any]]:
    titles = {one["code"]: one["title"] for one in await registry.fetch("SELECT code, title FROM subject")}
    return [
        {
            "Учебный план": "План 5 классов",
            "Параллель": "5",
            "Классы": "5А",
            "Предмет": titles[code],
            "Компонент": "obligatory",
            "Часов в неделю": float(hours),
            **changes,
        }
        for code, hours in FIFTH.items()
    ]


async def test_a_curriculum_enters_as_a_draft_and_whole(registry: Registry) -> None:
    organization_id = await registry.organization()
    await fifth_class(registry, organization_id)
    office = registry.position(organization_id, Role.COORDINATOR)
    rows = await plan_rows(registry)
    broken = await plan_rows(registry, **{"Учебный план": "Другой план"})
    broken[2]["Предмет"] = "Драконоведение"
    result = await import_table(registry, "curricula", [*rows, *broken], office, organization_id, **YEAR)
    assert counts(result) == (11, 0, 0, 11)
    assert (15, "Предмет", "subject-unknown") in wrong(result)
    assert {code for _, _, code in wrong(result)} == {"subject-unknown", "beside"}
    assert await registry.value("SELECT count(*) FROM curriculum") == 1
    assert counts(await import_table(registry, "curricula", rows, office, organization_id, **YEAR)) == (0, 0, 11, 0)
    rows[0]["Часов в неделю"] = "4,5"
    assert counts(await import_table(registry, "curricula", rows, office, organization_id, **YEAR)) == (0, 11, 0, 0)
    rows[1]["Часов в неделю"] = "2,7"
    result = await import_table(registry, "curricula", rows, office, organization_id, **YEAR)
    assert (3, "Часов в неделю", "hours") in wrong(result)
    rows[1]["Часов в неделю"], rows[3]["Классы"] = "три", "5Б"
    result = await import_table(registry, "curricula", rows, office, organization_id, **YEAR)
    assert counts(result) == (0, 0, 0, 11)
    assert [one for one in wrong(result) if one[2] != "beside"] == [
        (3, "Часов в неделю", "number"),
        (5, "Учебный план", "plan-differs"),
    ]
    assert await registry.value("SELECT count(*) FROM curriculum_line WHERE NOT dropped") == 11, "the draft is whole"
    rows[3]["Классы"] = "5А"
    listed = await registry.service.client.get(f"/organizations/{organization_id}/curricula", headers=office)
    (plan,) = listed.json()["items"]
    rows[0]["Часов в неделю"], rows[1]["Часов в неделю"] = 5, 3
    assert counts(await import_table(registry, "curricula", rows, office, organization_id, **YEAR)) == (0, 11, 0, 0)
    plan = (await registry.service.client.get(f"/curricula/{plan['id']}", headers=office)).json()
    approved = await approve(registry, organization_id, plan)
    assert approved.status_code == 200, approved.text
    assert counts(await import_table(registry, "curricula", rows, office, organization_id, **YEAR)) == (0, 0, 11, 0)
    rows[0]["Часов в неделю"] = 4
    result = await import_table(registry, "curricula", rows, office, organization_id, **YEAR)
    assert (2, "Учебный план", "plan-approved") in wrong(result)
    named = {"Учебный план": "План профиля", "Профиль": "Кадетский"}
    profiled = await plan_rows(registry, **named)
    assert counts(await import_table(registry, "curricula", profiled, office, organization_id, **YEAR)) == (11, 0, 0, 0)
    assert await registry.value("SELECT profile FROM curriculum WHERE title = 'План профиля'") == "cadet"
    secretary = registry.position(organization_id, Role.SECRETARY)
    answer = await registry.service.client.post(
        "/imports",
        files={"file": ("t", b"x")},
        data={"kind": "curricula", "organization_id": str(organization_id), **YEAR},
        headers=secretary,
    )
    assert answer.status_code == 403
