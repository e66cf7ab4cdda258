import re
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from asu_contracts.access import Role
from asu_contracts.core import OrganizationKind
from reporting.exports.footer import Footer
from reporting.exports.xlsx import safe

from ..factories import Region, Reporting  # noqa: TID252 - the tests of one service


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def texts(rows: list[list[Any]]) -> list[str]:
    return [cell for row in rows for cell in row if isinstance(cell, str) and cell]


async def exported(reporting: Reporting, region: Region, form: str, name: str = "Детский сад") -> bytes:
    organization = region.organization(OrganizationKind.SCHOOL, name=name)
    grade = 1 if form == "oo-1" else None
    stay = region.stay(region.group(organization, grade))
    await reporting.tell(organization, region.movement(region.id(), date(2026, 9, 1), opened=stay))
    admin = reporting.headers(
        Role.ORGANIZATION_ADMIN, municipality="03701000", organization_id=organization.organization_id
    )
    body = {"form": form, "organization_id": str(organization.organization_id), "as_of": "2026-12-31"}
    answer = await reporting.get(f"/reports/{await reporting.build(admin, **body)}/xlsx", admin)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="{form}-20261231.xlsx"'
    content: bytes = answer.content
    return content


async def test_every_sheet_ends_with_subsystem_date_and_executor(reporting: Reporting, region: Region) -> None:
    content = await exported(reporting, region, "85-k")
    found = sheets(content)
    assert list(found) == ["Раздел 7", "Контроли"]
    for rows in found.values():
        subsystem, printed, executor = texts(rows)[-3:]
        assert subsystem == "Подсистема: АИС СГО"
        assert re.fullmatch(r"Дата печати: \d\d\.\d\d\.\d{4} \d\d:\d\d", printed)
        assert executor.startswith("Исполнитель: администратор организации")
    with ZipFile(BytesIO(content)) as archive:
        pages = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(pages) == 2
    for page in pages:
        footer = re.search(r"<oddFooter>(.*?)</oddFooter>", page, re.DOTALL)
        assert footer is not None
        assert all(part in footer[1] for part in ("Подсистема: АИС СГО", "Дата печати", "Исполнитель"))


async def test_values_stand_beside_their_codes(reporting: Reporting, region: Region) -> None:
    rows = sheets(await exported(reporting, region, "85-k"))["Раздел 7"]
    (all_children,) = [row for row in rows if row[1] == "701"]
    assert all_children[2] == 1
    (by_hand,) = [row for row in rows if row[1] == "703"]
    assert by_hand[2] == ""
    assert by_hand[-1].startswith("заполняется вручную")


async def test_assumed_forms_carry_the_draft_mark_and_verified_do_not(reporting: Reporting, region: Region) -> None:
    draft = sheets(await exported(reporting, region, "oo-1"))
    assert all("черновая разметка" in texts(rows) for rows in draft.values())
    verified = sheets(await exported(reporting, region, "85-k"))
    assert not any("черновая разметка" in texts(rows) for rows in verified.values())


async def test_names_are_never_formulas(reporting: Reporting, region: Region) -> None:
    content = await exported(reporting, region, "85-k", name='=HYPERLINK("http://example.org")')
    assert any(text.startswith("'=HYPERLINK") for text in texts(sheets(content)["Раздел 7"]))
    with ZipFile(BytesIO(content)) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_dangerous_beginnings_are_neutralised(text: str) -> None:
    assert safe(text) == "'" + text


def test_plain_text_stays() -> None:
    assert safe("Детский сад № 5") == "Детский сад № 5"


def test_page_footer_escapes_and_fits() -> None:
    footer = Footer(datetime(2026, 9, 1, tzinfo=UTC), "Иванов & Ко" * 40)
    assert "&&" in footer.page()
    assert len(footer.page()) <= 255


async def test_exports_are_audited(reporting: Reporting, region: Region) -> None:
    await exported(reporting, region, "85-k")
    connection = await reporting.service.database.connect()
    audited = await connection.fetch("SELECT action, role, cardinality(subjects) FROM audit")
    await connection.close()
    assert [tuple(row) for row in audited] == [("report.exported", "organization_admin", 1)]
