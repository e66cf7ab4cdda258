"""What a territory writes by hand into a form put together is written once."""

from datetime import date
from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from asu_contracts.core import OrganizationKind
from reporting.builds import consolidating, service
from reporting.units.service import ReportUnit

from ..factories import KRASNODAR, Region, Reporting

DAY = date(2026, 9, 20)


async def test_a_form_put_together_anew_has_what_the_territory_wrote(reporting: Reporting, region: Region) -> None:
    school = region.organization(OrganizationKind.SCHOOL)
    await reporting.tell(school)
    part = await reporting.build(form="oo-1", as_of=str(DAY), organization_id=str(school.organization_id))
    operator = reporting.headers(Role.MUNICIPALITY_OPERATOR, municipality=KRASNODAR)

    async def put_together() -> str:
        async with reporting.service.runtime.uow() as uow:
            unit, form = ReportUnit(None, KRASNODAR, "Краснодар"), service.edition("oo-1", DAY)
            return str(await consolidating.consolidate(uow, form, DAY, unit, [UUID(part)], "оператор"))

    async def values(report: str) -> list[Any]:
        section = await reporting.section(report, "1.1", operator)
        return [section[row]["3"] for row in ("01", "03")]

    cells = [
        {"section": "1.1", "row": "01", "column": "3", "value": 1},
        {"section": "1.1", "row": "03", "column": "3", "value": 7, "reason": "Филиал не сдал"},
    ]
    path = f"/reports/{await put_together()}/corrections"
    written = await reporting.service.client.post(path, json={"cells": cells}, headers=operator)
    assert written.status_code == 201, written.text
    assert await values(written.json()["id"]) == [1, 7]
    assert await values(await put_together()) == [1, None], "branches are a sum of those below"
