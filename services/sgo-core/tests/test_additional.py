"""Additional education: programmes and groups in organizations of any kind, places that never touch the main place of study."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest

from asu_contracts.access import Role
from asu_contracts.core import GuardianProfiled, MovementRecorded, ProgrammeChanged
from servicekit.testing import ServiceUnderTest

from .clubs import club, group_of, line, start
from .samples.classes import programme
from .world import FIRST_DAY, Registry, class_, row, snils, xlsx


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def contingent(registry: Registry, organization_id: UUID, day: str) -> dict[str, Any]:
    answer = await registry.service.client.get(
        f"/organizations/{organization_id}/contingent", params={"date": day}, headers=registry.region
    )
    found: dict[str, Any] = answer.json()
    return found


def reasons(answer: httpx.Response) -> list[str]:
    return [one["code"] for one in answer.json()["errors"]]


async def test_a_programme_is_kept_with_its_history(registry: Registry) -> None:
    school = await registry.organization()
    programme_id = await start(registry, school, adapted=True, orientation="arts", funding="certificate")
    client, office = registry.service.client, registry.office(school)
    taken = await client.post(f"/organizations/{school}/programmes", json=programme("живопись"), headers=office)
    assert taken.json()["code"] == "programmes.title-taken"
    path, headers = f"/programmes/{programme_id}", {**office, "If-Match": '"1"'}
    ages = await client.patch(path, json={"reason": "Опечатка", "age_from": 18}, headers=headers)
    assert ages.json()["code"] == "programmes.ages"
    changed = await client.patch(path, json={"reason": "Новая редакция", "hours": 72}, headers=headers)
    assert (changed.json()["hours"], changed.json()["version"]) == (72, 2)
    stale = await client.patch(path, json={"reason": "Ещё раз", "hours": 36}, headers=headers)
    assert stale.status_code == 412
    history = (await client.get(f"{path}/history", headers=office)).json()["items"]
    assert [one["changes"] for one in history[1:]] == [{"hours": [144, 72]}]
    events = await registry.events("core.programme.changed.v1")
    told = [ProgrammeChanged.model_validate_json(event["payload"]) for event in events]
    assert [(one.hours, one.orientation, one.funding) for one in told] == [
        (144, "arts", "certificate"),
        (72, "arts", "certificate"),
    ]
    closed = await client.patch(
        path, json={"reason": "Завершена", "active": False}, headers={**office, "If-Match": '"2"'}
    )
    assert closed.status_code == 200
    group = {"kind": "additional_group", "name": "Живопись", "programme_id": programme_id, "capacity": 10}
    opened = await client.post(
        f"/organizations/{school}/groups", json={"academic_year": 2026, "groups": [group]}, headers=office
    )
    assert opened.json()["code"] == "groups.programme-unknown"


async def test_a_group_follows_a_programme_of_its_own_organization(registry: Registry) -> None:
    school, art_school = await registry.organization(), await registry.organization("additional")
    foreign = await start(registry, school)
    group = {"kind": "additional_group", "name": "Живопись", "programme_id": foreign, "capacity": 10}
    answer = await registry.service.client.post(
        f"/organizations/{art_school}/groups",
        json={"academic_year": 2026, "groups": [group]},
        headers=registry.office(art_school),
    )
    assert answer.json()["code"] == "groups.programme-unknown"


async def test_a_child_attends_a_school_an_art_school_and_two_clubs(registry: Registry) -> None:
    school, art_school = await registry.organization(), await registry.organization("additional")
    class_id = await registry.school_class(school)
    student = await registry.student(school, class_id, 1)
    main_before = await registry.fetch("SELECT * FROM membership WHERE main")
    guardians_before = await registry.events("core.guardian.profiled.v1")
    painting, group = await club(registry, art_school)
    clubs = [await club(registry, school, name) for name in ("Шахматы", "Хор")]
    entered = await registry.order(art_school, line("enrolled", student, painting, group_id=group), number="1-д")
    assert entered.status_code == 200, entered.text
    both = await registry.order(
        school, *(line("enrolled", student, one, group_id=place) for one, place in clubs), number="2-д"
    )
    assert both.status_code == 200, both.text
    assert await registry.fetch("SELECT * FROM membership WHERE main") == main_before
    at_school, at_art_school = [await contingent(registry, one, "2026-10-01") for one in (school, art_school)]
    assert (at_school["total"], at_school["additional_total"]) == (1, 1)
    assert {one["group_id"]: one["count"] for one in at_school["additional_groups"]} == {place: 1 for _, place in clubs}
    assert [one["group_id"] for one in at_school["groups"]] == [str(class_id)]
    assert (at_art_school["total"], at_art_school["groups"], at_art_school["additional_total"]) == (0, [], 1)
    movements = [
        MovementRecorded.model_validate_json(one["payload"])
        for one in await registry.events("core.movement.recorded.v1")
    ]
    assert [one.opened.main for one in movements if one.opened] == [True, False, False, False]
    last = (await registry.events("core.guardian.profiled.v1"))[-1]
    assert GuardianProfiled.model_validate_json(last["payload"]).organization_ids == (school,)
    assert len(guardians_before) == 1
    listed = await registry.service.client.get(
        f"/organizations/{school}/students", params={"date": "2026-10-01"}, headers=registry.office(school)
    )
    assert sorted((one["main"], one["group_name"]) for one in listed.json()["items"]) == [
        (False, "Хор"),
        (False, "Шахматы"),
        (True, "1А"),
    ]
    main_only = await registry.service.client.get(
        f"/organizations/{school}/students",
        params={"date": "2026-10-01", "main": True, "limit": 1},
        headers=registry.office(school),
    )
    assert ([one["id"] for one in main_only.json()["items"]], main_only.json()["next"]) == ([str(student)], None)
    await registry.check()


async def test_additional_places_are_moved_and_left_without_the_main_one(registry: Registry) -> None:
    school, art_school = await registry.organization(), await registry.organization("additional")
    student = await registry.student(school, await registry.school_class(school), 1)
    painting, first = await club(registry, art_school)
    second = await group_of(registry, art_school, painting, "Живопись 2")
    music, choir = await club(registry, art_school, "Хор")
    for number, sent in enumerate(
        (
            line("enrolled", student, painting, group_id=first),
            line("transferred_between_groups", student, painting, "2026-10-10", group_id=second),
            line("enrolled", student, music, "2026-10-12", group_id=choir),
            line("departed", student, painting, "2026-10-20", reason="finished_additional"),
        )
    ):
        answer = await registry.order(art_school, sent, number=f"{number}-д")
        assert answer.status_code == 200, answer.text
    counts = {
        day: {
            one["group_id"]: one["count"] for one in (await contingent(registry, art_school, day))["additional_groups"]
        }
        for day in ("2026-10-09", "2026-10-10", "2026-10-19", "2026-10-20")
    }
    assert counts == {
        "2026-10-09": {first: 1},
        "2026-10-10": {second: 1},
        "2026-10-19": {second: 1, choir: 1},
        "2026-10-20": {choir: 1},
    }
    assert await registry.contingent(school, date(2026, 10, 20)) == 1
    await registry.depart(school, student, "2026-10-25")
    assert (await contingent(registry, art_school, "2026-10-26"))["additional_total"] == 1
    await registry.check()


async def test_what_cannot_be_is_refused(registry: Registry) -> None:
    school, art_school = await registry.organization(), await registry.organization("additional")
    class_id = await registry.school_class(school)
    students = [await registry.student(school, class_id, number) for number in range(2)]
    painting, group = await club(registry, art_school, capacity=1)
    music, choir = await club(registry, art_school, "Хор")
    good = line("enrolled", students[0], painting, group_id=group)
    for number, (lines, expected) in enumerate(
        (
            ([{**good, "programme_id": None}], ["movements.enrolled-elsewhere"]),
            ([{**good, "group_id": choir}], ["movements.group-unknown"]),
            ([line("departed", students[0], painting, reason="other")], ["movements.not-a-student"]),
            ([good, line("enrolled", students[1], painting, group_id=group)], ["movements.group-full"]),
            ([good, good], ["movements.student-twice"]),
        )
    ):
        answer = await registry.order(art_school, *lines, number=f"{number}-н")
        assert reasons(answer) == expected
    newcomer = {**line("enrolled", students[0], music, group_id=choir), "programme_id": None}
    await registry.depart(school, students[0], "2026-09-20")
    free = await registry.order(art_school, newcomer, number="9-н")
    assert reasons(free) == ["movements.group-unknown"], "a club is nobody's main place of study"
    assert (await registry.order(art_school, good, number="10-н")).status_code == 200
    assert reasons(await registry.order(art_school, good, number="11-н")) == ["movements.enrolled-here"]
    assert await registry.value("SELECT count(*) FROM membership WHERE NOT main") == 1
    await registry.check()


async def test_the_last_place_of_a_club_is_given_once(registry: Registry) -> None:
    school, art_school = await registry.organization(), await registry.organization("additional")
    class_id = await registry.school_class(school)
    students = [await registry.student(school, class_id, number) for number in range(2)]
    painting, group = await club(registry, art_school, capacity=1)
    drafts = [
        (await registry.draft(art_school, line("enrolled", one, painting, group_id=group), number=f"{number}-д")).json()
        for number, one in enumerate(students)
    ]
    answers = await asyncio.gather(*(registry.sign(art_school, one) for one in drafts))
    assert sorted(one.status_code for one in answers) == [200, 409]
    await registry.check()


async def test_an_order_of_a_club_is_undone_apart_from_the_school(registry: Registry) -> None:
    school, art_school = await registry.organization(), await registry.organization("additional")
    first, second = [UUID(one["id"]) for one in await registry.groups(school, class_("1А"), class_("1Б"))]
    student = await registry.student(school, first, 1)
    painting, group = await club(registry, art_school)
    ordered = (await registry.order(art_school, line("enrolled", student, painting, group_id=group))).json()
    moved = {
        "student_id": str(student),
        "kind": "transferred_between_groups",
        "effective_date": "2026-10-05",
        "group_id": str(second),
    }
    assert (await registry.order(school, moved, number="8")).status_code == 200
    undoing = await registry.service.client.post(
        f"/orders/{ordered['id']}/cancellation",
        json={"number": "9", "date": "2026-10-06", "reason": "Ошибка"},
        headers=registry.position(art_school, Role.SECRETARY),
    )
    signed = await registry.sign(art_school, undoing.json())
    assert signed.status_code == 200, signed.text
    assert (await contingent(registry, art_school, "2026-10-07"))["additional_total"] == 0
    assert await registry.contingent(school, date(2026, 10, 7)) == 1
    cancelled = MovementRecorded.model_validate_json(
        (await registry.events("core.movement.recorded.v1"))[-1]["payload"]
    )
    assert cancelled.closed is not None
    assert (cancelled.kind, cancelled.closed.main) == ("cancelled", False)
    await registry.check()


async def test_a_class_list_fills_a_club_with_children_of_other_schools(registry: Registry) -> None:
    school, art_school = await registry.organization(), await registry.organization("additional")
    student = await registry.student(school, await registry.school_class(school), 1)
    _, group = await club(registry, art_school)
    known = {
        "Фамилия": "Образцова",
        "Имя": "Алиса",
        "Отчество": "",
        "Дата рождения": date(2020, 5, 14),
        "Пол": "Ж",
        "СНИЛС": snils(1),
    }
    rows = [row(1, **known, **{"Класс (группа)": "Живопись 1"}), row(2, **{"Класс (группа)": "Живопись 1"})]
    for created in (2, 0):
        result = await registry.import_list(art_school, xlsx(rows))
        assert result["errors"] == []
        assert await registry.value("SELECT count(*) FROM membership WHERE NOT main") == 2, created
    assert await registry.value("SELECT count(*) FROM membership WHERE main") == 1
    stays = await registry.fetch("SELECT main FROM membership WHERE student_id = $1 ORDER BY main", student)
    assert [one["main"] for one in stays] == [False, True]
    assert await registry.value("SELECT occupied FROM study_group WHERE id = $1", UUID(group)) == 2
    assert await registry.contingent(art_school, FIRST_DAY) == 0
    await registry.check()


async def test_an_application_leads_into_no_club(registry: Registry) -> None:
    school = await registry.organization()
    _, group = await club(registry, school)
    await registry.admit(registry.admission(school, UUID(group), 1))
    assert await registry.value("SELECT reason FROM admission_rejection") == "group_not_found"
    assert await registry.value("SELECT count(*) FROM membership") == 0


async def test_the_database_keeps_the_two_kinds_apart(registry: Registry) -> None:
    school = await registry.organization()
    student = await registry.student(school, await registry.school_class(school), 1)
    programme_id, _ = await club(registry, school)
    wrong = "INSERT INTO membership (id, student_id, organization_id, main, programme_id, valid_from) "
    values = "VALUES (gen_random_uuid(), $1, $2, $3, $4, '2026-09-01')"
    for main, follows in ((True, UUID(programme_id)), (False, None)):
        with pytest.raises(Exception, match="ck_membership_programme"):
            await registry.fetch(wrong + values, student, school, main, follows)
    await registry.fetch(wrong + values, student, school, False, UUID(programme_id))
    with pytest.raises(Exception, match="ex_membership_one_per_programme"):
        await registry.fetch(wrong + values, student, school, False, UUID(programme_id))
