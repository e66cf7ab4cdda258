"""Class lists from upload to students: all rows or none."""

import asyncio
import csv
import io
import os
from datetime import date
from typing import Any

import pytest

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest
from sgo_core.imports import files
from sgo_core.imports.rows import COLUMNS
from sgo_core.imports.service import sweep_uploads

from .world import FIRST_DAY, OTHER_MUNICIPALITY, Registry, class_, repacked, row, snils, xlsx


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def test_a_list_becomes_students_and_events(registry: Registry) -> None:
    organization_id = await registry.organization()
    await registry.groups(organization_id, class_("1А"), class_("1Б"))
    rows = [row(number, **{"Класс (группа)": " 1а" if number % 2 else "1Б"}) for number in range(40)]
    result = await registry.import_list(organization_id, xlsx(rows))
    assert (result["rows"], result["imported"], result["unchanged"], result["errors"]) == (40, 40, 0, [])
    assert await registry.contingent(organization_id, FIRST_DAY) == 40
    published = {
        one["type"]: one["count"] for one in await registry.fetch("SELECT type, count(*) FROM outbox GROUP BY 1")
    }
    assert published == {
        "core.organization.changed.v1": 1,
        "core.group.changed.v1": 4,
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
    assert (result["imported"], result["unchanged"], result["errors"]) == (0, 3, [])
    after = await registry.value("SELECT count(*) FROM outbox"), await registry.value("SELECT count(*) FROM guardian")
    assert after == before
    added = await registry.import_list(organization_id, xlsx([*rows, row(4)]))
    assert (added["imported"], added["unchanged"]) == (1, 3)
    await registry.check()


async def test_one_bad_row_among_thousands_and_nothing_is_written(registry: Registry) -> None:
    organization_id = await registry.organization()
    await registry.groups(organization_id, *(class_(f"{number}А", 500) for number in range(1, 5)))
    rows = [row(number, **{"Класс (группа)": f"{number % 4 + 1}А"}) for number in range(2000)]
    rows[1234] = row(1234, СНИЛС="112-233-445 00")
    result = await registry.import_list(organization_id, xlsx(rows))
    assert (result["rows"], result["imported"]) == (2000, 0)
    assert result["errors"] == [
        {
            "row": 1236,
            "column": "СНИЛС",
            "code": "imports.row.snils.checksum",
            "title": "СНИЛС указан с ошибкой: не сходится контрольное число",
        }
    ]
    assert await registry.value("SELECT count(*) FROM student") == 0


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
    assert await registry.value("SELECT count(*) FROM student") == 2
    await registry.check()


async def test_a_number_alone_joins_nobody(registry: Registry) -> None:
    organization_id = await registry.organization()
    await registry.school_class(organization_id)
    await registry.import_list(organization_id, xlsx([row(1)]))
    before = await registry.value("SELECT count(*) FROM outbox")
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
    assert await registry.value("SELECT count(*) FROM outbox") == before
    assert (await registry.import_list(organization_id, xlsx([rows[4]])))["imported"] == 1
    assert await registry.value("SELECT count(*) FROM guardian") == 1


async def test_a_document_of_no_known_kind_is_only_its_childs(registry: Registry) -> None:
    organization_id = await registry.organization()
    await registry.school_class(organization_id)
    unnumbered = {"СНИЛС": "", "Документ": "иной", "Серия": "", "Номер": "Б/Н"}
    rows = [row(1, **unnumbered), row(2, **unnumbered), row(3, **unnumbered, Имя="Пётр")]
    assert (await registry.import_list(organization_id, xlsx(rows)))["imported"] == 3
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


async def test_a_thousand_errors_are_shown_of_more(registry: Registry) -> None:
    organization_id = await registry.organization()
    result = await registry.import_list(organization_id, xlsx([row(n, Пол="?") for n in range(1100)]))
    assert (len(result["errors"]), result["errors_total"]) == (1000, 1100)


async def test_csv_enters_the_same_way(registry: Registry) -> None:
    organization_id = await registry.organization()
    await registry.school_class(organization_id)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(COLUMNS)
    values = row(1)
    writer.writerow([f"{value:%d.%m.%Y}" if isinstance(value, date) else value for value in values.values()])
    result = await registry.import_list(organization_id, out.getvalue().encode("utf-8-sig"))
    assert (result["imported"], result["errors"]) == (1, [])


async def test_a_found_child_gets_what_the_card_lacks_and_nothing_else(registry: Registry) -> None:
    first, second = await registry.organization(), await registry.organization()
    await registry.school_class(first)
    await registry.school_class(second)
    await registry.import_list(first, xlsx([row(1, СНИЛС="", Отчество="")]))
    student = await registry.value("SELECT id FROM student")
    line = {"student_id": str(student), "kind": "departed", "effective_date": "2026-10-01"}
    await registry.service.client.post(
        f"/organizations/{first}/movements",
        json={"order": {"number": "1", "date": "2026-10-01"}, "movements": [line]},
        headers=registry.region,
    )
    later = row(1, **{"Фамилия": "Иначев", "Дата зачисления": date(2026, 10, 1)})
    result = await registry.import_list(second, xlsx([later]))
    assert result["imported"] == 1
    (card,) = await registry.fetch("SELECT last_name, middle_name, snils_key, version FROM student")
    assert (card["last_name"], card["middle_name"], card["version"]) == ("Образцов", "Примерович", 2)
    assert card["snils_key"] is not None
    (before,) = await registry.fetch("SELECT row ->> 'middle_name' AS name FROM row_history WHERE relation = 'student'")
    assert before["name"] is None


async def test_namesakes_are_noted_and_stay_two(registry: Registry) -> None:
    organization_id = await registry.organization()
    await registry.school_class(organization_id)
    same = {"Дата рождения": date(2019, 5, 5)}
    await registry.import_list(organization_id, xlsx([row(1, **same)]))
    result = await registry.import_list(organization_id, xlsx([row(2, **same)]))
    assert result["imported"] == 1
    rival = {"СНИЛС": snils(3), "Номер": "000001", "Дата рождения": date(2019, 6, 6)}
    await registry.import_list(organization_id, xlsx([row(3, **rival)]))
    notes = await registry.fetch("SELECT reason FROM duplicate_note ORDER BY id")
    assert [note["reason"] for note in notes] == ["same_name_and_birth_date", "same_document"]
    assert await registry.value("SELECT count(*) FROM student") == 3
    first = await registry.value("SELECT id FROM student ORDER BY id LIMIT 1")
    card = (await registry.service.client.get(f"/students/{first}", headers=registry.region)).json()
    assert [one["reason"] for one in card["possible_duplicates"]] == [note["reason"] for note in notes]


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 415, "imports.format-unknown"),
        (b"\x89PNG\r\n\x1a\n\x00", 415, "imports.format-unknown"),
        (b"x" * (10 * 1024 * 1024 + 1), 413, "imports.file-too-large"),
    ],
)
async def test_refused_at_the_door(registry: Registry, content: bytes, status: int, code: str) -> None:
    organization_id = await registry.organization()
    answer = await registry.upload(organization_id, content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_file_that_is_no_class_list_fails_its_run(registry: Registry) -> None:
    organization_id = await registry.organization()
    for content, code in [
        (b"PK\x03\x04....", "imports.file-broken"),
        (xlsx([row(1)], COLUMNS[:-1]), "imports.header"),
        (xlsx([]), "imports.empty"),
    ]:
        answer = await registry.upload(organization_id, content)
        run = await registry.run(answer.json()["id"])
        assert (run["status"], run["problem"]["code"]) == ("failed", code)
    assert list((registry.service.runtime.settings.files_dir / "pending").iterdir()) == []


async def test_a_file_made_to_eat_memory_ends_its_run_alone(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sgo_core.imports.reading._MEMORY", 500 * 1024**2)
    organization_id = await registry.organization()
    namespace = "xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'"
    text = f"<sst {namespace}><si><t>{'я' * 32_000}</t></si></sst>"
    line = "<row>" + "<c t='s'><v>0</v></c>" * 60 + "</row>"  # a small file that unfolds into gigabytes
    sheet = f"<worksheet {namespace}><sheetData>{line * 5_000}</sheetData></worksheet>"
    parts = {"xl/worksheets/sheet1.xml": sheet.encode(), "xl/sharedStrings.xml": text.encode()}
    answer = await registry.upload(organization_id, repacked(xlsx([row(1)]), parts))
    run = await registry.run(answer.json()["id"])
    assert (run["status"], run["problem"]["code"]) == ("failed", "imports.file-broken")


async def test_the_same_upload_twice_is_one_run(registry: Registry) -> None:
    organization_id = await registry.organization()
    content, key = xlsx([row(1)]), {"Idempotency-Key": "upload-0001"}
    first = await registry.upload(organization_id, content, headers=key)
    again = await registry.upload(organization_id, content, headers=key)
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json()["id"] == again.json()["id"]
    another = await registry.upload(organization_id, xlsx([row(2)]), headers=key)
    assert another.json()["code"] == "idempotency-key-reused"


async def test_wrong_forms(registry: Registry) -> None:
    organization_id = await registry.organization()
    path = f"/organizations/{organization_id}/class-lists"
    cases: list[dict[str, Any]] = [
        {"data": {"academic_year": "2026"}},
        {"files": {"file": b"x"}, "data": {"academic_year": "next"}},
        {"files": {"file": b"x"}, "data": {"academic_year": "1"}},
        {"json": {}},
    ]
    for options in cases:
        answer = await registry.service.client.post(path, headers=registry.region, **options)
        assert answer.status_code == 422, options


async def test_uploads_without_a_run_are_swept(registry: Registry) -> None:
    folder = registry.service.runtime.settings.files_dir
    old, fresh = new_id(), new_id()
    files.save(folder, old, b"old")
    files.save(folder, fresh, b"fresh")
    await registry.upload(await registry.organization(), xlsx([row(1)]))
    (waiting,) = {path.name for path in (folder / "pending").iterdir()} - {str(old), str(fresh)}
    for name in (str(old), waiting):
        os.utime(folder / "pending" / name, (0, 0))
    await sweep_uploads(registry.service.runtime)
    assert {path.name for path in (folder / "pending").iterdir()} == {str(fresh), waiting}


async def test_a_foreign_operator_does_not_even_see_the_organization(registry: Registry) -> None:
    organization_id = await registry.organization()
    headers = registry.service.tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=OTHER_MUNICIPALITY)
    answer = await registry.upload(organization_id, xlsx([row(1)]), headers=headers)
    assert answer.status_code == 404


async def test_two_organizations_bring_the_same_children_at_once(registry: Registry) -> None:
    """Two workers, two lists of the same children: one list is taken whole, the other is told so."""
    organizations = [await registry.organization() for _ in range(2)]
    content = xlsx([row(number) for number in range(200)])
    uploads = []
    for organization_id in organizations:
        await registry.school_class(organization_id, capacity=200)
        uploads.append((await registry.upload(organization_id, content)).json()["id"])
    runs = await asyncio.gather(*(registry.run(run_id) for run_id in uploads))
    assert [run["status"] for run in runs] == ["succeeded", "succeeded"]
    taken, refused = sorted((run["result"] for run in runs), key=lambda result: -result["imported"])
    assert (taken["imported"], refused["imported"], refused["errors_total"]) == (200, 0, 200)
    assert {error["code"] for error in refused["errors"]} == {"imports.row.already-member"}
    assert await registry.value("SELECT count(*) FROM student") == 200
    await registry.check()
