"""Reports that are kept: whose they are, how they change, go out as files and to everybody."""

import csv
from io import BytesIO, StringIO
from typing import Any

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from asu_contracts.access import Role
from servicekit.ids import new_id

from ..factories import KRASNODAR, Reporting
from .world import DAY, FactsWorld

QUERY: dict[str, Any] = {
    "dataset": "learners", "rows": ["organization", "grade"], "columns": ["sex"], "as_of": str(DAY),
    "measures": [{"kind": "count"}, {"kind": "mean", "field": "age"}],
}  # fmt: skip


class Account:
    """Somebody who works with reports."""

    def __init__(self, reporting: Reporting, role: Role, **unit: Any) -> None:
        self.reporting = reporting
        self.headers = reporting.headers(role, account_id=new_id(), **unit)

    async def send(self, method: str, path: str, version: int | None = None, **body: Any) -> Any:
        headers = self.headers if version is None else {**self.headers, "If-Match": f'"{version}"'}
        return await self.reporting.service.client.request(method, path, headers=headers, json=body or None)

    async def save(self, query: dict[str, Any] = QUERY, **more: Any) -> Any:
        answer = await self.send("POST", "/saved-reports", title="Классы", query=query, **more)
        assert answer.status_code == 201, answer.text
        return answer.json()


@pytest.fixture
async def world(reporting: Reporting) -> FactsWorld:
    made = FactsWorld(8)
    await reporting.tell(*made.events)
    return made


async def test_a_report_is_its_makers_until_it_is_shared(reporting: Reporting, world: FactsWorld) -> None:
    school = world.told[0].unit
    head = Account(reporting, Role.HEAD, **school)
    office = Account(reporting, Role.SECRETARY, **school)
    others = [Account(reporting, Role.HEAD, **world.told[1].unit), Account(reporting, Role.REGION_ADMIN)]
    saved = await head.save()
    path = f"/saved-reports/{saved['id']}"
    assert (await office.send("GET", path)).status_code == 404
    shared = await head.send("PUT", path, 1, title="Классы школы", shared=True, query={**QUERY, "rows": ["grade"]})
    assert (shared.status_code, shared.json()["version"], shared.headers["ETag"]) == (200, 2, '"2"')
    found = (await office.send("GET", path)).json()
    assert (found["title"], found["mine"], found["query"]["rows"]) == ("Классы школы", False, ["grade"])
    assert [one["id"] for one in (await office.send("GET", "/saved-reports")).json()["items"]] == [saved["id"]]
    assert (await office.send("PUT", path, 2, title="Чужое", query=QUERY)).status_code == 403
    assert (await office.send("DELETE", path, 2)).status_code == 403
    for other in others:
        assert (await other.send("GET", path)).status_code == 404
        assert (await other.send("GET", "/saved-reports")).json()["items"] == []
    assert (await head.send("PUT", path, 1, title="Поздно", query=QUERY)).status_code == 412
    assert (await head.send("DELETE", path, 1)).status_code == 412
    assert (await head.send("DELETE", path, 2)).status_code == 204
    for one in (head, office):
        assert (await one.send("GET", path)).status_code == 404
    kept = await reporting.service.fetch("SELECT version, title FROM saved_report_version ORDER BY version")
    assert [tuple(row) for row in kept] == [(1, "Классы"), (2, "Классы школы")]


async def test_pages_by_key(reporting: Reporting) -> None:
    account = Account(reporting, Role.REGION_ADMIN)
    made = [(await account.save())["id"] for _ in range(5)]
    found: list[str] = []
    after = ""
    while True:
        page = (await account.send("GET", f"/saved-reports?limit=2{after}")).json()
        found += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert found == sorted(made)


async def test_what_cannot_be_asked_is_not_saved(reporting: Reporting) -> None:
    account = Account(reporting, Role.REGION_ADMIN)
    bad = {"dataset": "learners", "rows": ["secret"]}
    answer = await account.send("POST", "/saved-reports", title="Плохой", query=bad)
    assert (answer.status_code, answer.json()["code"]) == (422, "constructor.query")
    assert answer.json()["errors"] == [
        {"pointer": "/body/rows/0", "code": "constructor.unknown", "title": "Нет такого признака"}
    ]
    assert not await reporting.service.fetch("SELECT 1 FROM saved_report")


async def test_a_saved_report_says_what_its_query_says(reporting: Reporting, world: FactsWorld) -> None:
    account = Account(reporting, Role.MUNICIPALITY_OPERATOR, municipality=KRASNODAR)
    where = {"not": {"field": "grade", "empty": True}}
    query = {**QUERY, "where": where, "view": {"kind": "chart", "chart": "line"}, "order": {"descending": True}}
    saved = await account.save(query)
    assert saved["query"]["where"] == where
    run = (await account.send("GET", f"/saved-reports/{saved['id']}/result")).json()
    assert run == (await account.send("POST", "/constructor/queries", **query)).json()
    assert {one["title"] for one in run["result"]["series"]} == {
        f"{sex}: {measure}"
        for sex in ("мужской", "женский", "не указано")
        for measure in ("Количество", "Возраст, среднее")
    }
    assert all(len(one["data"]) == len(run["result"]["categories"]) for one in run["result"]["series"])
    earlier = (await account.send("GET", f"/saved-reports/{saved['id']}/result?as_of=2026-08-31")).json()
    assert (earlier["as_of"], earlier["result"]["categories"]) == ("2026-08-31", [])
    audited = await reporting.service.fetch("SELECT action FROM audit ORDER BY id")
    assert [row["action"] for row in audited] == ["constructor.learners.run"] * 3


async def test_files_hold_the_same_figures_and_no_formulas(reporting: Reporting, world: FactsWorld) -> None:
    account = Account(reporting, Role.REGION_ADMIN)
    query = {**QUERY, "rows": ["municipality"], "view": {"kind": "pivot"}, "where": {"field": "main", "value": True}}
    saved = await account.save(query)
    renamed = await account.send("PUT", f"/saved-reports/{saved['id']}", 1, title="=SUM(A1)", query=query)
    assert renamed.status_code == 200
    run = (await account.send("GET", f"/saved-reports/{saved['id']}/result")).json()["result"]
    expected = [
        [row[0]["title"], *(cell["value"] for cells in [*line, total] for cell in cells)]
        for row, line, total in zip(run["rows"], run["cells"], run["row_totals"], strict=True)
    ]
    table = await account.send("GET", f"/saved-reports/{saved['id']}/xlsx")
    book = CalamineWorkbook.from_filelike(BytesIO(table.content))
    head, *rows = book.get_sheet_by_index(0).to_python()
    assert len(head) == len(expected[0])
    assert rows[: len(expected)] == [[value if value is not None else "" for value in row] for row in expected]
    texts = [str(row[0]) for row in rows]
    assert any(text.startswith("'=SUM(A1). Субъект Российской Федерации, на 01.10.2026") for text in texts)
    assert "Показаны данные, отобранные по условиям отчёта" in texts
    assert [text.split(":")[0] for text in texts[-3:]] == ["Подсистема", "Дата печати", "Исполнитель"]
    flat = await account.send("GET", f"/saved-reports/{saved['id']}/csv")
    assert flat.headers["content-disposition"].startswith('attachment; filename="=SUM(A1).csv"')
    lines = list(csv.reader(StringIO(flat.content.decode("utf-8-sig")), delimiter=";"))
    assert lines[1 : len(expected) + 1] == [
        ["" if value is None else str(value).replace(".", ",") for value in row] for row in expected
    ]
    page = await account.send("GET", f"/saved-reports/{saved['id']}/pdf")
    text = " ".join(one.extract_text() for one in PdfReader(BytesIO(page.content)).pages)
    assert all(one in text for one in ("=SUM(A1)", "Подсистема: АИС СГО", *(str(row[0]) for row in expected)))
    exported = await reporting.service.fetch("SELECT 1 FROM audit WHERE action = 'saved-report.exported'")
    assert len(exported) == 3
    left = await reporting.service.fetch("SELECT kind, format, size FROM outward_exchange ORDER BY id")
    sent = [("xlsx", table), ("csv", flat), ("pdf", page)]
    assert [tuple(row) for row in left] == [("table", name, len(one.content)) for name, one in sent]


async def test_everybody_reads_what_is_published_and_no_small_count(reporting: Reporting, world: FactsWorld) -> None:
    head = Account(reporting, Role.HEAD, **world.told[0].unit)
    saved = await head.save({"dataset": "learners", "rows": ["citizenship"], "columns": ["sex"], "as_of": str(DAY)})
    path = f"/saved-reports/{saved['id']}"
    published = await head.send("POST", f"{path}/publication")
    assert published.status_code == 201, published.text
    assert await on_record(head) == [("publication", "Классы", "открытый доступ")]
    again = await head.send("POST", f"{path}/publication")
    assert (again.status_code, again.json()["code"]) == (409, "constructor.published-already")
    public = f"/public/reports/{published.json()['id']}"
    read = await reporting.service.client.get(public)
    assert (read.status_code, read.json()["title"]) == (200, "Классы")
    answer = read.json()["answer"]
    assert answer["hidden"]["cells"] > 0
    values = [cell["value"] for line in answer["result"]["lines"] for cell in line["cells"]]
    assert all(value is None or value >= 5 for value in values)
    await reporting.tell(
        world.region.movement(world.region.id(), DAY, opened=world.region.stay(world.told[0].groups[0]))
    )
    assert (await reporting.service.client.get(public)).json() == read.json()
    assert (await head.send("DELETE", f"{path}/publication")).status_code == 204
    assert (await reporting.service.client.get(public)).status_code == 404
    assert (await head.send("DELETE", f"{path}/publication")).status_code == 404
    assert [one[0] for one in await on_record(head)] == ["withdrawal", "publication"]
    anew = await head.send("POST", f"{path}/publication")
    assert (await head.send("DELETE", path, 1)).status_code == 204
    assert (await reporting.service.client.get(f"/public/reports/{anew.json()['id']}")).status_code == 404
    assert [one[0] for one in await on_record(head)] == ["withdrawal", "publication"] * 2
    digests = await reporting.service.fetch(
        "SELECT DISTINCT sha256 FROM outward_exchange WHERE organization_id IS NOT NULL"
    )
    assert len(digests) == 2  # what was taken back is what was published


async def test_health_is_published_by_nobody(reporting: Reporting, world: FactsWorld) -> None:
    body = Account(reporting, Role.MUNICIPALITY_OPERATOR, municipality=KRASNODAR)
    table = {"dataset": "learners", "rows": ["organization"], "columns": ["disability"], "as_of": str(DAY)}
    saved = await body.save(table)
    assert (await body.send("GET", f"/saved-reports/{saved['id']}/result")).status_code == 200
    answer = await body.send("POST", f"/saved-reports/{saved['id']}/publication")
    assert (answer.status_code, answer.json()["code"]) == (422, "constructor.not-for-publication")


async def on_record(account: Account) -> list[tuple[str, str, str]]:
    found = (await account.send("GET", "/outward-exchanges")).json()["items"]
    return [(one["kind"], one["title"], one["receiver"]) for one in found]


@pytest.mark.parametrize(
    "changed", [{"as_of": "2026-11-01"}, {"as_of": "2100-01-01"}, {"known_at": "2026-10-02T00:00:00Z"}]
)
async def test_publications_of_near_days_would_tell_one_child(
    reporting: Reporting, world: FactsWorld, changed: dict[str, Any]
) -> None:
    head = Account(reporting, Role.HEAD, **world.told[0].unit)
    saved = await head.save({**QUERY, **changed})
    answer = await head.send("POST", f"/saved-reports/{saved['id']}/publication")
    assert (answer.status_code, answer.json()["code"]) == (422, "constructor.publication-day")
    assert await on_record(head) == []


@pytest.mark.parametrize(
    "query",
    [
        {"dataset": "learners", "rows": ["special_needs"], "as_of": str(DAY)},
        {"dataset": "learners", "where": {"field": "disability", "value": True}, "as_of": str(DAY)},
        {"dataset": "lessons", "rows": ["subject_name"], "as_of": str(DAY)},
        {"dataset": "groups", "rows": ["disorder"], "measures": [{"kind": "sum", "field": "size"}], "as_of": str(DAY)},
        {"dataset": "groups", "where": {"field": "size", "op": "<", "value": 5}, "as_of": str(DAY)},
    ],
)
async def test_what_is_not_for_everybody(reporting: Reporting, world: FactsWorld, query: dict[str, Any]) -> None:
    head = Account(reporting, Role.HEAD, **world.told[0].unit)
    saved = await head.save(query)
    answer = await head.send("POST", f"/saved-reports/{saved['id']}/publication")
    assert (answer.status_code, answer.json()["code"]) == (422, "constructor.not-for-publication")
    assert not await reporting.service.fetch("SELECT 1 FROM published_report")
