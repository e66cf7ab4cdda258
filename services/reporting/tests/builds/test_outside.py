"""Outside an organization a form that tells of health is had as of its own day alone, as known now, by whatever way."""

from typing import Any

import pytest

from asu_contracts.access import Role
from asu_contracts.core import OrganizationKind

from ..factories import KRASNODAR, Region, Reporting

DAY, OTHER, TO_COME = "2026-12-31", "2026-12-30", "2028-12-31"
KNOWN = {"known_at": "2027-01-01T00:00:00Z"}
Headers = dict[str, str]


class Preschool:
    """A preschool, its head, and the bodies above it."""

    def __init__(self, reporting: Reporting, region: Region) -> None:
        founder = region.id()
        self.reporting = reporting
        self.organization = region.organization(OrganizationKind.PRESCHOOL).model_copy(update={"founder_id": founder})
        self.unit = {"organization_id": str(self.organization.organization_id)}
        self.head = reporting.head_of(self.organization.organization_id)
        self.operator = reporting.headers(Role.MUNICIPALITY_OPERATOR, municipality=KRASNODAR)
        self.bodies = [
            self.operator,
            reporting.headers(Role.DEPARTMENT_OFFICER, founder_id=founder),
            reporting.headers(Role.MINISTRY_OFFICER),
        ]

    async def report(self, day: str, **more: str) -> str:
        return await self.reporting.build(self.head, form="85-k", as_of=day, **self.unit, **more)


@pytest.fixture
async def preschool(reporting: Reporting, region: Region) -> Preschool:
    made = Preschool(reporting, region)
    await reporting.tell(made.organization)
    return made


def refused(answer: Any) -> bool:
    return (answer.status_code, answer.json().get("code")) == (403, "report.health-day")


async def test_a_body_counts_as_of_the_form_s_day_as_known_now(preschool: Preschool) -> None:
    reporting = preschool.reporting
    for body in preschool.bodies:
        for changed in ({"as_of": OTHER}, {"as_of": DAY, **KNOWN}, {"as_of": TO_COME}):
            assert refused(await reporting.order(body, form="85-k", **preschool.unit, **changed))
    for unit in ({"municipality": KRASNODAR}, {"region": True}):
        assert refused(await reporting.order(None, form="85-k", as_of=OTHER, **unit))
        assert refused(await reporting.order(None, form="85-k", as_of=DAY, **unit, **KNOWN))
    assert await reporting.service.fetch("SELECT id FROM run") == []
    for body in preschool.bodies:
        assert (await reporting.order(body, form="85-k", as_of=DAY, **preschool.unit)).status_code == 202
        told = await reporting.order(body, form="oo-2", as_of=OTHER, **preschool.unit)
        assert told.status_code == 202, "this form tells of no health"
    for changed in ({"as_of": OTHER}, {"as_of": DAY, **KNOWN}, {"as_of": TO_COME}):
        own = await reporting.order(preschool.head, form="85-k", **preschool.unit, **changed)
        assert own.status_code == 202, "the office counts its own as of any day"


async def test_what_an_office_counted_as_of_another_day_is_read_by_nobody_above(preschool: Preschool) -> None:
    reporting = preschool.reporting
    due = await preschool.report(DAY)
    for other in [await preschool.report(OTHER), await preschool.report(DAY, **KNOWN), await preschool.report(TO_COME)]:
        ways: list[tuple[str, dict[str, Any]]] = [
            (f"/reports/{other}{path}", {}) for path in ("", "/xlsx", "/pdf", "/csv", "/xml", "/to-sign", "/signatures")
        ]
        ways += [
            (f"/reports/{other}/members", {"section": "7", "row": "701", "column": "3"}),
            (f"/reports/{other}/members/{due}/events", {}),
            (f"/reports/{other}/difference", {"with": due}),
            (f"/reports/{due}/difference", {"with": other}),
        ]
        for path, params in ways:
            for body in preschool.bodies:
                assert refused(await reporting.get(path, body, **params)), path
    assert (await reporting.get("/outward-exchanges")).json()["items"] == [], "nothing left"
    for body in preschool.bodies:
        for path in ("", "/xlsx", "/to-sign"):
            assert (await reporting.get(f"/reports/{due}{path}", body)).status_code == 200


async def test_what_an_office_took_out_is_not_made_again_for_a_body(preschool: Preschool) -> None:
    reporting, other = preschool.reporting, await preschool.report(OTHER)
    assert (await reporting.get(f"/reports/{other}/csv", preschool.head)).status_code == 200
    (exchange,) = (await reporting.get("/outward-exchanges", preschool.operator)).json()["items"]
    path = f"/outward-exchanges/{exchange['id']}/replay"
    assert refused(await reporting.service.client.post(path, headers=preschool.operator))
    assert (await reporting.service.client.post(path, headers=preschool.head)).json()["equal"] is True


async def test_an_archive_is_of_the_form_s_day_and_of_what_is_known_now(preschool: Preschool) -> None:
    reporting = preschool.reporting

    async def order(day: str) -> Any:
        body = {"form": "85-k", "as_of": day, "municipality": KRASNODAR, "formats": ["csv"]}
        return await reporting.service.client.post("/bundles", json=body, headers=preschool.operator)

    await preschool.report(OTHER)
    await preschool.report(TO_COME)
    assert refused(await order(OTHER))
    assert refused(await order(TO_COME))
    await preschool.report(DAY, **KNOWN)
    nothing = await order(DAY)
    assert (nothing.status_code, nothing.json()["code"]) == (422, "bundle.nothing"), nothing.text
    due = await preschool.report(DAY)
    await preschool.report(DAY, **KNOWN)
    assert (await order(DAY)).status_code == 202
    assert [str(one) for (one,) in await reporting.service.fetch("SELECT report_id FROM bundle_item")] == [due]


async def test_what_was_built_before_its_day_is_told_once_it_is_handed_in(preschool: Preschool) -> None:
    reporting = preschool.reporting
    early = await preschool.report(TO_COME)
    begun = await reporting.service.client.post("/submissions", json={"report_id": early}, headers=preschool.head)
    assert begun.status_code == 201, begun.text
    for state, told in (("draft", False), ("checked", False), ("approved", True), ("returned", False), ("taken", True)):
        await reporting.service.fetch("UPDATE submission SET state = $1", state)
        for body in preschool.bodies:
            answer = await reporting.get(f"/reports/{early}", body)
            assert answer.status_code == 200 if told else refused(answer), state
