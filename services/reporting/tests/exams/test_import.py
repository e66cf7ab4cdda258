"""Tables of exam results: whole or not at all, each wrong cell named, a later table instead of an earlier one."""

from datetime import UTC, datetime
from typing import Any

import pytest

from asu_contracts.access import Role
from asu_contracts.core import OrganizationKind
from reporting.exams.table import COLUMNS
from reportkit import xlsx
from reportkit.tables import Column, Table
from servicekit.clock import FixedClock

from ..factories import KRASNODAR, Region, Reporting
from .results import GIVEN, load, table

NOBODY = {**dict.fromkeys(("twos", "threes", "fours", "fives", "mean_score"), ""), "participants": 0}
HEADER = ";".join(COLUMNS.values())


@pytest.fixture(autouse=True)
def in_autumn(reporting: Reporting) -> None:
    reporting.service.runtime.clock = FixedClock(datetime(2026, 11, 16, 9, tzinfo=UTC))


async def results(reporting: Reporting, **params: Any) -> list[dict[str, Any]]:
    answer = await reporting.get("/exam-results", None, academic_year=2025, **params)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_table_is_looked_at_first_and_then_kept(reporting: Reporting, region: Region) -> None:
    school = region.organization(OrganizationKind.SCHOOL, name="МБОУ СОШ № 1")
    await reporting.tell(school)
    headers = reporting.headers(Role.HEAD, municipality=KRASNODAR, organization_id=school.organization_id)
    content = table(
        {"organization_id": "МБОУ  сош № 1"},
        {"organization_id": school.organization_id, "subject": "информатика и ИКТ"},
    )
    trial = await load(reporting.service, headers, content, trial=True)
    assert (trial.status_code, trial.json()["import_id"], trial.json()["rows"]) == (200, None, 2)
    assert await results(reporting) == []
    kept = await load(reporting.service, headers, content)
    assert (kept.status_code, kept.json()["replacing"]) == (201, 0)
    found = await results(reporting)
    assert [one["subject"] for one in found] == ["Математика", "Информатика"]
    assert {name: found[0][name] for name in ("exam", "grade", "participants", "twos", "below_minimum", "mean_score")} == {
        "exam": "oge", "grade": 9, "participants": 20, "twos": 2, "below_minimum": 2, "mean_score": 14.5,
    }  # fmt: skip
    (told,) = (await reporting.get("/exam-imports", headers)).json()["items"]
    assert (told["id"], told["file_digest"], told["rows"], told["role"]) == (
        kept.json()["import_id"], kept.json()["file_digest"], 2, "head",
    )  # fmt: skip


async def test_a_later_table_stands_instead_of_an_earlier_one(reporting: Reporting, region: Region) -> None:
    school = region.organization(OrganizationKind.SCHOOL)
    await reporting.tell(school)
    mine = {"organization_id": school.organization_id}
    headers = reporting.headers()
    days = table({**mine, "date": "03.06.2026"}, {**mine, "date": "20.06.2026"}, {**mine, "subject": "Физика"})
    assert (await load(reporting.service, headers, days)).status_code == 201
    again = await load(reporting.service, headers, table({**mine, "date": "04.06.2026", "mean_score": "15"}))
    assert again.json()["replacing"] == 1
    found = await results(reporting)
    assert {(one["subject"], one["date"], one["mean_score"]) for one in found} == {
        ("Математика", "2026-06-04", 15.0),
        ("Физика", "2026-06-03", 14.5),
    }
    await load(reporting.service, headers, table({**mine, **NOBODY, "subject": "Физика"}))
    assert [one["subject"] for one in await results(reporting)] == ["Математика"]
    reserve = {**mine, **NOBODY, "date": "20.06.2026"}
    assert (await load(reporting.service, headers, table(mine, reserve))).json()["rows"] == 2
    assert [one["date"] for one in await results(reporting)] == ["2026-06-03"], "nobody came on the reserve day"


async def test_what_is_taken_back_is_loaded_anew_by_any_level(reporting: Reporting, region: Region) -> None:
    school = region.organization(OrganizationKind.SCHOOL)
    await reporting.tell(school)
    head = reporting.headers(Role.HEAD, municipality=KRASNODAR, organization_id=school.organization_id)

    async def loaded(headers: dict[str, str], **row: Any) -> tuple[int, list[float]]:
        answer = await load(reporting.service, headers, table({"organization_id": school.organization_id, **row}))
        return answer.status_code, [one["mean_score"] for one in await results(reporting)]

    above = reporting.headers()
    assert await loaded(head, mean_score="19") == (201, [19.0])
    assert await loaded(above, mean_score="14") == (201, [14.0])
    assert await loaded(head, mean_score="19") == (422, [14.0])
    assert await loaded(above, **NOBODY) == (201, []), "nor does what was there before it come back"
    assert await loaded(head, mean_score="18") == (201, [18.0])
    assert await loaded(head, **NOBODY) == (201, [])
    assert await loaded(head, mean_score="17") == (201, [17.0])
    assert await loaded(above, mean_score="15") == (201, [15.0])
    assert await loaded(head, **NOBODY) == (422, [15.0])


async def test_what_a_level_has_loaded_none_below_it_changes(reporting: Reporting, region: Region) -> None:
    """Whom results judge would judge themselves; loaded over by a higher level they are, in whatever order."""
    school = region.organization(OrganizationKind.SCHOOL)
    await reporting.tell(school)
    mine = {"organization_id": school.organization_id}
    head = reporting.headers(Role.HEAD, municipality=KRASNODAR, organization_id=school.organization_id)
    operator = reporting.headers(Role.MUNICIPALITY_OPERATOR, municipality=KRASNODAR)

    async def loaded(headers: dict[str, str], *rows: dict[str, Any]) -> Any:
        return await load(reporting.service, headers, table(*rows))

    assert (await loaded(head, {**mine, "mean_score": "19"}, {**mine, "subject": "Физика"})).status_code == 201
    assert (await loaded(operator, {**mine, "mean_score": "16"})).json()["replacing"] == 1
    assert (await loaded(reporting.headers(), {**mine, "mean_score": "14"})).json()["replacing"] == 1
    for headers, row in (
        (head, {**mine, "mean_score": "20"}),
        (head, {**mine, **NOBODY}),
        (operator, {**mine, "date": "20.06.2026"}),
    ):
        refused = await loaded(headers, {**mine, "subject": "Химия"}, row)
        assert (refused.status_code, refused.json()["code"]) == (422, "exams.rows")
        (error,) = refused.json()["errors"]
        assert (error["pointer"], error["code"]) == ("/body/file/3/Экзамен", "exams.outranked")
        assert error["title"].endswith("результаты загружены органом субъекта, изменить их может только он")
    assert (await loaded(head, {**mine, "subject": "Физика", "mean_score": "15"})).status_code == 201
    found = {one["subject"]: one["mean_score"] for one in await results(reporting)}
    assert found == {"Математика": 14.0, "Физика": 15.0}
    await reporting.service.fetch("UPDATE exam_import SET rank = 3 WHERE role = 'municipality_operator'")
    await reporting.service.fetch("UPDATE exam_import SET rank = 2 WHERE role = 'region_admin'")
    assert {one["mean_score"] for one in await results(reporting)} == {16.0, 15.0}, (
        "an earlier one of a higher rank stands"
    )


@pytest.mark.parametrize(
    ("cell", "value", "code", "column"),
    [
        ("organization_id", "Чужая школа", "organization", "Организация"),
        ("exam", "ЦТ", "exam", "Экзамен"),
        ("subject", "Труд", "subject", "Предмет"),
        ("grade", "8", "grade", "Класс"),
        ("grade", "девятый", "number", "Класс"),
        ("date", "31.02.2026", "date", "Дата"),
        ("date", "01.06.2027", "date", "Дата"),
        ("participants", "", "empty", "Участников"),
        ("participants", "21", "marks", "Участников"),
        ("twos", "-2", "number", "Отметок 2"),
        ("below_minimum", "21", "number", "Ниже минимума"),
        ("mean_score", "1e3", "score", "Средний балл"),
    ],
)
async def test_each_wrong_cell_is_named_and_nothing_is_written(
    reporting: Reporting, region: Region, cell: str, value: str, code: str, column: str
) -> None:
    school = region.organization(OrganizationKind.SCHOOL)
    await reporting.tell(school)
    mine = {"organization_id": school.organization_id}
    answer = await load(reporting.service, reporting.headers(), table(mine, {**mine, "subject": "Химия", cell: value}))
    assert (answer.status_code, answer.json()["code"]) == (422, "exams.rows")
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == (f"/body/file/3/{column}", f"exams.{code}")
    assert error["title"].startswith(f"Строка 3, столбец «{column}»: ")
    assert await results(reporting) == []


async def test_a_result_told_twice_is_refused(reporting: Reporting, region: Region) -> None:
    school = region.organization(OrganizationKind.SCHOOL)
    await reporting.tell(school)
    mine = {"organization_id": school.organization_id}
    answer = await load(reporting.service, reporting.headers(), table(mine, mine))
    assert [one["code"] for one in answer.json()["errors"]] == ["exams.repeated"]


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        (b"", "Нет столбцов: Организация"),
        (b"PK\x03\x04", "Файл повреждён"),
        (b"\x00", "не является книгой"),
        (f"{HEADER};Класс".encode(), "Столбец указан дважды: Класс"),
        (HEADER.encode(), "нет ни одной строки"),
        (f"{HEADER}\n{';' * 60}".encode(), "Допускается не более 20000 строк и 40 столбцов"),
    ],
)
async def test_what_is_no_table_of_results_is_refused(reporting: Reporting, content: bytes, detail: str) -> None:
    answer = await load(reporting.service, reporting.headers(), content)
    assert (answer.status_code, answer.json()["code"]) == (422, "exams.table")
    assert detail in answer.json()["detail"]


async def test_a_workbook_is_read_as_a_csv_is(reporting: Reporting, region: Region) -> None:
    school = region.organization(OrganizationKind.SCHOOL)
    await reporting.tell(school)
    row = [{**GIVEN, "organization_id": str(school.organization_id), "below_minimum": ""}[name] for name in COLUMNS]
    workbook = xlsx.render(Table("Результаты", [Column(title) for title in COLUMNS.values()], [row]))
    assert (await load(reporting.service, reporting.headers(), workbook)).status_code == 201
    assert [one["participants"] for one in await results(reporting)] == [20]
