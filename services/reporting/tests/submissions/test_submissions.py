"""Forms handed in: organization, municipality, region; nothing with an error leaves, what is consolidated stands."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from asu_contracts.core import OrganizationChanged, OrganizationKind
from servicekit.clock import FixedClock

from ..factories import KRASNODAR, SOCHI, Region, Reporting

DAY = "2026-12-31"
Headers = dict[str, str]


class Chain:
    """Preschools of two municipalities that hand 85-К in."""

    def __init__(self, reporting: Reporting, region: Region) -> None:
        self.reporting = reporting
        self.region = region
        self.ministry = reporting.headers(Role.MINISTRY_OFFICER)

    async def preschool(self, municipality: str = KRASNODAR, children: int = 2) -> OrganizationChanged:
        organization = self.region.organization(OrganizationKind.PRESCHOOL, municipality)
        group = self.region.group(organization)
        await self.reporting.tell(organization, group)
        for _ in range(children):
            child = self.region.id()
            await self.reporting.tell(
                self.region.statistics(date(2022, 5, 5), of=child),
                self.region.movement(child, date(2026, 9, 1), opened=self.region.stay(group)),
            )
        return organization

    def office(self, of: OrganizationChanged, role: Role = Role.HEAD) -> Headers:
        return self.reporting.headers(role, municipality=of.municipality, organization_id=of.organization_id)

    def municipality(self, oktmo: str = KRASNODAR) -> Headers:
        return self.reporting.headers(Role.MUNICIPALITY_OPERATOR, municipality=oktmo)

    async def report(self, of: OrganizationChanged, day: str = DAY) -> str:
        return await self.reporting.build(form="85-k", organization_id=str(of.organization_id), as_of=day)

    async def post(self, path: str, headers: Headers, version: int | None = None, **body: Any) -> Any:
        keys = {**headers, **({} if version is None else {"If-Match": f'"{version}"'})}
        return await self.reporting.service.client.post(path, json=body or None, headers=keys)

    async def put(self, report: str, headers: Headers) -> Any:
        return await self.post("/submissions", headers, report_id=report)

    async def step(self, of: Any, name: str, headers: Headers, **body: Any) -> Any:
        body = body or ({"explanations": {}} if name == "check" else {})
        return await self.post(f"/submissions/{of['id']}/{name}", headers, of["version"], **body)

    async def approved(self, report: str, headers: Headers) -> Any:
        found = (await self.put(report, headers)).json()
        for name in ("check", "approval"):
            answer = await self.step(found, name, headers)
            assert answer.status_code == 200, answer.text
            found = answer.json()
        return found

    async def taken(self, report: str, below: Headers, above: Headers) -> Any:
        answer = await self.step(await self.approved(report, below), "acceptance", above)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def consolidated(self, headers: Headers, **unit: Any) -> str:
        answer = await self.post("/consolidations", headers, form="85-k", as_of=DAY, **unit)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["report_id"])

    async def total(self, report: str) -> int:
        return int((await self.reporting.section(report, "7"))["701"]["3"])


@pytest.fixture
def chain(reporting: Reporting, region: Region) -> Chain:
    return Chain(reporting, region)


def refused(answer: Any, status: int, code: str) -> bool:
    return (answer.status_code, answer.json()["code"]) == (status, code)


async def test_from_organizations_to_the_region(chain: Chain) -> None:
    for oktmo, sizes in ((KRASNODAR, (2, 3)), (SOCHI, (4,))):
        for size in sizes:
            one = await chain.preschool(oktmo, size)
            await chain.taken(await chain.report(one), chain.office(one), chain.municipality(oktmo))
        whole = await chain.consolidated(chain.municipality(oktmo), municipality=oktmo)
        assert await chain.total(whole) == sum(sizes)
        await chain.taken(whole, chain.municipality(oktmo), chain.ministry)
    region = await chain.consolidated(chain.ministry)
    assert await chain.total(region) == 9
    body = (await chain.reporting.get(f"/reports/{region}")).json()
    assert (len(body["parts"]), body["municipality"], body["organization_id"]) == (2, None, None)
    assert (await chain.approved(region, chain.ministry))["state"] == "approved"
    counted = await chain.reporting.build(form="85-k", region=True, as_of=DAY)
    assert await chain.total(counted) == 9, "what was consolidated is what is counted"


async def test_every_step_is_kept(chain: Chain) -> None:
    one = await chain.preschool()
    taken = await chain.taken(await chain.report(one), chain.office(one), chain.municipality())
    returned = (await chain.step(taken, "return", chain.municipality(), remark="Не те дети")).json()
    assert returned["state"] == "returned"
    again = (await chain.put(await chain.report(one), chain.office(one))).json()
    assert (again["id"], again["state"]) == (taken["id"], "draft")
    steps = (await chain.reporting.get(f"/submissions/{taken['id']}")).json()["steps"]
    assert [(one["state"], one["role"], one["remark"]) for one in steps] == [
        ("draft", "head", None), ("checked", "head", None), ("approved", "head", None),
        ("taken", "municipality_operator", None), ("returned", "municipality_operator", "Не те дети"),
        ("draft", "head", None),
    ]  # fmt: skip
    assert steps[-1]["report_id"] != steps[0]["report_id"]


async def wrong(chain: Chain, report: str, headers: Headers, cell: tuple[str, str], value: int) -> str:
    """The report with a cell overridden."""
    body = {"section": "7", "row": cell[0], "column": cell[1], "value": value, "reason": "Так"}
    answer = await chain.post(f"/reports/{report}/corrections", headers, cells=[body])
    return str(answer.json()["id"])


async def test_nothing_with_an_error_leaves(chain: Chain) -> None:
    one = await chain.preschool()
    report = await wrong(chain, await chain.report(one), chain.office(one), ("701", "8"), 5)
    found = (await chain.put(report, chain.office(one))).json()
    answer = await chain.step(found, "check", chain.office(one))
    assert refused(answer, 409, "submission.errors")
    assert answer.json()["controls"] == ["7-1"]
    assert refused(await chain.step(found, "approval", chain.office(one)), 409, "submission.state")


async def test_only_what_is_of_the_forms_day(chain: Chain) -> None:
    one = await chain.preschool()
    early = await chain.report(one, "2026-11-30")
    assert refused(await chain.put(early, chain.office(one)), 422, "submission.another-day")


async def test_each_level_hands_in_its_own(chain: Chain) -> None:
    one, other = await chain.preschool(), await chain.preschool()
    report = await chain.report(one)
    assert refused(await chain.put(report, chain.municipality()), 403, "forbidden")
    assert refused(await chain.put(report, chain.office(other)), 404, "not-found")
    found = await chain.approved(report, chain.office(one))
    assert (await chain.step(found, "acceptance", chain.office(one))).status_code == 403
    assert refused(await chain.step(found, "acceptance", chain.municipality(SOCHI)), 404, "not-found")
    assert (await chain.step(found, "acceptance", chain.ministry)).status_code == 200
    draft = (await chain.put(await chain.report(other), chain.office(other, Role.SECRETARY))).json()
    checked = (await chain.step(draft, "check", chain.office(other, Role.SECRETARY))).json()
    assert (await chain.step(checked, "approval", chain.office(other, Role.SECRETARY))).status_code == 403


async def test_what_is_consolidated_stands_until_the_consolidated_form_is_returned(chain: Chain) -> None:
    one = await chain.preschool()
    taken = await chain.taken(await chain.report(one), chain.office(one), chain.municipality())
    whole = await chain.consolidated(chain.municipality(), municipality=KRASNODAR)
    above = await chain.taken(whole, chain.municipality(), chain.ministry)
    refusal = await chain.step(taken, "return", chain.municipality(), remark="Поздно")
    assert refused(refusal, 409, "submission.consolidated")
    assert (await chain.step(above, "return", chain.ministry, remark="Пересчитать")).status_code == 200
    assert (await chain.step(taken, "return", chain.municipality(), remark="Исправить")).status_code == 200
    nothing = await chain.post("/consolidations", chain.municipality(), form="85-k", as_of=DAY, municipality=KRASNODAR)
    assert refused(nothing, 409, "submission.nothing-taken")


async def test_a_consolidated_form_is_of_what_is_taken_now(chain: Chain) -> None:
    one, municipality = await chain.preschool(), chain.municipality()
    part = await chain.taken(await chain.report(one), chain.office(one), municipality)
    whole = await chain.consolidated(municipality, municipality=KRASNODAR)
    draft = (await chain.put(whole, municipality)).json()
    assert (await chain.step(part, "return", municipality, remark="Исправить")).status_code == 200
    assert refused(await chain.step(draft, "check", municipality), 409, "submission.parts-changed")
    await chain.taken(await chain.report(one), chain.office(one), municipality)
    assert refused(await chain.put(whole, municipality), 409, "submission.parts-changed"), "another stands in its place"
    assert (
        await chain.put(await chain.consolidated(municipality, municipality=KRASNODAR), municipality)
    ).status_code == 201


async def test_a_territory_hands_in_what_it_took_and_not_what_it_counted(chain: Chain) -> None:
    one, municipality = await chain.preschool(), chain.municipality()
    taken = await chain.taken(await chain.report(one), chain.office(one), municipality)
    for headers, unit in ((municipality, {"municipality": KRASNODAR}), (chain.ministry, {"region": True})):
        counted = await chain.reporting.build(headers, form="85-k", as_of=DAY, **unit)
        assert refused(await chain.put(counted, headers), 422, "submission.not-consolidated")
    begun = await chain.reporting.service.fetch("SELECT organization_id FROM submission")
    assert [of for (of,) in begun] == [one.organization_id], "nothing was begun above"
    assert (await chain.step(taken, "return", municipality, remark="Исправить")).status_code == 200


async def test_what_is_no_part_of_the_form_above_is_returned(chain: Chain) -> None:
    one, late, municipality = await chain.preschool(), await chain.preschool(), chain.municipality()
    part = await chain.taken(await chain.report(one), chain.office(one), municipality)
    whole = await chain.consolidated(municipality, municipality=KRASNODAR)
    assert (await chain.approved(whole, municipality))["state"] == "approved"
    other = await chain.taken(await chain.report(late), chain.office(late), municipality)
    assert (await chain.step(other, "return", municipality, remark="Не вошёл в свод")).json()["state"] == "returned"
    assert refused(await chain.step(part, "return", municipality, remark="Вошёл"), 409, "submission.consolidated")
    steps = (await chain.reporting.get(f"/submissions/{part['id']}")).json()["steps"]
    assert steps[-1]["state"] == "taken"


async def test_what_was_known_earlier_is_not_handed_in(chain: Chain) -> None:
    one = await chain.preschool()
    known = {
        "form": "85-k",
        "organization_id": str(one.organization_id),
        "as_of": DAY,
        "known_at": "2026-10-01T00:00:00Z",
    }
    report = await chain.reporting.build(**known)
    assert refused(await chain.put(report, chain.office(one)), 422, "submission.known-at")


async def test_a_step_is_made_once_and_at_its_version(chain: Chain) -> None:
    one = await chain.preschool()
    found = await chain.approved(await chain.report(one), chain.office(one))
    answers = await asyncio.gather(*(chain.step(found, "acceptance", chain.municipality()) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    taken = next(answer.json() for answer in answers if answer.status_code == 200)
    assert refused(await chain.step(taken, "acceptance", chain.municipality()), 409, "submission.state")
    assert refused(await chain.put(await chain.report(one), chain.office(one)), 409, "submission.state")


async def test_of_two_that_begin_at_once_one_submission_comes(chain: Chain) -> None:
    one = await chain.preschool()
    reports = [await chain.report(one) for _ in range(3)]
    answers = await asyncio.gather(*(chain.put(report, chain.office(one)) for report in reports))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1


async def test_who_is_late(chain: Chain) -> None:
    names: dict[str, UUID] = {}
    for name in ("approved", "begun", "idle"):
        one = await chain.preschool()
        names[name] = one.organization_id
        if name != "idle":
            report = await chain.report(one)
            await (chain.approved if name == "approved" else chain.put)(report, chain.office(one))
    await chain.preschool(SOCHI)
    query = {"form": "85-k", "as_of": DAY}
    for today, late in (
        (datetime(2027, 1, 24, 20, tzinfo=UTC), set()),
        (datetime(2027, 1, 25, tzinfo=UTC), {"begun", "idle"}),
    ):
        chain.reporting.service.runtime.clock = FixedClock(today)
        board = (await chain.reporting.get("/submissions", chain.municipality(), **query)).json()["items"]
        assert {one["organization_id"]: (one["state"], one["late"]) for one in board} == {
            str(names[name]): (state, name in late)
            for name, state in (("approved", "approved"), ("begun", "draft"), ("idle", None))
        }
        totals = (await chain.reporting.get("/submission-totals", chain.municipality(), **query)).json()
        assert (totals["counts"], totals["late"]) == ({"approved": 1, "draft": 1, "none": 1}, len(late))
        assert totals["closes"] == "2027-01-24"
    idle = (await chain.reporting.get("/submissions", chain.municipality(), **query, state="none")).json()["items"]
    assert [one["organization_id"] for one in idle] == [str(names["idle"])]


async def test_warnings_need_an_explanation(chain: Chain) -> None:
    one = await chain.preschool()
    report = await chain.report(one)
    await chain.reporting.service.fetch(
        """UPDATE report SET controls = '[{"id": "7-9", "level": "warning", "ok": false, "title": "", "message": ""}]'"""
    )
    found = (await chain.put(report, chain.office(one))).json()
    answer = await chain.step(found, "check", chain.office(one))
    assert refused(answer, 409, "submission.unexplained")
    assert answer.json()["controls"] == ["7-9"]
    explained = await chain.step(
        found, "check", chain.office(one), explanations={"7-9": "Двое выбыли", "7-1": "Лишнее"}
    )
    assert explained.json()["state"] == "checked"
    steps = (await chain.reporting.get(f"/submissions/{found['id']}")).json()["steps"]
    assert steps[-1]["explanations"] == {"7-9": "Двое выбыли"}


async def test_the_region_is_built_on_its_level_alone(chain: Chain) -> None:
    for headers in (chain.municipality(), chain.office(await chain.preschool())):
        answer = await chain.reporting.order(headers, form="85-k", region=True, as_of=DAY)
        assert answer.status_code == 403
    both = await chain.reporting.order(None, form="85-k", region=True, municipality=KRASNODAR, as_of=DAY)
    assert refused(both, 422, "report.unit")


async def test_what_was_written_into_the_report_that_was_handed_in_is_carried_over(chain: Chain) -> None:
    one = await chain.preschool()
    office, unit = chain.office(one), {"form": "85-k", "organization_id": str(one.organization_id)}

    async def written(report: str, value: int) -> str:
        cells = [{"section": "7", "row": "703", "column": column, "value": value} for column in ("3", "8")]
        return str((await chain.post(f"/reports/{report}/corrections", office, cells=cells)).json()["id"])

    async def carried() -> int | None:
        later = await chain.reporting.build(office, as_of=DAY, **unit)
        value: int | None = (await chain.reporting.section(later, "7", office))["703"]["8"]
        return value

    handed_in = await written(await chain.report(one), 1)
    await written(await chain.report(one), 2)
    await written(await chain.reporting.build(office, as_of=DAY, known_at="2027-01-10T00:00:00Z", **unit), 3)
    assert await carried() == 2
    await chain.approved(handed_in, office)
    assert await carried() == 1
