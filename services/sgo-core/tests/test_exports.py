"""Exports: what each reader gets, approvals, limits, traces, files, the whole of an organization and its way back."""

import asyncio
import csv
import io
import json
import zipfile
from hashlib import sha256
from typing import Any
from uuid import UUID

import httpx
import pytest

from asu_contracts.access import Role
from servicekit.testing import ServiceUnderTest
from sgo_core.cards.printing import model_in
from sgo_core.catalogue.definition import CATALOGUE
from sgo_core.exports import service as exports
from sgo_core.imports import parts
from sgo_core.imports.children import STUDENT_READERS
from sgo_core.imports.columns import written
from sgo_core.imports.tables import read_table

from .importing import counts, import_table
from .staffing import hiring
from .test_import_past import history, school
from .world import FIRST_DAY, MUNICIPALITY, Registry, row, snils, xlsx

PURPOSE = "Сверка списков с министерством"


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def order(registry: Registry, headers: dict[str, str], **body: Any) -> httpx.Response:
    day = {"day": str(FIRST_DAY)}
    return await registry.service.client.post("/exports", json={"purpose": PURPOSE, **day, **body}, headers=headers)


async def taken(registry: Registry, headers: dict[str, str], **body: Any) -> bytes:
    """The file of an export that needs nobody's approval."""
    ordered = await order(registry, headers, **body)
    assert ordered.status_code == 201, ordered.text
    export = ordered.json()
    assert export["state"] == "making", export
    run = await registry.run(export["run_id"], headers)
    assert run["status"] == "succeeded", run
    answer = await registry.service.client.get(f"/exports/{export['id']}/file", headers=headers)
    assert answer.status_code == 200, answer.text
    made = (await registry.service.client.get(f"/exports/{export['id']}", headers=headers)).json()
    assert (made["state"], made["sha256"], made["downloads"]) == ("ready", sha256(answer.content).hexdigest(), 1)
    told = json.loads((await registry.events("core.outward-exchange.recorded.v1"))[-1]["payload"])
    assert (told["sha256"], told["persons"], told["basis"]) == (made["sha256"], export["subjects"], None)
    return answer.content


def lines(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def operator(registry: Registry) -> dict[str, str]:
    return registry.service.tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=MUNICIPALITY)


def test_every_field_of_parts_goes_out_part_by_part() -> None:
    whole = parts.TYPES | {"document", "address"}
    fields = [one for card in CATALOGUE.cards.values() for one in card.stored().values()]
    assert {one.type for one in fields if model_in(one.annotation) is not None} <= whole
    days = [("2026-09-20", "2026-10-01", "Справка № 17"), ("2026-11-20", "2026-11-30", "Справка № 18")]
    exemptions = [dict(zip(("starts_on", "ends_on", "document"), one, strict=True)) for one in days]
    told = [cell for cell in written(STUDENT_READERS, {"pe_exemptions": exemptions}) if cell]
    assert told == ["20.09.2026; 20.11.2026", "01.10.2026; 30.11.2026", "Справка № 17; Справка № 18"]


async def test_each_reader_gets_what_the_catalogue_allows(registry: Registry) -> None:
    organization_id = await school(registry)
    office = registry.office(organization_id)
    chosen = {"kind": "students", "format": "csv", "organization_id": str(organization_id)}
    mine = lines(await taken(registry, office, **chosen))
    assert [one["Фамилия"] for one in mine if one["Фамилия"]] == ["Образцов"]
    assert (mine[0]["СНИЛС"], mine[0]["Документ"], mine[0]["Дата зачисления"]) == (
        "".join(character for character in snils(1) if character.isdigit()),
        "свидетельство о рождении",
        "01.09.2026",
    )
    assert [one["Организация"].partition(":")[0] for one in mine[1:]] == [
        "",
        "Подсистема",
        "Дата печати",
        "Исполнитель",
    ]
    theirs = lines(await taken(registry, operator(registry), **chosen))
    assert theirs[0]["СНИЛС"] != mine[0]["СНИЛС"]
    assert theirs[0]["Дата рождения"] == "2019"
    assert "Группа здоровья" in mine[0]
    assert "Группа здоровья" not in theirs[0]
    refused = await order(registry, operator(registry), **chosen, fields=["health_group"])
    assert (refused.status_code, refused.json()["code"]) == (422, "exports.fields")
    own = await taken(registry, office, kind="guardians", format="csv", fields=["child", "kinship", "last_name"])
    assert lines(own)[0] == {
        "Обучающийся": "Образцов Иван Примерович",
        "Степень родства": "мать",
        "Фамилия": "Образцова",
    }


async def test_tables_of_many_organizations_neutralise_formulas(registry: Registry) -> None:
    first, second = await registry.organization(), await registry.organization()
    await registry.organization(municipality="03705000")
    await registry.fetch("UPDATE organization SET short_name = '=1+1' WHERE id = $1 RETURNING id", first)
    body = hiring(1)
    hired = await registry.service.client.post(
        f"/organizations/{second}/workers", json=body, headers=registry.office(second)
    )
    assert hired.status_code == 201
    table = read_table(await taken(registry, operator(registry), kind="organizations"))
    names = [line[table[0].index("Краткое наименование")] for line in table[1:3]]
    assert sorted(str(name) for name in names) == ["'=1+1", "Орг 2"]
    staff = read_table(
        await taken(registry, operator(registry), kind="staff", fields=["last_name", "main_post", "snils"])
    )
    assert staff[0] == ["Основная должность", "Фамилия", "СНИЛС"]
    assert staff[1][:2] == ["Учитель", "Учителева"]
    assert body["values"]["snils"] not in str(staff)


async def test_movement_and_classes(registry: Registry) -> None:
    organization_id = await school(registry)
    office = registry.office(organization_id)
    await import_table(registry, "past-movements", history(), office, organization_id)
    book = lines(
        await taken(
            registry, office, kind="movement", format="csv", fields=["student", "kind", "effective_date", "to_group"]
        )
    )
    kinds = sorted(one["Движение"] for one in book if one["Движение"])
    assert kinds.count("зачисление") == 3
    assert kinds.count("перевод в следующий класс") == 2
    groups = lines(await taken(registry, office, kind="groups", format="csv"))
    assert groups[0]["Класс (группа)"] == "1А"


async def test_a_large_export_waits_for_another_person(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "ALONE", 1)
    organization_id = await registry.organization()
    await registry.school_class(organization_id)
    await registry.import_list(organization_id, xlsx([row(1), row(2)]))
    secretary = registry.position(organization_id, Role.SECRETARY)
    ordered = (await order(registry, secretary, kind="students")).json()
    assert (ordered["state"], ordered["subjects"], ordered["run_id"]) == ("waiting", 2, None)
    path = f"/exports/{ordered['id']}"
    client = registry.service.client
    alone = await client.post(f"{path}/decision", json={"approved": True}, headers=secretary)
    assert (alone.status_code, alone.json()["code"]) == (409, "exports.own")
    foreign = registry.office(await registry.organization())
    assert (await client.post(f"{path}/decision", json={"approved": True}, headers=foreign)).status_code == 404
    head = registry.position(organization_id, Role.HEAD)
    approved = await client.post(f"{path}/decision", json={"approved": True}, headers=head)
    assert approved.json()["state"] == "making"
    again = await client.post(f"{path}/decision", json={"approved": False}, headers=head)
    assert again.json()["code"] == "exports.decided"
    await registry.run(approved.json()["run_id"], secretary)
    assert (await client.get(f"{path}/file", headers=head)).status_code == 404, "a colleague sees it, but not the file"
    assert (await client.get(f"{path}/file", headers=secretary)).status_code == 200
    book = (await order(registry, secretary, kind="movement", day="1990-01-01")).json()
    assert (book["state"], book["subjects"]) == ("waiting", 2), "the book is of all times, whatever the day"
    declined = (await order(registry, secretary, kind="students")).json()
    answer = await client.post(f"/exports/{declined['id']}/decision", json={"approved": False}, headers=head)
    assert (answer.json()["state"], answer.json()["run_id"]) == ("declined", None)


async def test_orders_that_come_at_once_are_counted_together(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "ALONE", 3)
    organization_id = await registry.organization()
    await registry.school_class(organization_id)
    await registry.import_list(organization_id, xlsx([row(1), row(2)]))
    office = registry.office(organization_id)
    ordered = await asyncio.gather(*(order(registry, office, kind="students") for _ in range(4)))
    assert sorted(one.json()["state"] for one in ordered) == ["making", "waiting", "waiting", "waiting"]


async def test_limits_of_a_day(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "A_DAY", 2)
    office = registry.office(await registry.organization())
    assert [(await order(registry, office, kind="groups")).status_code for _ in range(3)] == [201, 201, 429]
    monkeypatch.setattr(exports, "A_DAY", 30)
    monkeypatch.setattr(exports, "MOST", 0)
    organization_id = await registry.organization()
    await registry.school_class(organization_id)
    await registry.import_list(organization_id, xlsx([row(1)]))
    answer = await order(registry, registry.office(organization_id), kind="students")
    assert (answer.status_code, answer.json()["code"]) == (413, "exports.too-large")
    short = await order(registry, office, kind="groups", purpose="надо")
    assert short.status_code == 422


async def test_the_trace_and_the_end_of_a_file(registry: Registry) -> None:
    organization_id = await registry.organization()
    await registry.school_class(organization_id)
    await registry.import_list(organization_id, xlsx([row(1)]))
    office = registry.office(organization_id)
    await taken(registry, office, kind="students")
    student = await registry.value("SELECT id FROM student")
    actions = await registry.fetch("SELECT action, subjects FROM audit WHERE action LIKE 'export.%' ORDER BY id")
    assert [(one["action"], one["subjects"]) for one in actions] == [
        ("export.order.students", []),
        ("export.students", [student]),
        ("export.download.students", []),
    ]
    (stored,) = (registry.service.runtime.settings.files_dir / "exports").iterdir()
    assert b"PK\x03\x04" not in stored.read_bytes()
    export_id = await registry.value("SELECT id FROM export")
    await registry.fetch("UPDATE export SET ready_at = ready_at - interval '25 hours' RETURNING id")
    answer = await registry.service.client.get(f"/exports/{export_id}/file", headers=office)
    assert (answer.status_code, answer.json()["code"]) == (409, "exports.not-ready")
    await exports.sweep_exports(registry.service.runtime)
    assert not stored.exists()
    assert await registry.value("SELECT state FROM export") == "expired"


async def test_an_export_that_could_not_be_made_says_so_and_counts_for_nothing(registry: Registry) -> None:
    office = registry.office(await school(registry))
    ordered = (await order(registry, office, kind="students")).json()
    await registry.fetch("UPDATE run SET status = 'failed' RETURNING id")
    await exports.sweep_exports(registry.service.runtime)
    answer = await registry.service.client.get(f"/exports/{ordered['id']}", headers=office)
    assert answer.json()["state"] == "failed"


async def whole(registry: Registry, organization_id: UUID) -> dict[str, bytes]:
    """The files of a whole export."""
    head = registry.position(organization_id, Role.HEAD)
    body = {"kind": "whole", "format": "zip", "organization_id": str(organization_id)}
    assert (await order(registry, registry.office(organization_id), **body)).status_code == 403
    ordered = (await order(registry, head, **body)).json()
    assert ordered["state"] == "waiting", "one person is never enough"
    path = f"/exports/{ordered['id']}"
    other = registry.position(organization_id, Role.COORDINATOR)
    approved = await registry.service.client.post(f"{path}/decision", json={"approved": True}, headers=other)
    run = await registry.run(approved.json()["run_id"], head)
    assert run["status"] == "succeeded", run
    content = (await registry.service.client.get(f"{path}/file", headers=head)).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


async def test_the_whole_of_an_organization_goes_out_and_comes_in_again(registry: Registry) -> None:
    organization_id = await school(registry)
    office = registry.office(organization_id)
    await import_table(registry, "past-movements", history(), office, organization_id)
    hired = await registry.service.client.post(
        f"/organizations/{organization_id}/workers",
        json={**hiring(1, mobile_phone="+79001112233"), "consented_at": "2020-09-01T09:00:00+03:00"},
        headers=office,
    )
    assert hired.status_code == 201, hired.text
    files = await whole(registry, organization_id)
    manifest = json.loads(files["manifest.json"])
    assert (manifest["schema"], manifest["organization_id"]) == ("asu-organization-1", str(organization_id))
    assert set(manifest["files"]) == set(files) - {"manifest.json"}
    for name, told in manifest["files"].items():
        assert (told["sha256"], told["bytes"]) == (sha256(files[name]).hexdigest(), len(files[name])), name
    rows = {name: one["rows"] for name, one in manifest["files"].items()}
    for table, count in {
        "student": 2,
        "guardian": 1,
        "worker": 1,
        "membership": 3,
        "movement": 7,
        "study_group": 3,
    }.items():
        assert rows[f"data/{table}.jsonl"] == count, table
    student = json.loads(files["data/student.jsonl"].splitlines()[0])
    assert "snils_key" not in student
    assert student["values"]["snils"].isdigit()
    before = await state(registry)
    await forget(registry)
    for year, count in ((2024, 1), (2025, 1), (2026, 1)):
        classes = files[f"import/groups-{year}.csv"]
        result = await import_table(registry, "groups", classes, office, organization_id, academic_year=str(year))
        assert counts(result) == (count, 0, 0, 0)
    await import_table(registry, "staff", files["import/staff.csv"], office, organization_id)
    result = await import_table(
        registry, "students", files["import/students.csv"], office, organization_id, academic_year="2026"
    )
    assert counts(result) == (1, 0, 0, 0)
    result = await import_table(registry, "past-movements", files["import/past-movements.csv"], office, organization_id)
    assert (counts(result), result["errors"]) == ((5, 0, 0, 0), [])
    assert await state(registry) == before
    again = await whole(registry, organization_id)
    for name in ("import/students.csv", "import/staff.csv"):
        assert again[name] == files[name]


async def state(registry: Registry) -> Any:
    """What the register says, without ids and times."""
    queries = (
        "SELECT last_name, first_name, middle_name, birth_date, sex, citizenship, snils_key, document_key FROM student ORDER BY snils_key",
        "SELECT last_name, first_name, mobile_phone, snils_key FROM guardian ORDER BY snils_key",
        "SELECT last_name, first_name, birth_date, sex, mobile_phone, snils_key FROM worker",
        "SELECT post_code, main, rate, hired_on, order_number, order_date, dismissed_on FROM employment",
        "SELECT s.snils_key, m.valid_from, m.valid_to FROM membership m JOIN student s ON s.id = m.student_id ORDER BY 1, 2",
        (
            "SELECT s.snils_key, g.name, g.academic_year, p.valid_from, p.valid_to FROM placement p JOIN membership m ON m.id = "
            "p.membership_id JOIN student s ON s.id = m.student_id JOIN study_group g ON g.id = p.group_id ORDER BY 1, 4"
        ),
        (
            "SELECT s.snils_key, m.kind, m.effective_date, o.number, o.date FROM movement m JOIN student s ON s.id = m.student_id "
            "JOIN movement_order o ON o.id = m.order_id ORDER BY 1, 3, 2"
        ),
    )
    return [[tuple(one) for one in await registry.fetch(query)] for query in queries]


async def forget(registry: Registry) -> None:
    """Empty the register but for the school itself."""
    await registry.service.fetch(
        "TRUNCATE study_group, student, guardian, worker, consent, membership, placement, movement_order, movement, outbox CASCADE"
    )


async def test_a_run_killed_in_the_middle_is_made_anew(registry: Registry) -> None:
    office = registry.office(await registry.organization())
    ordered = (await order(registry, office, kind="organizations")).json()
    folder = registry.service.runtime.settings.files_dir / "exports"
    folder.mkdir()
    (folder / ordered["id"]).write_text("half")
    run = await registry.run(ordered["run_id"], office)
    assert run["status"] == "succeeded"
    assert [one.name for one in folder.iterdir()] == [ordered["id"]]
    content = (folder / ordered["id"]).read_text()
    (folder / ordered["id"]).write_text(content[: content.rindex("\n", 0, -1) + 1])
    answer = await registry.service.client.get(f"/exports/{ordered['id']}/file", headers=office)
    assert answer.status_code == 500, "a file that was cut does not open"
