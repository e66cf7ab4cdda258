from datetime import date

from asu_contracts.access import Role
from asu_contracts.core import OrganizationKind
from reporting.exchange.report_file import read
from reporting.forms.service import catalog

from ..factories import Region, Reporting


async def test_a_built_report_is_handed_out_in_rosstats_format(reporting: Reporting, region: Region) -> None:
    organization = region.organization(OrganizationKind.SCHOOL, name='Школа "№ 1" <&>')
    stay = region.stay(region.group(organization, 1))
    await reporting.tell(organization, region.movement(region.id(), date(2026, 9, 1), opened=stay))
    admin = reporting.headers(
        Role.ORGANIZATION_ADMIN, municipality="03701000", organization_id=organization.organization_id
    )
    body = {"form": "oo-1", "organization_id": str(organization.organization_id), "as_of": "2026-10-01"}
    report_id = await reporting.build(admin, **body)
    answer = await reporting.get(f"/reports/{report_id}/xml", admin)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/xml")
    assert answer.headers["content-disposition"] == 'attachment; filename="oo-1-20261001.xml"'
    form = catalog().edition("oo-1", date(2026, 10, 1))
    assert form is not None
    told = read(form, answer.content)
    assert told.year == 2026
    assert {field: value for field, value in told.title.items() if value} == {"name": 'Школа "№ 1" <&>'}
    assert {address for address, value in told.cells.items() if value and address[0] == "2.1.1"} == {
        ("2.1.1", row, column) for row in ("01", "02", "09", "10") for column in ("3", "4")
    }
    assert "<!-- черновая разметка -->" in answer.text
    assert "<!-- не для сдачи: на дату 01.10.2026, форма сдаётся на 20.09.2026 -->" in answer.text
    connection = await reporting.service.database.connect()
    audited = await connection.fetch("SELECT action, role, cardinality(subjects) FROM audit")
    await connection.close()
    assert [tuple(row) for row in audited] == [("report.exported", "organization_admin", 1)]
