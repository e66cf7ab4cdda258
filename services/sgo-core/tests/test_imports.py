"""Students from an uploaded table: bad rows are named, the rest enters."""

import csv
import io
import json
from datetime import date
from typing import Any

import pytest

from asu_contracts.access import Role
from servicekit.testing import ServiceUnderTest
from sgo_core.imports import running
from sgo_core.imports.tables import read_table

from .world import COLUMNS, FIRST_DAY, Registry, class_, row, snils, xlsx


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def test_a_list_becomes_students_and_events(registry: Registry) -> None:
    organization_id = await registry.organization()
    await registry.groups(organization_id, class_("1А"), class_("1Б"))
    rows = [row(number, **{"Класс (группа)": " 1а" if number % 2 else "1Б"}) for number in range(40)]
    result = await registry.import_list(organization_id, xlsx(rows))
    assert (result["rows"], result["created"], result["unchanged"], result["errors"]) == (40, 40, 0, [])
    assert await registry.contingent(organization_id, FIRST_DAY) == 40
    published = {
        one["type"]: one["count"] for one in await registry.fetch("SELECT type, count(*) FROM outbox GROUP BY 1")
    }
    assert published == {
        "core.organization.changed.v1": 1,
        "core.group.changed.v1": 4,
        "core.student.offered.v1": 40,
        "core.student.profiled.v1": 40,
        "core.student.statistics-changed.v1": 40,
        "core.guardian.profiled.v1": 40,
        "core.guardianship.changed.v1": 40,
        "core.movement.recorded.v1": 40,
    }
    assert await registry.value("SELECT count(*) FROM movement_order") == 1
    assert list((registry.service.runtime.settings.files_dir / "pending").iterdir()) == []
    await registry.check()


async def test_the_same_list_again_changes_nothing(registry: Registry) -> None:
    organization_id = await registry.organization()
    await registry.school_class(organization_id)
    rows = [row(1), row(2, **{"СНИЛС": "", "Родитель: СНИЛС": ""}), row(3, Документ="", Серия="", Номер="")]
    await registry.import_list(organization_id, xlsx(rows))
    before = await registry.value("SELECT count(*) FROM outbox"), await registry.value("SELECT count(*) FROM guardian")
    result = await registry.import_list(organization_id, xlsx(rows))
    assert (result["created"], result["unchanged"], result["errors"]) == (0, 3, [])
    after = await registry.value("SELECT count(*) FROM outbox"), await registry.value("SELECT count(*) FROM guardian")
    assert after == before
    added = await registry.import_list(organization_id, xlsx([*rows, row(4)]))
    assert (added["created"], added["unchanged"]) == (1, 3)
    await registry.check()


async def test_one_bad_row_among_many_parts_is_named_and_the_rest_enters(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "PART", 100)
    organization_id = await registry.organization()
    await registry.groups(organization_id, *(class_(f"{number}А", 100) for number in range(1, 5)))
    rows = [row(number, **{"Класс (группа)": f"{number % 4 + 1}А"}) for number in range(400)]
    rows[234] = row(234, СНИЛС="112-233-445 00")
    result = await registry.import_list(organization_id, xlsx(rows))
    assert (result["rows"], result["created"], result["refused"]) == (400, 399, 1)
    assert result["errors"] == [
        {
            "row": 236,
            "column": "СНИЛС",
            "code": "imports.row.snils.checksum",
            "title": "СНИЛС указан с ошибкой: не сходится контрольное число",
        }
    ]
    assert await registry.value("SELECT count(*) FROM student") == 399
    await registry.check()


async def test_errors_that_only_the_registry_knows(registry: Registry) -> None:
    organization_id, other = await registry.organization(), await registry.organization()
    await registry.groups(organization_id, class_("1А", 2), class_("1Б", 5))
    await registry.school_class(other)
    await registry.import_list(other, xlsx([row(1)]))
    await registry.import_list(organization_id, xlsx([row(2)]))
    rows = [
        row(1),
        row(2, **{"Класс (группа)": "1Б"}),
        row(3, **{"Дата зачисления": date(2026, 8, 31)}),
        row(4),
        row(5),
    ]
    result = await registry.import_list(organization_id, xlsx(rows))
    assert [(error["row"], error["code"]) for error in result["errors"]] == [
        (2, "imports.row.already-member"),
        (3, "imports.row.already-member"),
        (4, "imports.row.outside-year"),
        (6, "imports.row.group-full"),
    ]
    unknown = await registry.import_list(organization_id, xlsx([row(7, **{"Класс (группа)": "9Ю"})]))
    assert [error["code"] for error in unknown["errors"]] == ["imports.row.group-unknown"]
    assert await registry.value("SELECT count(*) FROM student") == 3
    await registry.check()


async def test_a_number_alone_joins_nobody(registry: Registry) -> None:
    organization_id = await registry.organization()
    await registry.school_class(organization_id)
    await registry.import_list(organization_id, xlsx([row(1)]))
    parent = {"Родитель: СНИЛС": snils(500_001)}
    rows = [
        row(2, СНИЛС=snils(1)),  # a sibling's number
        row(3, СНИЛС="", Номер="000001"),
        row(4, **parent, **{"Родитель: фамилия": "Чужая"}),
        row(5, **parent, **{"Родитель: имя": "Анна"}),
        row(6, **parent, **{"Родитель: фамилия": "ОБРАЗЦОВА", "Родитель: отчество": ""}),
        row(7, **{"Родитель: СНИЛС": snils(500_008)}),
        row(8, **{"Родитель: имя": "Анна"}),
    ]
    result = await registry.import_list(organization_id, xlsx(rows))
    assert [(error["row"], error["code"]) for error in result["errors"]] == [
        (2, "imports.row.child-differs"),
        (3, "imports.row.child-differs"),
        (4, "imports.row.guardian-differs"),
        (5, "imports.row.guardian-differs"),
        (8, "imports.row.guardian-differs"),
    ]
    assert (result["created"], await registry.value("SELECT count(*) FROM student")) == (2, 3)
    assert await registry.value("SELECT count(*) FROM guardian") == 2


async def test_a_document_of_no_known_kind_is_only_its_childs(registry: Registry) -> None:
    organization_id = await registry.organization()
    await registry.school_class(organization_id)
    unnumbered = {"СНИЛС": "", "Документ": "иной", "Серия": "", "Номер": "Б/Н"}
    rows = [row(1, **unnumbered), row(2, **unnumbered), row(3, **unnumbered, Имя="Пётр")]
    assert (await registry.import_list(organization_id, xlsx(rows)))["created"] == 3
    again = [*rows[:2], row(3, **unnumbered, Имя="ПЕТР")]
    assert (await registry.import_list(organization_id, xlsx(again)))["unchanged"] == 3
    twice = await registry.import_list(organization_id, xlsx([rows[2], again[2]]))
    assert [error["code"] for error in twice["errors"]] == ["imports.row.repeated"]
    student_id = await registry.value("SELECT id FROM student WHERE first_name = 'Пётр'")
    renamed = await registry.service.client.patch(
        f"/students/{student_id}",
        json={"reason": "Исправление", "values": {"first_name": "Павел"}},
        headers={**registry.office(organization_id), "If-Match": '"1"'},
    )
    assert renamed.status_code == 200
    after = [*rows[:2], row(3, **unnumbered, Имя="Павел")]
    assert (await registry.import_list(organization_id, xlsx(after)))["unchanged"] == 3


async def test_refused_rows_are_paged_and_reported(registry: Registry) -> None:
    organization_id = await registry.organization()
    await registry.school_class(organization_id)
    rows = [row(1), *(row(n, Пол="?") for n in range(2, 1101))]
    result = await registry.import_list(organization_id, xlsx(rows))
    assert (len(result["errors"]), result["refused"], result["created"]) == (500, 1099, 1)
    run_id, headers = await registry.value("SELECT id FROM run"), registry.office(organization_id)
    numbers: list[int] = []
    query: dict[str, Any] = {"limit": 300}
    while True:
        page = (await registry.service.client.get(f"/imports/{run_id}/refused", params=query, headers=headers)).json()
        numbers += [one["row"] for one in page["items"]]
        if page["next"] is None:
            break
        query["after"] = page["next"]
    assert numbers == list(range(3, 1102))
    report = await registry.service.client.get(f"/imports/{run_id}/report", headers=headers)
    lines = read_table(report.content)
    assert lines[1][:2] == [2.0, "добавлено"]
    assert lines[2] == [3.0, "не загружено", "Пол", "Допустимые значения: Мужской, Женский"]
    another = registry.service.tokens.headers(Role.ORGANIZATION_ADMIN, organization_id=organization_id)
    assert (await registry.service.client.get(f"/imports/{run_id}/report", headers=another)).status_code == 404


async def test_only_what_differs_changes(registry: Registry) -> None:
    organization_id = await registry.organization()
    await registry.school_class(organization_id)
    more = {"Группа здоровья": "II", "Состав семьи": "Полная", "Социальное положение": "Многодетная семья"}
    rows = [{**row(n), **more} for n in (1, 2, 3)]
    header = tuple(rows[0])
    assert (await registry.import_list(organization_id, xlsx(rows, header)))["created"] == 3
    rows[1] |= {"Группа здоровья": "III", "Родитель: телефон": "+7 900 000-00-01"}
    again = await registry.import_list(organization_id, xlsx(rows, header))
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 1, 2)
    changed = await registry.fetch("SELECT relation, count(*) FROM row_history GROUP BY 1 ORDER BY 1")
    assert [tuple(one) for one in changed] == [("guardian", 1), ("student", 1)]
    once_more = await registry.import_list(organization_id, xlsx(rows, header))
    assert (once_more["changed"], once_more["unchanged"]) == (0, 3)


async def test_a_users_own_titles_are_matched_and_remembered(registry: Registry) -> None:
    organization_id = await registry.organization()
    await registry.school_class(organization_id)
    own = {**row(1), "Прозвище": "Ёжик"}
    own = {"Ученик": own.pop("Фамилия"), **own}
    content = xlsx([own], tuple(own))
    matched = await registry.import_list(
        organization_id, content, dry_run="true", matches=json.dumps({"ученик": "Фамилия"})
    )
    assert (matched["created"], matched["ignored_columns"]) == (1, [23])
    remembered = await registry.import_list(organization_id, content)
    assert remembered["created"] == 1
    other = await registry.organization()
    answer = await registry.upload(other, content)
    assert (await registry.run(answer.json()["id"], registry.office(other)))["problem"]["code"] == "imports.header"


async def test_templates_come_back_as_they_went_out(registry: Registry) -> None:
    organization_id = await registry.organization()
    headers = registry.office(organization_id)
    kinds = (await registry.service.client.get("/import-kinds", headers=headers)).json()["items"]
    assert "students" in {kind["name"] for kind in kinds}
    for kind in kinds:
        template = await registry.service.client.get(f"/import-kinds/{kind['name']}/template", headers=headers)
        assert template.status_code == 200
        (titles,) = read_table(template.content)
        assert titles == [column["title"] for column in kind["columns"]]
    unknown = await registry.service.client.get("/import-kinds/none/template", headers=headers)
    assert unknown.json()["code"] == "imports.kind-unknown"


async def test_csv_enters_the_same_way(registry: Registry) -> None:
    organization_id = await registry.organization()
    await registry.school_class(organization_id)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(COLUMNS)
    values = row(1)
    writer.writerow([f"{value:%d.%m.%Y}" if isinstance(value, date) else value for value in values.values()])
    result = await registry.import_list(organization_id, out.getvalue().encode("utf-8-sig"))
    assert (result["created"], result["errors"]) == (1, [])


async def test_a_child_found_on_coming_is_one_child(registry: Registry) -> None:
    first, second = await registry.organization(), await registry.organization()
    await registry.school_class(first)
    await registry.school_class(second)
    await registry.import_list(first, xlsx([row(1, СНИЛС="", Отчество="")]))
    student = await registry.value("SELECT id FROM student")
    await registry.depart(first, student, "2026-10-01")
    later = row(1, **{"Фамилия": "Иначев", "Дата зачисления": date(2026, 10, 1)})
    result = await registry.import_list(second, xlsx([later]))
    assert (result["created"], result["changed"]) == (0, 1)
    (card,) = await registry.fetch("SELECT last_name, middle_name, snils_key, version FROM student")
    assert (card["last_name"], card["middle_name"], card["version"]) == ("Иначев", "Примерович", 2)
    assert card["snils_key"] is not None
    (before,) = await registry.fetch("SELECT row ->> 'middle_name' AS name FROM row_history WHERE relation = 'student'")
    assert before["name"] is None


async def test_namesakes_are_noted_and_stay_two(registry: Registry) -> None:
    organization_id = await registry.organization()
    await registry.school_class(organization_id)
    same = {"Дата рождения": date(2019, 5, 5)}
    await registry.import_list(organization_id, xlsx([row(1, **same)]))
    result = await registry.import_list(organization_id, xlsx([row(2, **same)]))
    assert result["created"] == 1
    rival = {"СНИЛС": snils(3), "Номер": "000001", "Дата рождения": date(2019, 6, 6)}
    await registry.import_list(organization_id, xlsx([row(3, **rival)]))
    notes = await registry.fetch("SELECT reason FROM duplicate_note ORDER BY id")
    assert [note["reason"] for note in notes] == ["same_name_and_birth_date", "same_document"]
    assert await registry.value("SELECT count(*) FROM student") == 3
    first = await registry.value("SELECT id FROM student ORDER BY id LIMIT 1")
    card = (await registry.service.client.get(f"/students/{first}", headers=registry.region)).json()
    assert [one["reason"] for one in card["possible_duplicates"]] == [note["reason"] for note in notes]
