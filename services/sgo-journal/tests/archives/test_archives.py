"""Archives: what a document says is what the journal says; what kills the worker costs no file; what is archived stays."""

import asyncio
import json
import multiprocessing
import os
import signal
from datetime import date
from hashlib import sha256
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import asyncpg
import pytest
from pypdf import PdfReader

from servicekit import storing
from servicekit.ids import new_id
from servicekit.runs import RunExecutor
from servicekit.sealing import sealer
from servicekit.settings import ServiceSettings
from sgo_journal.bootstrap import SERVICE
from sgo_journal.sealing import RECORD_CHANGES

from ..factories import MONDAY, YEAR, School, audited, left, mark, noted
from ..inspections.samples import remarked
from .samples import ended, made, queued


def said(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


async def files_of(school: School, archive_id: str) -> list[dict[str, Any]]:
    answer = await school.service.client.get(f"/archives/{archive_id}/files", headers=school.admin)
    items: list[dict[str, Any]] = answer.json()["items"]
    return sorted(items, key=lambda one: str(one["name"]))


async def several(school: School, *titles: str) -> None:
    """Journals with a lesson each."""
    for number, title in enumerate(titles, 1):
        journal = await school.teach(title)
        await school.lesson(number=number, journal_id=str(journal))


async def test_a_document_says_what_the_journal_says(school: School) -> None:
    await school.set_year()
    await school.hire("Иванова", school.teacher_id)
    first, second = await school.enrol("Петров", "#Яшин")
    lesson = await school.lesson()
    await school.save(mark(lesson, first, "4"), attendance=[noted(lesson, second, "sick")])
    await school.save(mark(lesson, first, "5", 1), reason="Пересчитано")
    path = f"/lessons/{lesson}"
    given = await school.service.client.post(f"{path}/homework", json={"text": "Прочитать § 7"}, headers=school.teacher)
    assert given.status_code == 201, given.text
    told = {"topic": "Лес и его жители"}
    changed = await school.service.client.patch(path, json=told, headers={**school.teacher, "If-Match": '"1"'})
    assert changed.status_code == 200, changed.text
    await remarked(school)
    await seal(school)
    result = await made(school)
    [file] = await files_of(school, result["archive_id"])
    answer = await school.service.client.get(
        f"/archives/{result['archive_id']}/files/{file['id']}", headers=school.admin
    )
    assert answer.status_code == 200, answer.text
    assert sha256(answer.content).hexdigest() == file["sha256"]
    [taken] = await left(school)
    assert (taken.kind, taken.persons, taken.sha256, taken.role) == ("table", 2, file["sha256"], "organization_admin")
    assert taken.again == f"/api/journal/v1/archives/{result['archive_id']}/files/{file['id']}"
    text = said(answer.content)
    for words in (
        "Классный журнал",
        "Окружающий мир, 2026/2027 учебный год",
        "Иванова Мария",
        "07.09",
        "Лес и его жители",
        "Прочитать § 7",
        "#Яшин",
        "1 четверть",
        "Мало отметок",
        "Пересчитано",
        "История отметок опечатана на дату печати: блок 1",
        "Подсистема: АИС СГО",
        "Исполнитель:",
    ):
        assert words in text, words
    page = await school.page()
    signs = {"5": "5", "sick": "Б"}
    for student, marks, absences in zip(page["students"], page["marks"], page["attendance"], strict=True):
        cells = " ".join(signs[cell[1]] for cell in (*absences, *marks))
        assert f"{student['name']} {cells}" in text


async def seal(school: School) -> None:
    await sealer.seal(school.service.runtime, RECORD_CHANGES)


async def test_lessons_fill_as_many_sheets_as_they_need_and_no_student_stands_where_none_was_taught(
    school: School,
) -> None:
    stays, leaves = await school.enrol("Остался", "Ушёл")
    days = [date(2026, 9, 1 + number) for number in range(25)]
    await school.set_lessons(*[await school.planned(day) for day in days])
    await school.depart(leaves, date(2026, 9, 10))
    result = await made(school)
    [file] = await files_of(school, result["archive_id"])
    answer = await school.service.client.get(
        f"/archives/{result['archive_id']}/files/{file['id']}", headers=school.admin
    )
    sheets = said(answer.content).split("Отметки и посещаемость")[1:]
    assert ("24.09" in sheets[0], "25.09" in sheets[0], "25.09" in sheets[1]) == (True, False, True)
    last = sheets[1].split("Уроки")[0]
    assert ("Ушёл" in sheets[0], "Ушёл" in last, "Остался" in last) == (True, False, True)
    assert stays != leaves


def _work(settings: ServiceSettings) -> None:
    """A worker of its own process."""

    async def work() -> None:
        await RunExecutor(SERVICE.runtime(settings, "worker"), SERVICE.slow_runs).run()

    asyncio.run(work())


async def test_a_killed_worker_costs_no_file(school: School) -> None:
    await several(school, "Алгебра", "Биология", "Геометрия", "История")
    keys = school.admin
    run_id = await queued(school, keys)
    worker = multiprocessing.get_context("spawn").Process(target=_work, args=(school.service.runtime.settings,))
    worker.start()
    try:
        while True:
            run = (await school.service.client.get(f"/runs/{run_id}", headers=keys)).json()
            if run["done"] >= 1:
                break
            await asyncio.sleep(0.01)
    finally:
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)
        await asyncio.to_thread(worker.join)
    path = f"/organizations/{school.organization_id}/archives"
    asked = {"academic_year": YEAR}
    [archive] = (await school.service.client.get(path, params=asked, headers=keys)).json()["items"]
    before = {one["name"]: one for one in await files_of(school, archive["id"])}
    done = {name for name, one in before.items() if one["sha256"] is not None}
    assert 1 <= len(done) < 4
    assert archive["finished_at"] is None
    early = await school.service.client.get(f"/archives/{archive['id']}/content", headers=keys)
    assert (early.status_code, early.json()["code"]) == (409, "archives.not-finished")
    assert (await ended(school, run_id, keys))["status"] == "succeeded"
    after = {one["name"]: one for one in await files_of(school, archive["id"])}
    assert set(after) == set(before) == {f"5 «А»/{one}.pdf" for one in ("Алгебра", "Биология", "Геометрия", "История")}
    assert all(after[name] == before[name] for name in done)
    assert all(one["sha256"] is not None for one in after.values())


async def test_the_zip_holds_every_file_and_the_manifest_that_vouches_for_them(school: School) -> None:
    students = await school.enrol("Первый", "Второй")
    await several(school, "Алгебра", "Музыка: пение")
    [subgroup, _] = await school.divide(students[:1], students[1:])
    language = await school.teach("Язык", learners_id=subgroup, of_teaching_group=True)
    await school.lesson(number=3, journal_id=str(language))
    result = await made(school, learners_id=str(school.group_id))
    answer = await school.service.client.get(f"/archives/{result['archive_id']}/content", headers=school.admin)
    pack = ZipFile(BytesIO(answer.content))
    names = {"5 «А»/Алгебра.pdf", "5 «А»/Музыка_ пение.pdf", "5 «А»/Язык (1 подгруппа).pdf"}
    assert set(pack.namelist()) == {"manifest.json", *names}
    text = pack.read("manifest.json")
    assert sha256(text).hexdigest() == result["manifest_sha256"]
    manifest = json.loads(text)
    assert {one["name"]: one["sha256"] for one in manifest["files"]} == {
        name: sha256(pack.read(name)).hexdigest() for name in names
    }
    assert result["files"] == 3
    downloads = [entry[2] for entry in await audited(school) if entry[1] == "archive.download"]
    assert sorted(downloads[-1]) == sorted(students)
    [told] = await left(school)
    assert (told.kind, told.format, told.persons, told.organization_id) == ("whole", "zip", 2, school.organization_id)
    assert result["manifest_sha256"] in str(told.title)
    again = await school.service.client.get(str(told.again).removeprefix("/api/journal/v1"), headers=school.admin)
    assert again.content == answer.content
    part = await school.service.client.get(
        f"/archives/{result['archive_id']}/content", params={"learners_id": str(subgroup)}, headers=school.admin
    )
    assert set(ZipFile(BytesIO(part.content)).namelist()) == {"manifest.json", "5 «А»/Язык (1 подгруппа).pdf"}
    nobody = await school.service.client.get(
        f"/archives/{result['archive_id']}/content", params={"learners_id": str(new_id())}, headers=school.admin
    )
    assert nobody.status_code == 404


async def test_what_is_archived_is_neither_changed_nor_given_out_damaged(school: School) -> None:
    await several(school, "Алгебра")
    result = await made(school)
    [file] = await files_of(school, result["archive_id"])
    application = await asyncpg.connect(school.service.database.url)
    for statement in ("UPDATE archive_file SET size = 1", "UPDATE archive SET made_at = now()"):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await application.execute(statement)
    await application.close()
    store = storing.store_of(school.service.runtime.settings)
    await storing.put(store, f"archives/{file['id']}/{file['sha256']}", b"%PDF-1.7 another")
    answer = await school.service.client.get(
        f"/archives/{result['archive_id']}/files/{file['id']}", headers=school.admin
    )
    assert (answer.status_code, answer.json()["code"]) == (503, "archives.damaged")


async def test_a_year_without_lessons_or_a_foreign_class_is_refused(school: School) -> None:
    path = f"/organizations/{school.organization_id}/archives"
    empty = await school.service.client.post(path, json={"academic_year": YEAR}, headers=school.admin)
    assert (empty.status_code, empty.json()["code"]) == (422, "archives.nothing")
    await school.lesson(MONDAY)
    body = {"academic_year": YEAR, "learners_id": str(new_id())}
    assert (await school.service.client.post(path, json=body, headers=school.admin)).status_code == 404
    other = {"academic_year": YEAR - 1, "learners_id": str(school.group_id)}
    assert (await school.service.client.post(path, json=other, headers=school.admin)).status_code == 404
