"""Federal form fragments: built for every organization and for the municipality, their totals, their XLSX."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from demodata.journey.contingent import Counted
from demodata.journey.errors import JourneyError
from demodata.journey.world import World


class Form:
    """A form and the cell that holds the number of children."""

    def __init__(self, code: str, section: str, row: str, column: str) -> None:
        self.code = code
        self._section, self._row, self._column = section, row, column

    def total(self, report: Mapping[str, Any]) -> int:
        """The number of children a built form states."""
        section = next(section for section in report["sections"] if section["code"] == self._section)
        row = next(row for row in section["rows"] if row["code"] == self._row)
        return int(row["cells"][self._column] or 0)


FORMS = {"preschool": Form("85-k", "7", "701", "3"), "school": Form("oo-1", "2.1.1", "02", "3")}


async def count_by_forms(world: World, counted: Mapping[str, Counted], moment: str) -> dict[str, Counted]:
    """Build every organization's form and add its total to what the services counted."""
    result: dict[str, Counted] = {}
    with world.steps.step(f"forms_{moment}", "Формы 85-К и ОО-1 по организациям", len(counted)) as step:

        async def build_one(organization: dict[str, Any]) -> None:
            key, form = organization["key"], FORMS[organization["kind"]]
            report = await build(world, form, {"organization_id": world.organization_ids[key]})
            result[key] = replace(counted[key], form=form.total(report))
            if moment == "after":
                await export(world, report["id"], f"{form.code}-{key}.xlsx")
            step.advance()

        await world.api.each(world.organizations, build_one)
    return {key: result[key] for key in counted}


async def build_for_municipality(world: World) -> dict[str, dict[str, Any]]:
    """Both forms of the municipality: built, checked, exported; totals and failed controls by form."""
    built: dict[str, dict[str, Any]] = {}
    oktmo = world.municipality["oktmo"]
    with world.steps.step("forms_municipality", "Формы 85-К и ОО-1 по муниципалитету", len(FORMS)) as step:
        for form in FORMS.values():
            report = await build(world, form, {"municipality": oktmo})
            file = await export(world, report["id"], f"{form.code}-{oktmo}.xlsx")
            failed = [control["id"] for control in report["controls"] if not control["ok"]]
            built[form.code] = {
                "name": report["name"],
                "total": form.total(report),
                "failed_controls": failed,
                "file": str(file),
            }
            step.advance()
    return built


async def build(world: World, form: Form, unit: Mapping[str, str]) -> dict[str, Any]:
    """A built report with its ``id``."""
    body = {"form": form.code, "as_of": world.as_of.isoformat(), **unit}
    run = await world.api.post("/api/reporting/v1/reports", world.operator, body)
    result = await world.api.finish("reporting", run, world.operator)
    report: dict[str, Any] = await world.api.get(f"/api/reporting/v1/reports/{result['report_id']}", world.operator)
    return {**report, "id": result["report_id"]}


async def export(world: World, report_id: str, name: str) -> Path:
    """Download a report as XLSX."""
    response = await world.api.call("GET", f"/api/reporting/v1/reports/{report_id}/xlsx", world.operator)
    if not response.content.startswith(b"PK"):
        raise JourneyError(f"{name}: вместо XLSX пришло что-то другое")
    path = world.out / "exports" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(response.content)
    return path
