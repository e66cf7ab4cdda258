"""Acts whose lines come as a table: wrong cells are named, what is written can be read back."""

import io
import json
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import pytest
import xlsxwriter

from asu_contracts.core import OrganizationKind
from servicekit.ids import new_id

from ..factories import Town, organization
from .acts import act, line, publish

HEADER = "Организация;Населённый пункт;Улица;Дома;Общая территория;ГАР улицы;ГАР дома"


async def upload(town: Town, table: bytes | str, status: int = 201, **form: Any) -> Any:
    fields = {name: value for name, value in act().items() if name != "lines"}
    content = table.encode() if isinstance(table, str) else table
    answer = await town.service.client.post(
        "/territory-acts/table",
        files={"file": ("act.csv", content)},
        data={"act": json.dumps(fields), **form},
        headers=town.operator,
    )
    assert answer.status_code == status, answer.text
    return answer.json()


@pytest.fixture
async def school(town: Town) -> str:
    found = organization(town.municipality, OrganizationKind.SCHOOL).model_copy(update={"short_name": "МБОУ СОШ № 7"})
    await town.hear(found)
    return str(found.organization_id)


async def test_a_table_is_read_as_spreadsheets_save_it(town: Town, school: str) -> None:
    rows = [
        "мбоу сош № 7;г. Краснодар;ул. Красная;нечётные 1–9, 21А;да;;",
        f"{school};х. Южный;;;;{new_id()};",
        ";;;;;;",
    ]
    text = "\r\n".join([HEADER, *rows])
    for content in (
        text.encode("utf-8-sig"),
        text.encode("cp1251"),
        text.replace(",", " и").replace(";", ",").encode(),
    ):
        assert (await upload(town, content, 200, trial="true"))["lines"] == 2
    published = await upload(town, text)
    assert (published["lines"], published["organizations"]) == (2, 1)


def workbook(*rows: Sequence[object]) -> bytes:
    """The rows under the header as a spreadsheet saves them."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "dd.mm.yyyy"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((HEADER.split(";"), *rows)):
            sheet.write_row(number, 0, row)
    return out.getvalue()


async def test_a_workbook_is_read_as_the_same_table_is(town: Town, school: str) -> None:
    rows = [
        ("МБОУ СОШ № 7", "г. Краснодар", "ул. Красная", 12, True),
        (school, "х. Южный", None, None, None, str(new_id())),
    ]
    assert (await upload(town, workbook(*rows), 200, trial="true"))["lines"] == 2
    text = "\n".join([HEADER, f"{school};г. Краснодар;ул. Красная;12;да;;", f"{school};х. Южный;;;;;"])
    first = await upload(town, workbook(rows[0], rows[1][:2]))
    second = await upload(town, text)
    lines = [(await town.get(f"/public/territory-acts/{one['id']}/lines", by={}))["items"] for one in (first, second)]
    assert lines[0] == lines[1]


async def test_a_wrong_row_of_a_workbook_is_named_by_its_number(town: Town, school: str) -> None:
    rows = [
        (school, "г. Краснодар", "ул. Красная", "1-9"),
        (),
        (school, "г. Краснодар", "ул. Мира", date(2026, 5, 1)),
        ("Такой нет", "г. Краснодар", "ул. Северная"),
    ]
    answer = await upload(town, workbook(*rows), 422)
    assert [(error["pointer"], error["code"]) for error in answer["errors"]] == [
        ("/body/file/4/Дома", "territory.houses"),
        ("/body/file/5/Организация", "territory.organization-id"),
    ]
    assert "дата" in answer["errors"][0]["title"]
    formula = workbook((school, "г. Краснодар", "=A1"))
    assert "формулы" in (await upload(town, formula, 422))["detail"]
    assert await town.fetch("SELECT FROM territory_act") == []


async def test_every_wrong_cell_is_named_by_its_row_and_column(town: Town, school: str) -> None:
    rows = [
        "Такой нет;г. Краснодар;ул. Красная;;;;",
        f"{school};г. Краснодар;ул. Красная;;может быть;не ГАР;",
    ]
    answer = await upload(town, "\n".join([HEADER, *rows]), 422)
    assert [error["pointer"] for error in answer["errors"]] == [
        "/body/file/2/Организация",
        "/body/file/3/Общая территория",
        "/body/file/3/ГАР улицы",
    ]
    later = await upload(town, f"{HEADER}\n\n{school};г. Краснодар;ул. Красная;двадцать;;;", 422)
    assert [error["pointer"] for error in later["errors"]] == ["/body/file/3/Дома"]
    assert await town.fetch("SELECT FROM territory_act") == []


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01", b"PK\x03\x04", "Организация\n1".encode(), HEADER.encode(), f'{HEADER}\n"a'.encode()]
)
async def test_what_is_no_table_is_refused(town: Town, content: bytes) -> None:
    assert (await upload(town, content, 422))["code"] == "territory.table"


async def test_fields_of_the_act_are_checked(town: Town, school: str) -> None:
    answer = await upload(town, f"{HEADER}\n{school};Сочи;;;;;", 422, act="{}")
    assert "/body/act/municipality" in {error["pointer"] for error in answer["errors"]}


async def test_what_is_written_can_be_read_back(town: Town, school: str) -> None:
    first = await publish(town, act(line(UUID(school), "=1+1", "12А"), line(UUID(school), None, settlement="х. Южный")))
    table = await town.service.client.get(f"/public/territory-acts/{first['id']}/lines.csv")
    assert "'=1+1" in table.text
    second = await upload(town, table.content)
    lines = [(await town.get(f"/public/territory-acts/{one['id']}/lines", by={}))["items"] for one in (first, second)]
    assert lines[0] == lines[1]
