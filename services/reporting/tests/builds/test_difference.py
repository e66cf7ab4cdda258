"""Two reports of a form cell by cell: of two days, two versions, two editions."""

from datetime import date
from typing import Any

import pytest

from asu_contracts.access import Role
from asu_contracts.core import OrganizationChanged, OrganizationKind, SpecialNeeds
from asu_contracts.people import Sex
from reporting.builds import service
from reporting.engine.catalog import Catalog
from reporting.engine.definition import FormDefinition

from ..everything import EVERYTHING
from ..factories import KRASNODAR, Region, Reporting

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


def edition(edition: str, since: str, until: str | None, **section: Any) -> FormDefinition:
    """The form of everything with its first section changed."""
    first, *others = EVERYTHING.model_dump(mode="json", by_alias=True)["sections"]
    valid = {"from": since, "to": until}
    given = EVERYTHING.model_dump(mode="json", by_alias=True) | {"edition": edition, "valid": valid}
    return FormDefinition.model_validate(given | {"sections": [first | section, *others]})


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    narrower = [one.model_dump(mode="json") for one in EVERYTHING.sections[0].rows if one.code != "08"]
    editions = [edition("1", "2024-01-01", "2027-01-01"), edition("2", "2027-01-01", None, rows=narrower)]
    monkeypatch.setattr(service, "catalog", lambda: Catalog(editions))


class School:
    """A school of three: one leaves in September, another comes."""

    def __init__(self, reporting: Reporting, region: Region) -> None:
        self.reporting = reporting
        self.region = region
        self.organization: OrganizationChanged = region.organization(OrganizationKind.SCHOOL)
        self.group = region.group(self.organization, 1)
        unit = {"municipality": KRASNODAR, "organization_id": self.organization.organization_id}
        self.headers = reporting.headers(Role.HEAD, **unit)

    async def open(self) -> None:
        region, group = self.region, self.group
        await self.reporting.tell(self.organization, group)
        for number in range(4):
            child, stay = region.id(), region.stay(group)
            moved = [region.movement(child, SEPTEMBER if number < 3 else date(2026, 9, 10), opened=stay)]
            if number == 0:
                moved.append(region.movement(child, date(2026, 9, 5), closed=stay))
            sex = Sex.FEMALE if number in {1, 2} else Sex.MALE
            needs = SpecialNeeds.SIGHT if number == 0 else None
            await self.reporting.tell(region.statistics(date(2019, 5, 5), sex, of=child, special_needs=needs), *moved)

    async def report(self, day: str) -> str:
        organization_id = str(self.organization.organization_id)
        return await self.reporting.build(self.headers, form="everything", organization_id=organization_id, as_of=day)

    async def difference(self, old: str, new: str, headers: dict[str, str] | None = None) -> Any:
        return await self.reporting.get(f"/reports/{new}/difference", headers or self.headers, **{"with": old})


@pytest.fixture
async def school(reporting: Reporting, region: Region) -> School:
    made = School(reporting, region)
    await made.open()
    return made


def told(answer: Any) -> dict[tuple[str, ...], tuple[Any, ...]]:
    assert answer.status_code == 200, answer.text
    return {
        (one["section"], one["row"], one["column"], *one["keys"]): (
            one["old"], one["new"], one["only"], one["came"], one["went"],
        )
        for one in answer.json()["cells"]
    }  # fmt: skip


async def test_who_came_and_went_between_two_days(school: School) -> None:
    before, later, last = [await school.report(day) for day in ("2026-09-03", "2026-09-07", "2026-10-01")]
    went = told(await school.difference(before, later))
    assert went["1", "01", "5"] == (1, 0, None, 0, 1)
    assert went["1", "01", "3"] == (3, 2, None, None, None), "a total has no members of its own"
    assert ("1", "01", "4") not in went
    assert went["4", "03", "3"] == (3, 2, None, 0, 0), "the group is the same, its size is not"
    assert told(await school.difference(later, last))["1", "01", "5"] == (0, 1, None, 1, 0)
    assert ("1", "01", "5") not in told(await school.difference(before, last)), "as many, though not the same"
    assert told(await school.difference(before, before)) == {}


async def test_what_changed_in_health_is_the_office_s(school: School, reporting: Reporting) -> None:
    before = await school.report("2026-09-20")
    child, stay = school.region.id(), school.region.stay(school.group)
    await reporting.tell(
        school.region.statistics(date(2019, 5, 5), of=child, special_needs=SpecialNeeds.SIGHT),
        school.region.movement(child, SEPTEMBER, opened=stay),
    )
    later = await school.report("2026-09-20")
    body = reporting.headers(Role.MUNICIPALITY_OPERATOR, municipality=KRASNODAR)
    seen = [told(await school.difference(before, later, headers)) for headers in (school.headers, body)]
    assert [one["1", "08", "5"] for one in seen] == [(0, 1, None, 1, 0), (0, 1, None, None, None)]
    assert [one["1", "01", "5"] for one in seen] == [(1, 2, None, 1, 0)] * 2


async def test_versions_differ_in_what_was_written(school: School) -> None:
    report = await school.report("2026-09-03")
    given = {"section": "1", "row": "01", "column": "4", "value": 9, "reason": "Ошибка в карточках"}
    made = await school.reporting.service.client.post(
        f"/reports/{report}/corrections", json={"cells": [given]}, headers=school.headers
    )
    found = told(await school.difference(report, made.json()["id"]))
    assert found.keys() == {("1", "01", "3"), ("1", "01", "4"), ("1", "03", "3"), ("1", "03", "4")}
    assert found["1", "01", "4"] == (2, 9, None, None, None), "nobody is behind what was written by hand"


async def test_editions_say_which_cells_one_of_them_has(school: School) -> None:
    old, new = await school.report("2026-10-01"), await school.report("2027-02-01")
    found = told(await school.difference(old, new))
    assert {address for address, one in found.items() if one[2] == "old"} == {("1", "08", column) for column in "3456"}
    assert all(one[2] in {None, "old"} for one in found.values())
    assert told(await school.difference(new, old))["1", "08", "5"] == (None, 0, "new", None, None)


async def test_both_reports_are_in_the_reader_s_view(school: School, reporting: Reporting, region: Region) -> None:
    other = School(reporting, region)
    await other.open()
    mine, theirs = await school.report("2026-09-20"), await other.report("2026-09-20")
    for old, new in ((mine, theirs), (theirs, mine)):
        assert (await school.difference(old, new)).status_code == 404
    between = told(await school.difference(mine, theirs, reporting.headers()))
    assert all(one[3:] == (None, None) for one in between.values()), "nobody moves between two organizations here"
