"""Two cards of one child in the journal: one pupil while core says so, two when it says so no more, in any order of messages."""

from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from asu_contracts.core import StudentMerged
from servicekit.ids import new_id
from servicekit.messaging import Received
from servicekit.testing import ServiceUnderTest, received

from .factories import MONDAY, SEPTEMBER, School, guardianship, hear, mark, movement, noted, placement, profile
from .homework.room import give, hand_in


def merge(student_id: UUID, into: UUID | None, version: int) -> Received[Any]:
    return received(StudentMerged(student_id=student_id, merged_into=into), version=version)


async def diary(school: School, student_id: UUID, guardian: UUID) -> list[tuple[Any, Any]]:
    """Marks and attendance of Monday, as the guardian reads them."""
    answer = await school.service.client.get(
        f"/students/{student_id}/diary",
        params={"week": MONDAY.isoformat()},
        headers=school.headers(Role.GUARDIAN, guardian),
    )
    assert answer.status_code == 200, answer.text
    lessons = answer.json()["days"][0]["lessons"]
    return [([one["value"] for one in lesson["marks"]], (lesson["attendance"] or {}).get("code")) for lesson in lessons]


async def counted(school: School) -> int:
    answer = await school.service.client.get("/contingent", params={"date": MONDAY.isoformat()}, headers=school.admin)
    (row,) = answer.json()["items"]
    total: int = row["total"]
    return total


async def test_marks_of_both_cards_are_one_childs_until_they_are_parted(school: School) -> None:
    absorbed, classmate = await school.enrol("Прежняя", "Другая")
    survivor, guardian = new_id(), new_id()
    await hear(school.service, profile(survivor, "Новая"), guardianship(guardian, survivor))
    lesson_id = await school.lesson()
    saved = await school.save(mark(lesson_id, absorbed, "5"), attendance=[noted(lesson_id, absorbed, "late")])
    assert saved.status_code == 200, saved.text
    assert await diary(school, survivor, guardian) == []
    await hear(school.service, merge(absorbed, survivor, 4))
    assert {line["student_id"]: line["name"] for line in await school.roster(MONDAY)} == {
        str(survivor): "Новая Алиса",
        str(classmate): "Другая Алиса",
    }
    assert await diary(school, survivor, guardian) == [(["5"], "late")]
    stale = await school.save(mark(lesson_id, absorbed, "4", 1))
    assert stale.status_code == 422, "the page was loaded before the merge"
    changed = await school.save(mark(lesson_id, survivor, "4", 1))
    assert changed.status_code == 200, changed.text
    assert await counted(school) == 2
    await hear(school.service, merge(absorbed, None, 6))
    await hear(school.service, merge(absorbed, survivor, 5))
    assert {line["student_id"] for line in await school.roster(MONDAY)} == {str(absorbed), str(classmate)}
    assert await diary(school, survivor, guardian) == []
    assert await school.marks() == {(lesson_id, str(absorbed)): ("4", 2)}
    assert await counted(school) == 2


async def test_a_mark_of_each_card_at_one_lesson_stays(school: School) -> None:
    absorbed, survivor = await school.enrol("Прежняя", "Новая")
    lesson_id = await school.lesson()
    await school.save(mark(lesson_id, absorbed, "2"), mark(lesson_id, survivor, "5"))
    await school.depart(absorbed, SEPTEMBER)
    await hear(school.service, merge(absorbed, survivor, 2))
    connection = await school.service.database.connect()
    rows = await connection.fetch("SELECT student_id, value FROM mark")
    await connection.close()
    assert {row["student_id"]: row["value"] for row in rows} == {absorbed: "2", survivor: "5"}
    assert [line["student_id"] for line in await school.roster(MONDAY)] == [str(survivor)]


@pytest.mark.parametrize("order", list(permutations(range(4))))
async def test_any_order_of_messages_gives_one_roster(
    service: ServiceUnderTest, school: School, order: tuple[int, ...]
) -> None:
    """A merge heard before the stays it concerns, a chain heard from its end: the same."""
    first, second, third = new_id(), new_id(), new_id()
    here = placement(school.organization_id, school.group_id)
    messages = [
        received(movement(first, SEPTEMBER, opened=here)),
        merge(first, second, 2),
        merge(first, third, 3),
        merge(second, third, 2),
    ]
    for at in order:
        await hear(service, messages[at])
    assert [line["student_id"] for line in await school.roster(MONDAY)] == [str(third)]
    await hear(service, merge(second, None, 4), merge(first, second, 4))
    assert [line["student_id"] for line in await school.roster(MONDAY)] == [str(second)]
    await hear(service, merge(first, None, 5))
    assert [line["student_id"] for line in await school.roster(MONDAY)] == [str(first)]


async def test_homework_and_what_was_seen_follow_the_card(school: School) -> None:
    absorbed, survivor = await school.enrol("Прежняя", "Новая")
    guardian = new_id()
    await hear(school.service, guardianship(guardian, absorbed), guardianship(guardian, survivor))
    lesson = await school.lesson()
    given = await give(school, lesson, student_ids=[str(absorbed)])
    shared = await give(school, lesson, "Обеим", student_ids=[str(absorbed), str(survivor)])
    for homework, one, text in ((given, absorbed, "1"), (shared, absorbed, "2"), (shared, survivor, "3")):
        assert (await hand_in(school, homework["id"], one, text=text)).status_code == 201
    family, week = school.headers(Role.GUARDIAN, guardian), {"week": MONDAY.isoformat()}
    path = f"/students/{absorbed}/diary/acknowledgement"
    seen = await school.service.client.put(path, params=week, headers=family)
    assert seen.status_code == 204, seen.text

    async def works(homework: dict[str, Any], of: UUID) -> list[tuple[int, str]] | None:
        path = f"/homework/{homework['id']}/works"
        found = (await school.service.client.get(path, headers=school.teacher)).json()["items"]
        by = {work["student_id"]: [(one["number"], one["text"]) for one in work["versions"]] for work in found}
        return by.get(str(of))

    async def looked_through() -> bool:
        answer = await school.service.client.get(f"/students/{survivor}/diary", params=week, headers=family)
        return answer.json()["acknowledged_at"] is not None

    assert (await works(given, survivor), await looked_through()) == (None, False)
    await school.depart(absorbed, SEPTEMBER)
    await hear(school.service, merge(absorbed, survivor, 2))
    assert await works(given, survivor) == [(1, "1")]
    assert await works(shared, survivor) == [(1, "2"), (2, "3")]
    assert await looked_through()
    await hear(school.service, merge(absorbed, None, 4), merge(absorbed, survivor, 3))
    assert (await works(given, survivor), await looked_through()) == (None, False)
    assert await works(shared, survivor) == [(1, "3")]


async def test_a_lesson_of_two_cards_in_one_class_is_one_lesson(school: School) -> None:
    absorbed, survivor = await school.enrol("Прежняя", "Новая")
    past, coming = await school.lesson(), await school.lesson(MONDAY + timedelta(days=7))
    await school.save(mark(past, survivor, "5"), attendance=[noted(past, survivor, "sick")])
    works = {"works": [{"number": 1, "kind": "control", "title": "Контрольная", "weight": "2"}]}
    put = await school.service.client.put(
        f"/lessons/{coming}/works", json=works, headers={**school.admin, "If-Match": '"1"'}
    )
    assert put.status_code == 200, put.text
    await hear(school.service, merge(absorbed, survivor, 4))
    client, path = school.service.client, f"/students/{survivor}/diary"
    itself, monday = school.headers(Role.STUDENT, survivor), MONDAY.isoformat()
    period = {"from": monday, "to": monday}
    summed = (await client.get(f"{path}/attendance", params=period, headers=itself)).json()
    assert (summed["lessons"], summed["missed"]) == (1, 1)
    news = (await client.get(f"{path}/news", headers=itself)).json()["items"]
    assert sorted(one["kind"] for one in news) == ["attendance", "mark"]
    week = (await client.get(path, params={"week": monday}, headers=itself)).json()
    assert [one["title"] for one in week["upcoming"]] == ["Контрольная"]
