from datetime import UTC, date, datetime, timedelta

import pytest

from asu_contracts.access import Role
from asu_contracts.core import MovementKind, OrganizationKind

from ..factories import KRASNODAR, SOCHI, Region, Reporting

SEPTEMBER = date(2026, 9, 1)


async def test_counts_from_the_day_a_placement_opens_until_the_day_before_it_closes(
    reporting: Reporting, region: Region
) -> None:
    school = region.organization(OrganizationKind.SCHOOL)
    first, second = region.group(school, 1), region.group(school, 2)
    stay, moved = region.stay(first), region.stay(second)
    child = region.id()
    await reporting.tell(
        school,
        region.movement(child, SEPTEMBER, opened=stay),
        region.movement(child, date(2026, 10, 5), closed=stay, opened=moved),
        region.movement(child, date(2026, 11, 1), closed=moved),
    )
    of = str(school.organization_id)
    assert (await reporting.contingent(date(2026, 8, 31)))[of] == 0
    assert (await reporting.contingent(SEPTEMBER))[of] == 1
    assert (await reporting.contingent(date(2026, 10, 5)))[of] == 1
    assert (await reporting.contingent(date(2026, 10, 31)))[of] == 1
    assert (await reporting.contingent(date(2026, 11, 1)))[of] == 0


@pytest.mark.parametrize("kind", [MovementKind.PROMOTED, MovementKind.REPEATED])
async def test_the_next_year_follows_the_closed_one(reporting: Reporting, region: Region, kind: MovementKind) -> None:
    """One contingent on 31 August and 1 September; a graduate counts until the day of graduation."""
    school, end, graduation = region.organization(OrganizationKind.SCHOOL), date(2027, 9, 1), date(2027, 6, 25)
    this, following = region.group(school, 9), region.group(school, 10)
    here, gone = region.stay(this), region.stay(this)
    there = region.stay(following).model_copy(update={"academic_year": 2027})
    moved, graduate = region.id(), region.id()
    await reporting.tell(
        school,
        region.movement(moved, end, opened=there, closed=here, kind=kind),
        region.movement(graduate, graduation, closed=gone, kind=MovementKind.GRADUATED),
        region.movement(moved, SEPTEMBER, opened=here),
        region.movement(graduate, SEPTEMBER, opened=gone),
    )
    days = [graduation - timedelta(days=1), graduation, end - timedelta(days=1), end]
    of = str(school.organization_id)
    assert [(await reporting.contingent(day))[of] for day in days] == [2, 1, 1, 1]


async def test_additional_placements_are_not_counted(reporting: Reporting, region: Region) -> None:
    school = region.organization(OrganizationKind.SCHOOL)
    group = region.group(school, 1)
    await reporting.tell(school, region.movement(region.id(), SEPTEMBER, opened=region.stay(group, main=False)))
    assert await reporting.contingent(SEPTEMBER) == {str(school.organization_id): 0}


async def test_a_closing_that_comes_first_waits_for_its_opening(reporting: Reporting, region: Region) -> None:
    school = region.organization(OrganizationKind.SCHOOL)
    stay = region.stay(region.group(school, 1))
    child = region.id()
    await reporting.tell(school, region.movement(child, date(2026, 10, 1), closed=stay))
    assert await reporting.contingent(SEPTEMBER) == {str(school.organization_id): 0}
    await reporting.tell(region.movement(child, SEPTEMBER, opened=stay))
    assert await reporting.contingent(SEPTEMBER) == {str(school.organization_id): 1}
    assert await reporting.contingent(date(2026, 10, 1)) == {str(school.organization_id): 0}


async def test_each_position_sees_its_unit(reporting: Reporting, region: Region) -> None:
    own, sibling = region.organization(OrganizationKind.SCHOOL), region.organization(OrganizationKind.SCHOOL)
    foreign = region.organization(OrganizationKind.SCHOOL, SOCHI)
    await reporting.tell(own, sibling, foreign)
    ids = [str(one.organization_id) for one in (own, sibling, foreign)]
    views: dict[Role, tuple[dict[str, object], list[str]]] = {
        Role.REGION_ADMIN: ({}, ids),
        Role.MUNICIPALITY_OPERATOR: ({"municipality": KRASNODAR}, ids[:2]),
        Role.ORGANIZATION_ADMIN: ({"municipality": KRASNODAR, "organization_id": own.organization_id}, ids[:1]),
        Role.TEACHER: ({"municipality": KRASNODAR, "organization_id": own.organization_id}, ids[:1]),
    }
    for role, (unit, seen) in views.items():
        assert set(await reporting.contingent(SEPTEMBER, reporting.headers(role, **unit))) == set(seen)
    guardian = reporting.headers(Role.GUARDIAN)
    assert (await reporting.get("/contingent", guardian, date="2026-09-01")).status_code == 403


async def test_pages_by_key(reporting: Reporting, region: Region) -> None:
    schools = [region.organization(OrganizationKind.SCHOOL) for _ in range(5)]
    await reporting.tell(*schools)
    found: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = (await reporting.get("/contingent", date="2026-09-01", limit=2, **after)).json()
        found += [item["organization_id"] for item in page["items"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert found == sorted(str(one.organization_id) for one in schools)


async def test_bad_questions_are_problems(reporting: Reporting) -> None:
    assert (await reporting.get("/contingent")).status_code == 200  # as of today
    bad: list[dict[str, object]] = [
        {"date": "2026-02-30"},
        {"date": "2026-09-01", "after": "x"},
        {"date": "2026-09-01", "limit": 0},
    ]
    for params in bad:
        answer = await reporting.get("/contingent", **params)
        assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")


async def test_a_form_may_be_built_as_it_was_known_at_an_instant(reporting: Reporting, region: Region) -> None:
    school = region.organization(OrganizationKind.SCHOOL)
    group = region.group(school, 1)
    early, late, left = region.stay(group), region.stay(group), region.stay(group)
    gone = region.id()
    october = datetime(2026, 10, 1, tzinfo=UTC)
    await reporting.tell(
        school,
        region.movement(region.id(), SEPTEMBER, opened=early),
        region.movement(region.id(), SEPTEMBER, opened=late, recorded_at=october),
        region.movement(gone, SEPTEMBER, opened=left),
        region.movement(gone, date(2026, 9, 10), closed=left, recorded_at=october),
    )
    body = {"form": "oo-1", "organization_id": str(school.organization_id), "as_of": "2026-09-20"}
    assert (await reporting.report(**body))["2.1.1"]["02"]["4"] == 2
    then = await reporting.report(**body, known_at="2026-09-25T00:00:00+03:00")
    assert then["2.1.1"]["02"]["4"] == 2
    first_day = await reporting.report(**{**body, "as_of": "2026-09-05"})
    assert first_day["2.1.1"]["02"]["4"] == 3
    assert (await reporting.report(**{**body, "as_of": "2026-09-05"}, known_at="2026-09-25T00:00:00Z"))["2.1.1"]["02"][
        "4"
    ] == 2


async def test_who_is_on_academic_leave_counts(reporting: Reporting, region: Region) -> None:
    """Such a line opens and closes no placement; released by one school and accepted by another a learner counts once."""
    school, other = region.organization(OrganizationKind.SCHOOL), region.organization(OrganizationKind.SCHOOL)
    here, there = region.stay(region.group(school, 9)), region.stay(region.group(other, 9))
    learner, leave, back, day = region.id(), date(2026, 11, 2), date(2027, 2, 1), date(2027, 3, 1)
    await reporting.tell(
        school,
        other,
        region.movement(learner, leave, kind=MovementKind.ACADEMIC_LEAVE_STARTED),
        region.movement(learner, SEPTEMBER, opened=here),
        region.movement(learner, back, kind=MovementKind.ACADEMIC_LEAVE_ENDED),
        region.movement(learner, day, opened=there),
        region.movement(learner, day, closed=here, kind=MovementKind.TRANSFERRED_BETWEEN_ORGANIZATIONS),
    )
    counts = [await reporting.contingent(one) for one in (SEPTEMBER, leave, back, day)]
    assert [one.get(str(school.organization_id), 0) for one in counts] == [1, 1, 1, 0]
    assert [one.get(str(other.organization_id), 0) for one in counts] == [0, 0, 0, 1]
