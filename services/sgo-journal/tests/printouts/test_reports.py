"""Reports as people get them: rights, formats, the footer of regulation 4.5, the audit, refusals."""

import io
from hashlib import sha256
from typing import Any

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from asu_contracts.access import Role
from servicekit.ids import new_id
from sgo_journal.printouts.catalogue import CLASS_REPORTS, ORGANIZATION_REPORTS

from ..factories import School, audited, left
from ..test_pages import statements
from .year import Year, a_year


def pages(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


async def test_a_file_is_told_of_and_a_screen_is_not(school: School) -> None:
    year = await a_year(school, 2)
    month: dict[str, Any] = {"from": "2026-09-01", "to": "2026-09-30"}
    name = next(iter(CLASS_REPORTS))
    await year.report(name, **month)
    table = await year.report(name, format="xlsx", **month)
    [told] = await left(school)
    assert (told.kind, told.format, told.persons) == ("table", "xlsx", 5), "one of six came in October"
    assert (told.sha256, told.title) == (sha256(table.content).hexdigest(), CLASS_REPORTS[name].title)
    assert told.organization_id == school.organization_id


async def test_every_report_in_every_format(school: School) -> None:
    year = await a_year(school, 1)
    await school.enrol("=HYPERLINK(1)")
    month = {"from": "2026-09-01", "to": "2026-09-30"}
    for name, report in {**CLASS_REPORTS, **ORGANIZATION_REPORTS}.items():
        ask = year.report if report.scope == "group" else year.of_organization
        params: dict[str, Any] = {**month, "teacher_id": str(school.teacher_id)}
        shown = await ask(name, **params)
        assert shown.status_code == 200, (name, shown.text)
        assert shown.json()["footer"][0] == "Подсистема: АИС СГО"
        table = await ask(name, format="xlsx", **params)
        if "xlsx" in report.formats:
            assert table.status_code == 200, (name, table.text)
            book = CalamineWorkbook.from_filelike(io.BytesIO(table.content))
            cells = {
                cell
                for sheet in book.sheet_names
                for row in book.get_sheet_by_name(sheet).to_python()
                for cell in row
                if isinstance(cell, str)
            }
            assert "Подсистема: АИС СГО" in cells
            assert not [one for one in cells if one.startswith("=")], name
            assert report.scope == "organization" or "'=HYPERLINK(1) Алиса" in " ".join(cells) or name == "at-risk"
        else:
            assert (table.status_code, table.json()["code"]) == (422, "reports.format")
        document = await ask(name, format="pdf", **params)
        assert document.status_code == 200, (name, document.text)
        for page in pages(document.content):
            assert "Подсистема: АИС СГО" in page, name
            assert "Дата печати: 20.11.2026" in page


async def test_letters_have_a_page_for_each_student_or_one(school: School) -> None:
    year = await a_year(school, 2)
    every = pages((await year.report("parent-letter", format="pdf")).content)
    assert len(every) == len(year.names)
    for name, page in zip(sorted(year.names.values()), every, strict=True):
        assert name in page
        assert "Пропущено уроков:" in page
    student, name = next(iter(year.names.items()))
    answer = await year.report("parent-letter", format="pdf", student_id=str(student))
    [one] = pages(answer.content)
    assert name in one
    assert (await audited(school))[-1][1:] == ("report.parent-letter", [student])


async def test_a_class_is_reported_on_by_its_class_teacher_and_the_office(school: School) -> None:
    year = await a_year(school, 2)
    leader = school.headers(Role.TEACHER, year.class_teacher)
    assert (await year.report("class-teacher", leader)).status_code == 200
    assert (await audited(school))[-1] == (
        "teacher",
        "report.class-teacher",
        sorted(year.names, key=lambda one: year.names[one]),
    )
    assert (await year.report("class-teacher", school.teacher)).status_code == 404
    stranger = school.headers(Role.TEACHER, new_id())
    assert (await year.report("class-teacher", stranger)).status_code == 404
    assert (await year.of_organization("filling", stranger)).json()["sections"][0]["rows"] == []
    assert (await year.of_organization("subject-teacher", stranger, teacher_id=str(school.teacher_id))).json()[
        "sections"
    ][0]["rows"] == []


async def test_the_class_teachers_report_tells_who_came_and_left(school: School) -> None:
    year = await a_year(school, 2)
    rows = await year.rows("class-teacher")
    names = sorted(year.names.values())
    assert rows == {
        "На начало периода": [len(names) - 1, None],
        "Прибыли": [1, names[-1]],
        "Выбыли": [1, names[0]],
        "На конец периода": [len(names) - 1, None],
    }


@pytest.mark.parametrize(
    ("name", "params", "status", "code"),
    [
        ("nothing", {}, 404, "reports.unknown"),
        ("accumulation", {"from": "2026-10-02", "to": "2026-10-01"}, 422, "reports.period"),
        ("accumulation", {"from": "2025-10-02"}, 422, "reports.period"),
    ],
)
async def test_what_cannot_be_asked_for(
    school: School, name: str, params: dict[str, Any], status: int, code: str
) -> None:
    answer = await Year(school, new_id()).report(name, **params)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_teacher_must_be_named_by_the_office(school: School) -> None:
    answer = await Year(school, new_id()).of_organization("subject-teacher")
    assert (answer.status_code, answer.json()["code"]) == (422, "reports.teacher")


async def test_a_report_is_few_statements_whatever_the_class(school: School) -> None:
    year = await a_year(school, 1)
    sent = statements(school)
    assert (await year.report("class-summary")).status_code == 200
    assert len([one for one in sent if "INSERT INTO audit" not in one]) <= 13, sent


async def test_the_catalogue_names_every_report(school: School) -> None:
    answer = await school.service.client.get("/reports", headers=school.teacher)
    items = {one["name"]: one for one in answer.json()["items"]}
    assert set(items) == {*CLASS_REPORTS, *ORGANIZATION_REPORTS}
    assert items["at-risk"]["parameters"] == ["from", "to", "mean_below", "missed_percent", "least_debts"]
    assert items["at-risk"]["path"] == "/groups/{group_id}/reports/at-risk"
    assert items["parent-letter"]["formats"] == ["json", "pdf"]
