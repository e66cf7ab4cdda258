"""Child-days of 85-К: counted of the closed months of the year, each cell opens to them."""

from datetime import date
from typing import Any

from asu_contracts.access import Role
from asu_contracts.core import OrganizationChanged, OrganizationKind
from servicekit.testing import received

from ..factories import KRASNODAR, Region, Reporting

DAY = "2026-12-31"


async def a_preschool(reporting: Reporting, region: Region) -> OrganizationChanged:
    """Three groups, one of children under three and one of all ages; a month of last year, two of this one."""
    preschool = region.organization(OrganizationKind.PRESCHOOL)
    ages = ((1, 2), (3, 4), (None, None))
    groups = [
        region.group(preschool).model_copy(update={"age_from": since, "age_to": until, "starts_on": date(2026, 9, 7)})
        for since, until in ages
    ]
    await reporting.tell(preschool, *groups)
    little, older, mixed = groups
    await reporting.tell(
        region.month(older, date(2025, 12, 1), attended=999),
        region.month(little, working_days=21, attended=100, missed_illness=10, missed_other=4),
        region.month(older, working_days=22, attended=200, missed_illness=20, missed_other=5),
        region.month(mixed, working_days=22, attended=50, missed_illness=1, missed_other=0),
        region.month(older, date(2026, 10, 1), working_days=20, attended=180, missed_illness=30, missed_other=6),
        region.month(older, date(2027, 1, 1), attended=999),
    )
    return preschool


def office(reporting: Reporting, preschool: OrganizationChanged) -> dict[str, str]:
    return reporting.headers(Role.HEAD, municipality=KRASNODAR, organization_id=preschool.organization_id)


async def opened(reporting: Reporting, report: str, row: str, column: str, headers: Any) -> list[dict[str, Any]]:
    cell = {"section": "8", "row": row, "column": column}
    answer = await reporting.get(f"/reports/{report}/members", headers, **cell)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_child_days_are_those_of_the_years_closed_months(reporting: Reporting, region: Region) -> None:
    preschool = await a_preschool(reporting, region)
    report = await reporting.build(form="85-k", organization_id=str(preschool.organization_id), as_of=DAY)
    rows = await reporting.section(report, "8")
    assert {code: list(cells.values()) for code, cells in rows.items()} == {
        "801": [530, 380], "802": [76, 61], "803": [61, 50], "804": [15, 11], "805": [42, None],
    }  # fmt: skip
    whole = await reporting.build(form="85-k", municipality=KRASNODAR, as_of=DAY)
    assert await reporting.section(whole, "8") == rows
    september = await reporting.build(form="85-k", organization_id=str(preschool.organization_id), as_of="2026-09-30")
    assert (await reporting.section(september, "8", office(reporting, preschool)))["801"] == {"3": 350, "4": 200}


async def test_a_sum_opens_to_the_months_it_adds_and_these_to_what_was_told(
    reporting: Reporting, region: Region
) -> None:
    preschool = await a_preschool(reporting, region)
    headers = office(reporting, preschool)
    report = await reporting.build(form="85-k", organization_id=str(preschool.organization_id), as_of=DAY)
    cells = await reporting.section(report, "8")
    for row, field in (("801", "attended"), ("803", "missed_illness"), ("804", "missed_other")):
        for column in ("3", "4"):
            found = await opened(reporting, report, row, column, headers)
            assert sum(one["fields"][field] for one in found) == cells[row][column]
    days = await opened(reporting, report, "805", "3", headers)
    assert sorted(one["fields"]["working_days"] for one in days) == [20, 22]
    path = f"/reports/{report}/members/{days[0]['id']}/events"
    events = (await reporting.get(path, headers)).json()["items"]
    told = [one["payload"] for one in events if one["type"] == "journal.daycare-month.counted.v1"]
    assert [(one["daycare_month_id"], one["group_id"]) for one in told] == [(days[0]["id"], days[0]["group_id"])]


async def test_a_month_told_again_is_counted_anew_and_not_as_it_was_known(reporting: Reporting, region: Region) -> None:
    preschool = region.organization(OrganizationKind.PRESCHOOL)
    group = region.group(preschool)
    await reporting.tell(preschool, group)
    month = region.month(group, attended=100)
    await reporting.tell(month)
    before = await reporting.build(form="85-k", organization_id=str(preschool.organization_id), as_of=DAY)
    await reporting.deliver([received(month.model_copy(update={"attended": 90}), version=2)])
    after = await reporting.build(form="85-k", organization_id=str(preschool.organization_id), as_of=DAY)
    assert [(await reporting.section(one, "8"))["801"]["3"] for one in (before, after)] == [100, 90]
    changed = (await reporting.get(f"/reports/{after}/difference", None, **{"with": before})).json()["cells"]
    assert [(one["row"], one["column"], one["came"], one["went"]) for one in changed] == [("801", "3", 0, 0)]
