"""Cells written by hand: a version of its own, with author, reason and what stood there; carried over to the next report."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from asu_contracts.core import OrganizationChanged, OrganizationKind
from servicekit.ids import new_id

from ..factories import KRASNODAR, Region, Reporting

DAY = "2026-12-31"


async def preschool(reporting: Reporting, region: Region) -> OrganizationChanged:
    """A preschool of three children."""
    organization = region.organization(OrganizationKind.PRESCHOOL)
    group = region.group(organization)
    await reporting.tell(organization, group)
    for _ in range(3):
        child = region.id()
        await reporting.tell(
            region.statistics(date(2022, 5, 5), of=child),
            region.movement(child, date(2026, 9, 1), opened=region.stay(group)),
        )
    return organization


async def a_report(reporting: Reporting, organization: OrganizationChanged, day: str = DAY) -> str:
    return await reporting.build(form="85-k", organization_id=str(organization.organization_id), as_of=day)


def cell(row: str, column: str, value: float | None, reason: str | None = None, section: str = "7") -> dict[str, Any]:
    return {"section": section, "row": row, "column": column, "value": value, "reason": reason}


async def correct(reporting: Reporting, report: str, *cells: dict[str, Any], headers: Any = None) -> Any:
    """Write cells, as the head of the organization whose report it is, if nobody else is named."""
    if headers is None:
        (of,) = await reporting.service.fetch("SELECT organization_id FROM report WHERE id = $1", UUID(report))
        headers = reporting.head_of(of[0])
    return await reporting.service.client.post(f"/reports/{report}/corrections", json={"cells": cells}, headers=headers)


def rows(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["code"]: row["cells"] for section in report["sections"] for row in section["rows"]}


async def test_a_correction_is_a_version_of_its_own(reporting: Reporting, region: Region) -> None:
    organization, account = await preschool(reporting, region), new_id()
    first = await a_report(reporting, organization)
    unit = {"municipality": KRASNODAR, "organization_id": organization.organization_id}
    headers = reporting.headers(Role.HEAD, account_id=account, **unit)
    made = await correct(
        reporting, first, cell("703", "8", 3), cell("703", "3", 3), cell("702", "8", 1, "Пол указан неверно"),
        headers=headers,
    )  # fmt: skip
    assert made.status_code == 201, made.text
    second = made.json()
    assert (second["corrects"], rows(second)["703"]["8"], rows(second)["702"]["8"]) == (first, 3, 1)
    assert [(one["row"], one["old"], one["value"], one["reason"], one["by"]) for one in second["corrections"]] == [
        ("703", None, 3, None, str(account)),
        ("703", None, 3, None, str(account)),
        ("702", 0, 1, "Пол указан неверно", str(account)),
    ]
    before = (await reporting.get(f"/reports/{first}")).json()
    assert (rows(before)["703"]["8"], before["corrections"]) == (None, [])
    total = next(one for one in second["controls"] if one["id"] == "7-1")
    assert not total["ok"], "column 3 of row 702 is no longer the sum"
    third = (await correct(reporting, second["id"], cell("702", "3", 1, "Итог"))).json()
    assert next(one for one in third["controls"] if one["id"] == "7-1")["ok"]
    assert len(third["corrections"]) == 4


async def test_rates_have_parts_and_the_people_beside_them_have_none(reporting: Reporting, region: Region) -> None:
    first = await a_report(reporting, await preschool(reporting, region))
    made = (await correct(reporting, first, cell("1502", "4", 1.5, section="15"))).json()
    columns = next(one["columns"] for one in made["sections"] if one["code"] == "15")
    assert [(one["code"], one["okei"], one["decimals"]) for one in columns] == [
        ("3", None, None), ("4", None, None), ("5", 792, 0), ("6", 792, 0), ("7", 792, 0),
    ]  # fmt: skip
    assert rows(made)["1502"]["4"] == rows(made)["1501"]["4"] == 1.5


async def test_of_two_corrections_at_once_one_stands(reporting: Reporting, region: Region) -> None:
    first = await a_report(reporting, await preschool(reporting, region))
    answers = await asyncio.gather(*(correct(reporting, first, cell("703", "8", value)) for value in (1, 2, 3)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409]
    assert {one.json()["code"] for one in answers if one.status_code == 409} == {"report.corrected-already"}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (cell("799", "3", 1), "report.cell-unknown"),
        (cell("701", "99", 1, "Так"), "report.cell-unknown"),
        (cell("703", "3", 1, section="8"), "report.cell-unknown"),
        (cell("701", "3", 1), "report.reason-missing"),
        (cell("703", "3", 1.5), "report.value-too-precise"),
        (cell("1502", "6", 1.5, section="15"), "report.value-too-precise"),
        (cell("1502", "4", 1.25, section="15"), "report.value-too-precise"),
    ],
)
async def test_what_a_cell_cannot_take(reporting: Reporting, region: Region, wrong: dict[str, Any], code: str) -> None:
    first = await a_report(reporting, await preschool(reporting, region))
    answer = await correct(reporting, first, cell("703", "8", 1), wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "report.correction-invalid")
    assert [(one["pointer"].split("/")[3], one["code"]) for one in answer.json()["errors"]] == [("1", code)]
    assert (await correct(reporting, first, cell("703", "8", 1))).status_code == 201, "nothing was half-written"


@pytest.mark.parametrize("value", [-1, 1e13, "много", [1]])
async def test_what_is_no_value(reporting: Reporting, region: Region, value: Any) -> None:
    first = await a_report(reporting, await preschool(reporting, region))
    assert (await correct(reporting, first, cell("703", "8", value))).status_code == 422


async def test_a_reason_that_no_database_keeps_is_named(reporting: Reporting, region: Region) -> None:
    first = await a_report(reporting, await preschool(reporting, region))
    answer = await correct(reporting, first, cell("702", "8", 1, "Так\0"))
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/body/cells/0/reason"]


async def test_a_cell_named_twice_is_refused(reporting: Reporting, region: Region) -> None:
    first = await a_report(reporting, await preschool(reporting, region))
    answer = await correct(reporting, first, cell("703", "8", 1), cell("703", "8", 2))
    assert [one["code"] for one in answer.json()["errors"]] == ["report.cell-repeated"]


async def test_next_year_has_what_stands_and_not_what_went_by(reporting: Reporting, region: Region) -> None:
    organization = await preschool(reporting, region)
    first = await a_report(reporting, organization)
    area, pupils = cell("1601", "3", 350, section="16"), cell("703", "8", 2)
    assert (await correct(reporting, first, area, pupils, cell("702", "8", 1, "Так"))).status_code == 201
    later = (await reporting.get(f"/reports/{await a_report(reporting, organization, '2027-12-31')}")).json()
    assert rows(later)["1601"]["3"] == 350
    assert rows(later)["703"]["8"] is None, "the pupils of last year's programme are not this year's"
    assert rows(later)["702"]["8"] == 0, "what is counted is counted anew"
    assert [(one["row"], one["reason"]) for one in later["corrections"]] == [
        ("1601", "перенесено из отчёта на 31.12.2026")
    ]
    other = (await reporting.get(f"/reports/{await a_report(reporting, await preschool(reporting, region))}")).json()
    assert other["corrections"] == []


async def test_a_report_of_the_same_year_has_all_that_was_written_by_hand(reporting: Reporting, region: Region) -> None:
    organization = await preschool(reporting, region)
    first = await a_report(reporting, organization, "2026-12-01")
    assert (await correct(reporting, first, cell("703", "8", 2), cell("702", "8", 1, "Так"))).status_code == 201
    again = (await reporting.get(f"/reports/{await a_report(reporting, organization)}")).json()
    assert (rows(again)["703"]["8"], rows(again)["702"]["8"]) == (2, 0)


async def test_a_look_at_a_form_is_no_source_of_the_next(reporting: Reporting, region: Region) -> None:
    """It carried what stood when it was made; what was written since stands in the report that was written into."""
    organization = await preschool(reporting, region)
    head = reporting.head_of(organization.organization_id)
    first = await a_report(reporting, organization)
    assert (await correct(reporting, first, cell("1601", "3", 350, section="16"))).status_code == 201
    look = (await reporting.get(f"/reports/{await a_report(reporting, organization, '2027-06-01')}", head)).json()
    assert rows(look)["1601"]["3"] == 350
    (newest,) = await reporting.service.fetch("SELECT id FROM report WHERE corrects = $1", UUID(first))
    assert (await correct(reporting, str(newest["id"]), cell("1601", "3", 420, section="16"))).status_code == 201
    later = (await reporting.get(f"/reports/{await a_report(reporting, organization, '2027-12-31')}")).json()
    assert [(one["value"], one["reason"]) for one in later["corrections"]] == [
        (420, "перенесено из отчёта на 31.12.2026")
    ]


async def test_members_of_a_corrected_report_are_those_that_were_counted(reporting: Reporting, region: Region) -> None:
    first = await a_report(reporting, await preschool(reporting, region))
    second = (await correct(reporting, first, cell("702", "8", 1, "Так"))).json()["id"]
    address = {"section": "7", "row": "701", "column": "3"}
    counted = await reporting.get(f"/reports/{second}/members", None, **address)
    assert len(counted.json()["items"]) == 3
    overridden = await reporting.get(f"/reports/{second}/members", None, section="7", row="702", column="8")
    assert (overridden.status_code, overridden.json()["code"]) == (422, "report.cell-not-counted")


async def test_another_organization_corrects_nothing(reporting: Reporting, region: Region) -> None:
    first = await a_report(reporting, await preschool(reporting, region))
    stranger = reporting.headers(Role.ORGANIZATION_ADMIN, municipality=KRASNODAR, organization_id=region.id())
    assert (await correct(reporting, first, cell("703", "8", 1), headers=stranger)).status_code == 404


async def test_each_level_writes_its_own_report(reporting: Reporting, region: Region) -> None:
    """Who stands above returns a report with remarks, and writes into none but its own."""
    organization = await preschool(reporting, region)
    operator = reporting.headers(Role.MUNICIPALITY_OPERATOR, municipality=KRASNODAR)
    ministry = reporting.headers(Role.MINISTRY_OFFICER)
    own = await a_report(reporting, organization)
    whole = await reporting.build(operator, form="85-k", municipality=KRASNODAR, as_of=DAY)
    for report, headers in ((own, operator), (own, ministry), (whole, ministry)):
        answer = await correct(reporting, report, cell("703", "8", 1), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert await reporting.service.fetch("SELECT id FROM report WHERE corrects IS NOT NULL") == []
    assert (await correct(reporting, own, cell("703", "8", 1))).status_code == 201
    assert (await correct(reporting, whole, cell("703", "8", 1), headers=operator)).status_code == 201
