"""A branch (филиал) reports apart from its head: neither has the other's learners, each hands in its own."""

from datetime import date
from typing import Any

import pytest

from asu_contracts.access import Role
from asu_contracts.core import OrganizationChanged, OrganizationKind
from reporting.builds import service
from reporting.engine.catalog import Catalog
from reporting.forms.service import catalog

from ..factories import KRASNODAR, Region, Reporting

DAY = "2026-12-31"


async def preschool(
    reporting: Reporting, region: Region, children: int, head: OrganizationChanged | None = None
) -> OrganizationChanged:
    organization = region.organization(OrganizationKind.PRESCHOOL)
    if head is not None:
        organization = organization.model_copy(update={"parent_id": head.organization_id})
    group = region.group(organization)
    await reporting.tell(organization, group)
    for _ in range(children):
        child = region.id()
        await reporting.tell(
            region.statistics(date(2022, 5, 5), of=child),
            region.movement(child, date(2026, 9, 1), opened=region.stay(group)),
        )
    return organization


def order(of: OrganizationChanged) -> dict[str, Any]:
    return {"form": "85-k", "organization_id": str(of.organization_id), "as_of": DAY}


async def board(reporting: Reporting, **more: Any) -> list[str]:
    answer = await reporting.get("/submissions", None, form="85-k", as_of=DAY, **more)
    return [one["organization_id"] for one in answer.json()["items"]]


async def test_head_and_branch_count_and_hand_in_their_own(reporting: Reporting, region: Region) -> None:
    head = await preschool(reporting, region, children=2)
    branch = await preschool(reporting, region, children=3, head=head)
    handed = {}
    for of, children in ((head, 2), (branch, 3)):
        office = reporting.headers(Role.HEAD, municipality=KRASNODAR, organization_id=of.organization_id)
        report = await reporting.build(office, **order(of))
        assert (await reporting.section(report, "7", office))["701"]["3"] == children
        put = await reporting.service.client.post("/submissions", json={"report_id": report}, headers=office)
        assert put.status_code == 201, put.text
        handed[str(of.organization_id)] = put.json()["id"]
    assert len(set(handed.values())) == 2
    assert sorted(await board(reporting, state="draft")) == sorted(handed)


@pytest.mark.parametrize("unit", ["legal_entity", "branch"])
async def test_a_form_of_one_kind_of_unit_is_no_other_s(
    reporting: Reporting, region: Region, monkeypatch: pytest.MonkeyPatch, unit: str
) -> None:
    head = await preschool(reporting, region, children=1)
    branch = await preschool(reporting, region, children=1, head=head)
    only = Catalog([one.model_copy(update={"unit": (unit,)}) for one in catalog() if one.form == "85-k"])
    monkeypatch.setattr(service, "catalog", lambda: only)
    reports, refused = (head, branch) if unit == "legal_entity" else (branch, head)
    assert await board(reporting) == [str(reports.organization_id)]
    totals = await reporting.get("/submission-totals", None, form="85-k", as_of=DAY)
    assert totals.json()["counts"] == {"none": 1}
    assert (await reporting.order(**order(reports))).status_code == 202
    answer = await reporting.order(**order(refused))
    assert (answer.status_code, answer.json()["code"]) == (422, "report.unit-not-reporting")
