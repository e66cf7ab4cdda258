import re
from datetime import UTC, date, datetime
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from asu_contracts.access import Role
from asu_contracts.core import OrganizationKind
from reporting.builds.documents import by_section
from reporting.builds.schemas import Report
from reporting.exports.xlsx import render
from reporting.forms.service import catalog
from reportkit.footer import Footer
from servicekit.ids import new_id
from servicekit.testing.tokens import WORKER

from ..factories import Region, Reporting

SHIPPED = next(form for form in catalog() if form.form == "85-k")


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
    assert list(found) == [*(f"Раздел {section.code}" for section in SHIPPED.sections), "Контроли"]
    for rows in found.values():
        subsystem, printed, executor = texts(rows)[-3:]
        assert subsystem == "Подсистема: АИС СГО"
        assert re.fullmatch(r"Дата печати: \d\d\.\d\d\.\d{4} \d\d:\d\d", printed)
        assert executor == f"Исполнитель: {WORKER}, сетевой системный администратор"
    with ZipFile(BytesIO(content)) as archive:
        pages = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(pages) == len(found)
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


async def test_what_is_not_verified_for_the_day_carries_the_draft_mark(reporting: Reporting, region: Region) -> None:
    for form in ("oo-1", "85-k"):
        assert all(
            "черновая разметка" in texts(rows) for rows in sheets(await exported(reporting, region, form)).values()
        )


@pytest.mark.parametrize(("as_of", "status"), [(date(2024, 12, 31), "verified"), (date(2026, 12, 31), "assumed")])
def test_a_verified_form_is_a_draft_once_its_order_is_not_known_to_be_in_force(as_of: date, status: str) -> None:
    form = SHIPPED.model_copy(
        update={"sections": tuple(one.model_copy(update={"status": "verified"}) for one in SHIPPED.sections)}
    )
    cells = by_section(form, {})
    row = SimpleNamespace(
        id=new_id(), definition=form.model_dump(mode="json", by_alias=True), organization_id=None,
        municipality="03701000", unit_name="Муниципальное образование", as_of=as_of, known_at=None, log_position=0,
        definition_digest=form.digest, cells=cells, controls=[], previous_id=None, corrects=None, corrections=[],
        parts=None, built_at=datetime(2026, 9, 1, tzinfo=UTC),
    )  # fmt: skip
    report = Report.of(row)
    assert {report.status, *(section.status for section in report.sections)} == {status}
    printed = sheets(render(report, Footer(datetime(2026, 9, 1, tzinfo=UTC), "Исполнитель")))
    assert {"черновая разметка" in texts(rows) for rows in printed.values()} == {status == "assumed"}


async def test_names_are_never_formulas(reporting: Reporting, region: Region) -> None:
    content = await exported(reporting, region, "85-k", name='=HYPERLINK("http://example.org")')
    assert any(text.startswith("'=HYPERLINK") for text in texts(sheets(content)["Раздел 7"]))
    with ZipFile(BytesIO(content)) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())


async def test_exports_are_audited(reporting: Reporting, region: Region) -> None:
    await exported(reporting, region, "85-k")
    connection = await reporting.service.database.connect()
    audited = await connection.fetch("SELECT action, role, cardinality(subjects) FROM audit")
    await connection.close()
    assert [tuple(row) for row in audited] == [("report.exported", "organization_admin", 1)]
