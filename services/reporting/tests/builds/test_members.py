"""A cell opens to exactly its members, and each of them to the events that put it there."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from asu_contracts.access import Role
from asu_contracts.core import ClassType, OrganizationChanged, OrganizationKind
from asu_contracts.people import Sex
from reporting.forms.service import catalog
from servicekit.testing import received

from ..factories import KRASNODAR, Region, Reporting

SEPTEMBER = date(2026, 9, 1)


async def opened(
    reporting: Reporting, report: str, address: tuple[str, str, str], headers: dict[str, str] | None = None
) -> list[Any]:
    """All pages of a cell."""
    found: list[Any] = []
    params: dict[str, Any] = dict(zip(("section", "row", "column"), address, strict=True), limit=3)
    while True:
        page = await reporting.get(f"/reports/{report}/members", headers, **params)
        assert page.status_code == 200, page.text
        found += page.json()["items"]
        if page.json()["next"] is None:
            return found
        params["after"] = page.json()["next"]


@given(data=st.data())
@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_as_many_members_as_the_cell_says(reporting: Reporting, data: st.DataObject) -> None:
    region = Region(data.draw(st.integers(0, 10**6)))
    kind = data.draw(st.sampled_from([OrganizationKind.SCHOOL, OrganizationKind.PRESCHOOL]))
    organization = region.organization(kind)
    school = kind is OrganizationKind.SCHOOL
    groups = [region.group(organization, number if school else None) for number in (1, 1, 2)]
    if school:
        groups = [one.model_copy(update={"class_type": data.draw(st.sampled_from(list(ClassType)))}) for one in groups]
    await reporting.tell(organization, *groups)
    for _ in range(data.draw(st.integers(0, 8))):
        child = region.id()
        born = data.draw(st.sampled_from([date(2019, 12, 31), date(2020, 1, 1), date(2026, 5, 1)]))
        citizenship = data.draw(st.sampled_from(["643", "112", "000"]))
        stay = region.stay(data.draw(st.sampled_from(groups)))
        await reporting.tell(
            region.statistics(born, data.draw(st.sampled_from(list(Sex))), citizenship, of=child),
            region.movement(child, SEPTEMBER + timedelta(days=data.draw(st.integers(0, 150))), opened=stay),
        )
    form, day = ("oo-1", "2026-09-20") if school else ("85-k", "2026-12-31")
    report = await reporting.build(form=form, organization_id=str(organization.organization_id), as_of=day)
    await reporting.tell(  # what comes afterwards changes nothing of it
        region.movement(region.id(), SEPTEMBER, opened=region.stay(groups[0]))
    )
    body = (await reporting.get(f"/reports/{report}")).json()
    office = reporting.headers(Role.HEAD, municipality=KRASNODAR, organization_id=organization.organization_id)
    edition = next(one for one in catalog() if one.form == form)
    summed = {
        (section.code, *cell) for section in edition.sections for cell, tally in section.tallies.items() if tally.field
    }
    for section in body["sections"]:
        derived = {column["code"] for column in section["columns"] if column["derived"]}
        for row in section["rows"]:
            for column, value in row["cells"].items():
                address = (section["code"], row["code"], column)
                if value and not row["derived"] and column not in derived and address not in summed:
                    assert len(await opened(reporting, report, address, office)) == value


async def a_report(reporting: Reporting, region: Region) -> tuple[str, Any, OrganizationChanged]:
    school = region.organization(OrganizationKind.SCHOOL)
    group, child = region.group(school, 1), region.id()
    stay = region.stay(group)
    moved = region.movement(child, SEPTEMBER, opened=stay)
    statistics = region.statistics(date(2019, 5, 5), of=child)
    await reporting.tell(school, group, moved)
    await reporting.deliver(
        [received(statistics), received(statistics.model_copy(update={"sex": Sex.FEMALE}), version=2)]
    )
    report = await reporting.build(form="oo-1", organization_id=str(school.organization_id), as_of="2026-09-20")
    (member,) = await opened(reporting, report, ("2.1.1", "02", "3"), reporting.head_of(school.organization_id))
    assert member["statistical_id"] == str(child)
    return report, (member, moved, stay), school


async def test_a_member_opens_to_its_events(reporting: Reporting, region: Region) -> None:
    report, (member, moved, stay), _ = await a_report(reporting, region)
    await reporting.tell(region.movement(moved.statistical_id, date(2026, 9, 10), closed=stay))
    path = f"/reports/{report}/members/{member['placement_id']}/events"
    events = (await reporting.get(path)).json()["items"]
    assert sorted(one["type"] for one in events) == [
        "core.group.changed.v1", "core.movement.recorded.v1", "core.organization.changed.v1",
        "core.student.statistics-changed.v1", "core.student.statistics-changed.v1",
    ]  # fmt: skip
    assert str(moved.student_id) not in str(events)
    (of_movement,) = (one for one in events if one["type"] == "core.movement.recorded.v1")
    assert of_movement["payload"]["kind"] == "enrolled"
    assert (await reporting.get(f"/reports/{report}/members/{region.id()}/events")).status_code == 404


async def test_health_is_read_by_the_office_alone(reporting: Reporting, region: Region) -> None:
    report, (member, *_), school = await a_report(reporting, region)
    health = {"special_needs", "adapted_programme", "special_needs_until", "disability", "disability_until"}
    path = f"/reports/{report}/members/{member['placement_id']}/events"
    unit: dict[str, Any] = {"municipality": KRASNODAR, "organization_id": school.organization_id}
    for headers, seen in (
        (reporting.headers(Role.ORGANIZATION_ADMIN, **unit), health),
        (reporting.headers(Role.MUNICIPALITY_OPERATOR, municipality=KRASNODAR), set()),
        (reporting.headers(), set()),
    ):
        events = (await reporting.get(path, headers)).json()["items"]
        told = [one["payload"] for one in events if one["type"] == "core.student.statistics-changed.v1"]
        assert [health & one.keys() for one in told] == [seen, seen]
        assert all("birth_date" in one for one in told)


async def test_who_is_not_of_the_unit_opens_nothing(reporting: Reporting, region: Region) -> None:
    report, (member, *_), school = await a_report(reporting, region)
    own = reporting.headers(Role.ORGANIZATION_ADMIN, municipality=KRASNODAR, organization_id=school.organization_id)
    other = reporting.headers(Role.ORGANIZATION_ADMIN, municipality=KRASNODAR, organization_id=region.id())
    cell = {"section": "2.1.1", "row": "02", "column": "3"}
    for headers, status in ((own, 200), (other, 404)):
        assert (await reporting.get(f"/reports/{report}/members", headers, **cell)).status_code == status
        path = f"/reports/{report}/members/{member['placement_id']}/events"
        assert (await reporting.get(path, headers)).status_code == status


async def test_the_report_of_a_municipality_opens_in_those_of_its_organizations(
    reporting: Reporting, region: Region
) -> None:
    await a_report(reporting, region)
    whole = await reporting.build(form="oo-1", municipality=KRASNODAR, as_of="2026-09-20")
    answer = await reporting.get(f"/reports/{whole}/members", None, section="2.1.1", row="02", column="3")
    assert (answer.status_code, answer.json()["code"]) == (422, "report.members-of-organization")


@pytest.mark.parametrize("cell", [("2.1.1", "99", "3"), ("2.1.1", "02", "99"), ("9", "02", "3")])
async def test_a_cell_that_is_not_there(reporting: Reporting, region: Region, cell: tuple[str, str, str]) -> None:
    report, *_ = await a_report(reporting, region)
    answer = await reporting.get(f"/reports/{report}/members", None, section=cell[0], row=cell[1], column=cell[2])
    assert (answer.status_code, answer.json()["code"]) == (422, "report.cell-not-counted")
