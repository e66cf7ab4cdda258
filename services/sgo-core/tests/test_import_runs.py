"""Uploads and the runs that carry them out: refusals at the door, trials, kills, races, leftovers."""

import asyncio
import os
from typing import Any

import pytest

from asu_contracts.access import Role
from servicekit import storing
from servicekit.ids import new_id
from servicekit.runs import RunExecutor
from servicekit.testing import ServiceUnderTest
from servicekit.testing.lists import counted
from sgo_core.imports import repository, running
from sgo_core.imports.service import sweep_uploads

from .world import COLUMNS, MUNICIPALITY, Registry, class_, repacked, row, xlsx


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def test_a_trial_reports_and_writes_nothing(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "PART", 100)
    organization_id = await registry.organization()
    await registry.groups(organization_id, class_("1А", 60), class_("1Б", 60))
    rows = [row(n, **{"Класс (группа)": "1Б" if n % 2 else "1А"}) for n in range(121)]
    trial = await registry.import_list(organization_id, xlsx(rows), dry_run="true")
    assert (trial["created"], trial["refused"]) == (120, 1)
    assert [error["code"] for error in trial["errors"]] == ["imports.row.group-full"]
    assert await registry.value("SELECT count(*) FROM student") == 0
    real = await registry.import_list(organization_id, xlsx(rows))
    assert (real["created"], real["refused"]) == (120, 1)
    await registry.check()


async def test_a_run_cut_short_goes_on_after_its_last_part(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "PART", 50)
    organization_id = await registry.organization()
    await registry.groups(organization_id, *(class_(f"{number}А", 40) for number in range(1, 4)))
    rows = [row(n, **{"Класс (группа)": f"{n % 3 + 1}А"}) for n in range(120)]
    answer = await registry.upload(organization_id, xlsx(rows))
    real, done = repository.store_part, 0

    async def store(session: Any, part: Any) -> None:
        nonlocal done
        await real(session, part)
        done += 1
        if done == 2:
            raise asyncio.CancelledError

    executor = RunExecutor(registry.service.runtime, registry.service.definition.runs)
    with monkeypatch.context() as dying:
        dying.setattr(repository, "store_part", store)
        with pytest.raises(asyncio.CancelledError):
            await executor.run()
    assert await registry.value("SELECT count(*) FROM student") == 50
    run = await registry.run(answer.json()["id"], registry.office(organization_id))
    assert (run["status"], run["result"]["created"], run["result"]["unchanged"]) == ("succeeded", 120, 0)
    await registry.check()


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
        run = await registry.run(answer.json()["id"], registry.office(organization_id))
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
    run = await registry.run(answer.json()["id"], registry.office(organization_id))
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
    good = {"kind": "students", "organization_id": str(organization_id), "academic_year": "2026"}
    cases: list[dict[str, Any]] = [
        {"data": good},
        {"files": {"file": b"x"}, "data": {**good, "academic_year": "next"}},
        {"files": {"file": b"x"}, "data": {**good, "academic_year": "1"}},
        {"files": {"file": b"x"}, "data": {**good, "kind": "none"}},
        {"files": {"file": b"x"}, "data": {"kind": "students", "academic_year": "2026"}},
        {"files": {"file": b"x"}, "data": {"kind": "students", "organization_id": str(organization_id)}},
        {"files": {"file": b"x"}, "data": {**good, "matches": "[1]"}},
        {"files": {"file": b"x"}, "data": {**good, "matches": "[" * 10_000}},
        {"json": {}},
    ]
    for options in cases:
        answer = await registry.service.client.post("/imports", headers=registry.office(organization_id), **options)
        assert answer.status_code == 422, options
    body = registry.service.tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=MUNICIPALITY)
    answer = await registry.upload(organization_id, xlsx([row(1)]), headers=body)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_uploads_without_a_run_are_swept(registry: Registry) -> None:
    folder = registry.service.runtime.settings.files_dir
    old, fresh = new_id(), new_id()
    (folder / "pending").mkdir()
    for orphan in (old, fresh):
        (folder / "pending" / str(orphan)).write_bytes(b"lost")
    await registry.upload(await registry.organization(), xlsx([row(1)]))
    (waiting,) = {path.name for path in (folder / "pending").iterdir()} - {str(old), str(fresh)}
    for name in (str(old), waiting):
        os.utime(folder / "pending" / name, (0, 0))
    await sweep_uploads(registry.service.runtime)
    assert {path.name for path in (folder / "pending").iterdir()} == {str(fresh), waiting}


async def test_uploads_are_swept_a_part_a_turn(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "_SWEPT_A_TURN", 2)
    folder = registry.service.runtime.settings.files_dir / "pending"
    folder.mkdir()
    for _ in range(3):
        orphan = folder / str(new_id())
        orphan.write_bytes(b"lost")
        os.utime(orphan, (0, 0))
    await sweep_uploads(registry.service.runtime)
    assert len(list(folder.iterdir())) == 1
    await sweep_uploads(registry.service.runtime)
    assert list(folder.iterdir()) == []


async def test_a_foreign_office_does_not_even_see_the_organization(registry: Registry) -> None:
    organization_id = await registry.organization()
    answer = await registry.upload(
        organization_id, xlsx([row(1)]), headers=registry.office(await registry.organization())
    )
    assert answer.status_code == 404


async def test_two_organizations_bring_the_same_children_at_once(registry: Registry) -> None:
    """Two workers, two lists of the same children: one list is taken whole, the other is told so."""
    organizations = [await registry.organization() for _ in range(2)]
    content = xlsx([row(number) for number in range(200)])
    uploads = []
    for organization_id in organizations:
        await registry.school_class(organization_id, capacity=200)
        uploads.append((await registry.upload(organization_id, content)).json()["id"])
    runs = await asyncio.gather(
        *(registry.run(run_id, registry.office(one)) for run_id, one in zip(uploads, organizations, strict=True))
    )
    assert [run["status"] for run in runs] == ["succeeded", "succeeded"]
    taken, refused = sorted((run["result"] for run in runs), key=lambda result: -result["created"])
    assert (taken["created"], refused["created"], refused["refused"]) == (200, 0, 200)
    reasons = await registry.fetch(
        "SELECT DISTINCT jsonb_path_query(refused, '$[*].errors[*].code') AS code FROM import_part"
    )
    assert [one["code"] for one in reasons] == ['"imports.row.already-member"']
    assert await registry.value("SELECT count(*) FROM student") == 200
    await registry.check()


async def test_a_list_costs_statements_by_its_parts_not_by_its_rows(registry: Registry) -> None:
    organization_id = await registry.organization()
    await registry.school_class(organization_id, capacity=400)
    names = [{} if number % 2 else {"Отчество": "", "Родитель: отчество": ""} for number in range(400)]
    content = xlsx([row(number, **more) for number, more in enumerate(names)])
    upload = await registry.upload(organization_id, content)
    with counted(registry.service) as sent:
        run = await registry.run(upload.json()["id"], registry.office(organization_id))
    statements = [one for one in sent if one.startswith(("INSERT", "UPDATE"))]
    assert run["result"]["created"] == 400
    assert len(statements) < 60, sorted(statements)
    await registry.check()
