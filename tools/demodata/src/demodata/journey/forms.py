"""Federal forms: built for every organization, and the number of children each of them states."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from demodata.journey.contingent import Counted
from demodata.journey.sessions import Account
from demodata.journey.world import World


@dataclass(frozen=True)
class Form:
    """A form, the day of the year it is handed in as of, and the cell that holds the number of children."""

    code: str
    name: str
    month: int
    day: int
    section: str
    row: str
    column: str

    def snapshot(self, academic_year: int) -> date:
        """The form's day in the calendar year in which a school year begins."""
        return date(academic_year, self.month, self.day)

    def total(self, report: Mapping[str, Any]) -> int:
        """The number of children a built form states."""
        section = next(section for section in report["sections"] if section["code"] == self.section)
        row = next(row for row in section["rows"] if row["code"] == self.row)
        return int(row["cells"][self.column] or 0)


FORMS = {
    "preschool": Form("85-k", "85-К", 12, 31, "7", "701", "3"),
    "school": Form("oo-1", "ОО-1", 9, 20, "2.5", "01", "3"),
}


async def count_by_forms(world: World, counted: Mapping[str, Counted], moment: str) -> dict[str, Counted]:
    """Build every organization's form, as it does itself, and add its total to what the services counted."""
    result: dict[str, Counted] = {}
    with world.steps.step(f"forms_{moment}", "Формы 85-К и ОО-1 по организациям", len(counted)) as step:

        async def build_one(organization: dict[str, Any]) -> None:
            key, form = organization["key"], FORMS[organization["kind"]]
            unit = {"organization_id": world.organization_ids[key]}
            report = await build(world, world.admin(key), form, unit, world.as_of)
            result[key] = replace(counted[key], form=form.total(report))
            step.advance()

        await world.api.each(world.organizations, build_one)
    return {key: result[key] for key in counted}


async def build(world: World, by: Account, form: Form, unit: Mapping[str, str], as_of: date) -> dict[str, Any]:
    """A built report."""
    body = {"form": form.code, "as_of": as_of.isoformat(), **unit}
    run = await world.api.post("/api/reporting/v1/reports", by, body)
    result = await world.api.finish("reporting", run, by)
    return await read(world, by, result["report_id"])


async def read(world: World, by: Account, report_id: str) -> dict[str, Any]:
    """A report as the service tells it."""
    report: dict[str, Any] = await world.api.get(f"/api/reporting/v1/reports/{report_id}", by)
    return report
