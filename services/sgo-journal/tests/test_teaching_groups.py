"""Subgroups and groups across classes: who is in them on a date, whatever the order in which the journal hears of it."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count, permutations
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from asu_contracts.core import StudentMerged, StudyFormKind, TeachingGroupKind
from servicekit.ids import new_id
from servicekit.messaging import Received
from servicekit.testing import ServiceUnderTest, deliver, received
from sgo_journal.rosters import service as rosters

from .factories import (
    MONDAY,
    SEPTEMBER,
    YEAR,
    School,
    audited,
    hear,
    member,
    movement,
    placement,
    profile,
    study_form,
    teaching_group,
)

DAY = timedelta(days=1)


async def students(school: School, learners_id: UUID, day: date) -> list[dict[str, Any]]:
    answer = await school.service.client.get(
        f"/groups/{learners_id}/roster", params={"date": day.isoformat()}, headers=school.admin
    )
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["students"]
    return found


async def shown(school: School, learners_id: UUID, day: date) -> list[tuple[str, str | None, str]]:
    return [(one["student_id"], one["name"], one["from"]) for one in await students(school, learners_id, day)]


async def at_home(school: School, learners_id: UUID, day: date) -> list[str]:
    """Who of a roster is taught at home."""
    return [one["student_id"] for one in await students(school, learners_id, day) if one["at_home"]]


async def members(school: School, learners_id: UUID, day: date) -> frozenset[UUID]:
    async with school.service.runtime.uow() as uow:
        return await rosters.members(uow, school.organization_id, YEAR, learners_id, day)


async def test_a_subgroup_has_a_roster_of_its_own_in_the_order_of_the_alphabet(school: School) -> None:
    yakovleva, zhukova, elkina, other = await school.enrol("Яковлева", "Жукова", "Ёлкина", "Другая")
    first, second = await school.divide([yakovleva, zhukova, elkina], [other])
    assert [name for _, name, _ in await shown(school, first, MONDAY)] == [
        "Ёлкина Алиса",
        "Жукова Алиса",
        "Яковлева Алиса",
    ]
    assert await shown(school, second, MONDAY) == [(str(other), "Другая Алиса", SEPTEMBER.isoformat())]
    assert len(await shown(school, school.group_id, MONDAY)) == 4
    *_, (role, action, subjects) = await audited(school)
    assert (role, action, len(subjects)) == ("organization_admin", "group.roster.read", 4)


async def test_a_student_is_in_a_teaching_group_from_a_day_to_another_exclusive(school: School) -> None:
    student, never = await school.enrol("Первая", "Вторая")
    told = teaching_group(
        school.organization_id,
        member(student, MONDAY, MONDAY + 7 * DAY),
        member(student, MONDAY + 14 * DAY),
        member(never, MONDAY, MONDAY),
    )
    await hear(school.service, told)
    days = [MONDAY - DAY, MONDAY, MONDAY + 6 * DAY, MONDAY + 7 * DAY, MONDAY + 13 * DAY, MONDAY + 14 * DAY]
    assert [len(await members(school, told.teaching_group_id, day)) for day in days] == [0, 1, 1, 0, 0, 1]
    async with school.service.runtime.uow() as uow:
        stays = await rosters.stays(uow, never, SEPTEMBER, MONDAY + 30 * DAY)
    assert [stay.group_id for stay in stays] == [school.group_id], "a stay that never was is none"


async def test_a_newer_state_takes_the_place_of_all_stays_and_an_older_one_changes_nothing(school: School) -> None:
    stays, leaves, comes = await school.enrol("Первая", "Вторая", "Третья")
    key = new_id()
    states = [
        teaching_group(school.organization_id, *(member(one) for one in students), teaching_group_id=key, name=name)
        for students, name in (([stays, leaves], "Прежнее"), ([stays, comes], "Новое"), ([], "Пустое"))
    ]
    await hear(school.service, received(states[1], version=2), received(states[0], version=1))
    assert await members(school, key, MONDAY) == {stays, comes}
    await hear(school.service, received(states[0], version=1))
    assert await members(school, key, MONDAY) == {stays, comes}
    await hear(school.service, received(states[2], version=3))
    assert await members(school, key, MONDAY) == frozenset()
    await hear(school.service, received(states[1], version=2))
    async with school.service.runtime.uow() as uow:
        found = await rosters.learners(uow, [key])
    assert (found[key].name, await members(school, key, MONDAY)) == ("Пустое", frozenset())


async def test_a_group_of_a_year_nobody_has_heard_of_makes_its_place(school: School) -> None:
    student = new_id()
    told = teaching_group(
        school.organization_id,
        member(student, date(2034, 9, 1)),
        academic_year=2034,
        starts_on=date(2034, 9, 1),
        ends_on=date(2035, 9, 1),
    )
    await hear(school.service, told)
    async with school.service.runtime.uow() as uow:
        key = (school.organization_id, 2034, told.teaching_group_id)
        assert await rosters.members(uow, *key, date(2034, 9, 1)) == {student}


async def test_learners_are_classes_and_teaching_groups_alike(school: School) -> None:
    first, second = await school.enrol("Первая", "Вторая")
    subgroup, _ = await school.divide([first], [second])
    elective = await school.gather(first, second)
    async with school.service.runtime.uow() as uow:
        found = await rosters.learners(uow, [school.group_id, subgroup, elective, new_id()])
        assert await rosters.learners(uow, [school.group_id]) == {school.group_id: found[school.group_id]}
    assert {key: (one.kind, one.class_id, one.grade_from, one.division_id is None) for key, one in found.items()} == {
        school.group_id: ("class", school.group_id, 5, True),
        subgroup: ("subgroup", school.group_id, 5, False),
        elective: ("elective", None, None, True),
    }


async def test_teaching_groups_are_listed_by_key_of_the_own_organization_and_year(school: School) -> None:
    ids = {await school.gather(name=f"Кружок {number}") for number in range(5)}
    await hear(
        school.service,
        teaching_group(school.organization_id, academic_year=2025),
        teaching_group(new_id()),
    )
    path, found, after = f"/organizations/{school.organization_id}/teaching-groups", [], None
    while True:
        params = {"limit": 2, "academic_year": YEAR} | ({"after": after} if after else {})
        page = (await school.service.client.get(path, params=params, headers=school.teacher)).json()
        found += [item["teaching_group_id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert found == sorted(str(one) for one in ids)
    everything = await school.service.client.get(path, headers=school.teacher)
    assert len(everything.json()["items"]) == 6


async def test_a_teaching_group_of_another_organization_is_not_found(school: School) -> None:
    foreign = await School(school.service).open()
    group_id = await foreign.gather(*await foreign.enrol("Чужая"))
    answer = await school.service.client.get(f"/groups/{group_id}/roster", headers=school.admin)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


def merge(student_id: UUID, into: UUID | None, version: int) -> Received[Any]:
    return received(StudentMerged(student_id=student_id, merged_into=into), version=version)


@pytest.mark.parametrize("order", list(permutations(range(4))))
async def test_stays_and_forms_of_a_merged_card_are_the_childs_in_any_order(
    school: School, order: tuple[int, ...]
) -> None:
    card, child = new_id(), new_id()
    told = teaching_group(school.organization_id, member(card))
    messages: list[Received[Any]] = [
        received(told),
        received(study_form(card, school.organization_id)),
        merge(card, new_id(), 2),
        merge(card, child, 3),
    ]
    for at in order:
        await hear(school.service, messages[at])

    assert await members(school, told.teaching_group_id, MONDAY) == {child}
    assert await at_home(school, told.teaching_group_id, MONDAY) == [str(child)]
    await hear(school.service, merge(card, None, 4))
    assert await members(school, told.teaching_group_id, MONDAY) == {card}
    assert await at_home(school, told.teaching_group_id, MONDAY) == [str(card)]


async def test_two_cards_of_one_child_in_one_group_are_one_student(school: School) -> None:
    """Core will tell of the group anew; until then nothing is lost and the roster names the child once."""
    card, child = await school.enrol("Прежняя", "Новая")
    told = teaching_group(school.organization_id, member(card, MONDAY), member(child, MONDAY + DAY))
    same_day = teaching_group(school.organization_id, member(card), member(child))
    await hear(school.service, told, same_day, merge(card, child, 2))
    assert await shown(school, told.teaching_group_id, MONDAY + DAY) == [
        (str(child), "Новая Алиса", MONDAY.isoformat())
    ]
    assert await members(school, same_day.teaching_group_id, MONDAY) == {child}
    await hear(school.service, received(told.model_copy(update={"members": (member(child, MONDAY),)}), version=2))
    assert await members(school, told.teaching_group_id, MONDAY) == {child}
    await hear(school.service, merge(card, None, 3))
    assert await members(school, same_day.teaching_group_id, MONDAY) == {card, child}
    assert await members(school, told.teaching_group_id, MONDAY) == {child}


async def test_who_is_taught_at_home_follows_the_newest_state(school: School) -> None:
    first, second, third = await school.enrol("Первая", "Вторая", "Третья")
    until = MONDAY + 7 * DAY
    told = study_form(first, school.organization_id, since=MONDAY)
    ended = told.model_copy(update={"valid_to": until})
    await hear(
        school.service,
        received(ended, version=2),
        received(told, version=1),
        study_form(second, school.organization_id, kind=StudyFormKind.FAMILY),
        study_form(third, new_id()),
    )
    found = [await at_home(school, school.group_id, day) for day in (MONDAY - DAY, MONDAY, until)]
    assert found == [[], [str(first)], []]


async def test_home_teaching_has_a_group_of_one(school: School) -> None:
    (student,) = await school.enrol("Образцова")
    key = await school.gather(student, kind=TeachingGroupKind.HOME_TEACHING, name="На дому")
    async with school.service.runtime.uow() as uow:
        assert (await rosters.learners(uow, [key]))[key].kind == "home_teaching"
    assert await members(school, key, MONDAY) == {student}


async def test_the_roster_is_a_view_that_nobody_writes(service: ServiceUnderTest) -> None:
    application = await asyncpg.connect(service.database.url)
    for statement in ("DELETE FROM roster_stay", "UPDATE roster_stay SET valid_to = now()"):
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.ObjectNotInPrerequisiteStateError)):
            await application.execute(statement)
    privileges = await application.fetchval("SELECT has_table_privilege('roster_stay', 'INSERT, UPDATE, DELETE')")
    await application.close()
    assert privileges is False


_consumers = count()
_STATES = st.lists(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 9), st.integers(0, 9)), max_size=4, unique_by=lambda one: one[:2]
    ),
    min_size=1,
    max_size=4,
)


def _is_in(stays: Sequence[tuple[int, int, int]], day: int) -> set[int]:
    return {student for student, first, length in stays if first <= day < first + length}


@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(groups=st.lists(_STATES, min_size=1, max_size=2), merges=st.lists(st.integers(0, 1), max_size=3), data=st.data())
async def test_any_order_with_repetitions_gives_the_same_rosters(
    school: School, groups: list[list[list[tuple[int, int, int]]]], merges: list[int], data: st.DataObject
) -> None:
    """Card 0 is merged into 1 and parted again as often as drawn; the newest state of each group is who is in it."""
    cards = [new_id() for _ in range(4)]
    keys = [new_id() for _ in groups]
    messages: list[Received[Any]] = [
        merge(cards[0], cards[1] if one else None, version) for version, one in enumerate(merges, 1)
    ]
    for key, states in zip(keys, groups, strict=True):
        messages += [
            received(
                teaching_group(
                    school.organization_id,
                    *(
                        member(cards[student], SEPTEMBER + first * DAY, SEPTEMBER + (first + length) * DAY)
                        for student, first, length in stays
                    ),
                    teaching_group_id=key,
                ),
                version=version,
            )
            for version, stays in enumerate(states, 1)
        ]
    repeated = data.draw(st.lists(st.sampled_from(messages), max_size=4))
    left = data.draw(st.permutations([*messages, *repeated]))
    handlers = school.service.definition.handlers["rosters"]
    while left:
        size = data.draw(st.integers(1, 5))
        batch, left = left[:size], left[size:]
        await deliver(school.service.runtime, handlers, batch, f"teaching-{next(_consumers)}")
    merged = bool(merges) and bool(merges[-1])
    for key, states in zip(keys, groups, strict=True):
        for day in range(20):
            expected = {1 if merged and one == 0 else one for one in _is_in(states[-1], day)}
            assert await members(school, key, SEPTEMBER + day * DAY) == {cards[one] for one in expected}


async def test_stays_of_a_student_are_in_the_class_and_in_teaching_groups(school: School) -> None:
    student, elsewhere = new_id(), await School(school.service).open()
    here = placement(school.organization_id, school.group_id)
    there = placement(elsewhere.organization_id, elsewhere.group_id)
    await hear(
        school.service,
        profile(student, "Образцова"),
        movement(student, SEPTEMBER, opened=here),
        movement(student, MONDAY, opened=there, closed=here),
    )
    elective = teaching_group(school.organization_id, member(student, SEPTEMBER, MONDAY))
    await hear(school.service, elective)
    async with school.service.runtime.uow() as uow:
        everywhere = await rosters.stays(uow, student, SEPTEMBER, MONDAY + DAY)
        own = await rosters.stays(uow, student, SEPTEMBER, MONDAY + DAY, school.organization_id)
    assert {stay.group_id for stay in own} == {school.group_id, elective.teaching_group_id}
    assert {stay.group_id for stay in everywhere} == {stay.group_id for stay in own} | {elsewhere.group_id}
