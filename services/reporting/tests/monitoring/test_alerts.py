"""Alerts open beyond a threshold, are answered by whom they are about, and close within it."""

from datetime import date, timedelta
from typing import Any

from asu_contracts.access import Role
from asu_contracts.core import OrganizationKind

from ..factories import KRASNODAR, SOCHI, Region, Reporting
from .counting import NOVEMBER, count, read, retell


async def test_an_alert_lives_from_crossing_to_return(reporting: Reporting, region: Region) -> None:
    school, other = (region.organization(OrganizationKind.SCHOOL, place) for place in (KRASNODAR, SOCHI))
    groups = [region.group(one, 5) for one in (school, other)]
    absent = region.lesson(groups[0], date(2026, 10, 7), learners=20, absent=5)
    await reporting.tell(
        school, other, *groups, absent, region.lesson(groups[1], date(2026, 10, 7), learners=200, absent=1)
    )
    await count(reporting)
    head = reporting.headers(Role.HEAD, municipality=KRASNODAR, organization_id=school.organization_id)
    (opened,) = (await read(reporting, "/quality-alerts", head, indicator="absence"))["items"]
    assert (opened["short_name"], opened["value"], opened["period"], opened["closed_at"]) == (
        "Организация", 25.0, "2026-10", None,
    )  # fmt: skip
    operator = reporting.headers(Role.MUNICIPALITY_OPERATOR, municipality=KRASNODAR)
    shown = (await read(reporting, "/quality-alerts", operator, indicator="absence"))["items"]
    assert {one["organization_id"] for one in shown} == {str(school.organization_id), None}

    answered = await answer(reporting, opened, head, "Карантин в двух классах")
    assert answered.status_code == 200, answered.text
    assert [one["kind"] for one in answered.json()["steps"]] == ["opened", "acknowledged"]
    assert (await answer(reporting, opened, head, "Ещё раз")).status_code == 412
    assert (await answer(reporting, answered.json(), operator, "За школу")).status_code == 403

    await retell(reporting, absent.model_copy(update={"absent": 4}))
    await count(reporting)
    await retell(reporting, absent.model_copy(update={"absent": 1}), version=3)
    await count(reporting)
    assert (await read(reporting, "/quality-alerts", head, indicator="absence"))["items"] == []
    (closed,) = (await read(reporting, "/quality-alerts", head, indicator="absence", open="false"))["items"]
    history = await read(reporting, f"/quality-alerts/{closed['id']}", head)
    told = [(one["kind"], one["value"], one["high"], one["words"]) for one in history["steps"]]
    assert told == [
        ("opened", 25.0, 10.0, None),
        ("acknowledged", 25.0, None, "Карантин в двух классах"),
        ("changed", 20.0, 10.0, None),
        ("closed", 5.0, 10.0, None),
    ]
    late = await answer(reporting, closed, head, "Поздно")
    assert (late.status_code, late.json()["code"]) == (409, "quality-alert.closed")


async def answer(reporting: Reporting, alert: Any, headers: dict[str, str], words: str) -> Any:
    return await reporting.service.client.post(
        f"/quality-alerts/{alert['id']}/acknowledgement",
        json={"words": words},
        headers={**headers, "If-Match": f'"{alert["version"]}"'},
    )


async def test_only_the_newest_period_is_judged(reporting: Reporting, region: Region) -> None:
    school = region.organization(OrganizationKind.SCHOOL)
    group = region.group(school, 5)
    days = (date(2026, 9, 7), date(2026, 10, 7))
    await reporting.tell(
        school, group, *(region.lesson(group, day, absent=absent) for day, absent in zip(days, (10, 0), strict=True))
    )
    await count(reporting)
    assert (await read(reporting, "/quality-alerts", indicator="absence"))["items"] == []
    await reporting.tell(region.lesson(group, date(2026, 11, 9), absent=10))
    await count(reporting, NOVEMBER + timedelta(days=30))
    found = (await read(reporting, "/quality-alerts", indicator="absence"))["items"]
    assert {one["period"] for one in found} == {"2026-11"}
