"""Writes a region to a folder: ``region.json``, ``class-lists/``, ``applications/``.

Everything is drawn catchment by catchment from generators seeded by the run's seed and the catchment's name, so memory
does not grow with the region and a file depends on nothing but (size, seed, as_of).
"""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from random import Random
from typing import Any

from demodata import classlists
from demodata.applications import RULES, ApplicationWriter, campaign_key
from demodata.dates import Calendar
from demodata.families import Catchment, Serials
from demodata.plan import Organization, plan_organizations
from demodata.sizes import Municipality, Size, municipalities, share
from demodata.staff import staff_of
from demodata.studyyear import StudyYear


class ListFormat(StrEnum):
    """File format of class lists."""

    XLSX = "xlsx"
    CSV = "csv"


_WRITERS = {ListFormat.XLSX: classlists.write_xlsx, ListFormat.CSV: classlists.write_csv}


@dataclass
class RegionWriter:
    """One run of the generator. After ``write`` the counters tell what was written.

    ``applications`` counts different ones, ``sendings`` every line of the files, repeated ones included.
    """

    size: Size
    seed: int
    as_of: date
    out: Path
    list_format: ListFormat
    organizations: list[Organization] = field(default_factory=list)
    students: int = 0
    applications: int = 0
    sendings: int = 0

    def __post_init__(self) -> None:
        self._calendar = Calendar(self.as_of)
        self._places = municipalities(self.size)
        self._serials = Serials()
        self._staff: list[dict[str, Any]] = []
        self._lists = self.out / "class-lists"
        self._applications = self.out / "applications"

    def write(self, progress: Callable[[int], None] = lambda _done: None) -> None:
        """Write the files, replacing earlier ones; ``progress`` gets the number of finished organizations."""
        for folder in (self._lists, self._applications):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        for place in self._places:
            planned = plan_organizations(place, self._stream(place.oktmo, "plan"))
            demo = place is self._places[0]
            self._staff += staff_of(place, planned, demo=demo, rng=self._stream(place.oktmo, "staff"))
            with (self._applications / f"{place.oktmo}.jsonl").open("w", encoding="utf-8") as file:
                for bodies in self._catchments(place, planned):
                    for body in bodies:
                        file.write(json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n")
                        self.sendings += 1
            self.organizations += planned
            progress(len(self.organizations))
            self.applications += place.applications
        with (self.out / "region.json").open("w", encoding="utf-8") as file:
            json.dump(self._region(), file, ensure_ascii=False, indent=1)

    @property
    def organizations_planned(self) -> int:
        """How many organizations the region will have."""
        return sum(place.schools + place.preschools for place in self._places)

    def _stream(self, *name: str) -> Random:
        return Random(":".join((str(self.seed), *name)))  # noqa: S311 - reproducible fiction, no secret

    def _catchments(self, place: Municipality, planned: list[Organization]) -> Iterator[Iterator[dict[str, Any]]]:
        """Write the class lists catchment by catchment and give the applications of each one's families."""
        preschools = [organization for organization in planned if organization.kind == "preschool"]
        for number, applications in enumerate(share(place.applications, [1.0] * place.schools)):
            rng = self._stream(place.oktmo, f"catchment-{number}")
            near = [organization for organization in planned if organization.catchment == number]
            catchment = Catchment(self._calendar, self._serials, rng)
            rows: dict[str, list[list[classlists.Cell]]] = {organization.key: [] for organization in near}
            for organization, group, pupils in catchment.settle(near):
                rows[organization.key] += classlists.rows(group, pupils)
            for key, lines in rows.items():
                _WRITERS[self.list_format](self._lists / f"{key}.{self.list_format}", lines)
                self.students += len(lines)
            home = [organization for organization in near if organization.kind == "preschool"]
            yield ApplicationWriter(self._calendar, catchment, preschools, home, rng).draw(applications)

    def _region(self) -> dict[str, Any]:
        return {
            "size": self.size,
            "seed": self.seed,
            "as_of": self.as_of.isoformat(),
            "academic_year": self._calendar.academic_year,
            "calendar": StudyYear(self._calendar.academic_year).sets(),
            "lesson_week": self._calendar.lesson_week.isoformat(),
            "class_list_format": self.list_format,
            "totals": {
                "organizations": len(self.organizations),
                "students": self.students,
                "applications": self.applications,
            },
            "municipalities": [{"oktmo": place.oktmo, "name": place.name} for place in self._places],
            "campaigns": [self._campaign(place) for place in self._places],
            "staff": self._staff,
            "organizations": [organization.as_json() for organization in self.organizations],
        }

    def _campaign(self, place: Municipality) -> dict[str, Any]:
        return {
            "key": campaign_key(place.oktmo),
            "municipality": place.oktmo,
            "kind": "preschool",
            "academic_year": self._calendar.academic_year,
            "title": f"Комплектование детских садов: {place.name}",
            "rules": RULES,
            "opens_at": self._calendar.opens_at.isoformat(),
            "closes_at": self._calendar.closes_at.isoformat(),
            "applications": place.applications,
        }
