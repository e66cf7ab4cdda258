"""Two cards of one child in the journal: one pupil while core says so, two when it says so no more, in any order of messages."""

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
