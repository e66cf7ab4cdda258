"""Federal forms handed in: each organization's, the municipality's made of them, the region's made of that."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from demodata.journey import contingent, forms
from demodata.journey.contingent import Counted
from demodata.journey.errors import ApiError, JourneyError
from demodata.journey.forms import FORMS, Form
from demodata.journey.sessions import Account
from demodata.journey.world import World

_PRECONDITION_FAILED = 412
_SUBMISSIONS = "/api/reporting/v1/submissions"
_FORMATS = {"xlsx": b"PK", "pdf": b"%PDF", "csv": b"\xef\xbb\xbf", "xml": b"<?xml"}
"""Formats a report goes out in, and what their files begin with."""
_EXPLAINED = "Учебные данные: сведения, которые вносятся вручную, не заполнены"


async def hand_in(world: World) -> dict[str, dict[str, Any]]:
    """Both forms from the organizations up to the region; what came out, by form.

    Raises ``JourneyError`` where a form fails an error's control, or states another number of children than the services count
    for its day, or a consolidated one another than those it is made of together.
    """
    found: dict[str, dict[str, Any]] = {}
    for kind, form in FORMS.items():
        reporting = [one for one in world.organizations if one["kind"] == kind]
        found[form.code] = await _Form(world, form, reporting).through()
    return found


class _Form:
    """One form of the region's organizations, on its way up."""

    def __init__(self, world: World, form: Form, organizations: list[dict[str, Any]]) -> None:
        self._world, self._form, self._organizations = world, form, organizations
        self._day: date = form.snapshot(world.region["academic_year"])
        self._folder: Path = world.out / "forms"

    async def through(self) -> dict[str, Any]:
        world, form, oktmo = self._world, self._form, self._world.municipality["oktmo"]
        counted = await contingent.count(world, self._day)
        expected = sum(counted[one["key"]].core for one in self._organizations)
        title = f"Форма {form.name} на {self._day:%d.%m.%Y}: от организаций до региона"
        with world.steps.step(f"handed_in_{form.code}", title, len(self._organizations)) as step:
            reports: dict[str, dict[str, Any]] = {}

            async def of_organization(organization: dict[str, Any]) -> None:
                key = organization["key"]
                reports[key] = await self._of_organization(key, counted[key])
                step.advance()

            await world.api.each(self._organizations, of_organization)
            operator, ministry = world.operator, world.people["region-admin"]
            of_municipality = await self._consolidated({"municipality": oktmo}, operator, expected, above=ministry)
            of_region = await self._consolidated({}, ministry, expected)
            shown = self._organizations[0]["key"]
            files = [
                *await self._export(reports[shown], world.admin(shown), shown),
                *await self._export(of_municipality, operator, oktmo),
                *await self._export(of_region, ministry, "region"),
            ]
            step.note = f"детей {expected}, файлов {len(files)}"
        self._look(reports[shown], of_region, shown)
        return {
            "name": form.name,
            "as_of": self._day.isoformat(),
            "organizations": len(reports),
            "total": expected,
            "files": [str(file) for file in files],
        }

    async def _of_organization(self, key: str, counted: Counted) -> dict[str, Any]:
        """The administrator builds and checks it, the head approves it, the municipality takes it."""
        world, admin, head = self._world, self._world.admin(key), self._world.head(key)
        unit = {"organization_id": world.organization_ids[key]}
        report = await forms.build(world, admin, self._form, unit, self._day)
        ways = {counted.core, counted.journal, counted.reporting, self._form.total(report)}
        if len(ways) > 1:
            raise JourneyError(f"{key}: {self._form.name} на {self._day}: форма {self._form.total(report)}, {counted}")
        await self._through_steps(report, prepared_by=admin, approved_by=head, taken_by=world.operator)
        return report

    async def _consolidated(
        self, unit: Mapping[str, str], by: Account, expected: int, above: Account | None = None
    ) -> dict[str, Any]:
        """A form made of those taken from below, approved; taken by whoever is above."""
        body = {"form": self._form.code, "as_of": self._day.isoformat(), **unit}
        made = await self._world.api.post("/api/reporting/v1/consolidations", by, body)
        report = await forms.read(self._world, by, made["report_id"])
        if self._form.total(report) != expected:
            raise JourneyError(f"Свод {self._form.name}: {self._form.total(report)} вместо {expected}")
        await self._through_steps(report, prepared_by=by, approved_by=by, taken_by=above)
        return report

    async def _through_steps(
        self, report: Mapping[str, Any], *, prepared_by: Account, approved_by: Account, taken_by: Account | None
    ) -> None:
        failing = [one for one in report["controls"] if not one["ok"]]
        if errors := [f"{one['id']}: {one['message']}" for one in failing if one["level"] == "error"]:
            raise JourneyError(f"{self._form.name}, {report['unit_name']}: {'; '.join(errors)}")
        explained = {"explanations": {one["id"]: _EXPLAINED for one in failing}}
        submission = await self._world.api.post(_SUBMISSIONS, prepared_by, {"report_id": report["id"]})
        submission = await self._step(submission, "check", "checked", prepared_by, explained)
        submission = await self._step(submission, "approval", "approved", approved_by)
        if taken_by is not None:
            await self._step(submission, "acceptance", "taken", taken_by)

    async def _step(
        self, submission: Mapping[str, Any], step: str, state: str, by: Account, body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Lead a submission on; it as it stands then. Sent again after a lost answer, it stands there already."""
        path, headers = f"{_SUBMISSIONS}/{submission['id']}", {"If-Match": f'"{submission["version"]}"'}
        try:
            answer = await self._world.api.call("POST", f"{path}/{step}", by, json=body, headers=headers)
            found: dict[str, Any] = answer.json()
        except ApiError as error:
            found = await self._world.api.get(path, by)
            if error.status != _PRECONDITION_FAILED or found["state"] != state:
                raise
        return found

    async def _export(self, report: Mapping[str, Any], by: Account, name: str) -> list[Path]:
        """Files of a report in every format."""
        files: list[Path] = []
        self._folder.mkdir(parents=True, exist_ok=True)
        for ending, beginning in _FORMATS.items():
            path = f"/api/reporting/v1/reports/{report['id']}/{ending}"
            response = await self._world.api.call("GET", path, by)
            file = self._folder / f"{self._form.code}-{name}.{ending}"
            if not response.content.startswith(beginning):
                raise JourneyError(f"{file.name}: пришло не то, что просили")
            file.write_bytes(response.content)
            files.append(file)
        return files

    def _look(self, report: Mapping[str, Any], of_region: Mapping[str, Any], key: str) -> None:
        look: Callable[..., None] = self._world.look
        cell = {"section": self._form.section, "row": self._form.row, "column": self._form.column}
        members = f"/api/reporting/v1/reports/{report['id']}/members"
        look(f"Организация: кого считает ячейка {self._form.name}", self._world.admin(key).login, members, **cell)
        path = f"/api/reporting/v1/reports/{of_region['id']}"
        look(f"Регион: свод {self._form.name}", "region-admin", path)
