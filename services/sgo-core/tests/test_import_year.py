"""The teaching load, marks of the year and outcomes of its closing from tables."""

from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role, Unit, UnitKind
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.testing import ServiceUnderTest
from sgo_core.exports import importable
from sgo_core.exports.kinds import Scope

from .closing_year import School, at
from .importing import counts, import_table
from .loading import on, subgroup, teacher
from .planning import fifth_class
from .world import MUNICIPALITY, Registry, snils

YEAR = {"academic_year": "2026"}
Rows = list[dict[str, Any]]


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


def wrong(result: dict[str, Any]) -> list[tuple[int, str, str]]:
    return [(one["row"], one["column"], one["code"].removeprefix("imports.row.")) for one in result["errors"]]


async def own_table(registry: Registry, organization_id: UUID, name: str) -> bytes:
    """A table of the whole export of an organization."""
    unit = Unit(kind=UnitKind.ORGANIZATION, municipality=MUNICIPALITY, organization_id=organization_id)
    async with registry.service.runtime.uow() as uow:
        principal = Principal(str(new_id()), Role.HEAD, unit, None, None, uow.now)
        scope = Scope(principal, organization_id, uow.clock.today(), frozenset())
        return {path: content for path, content, _ in await importable.tables(uow, scope)}[f"import/{name}.csv"]


async def test_the_load_enters_and_only_what_differs_changes(registry: Registry) -> None:
    organization_id = await registry.organization()
    group_id = await fifth_class(registry, organization_id)
    await subgroup(registry, organization_id, group_id, "Группа 1")
    await teacher(registry, organization_id, 1)
    await teacher(registry, organization_id, 2, last_name="Словесникова")
    coordinator = registry.position(organization_id, Role.COORDINATOR)
    math = {"Класс": "5А", "Предмет": "Математика", "СНИЛС учителя": snils(900_001), "Часов в неделю": 5}
    music = {"Класс": "5а", "Подгруппа (группа)": "группа 1", "Предмет": "music", "Часов в неделю": "1,5"}
    music |= {"Учитель": "СЛОВЕСНИКОВА Вера Примеровна", "Ведёт с": "12.10.2026", "Не ведёт с": "01.02.2027"}
    rows: Rows = [
        math,
        {**math, "Класс": "9Я"},
        music,
        {**math, "Предмет": "Драконоведение"},
        {**math, "Часов в неделю": "2,7"},
        {**music, "Учитель": "Неизвестная Анна"},
        {**music, "Подгруппа (группа)": "Группа 2"},
        {**music, "Предмет": "История", "Ведёт с": "01.06.2026"},
        math,
    ]

    async def upload(rows: Rows | bytes, **form: str) -> dict[str, Any]:
        return await import_table(registry, "loads", rows, coordinator, organization_id, **YEAR, **form)

    for form in ({"dry_run": "true"}, {}):
        assert await registry.value("SELECT count(*) FROM teaching_load") == 0
        result = await upload(rows, **form)
        assert counts(result) == (2, 0, 0, 7)
        assert wrong(result) == [
            (3, "Класс", "group-unknown"),
            (5, "Предмет", "subject-unknown"),
            (6, "Часов в неделю", "hours"),
            (7, "Учитель", "teacher-unknown"),
            (8, "Подгруппа (группа)", "part-unknown"),
            (9, "Ведёт с", "loads.dates"),
            (10, "Предмет", "repeated"),
        ]
    assert counts(await upload([math, music])) == (0, 0, 2, 0)
    music["Не ведёт с"] = "08.02.2027"
    assert counts(await upload([math, music])) == (0, 1, 1, 0)
    assert counts(await upload(await own_table(registry, organization_id, "loads-2026"))) == (0, 0, 2, 0)
    shown = [
        (one["taught"], one["subject"], one["hours_week"], one["valid_to"])
        for one in await on(registry, organization_id, "2027-02-07")
    ]
    assert sorted(shown) == [("5А", "Математика", "5.0", "2027-09-01"), ("Группа 1", "Музыка", "1.5", "2027-02-08")]
    for kind in ("loads", "year-results", "year-outcomes"):
        template = await registry.service.client.get(f"/import-kinds/{kind}/template", headers=coordinator)
        assert template.status_code == 200, template.text


async def test_marks_of_the_year_and_what_becomes_of_students(registry: Registry) -> None:
    school = await School(registry).open()
    five, nine = school.students["5А"], school.students["9А"]
    await registry.fetch("UPDATE student SET personal_file_number = 'А-1' WHERE id = $1", five[1])
    coordinator = registry.position(school.id, Role.COORDINATOR)

    async def upload(kind: str, rows: Rows | bytes) -> dict[str, Any]:
        return await import_table(registry, kind, rows, coordinator, school.id, **YEAR)

    first = {"Класс (группа)": "5А", "СНИЛС": snils(0)}
    second = {"Класс (группа)": "5а", "№ личного дела": "А-1"}
    named = {"Класс (группа)": "9А", "Фамилия": "Образцова", "Имя": "Алиса", "Дата рождения": "14.05.2020"}
    marks: Rows = [
        {**first, "Предмет": "Алгебра", "Годовая": 2},
        {**second, "Предмет": "Алгебра", "Годовая": 4, "Итоговая": "5"},
        {**named, "Предмет": "Алгебра", "Годовая": 5},
        {**second, "Предмет": "Физика", "Годовая": 6},
        {**first, "Класс (группа)": "9А", "Предмет": "Физика", "Годовая": 5},
    ]
    with at(registry):
        result = await upload("year-results", marks)
        assert counts(result) == (2, 0, 0, 3)
        assert wrong(result) == [
            (4, "Фамилия", "student-ambiguous"),
            (5, "Годовая", "not-in-list"),
            (6, "СНИЛС", "student-unknown"),
        ]
        assert counts(await upload("year-results", marks[:2])) == (0, 0, 2, 0)
        marks[1]["Итоговая"] = 4
        assert counts(await upload("year-results", marks[:2])) == (0, 1, 1, 0)
        own = await own_table(registry, school.id, "year-results-2026")
        assert counts(await upload("year-results", own)) == (0, 0, 2, 0)
        tenth = {"Основание": "Завершил основное общее образование, продолжает в 10 классе"}
        third = {"Класс (группа)": "9А", "СНИЛС": snils(100)}
        debtor = {"Предметы задолженности": "Алгебра; Физика", "Срок ликвидации": "31.10.2027"}
        ends: Rows = [
            {**first, "Итог года": "переведён условно", **debtor},
            {**third, "Итог года": "переведён", "Класс следующего года": "10а", **tenth},
            {**second, "Итог года": "оставлен на повторное обучение"},
            {**third, "Итог года": "окончил"},
        ]
        refused = await upload("year-outcomes", ends[:1])
        assert wrong(refused) == [(2, "Итог года", "no-draft")]
        closing = await school.prepare()
        result = await upload("year-outcomes", ends)
        assert (counts(result), wrong(result)) == (
            (0, 2, 0, 2),
            [(4, "Основание", "basis-required"), (5, "СНИЛС", "repeated")],
        )
        path, version = f"/year-closings/{closing['id']}/confirmation", (await school.closing(closing["id"]))["version"]
        assert (await school.call(Role.COORDINATOR, "POST", path, version)).status_code == 200
        assert counts(await upload("year-outcomes", ends[:2])) == (0, 0, 2, 0)
        assert (await school.closing(closing["id"]))["coordinator_by"] is not None
        found = await school.outcomes(closing["id"])
        assert [(found[str(one)]["outcome"], found[str(one)]["target_group_id"]) for one in (five[0], nine[0])] == [
            ("conditional", str(school.next["6А"])),
            ("promoted", str(school.next["10А"])),
        ]
        assert found[str(five[0])]["debts"] == ["Алгебра", "Физика"]
        ends[0]["Срок ликвидации"] = "30.11.2027"
        assert counts(await upload("year-outcomes", ends[:2])) == (0, 1, 1, 0)
        assert (await school.closing(closing["id"]))["coordinator_by"] is None
        assert (await school.run(await school.confirm(closing["id"])))["status"] == "succeeded"
