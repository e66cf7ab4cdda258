"""Achievements, portfolios, projects, methodical works and attestations live and go with the person."""

import io
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader
from sqlalchemy import Table

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest
from sgo_core.catalogue.definition import CATALOGUE
from sgo_core.database import Base

from .consenting import a_student
from .destroying import Destroying, left_long_ago
from .families import PASSPORT
from .measuring import get
from .merging import merged, open_card, step, without_versions
from .samples.achievements import ENTRY, OLYMPIAD, WORK, a_project
from .samples.retention import leaver
from .staffing import hiring
from .world import Registry

RECORDED = "recorded_at, recorded_by, reason) VALUES ($1, $2, $3, $4, $5, now(), 'test', 'Проверка')"


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


def test_every_record_is_kept_by_a_key_and_told_by_columns_that_there_are() -> None:
    for name, one in CATALOGUE.records.items():
        tables = [Base.metadata.tables[table] for table in (name, one.joined) if table is not None]
        assert one.columns.keys() <= {column.name for table in tables for column in table.columns}, name
        assert all(keys_to(tables[0], kind.value) == [f"{kind.value}_id"] for kind in one.of), name


def keys_to(table: Table, card: str) -> list[str]:
    return [key.parent.name for key in table.foreign_keys if key.column.table.name == card]


async def post(registry: Registry, path: str, body: Any, headers: dict[str, str]) -> Any:
    answer = await registry.service.client.post(path, json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def a_worker(registry: Registry, organization_id: UUID, number: int) -> UUID:
    path = f"/organizations/{organization_id}/workers"
    return UUID((await post(registry, path, hiring(number), registry.office(organization_id)))["worker_id"])


async def family(registry: Registry, student_id: UUID) -> dict[str, str]:
    guardian_id = await registry.value("SELECT guardian_id FROM guardianship WHERE student_id = $1", student_id)
    return registry.service.tokens.headers(Role.GUARDIAN, person_id=guardian_id)


async def joins(
    registry: Registry, project: dict[str, Any], kind: str, person_id: UUID, *, active: bool = True
) -> None:
    await registry.fetch(
        f"INSERT INTO project_member (id, project_id, role, {kind}_id, active, {RECORDED}",
        *(new_id(), UUID(project["id"]), "author", person_id, active),
    )


LISTS = ("achievements", "portfolio", "projects")


async def reading(registry: Registry, path: str, headers: dict[str, str]) -> Any:
    """What is read of a person's records."""
    found = [(await get(registry, f"{path}/{name}", headers))["items"] for name in LISTS]
    return without_versions(found)


async def test_records_follow_a_merge_and_part_again(registry: Registry) -> None:
    organization_id, student_id = await a_student(registry)
    office = registry.office(organization_id)
    other_id = await open_card(registry, organization_id, None, document=PASSPORT)
    worker_id = await a_worker(registry, organization_id, 1)
    for number, one in enumerate((student_id, other_id)):
        title = {"title": f"Олимпиада {number}"}
        await post(registry, f"/students/{one}/achievements", {**OLYMPIAD, **title}, office)
        entry = {**ENTRY, "title": f"Рисунок {number}", "text": f"Осень {number}", "shared": number == 0}
        await post(registry, f"/students/{one}/portfolio", entry, await family(registry, one))
    path = f"/organizations/{organization_id}/projects"
    both, theirs, ended = [
        await post(registry, path, {**a_project(worker_id, student_id), "title": title}, office)
        for title in ("Общий", "Другой", "Прежний")
    ]
    for project in (both, theirs, ended):
        await joins(registry, project, "student", other_id)
    await registry.fetch(
        "DELETE FROM project_member WHERE project_id = $1 AND student_id = $2", UUID(theirs["id"]), student_id
    )
    await registry.fetch(
        "UPDATE project_member SET active = false WHERE project_id = $1 AND student_id = $2",
        UUID(ended["id"]),
        student_id,
    )
    paths = [f"/students/{one}" for one in (student_id, other_id)]
    before = [await reading(registry, one, office) for one in paths]

    made = await merged(registry, office, student_id, other_id)
    achievements, portfolio, projects = await reading(registry, paths[0], office)
    assert {one["title"] for one in achievements} == {"Олимпиада 0", "Олимпиада 1"}
    assert [one["title"] for one in portfolio] == ["Рисунок 0"], "what was not open stays so"
    assert [one["title"] for one in projects] == ["Прежний", "Другой", "Общий"]
    for project in projects:
        authors = [one["person_id"] for one in project["members"] if one["role"] == "author"]
        assert authors == [str(student_id)]
    own = await get(registry, f"{paths[0]}/portfolio", await family(registry, student_id))
    assert [one["title"] for one in own["items"]] == ["Рисунок 1", "Рисунок 0"]

    for headers, told, closed in (
        (office, "Осень 0", "Осень 1"),
        (await family(registry, student_id), "Осень 1", "Открыто только самому субъекту"),
    ):
        answer = await registry.service.client.get(
            "/extracts", params={"subject_kind": "student", "subject_id": str(student_id)}, headers=headers
        )
        text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages).split())
        for part in ("Олимпиада 0", "Олимпиада 1", "Вид: олимпиада", "Дата: 01.03.2026", "Название: Другой", told):
            assert part in text, part
        assert closed not in text

    undone = await step(registry, office, made, "undo")
    assert undone.status_code == 200, undone.text
    assert [await reading(registry, one, office) for one in paths] == before


async def test_an_act_leaves_nothing_of_the_records(registry: Registry) -> None:
    organization_id, student_id = await a_student(registry)
    office, acts = registry.office(organization_id), Destroying(registry, organization_id)
    worker_id = await a_worker(registry, organization_id, 1)
    mark = "Образцова была первой"
    await post(
        registry, f"/students/{student_id}/portfolio", {**ENTRY, "text": mark}, await family(registry, student_id)
    )
    for kind, person_id in (("student", student_id), ("worker", worker_id)):
        made = await post(registry, f"/{kind}s/{person_id}/achievements", {**OLYMPIAD, "document": mark}, office)
        answer = await registry.service.client.patch(
            f"/achievements/{made['id']}",
            json={"reason": "Описка", "document": "Диплом"},
            headers={**office, "If-Match": '"1"'},
        )
        assert answer.status_code == 200, answer.text
    await post(registry, f"/workers/{worker_id}/methodical-works", {**WORK, "title": mark}, office)
    plan = {**planned_in(organization_id), "post_code": "teacher"}
    await post(registry, f"/workers/{worker_id}/attestations", plan, office)
    project = {**a_project(worker_id, student_id), "annotation": mark}
    await post(registry, f"/organizations/{organization_id}/projects", project, office)

    await leaver(registry, organization_id, student_id)
    await left_long_ago(registry, date(2022, 9, 5))
    assert (await acts.execute(await acts.approved()))["result"]["destroyed"] == 2
    left = await registry.fetch("SELECT worker_id FROM achievement UNION ALL SELECT worker_id FROM project_member")
    assert {row["worker_id"] for row in left} == {worker_id}
    assert await registry.value("SELECT count(*) FROM portfolio_entry") == 0
    assert await registry.value("SELECT count(*) FROM project WHERE annotation IS NULL") == 1
    assert (
        await registry.value("SELECT count(*) FROM row_history WHERE relation = 'project' AND row ? 'annotation'") == 0
    )

    await registry.fetch(
        "UPDATE employment SET hired_on = '1960-01-01', order_date = '1960-01-01', dismissed_on = '1970-01-01', "
        "dismissal_order = '5-у'"
    )
    (due,) = await acts.due()
    assert {"achievement", "project_member", "methodical_work", "attestation"} <= set(due["fields"])
    assert (await acts.execute(await acts.approved("2")))["result"] == {"destroyed": 1}
    for name in (*CATALOGUE.records, "project"):
        assert await registry.value(f"SELECT count(*) FROM {name}") == 0, name
        assert await registry.value("SELECT count(*) FROM row_history WHERE relation = $1", name) == 0
    assert await acts.due() == []


def planned_in(organization_id: UUID) -> dict[str, Any]:
    return {"organization_id": str(organization_id), "category": "first", "planned_on": "2026-12-01"}
