"""Rosters from movements in any order, names and counts."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest

from asu_contracts.access import Role
from asu_contracts.core import MovementKind, MovementRecorded
from servicekit.clock import FixedClock
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest, received

from .factories import (
    MONDAY,
    SEPTEMBER,
    SOCHI,
    School,
    audited,
    group,
    guardianship,
    hear,
    movement,
    organization,
    placement,
    profile,
)


async def test_a_student_counts_from_the_day_of_enrolment_to_the_day_before_leaving(school: School) -> None:
    [student] = await school.enrol("Образцова")
    await school.depart(student, MONDAY)
    days = [SEPTEMBER - timedelta(days=1), SEPTEMBER, MONDAY - timedelta(days=1), MONDAY]
    assert [len(await school.roster(day)) for day in days] == [0, 1, 1, 0]


async def test_a_closing_that_comes_first_stays_pending(school: School) -> None:
    student, place = new_id(), placement(school.organization_id, school.group_id)
    await hear(school.service, movement(student, MONDAY, closed=place))
    assert await school.roster(SEPTEMBER) == []
    await hear(school.service, movement(student, SEPTEMBER, opened=place))
    assert [line["student_id"] for line in await school.roster(SEPTEMBER)] == [str(student)]
    assert await school.roster(MONDAY) == []


async def test_a_transfer_moves_between_groups_in_any_order_of_messages(service: ServiceUnderTest) -> None:
    for order in permutations(range(3)):
        school = await School(service).open()
        other = School(service, school.organization_id)
        await hear(service, group(other.group_id, other.organization_id, "1 «Б»"))
        student = new_id()
        first, second = (placement(item.organization_id, item.group_id) for item in (school, other))
        history = [
            movement(student, SEPTEMBER, opened=first),
            movement(student, MONDAY, opened=second, closed=first),
            movement(student, date(2026, 10, 1), closed=second),
        ]
        for place in order:
            await hear(service, history[place])
        days = [SEPTEMBER, MONDAY, date(2026, 9, 30), date(2026, 10, 1)]
        assert [len(await school.roster(day)) for day in days] == [1, 0, 0, 0], order
        assert [len(await other.roster(day)) for day in days] == [0, 1, 1, 0], order


@pytest.mark.parametrize("kind", [MovementKind.PROMOTED, MovementKind.REPEATED])
async def test_the_next_year_follows_the_closed_one(school: School, kind: MovementKind) -> None:
    """Whoever is in a class on 31 August is in next year's class on 1 September, once on each day; who graduated is in none."""
    end = date(2027, 9, 1)
    next_class = School(school.service, school.organization_id)
    await hear(school.service, group(next_class.group_id, school.organization_id, "2 «А»", year=2027))
    here = placement(school.organization_id, school.group_id)
    there = placement(school.organization_id, next_class.group_id, year=2027)
    gone = placement(school.organization_id, school.group_id)
    moved, graduate = new_id(), new_id()
    await hear(school.service, movement(moved, end, opened=there, closed=here, kind=kind))
    await hear(school.service, movement(graduate, date(2027, 6, 25), closed=gone, kind=MovementKind.GRADUATED))
    await hear(school.service, movement(moved, SEPTEMBER, opened=here), movement(graduate, SEPTEMBER, opened=gone))
    days = [SEPTEMBER, date(2027, 6, 24), date(2027, 6, 25), end - timedelta(days=1), end]
    assert [len(await school.roster(day)) for day in days] == [2, 2, 1, 1, 0]
    assert [len(await next_class.roster(day)) for day in days] == [0, 0, 0, 0, 1]


async def test_a_roster_is_in_russian_alphabetical_order_and_shows_who_has_no_name_yet(school: School) -> None:
    await school.enrol("Яковлева", "Ёлкина", "Жукова", "Елисеева")
    nameless = new_id()
    await hear(
        school.service,
        movement(nameless, MONDAY, opened=placement(school.organization_id, school.group_id)),
    )
    assert [line["name"] for line in await school.roster(MONDAY)] == [
        "Елисеева Алиса", "Ёлкина Алиса", "Жукова Алиса", "Яковлева Алиса", None,
    ]  # fmt: skip
    await hear(school.service, profile(nameless, "Абаева", "Дина", "Руслановна"))
    assert (await school.roster(MONDAY))[0] == {
        "student_id": str(nameless), "name": "Абаева Дина Руслановна", "from": MONDAY.isoformat(), "at_home": False,
    }  # fmt: skip


async def test_reading_a_roster_is_audited_with_everyone_on_it(school: School) -> None:
    students = await school.enrol("Вторая", "Первая")
    await school.roster(MONDAY)
    [(role, action, subjects)] = await audited(school)
    assert (role, action, sorted(subjects)) == ("organization_admin", "group.roster.read", sorted(students))


async def test_the_newest_name_stays(school: School) -> None:
    [student] = await school.enrol("Первая")
    newest, older = profile(student, "Третья"), profile(student, "Вторая")
    await hear(school.service, received(newest, version=3), received(older, version=2))
    await hear(school.service, received(older, version=2))
    assert [line["name"] for line in await school.roster(SEPTEMBER)] == ["Третья Алиса"]


async def test_groups_page_by_key(school: School) -> None:
    ids = {school.group_id} | {new_id() for _ in range(4)}
    await hear(school.service, *(group(one, school.organization_id) for one in ids - {school.group_id}))
    await hear(school.service, group(new_id(), school.organization_id, year=2025))
    path, found, after = f"/organizations/{school.organization_id}/groups", [], None
    while True:
        params = {"limit": 2, "academic_year": 2026} | ({"after": after} if after else {})
        page = (await school.service.client.get(path, params=params, headers=school.admin)).json()
        found += [item["group_id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert found == sorted(str(one) for one in ids)


async def test_contingent_counts_main_placements_of_the_day_per_visible_organization(service: ServiceUnderTest) -> None:
    own = await School(service).open()
    empty = await School(service).open()
    foreign = await School(service, municipality=SOCHI).open()
    first, second = await own.enrol("Первая", "Вторая")
    await foreign.enrol("Чужая")
    await own.depart(first, MONDAY)
    await hear(
        service,
        movement(second, SEPTEMBER, opened=placement(empty.organization_id, empty.group_id, main=False)),
    )
    views = {
        Role.REGION_ADMIN: {own: 2, empty: 0, foreign: 1},
        Role.MUNICIPALITY_OPERATOR: {own: 2, empty: 0},
        Role.ORGANIZATION_ADMIN: {own: 2},
    }
    for role, expected in views.items():
        headers = service.tokens.headers(
            role,
            municipality=None if role is Role.REGION_ADMIN else own.municipality,
            organization_id=own.organization_id if role is Role.ORGANIZATION_ADMIN else None,
        )
        answer = await service.client.get("/contingent", params={"date": "2026-09-01"}, headers=headers)
        assert {item["organization_id"]: item["total"] for item in answer.json()["items"]} == {
            str(school.organization_id): total for school, total in ((key, expected[key]) for key in expected)
        }
    later = await service.client.get("/contingent", params={"date": MONDAY.isoformat()}, headers=own.admin)
    assert [item["total"] for item in later.json()["items"]] == [1]


async def test_without_a_date_it_is_the_business_date(school: School) -> None:
    school.service.runtime.clock = FixedClock(datetime(2026, 8, 31, 22, 30, tzinfo=UTC))
    await school.enrol("Образцова")
    answer = await school.service.client.get("/contingent", headers=school.admin)
    assert answer.json()["items"] == [
        {"organization_id": str(school.organization_id), "date": "2026-09-01", "total": 1}
    ]


async def test_an_event_without_parts_changes_nothing(school: School) -> None:
    await hear(school.service, movement_without_parts())
    assert await school.roster(SEPTEMBER) == []


def movement_without_parts() -> MovementRecorded:
    whole = movement(new_id(), SEPTEMBER, opened=placement(new_id(), new_id()))
    return whole.model_copy(update={"opened": None})


async def test_children_are_those_a_guardian_may_see_today(school: School) -> None:
    school.service.runtime.clock = FixedClock(datetime(2026, 9, 7, 8, tzinfo=UTC))
    guardian, stranger = new_id(), new_id()
    seen, hidden, ended, later = await school.enrol("Своя", "Скрытая", "Бывшая", "Будущая")
    unnamed = new_id()
    await hear(
        school.service,
        guardianship(guardian, seen),
        guardianship(guardian, seen),
        guardianship(guardian, unnamed),
        guardianship(guardian, hidden, may_see=False),
        guardianship(guardian, ended, until=MONDAY),
        guardianship(guardian, later, since=MONDAY + timedelta(days=1)),
        guardianship(stranger, hidden),
    )
    answer = await school.service.client.get("/children", headers=school.headers(Role.GUARDIAN, guardian))
    assert answer.json() == {
        "items": [
            {"student_id": str(child), "name": name} for child, name in sorted([(seen, "Своя Алиса"), (unnamed, None)])
        ],
        "next": None,
    }


async def test_an_unknown_group_is_not_found(school: School) -> None:
    answer = await school.service.client.get(f"/groups/{new_id()}/roster", headers=school.admin)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


async def test_a_group_whose_organization_has_not_arrived_is_not_found(service: ServiceUnderTest) -> None:
    school = School(service)
    await hear(service, group(school.group_id, school.organization_id))
    answer = await service.client.get(f"/groups/{school.group_id}/roster", headers=school.admin)
    assert answer.status_code == 404
    await hear(service, organization(school.organization_id))
    answer = await service.client.get(f"/groups/{school.group_id}/roster", headers=school.admin)
    assert answer.status_code == 200


@pytest.mark.parametrize("kind", [MovementKind.ACADEMIC_LEAVE_STARTED, MovementKind.ACADEMIC_LEAVE_ENDED])
async def test_an_academic_leave_moves_nobody(school: School, kind: MovementKind) -> None:
    """Neither half of a placement is in such a line: the student stays in the roster, and one without a placement enters none."""
    student, here = new_id(), placement(school.organization_id, school.group_id)
    leave = movement(student, date(2026, 11, 2), kind=kind)
    await hear(school.service, leave, movement(new_id(), date(2026, 11, 2), kind=kind))
    await hear(school.service, movement(student, SEPTEMBER, opened=here), leave)
    assert [len(await school.roster(day)) for day in (SEPTEMBER, date(2026, 11, 2), date(2027, 3, 1))] == [1, 1, 1]
