"""What a teacher does for the students it leads or teaches, and for no others."""

from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest

from .loading import distribute, load, subgroup, teacher
from .measuring import get, measured
from .samples.achievements import OLYMPIAD
from .world import MUNICIPALITY, Registry


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


class School:
    """Two classes of two students each, a leader of the first, and teachers."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.client = registry.service.client
        self.groups: list[UUID] = []
        self.students: list[list[UUID]] = []

    async def open(self) -> None:
        self.organization_id = await self.registry.organization()
        for place, name in enumerate(("1А", "1Б")):
            group_id = await self.registry.school_class(self.organization_id, name)
            numbers = (2 * place + 1, 2 * place + 2)
            self.groups.append(group_id)
            self.students.append([await self.registry.student(self.organization_id, group_id, one) for one in numbers])

    def headers(self, worker_id: str) -> dict[str, str]:
        return self.registry.service.tokens.headers(
            Role.TEACHER, municipality=MUNICIPALITY, organization_id=self.organization_id, person_id=UUID(worker_id)
        )

    async def leader(self, group_id: UUID) -> dict[str, str]:
        worker_id = await teacher(self.registry, self.organization_id, 1)
        appointed = await self.client.post(
            f"/groups/{group_id}/teachers",
            json={"worker_id": worker_id, "valid_from": "2026-09-01"},
            headers=self.registry.office(self.organization_id),
        )
        assert appointed.status_code == 201, appointed.text
        return self.headers(worker_id)

    async def teaches(self, number: int, **taught: Any) -> dict[str, str]:
        worker_id = await teacher(self.registry, self.organization_id, number)
        subject_id = await self.registry.value("SELECT id FROM subject ORDER BY code LIMIT 1")
        answer = await distribute(
            self.registry,
            self.organization_id,
            load(str(subject_id), worker_id, "2", valid_from="2026-09-01", **taught),
        )
        assert answer.status_code == 201, answer.text
        return self.headers(worker_id)

    async def enter(self, headers: dict[str, str], student_id: UUID) -> tuple[int, Any]:
        answer = await self.client.post(f"/students/{student_id}/achievements", json=OLYMPIAD, headers=headers)
        return answer.status_code, answer.json().get("code") or answer.json()["state"]


@pytest.fixture
async def school(registry: Registry) -> School:
    found = School(registry)
    await found.open()
    return found


async def test_achievements_are_for_those_who_lead_or_teach_the_student(school: School) -> None:
    registry, (first, second), ((own, _), (other, apart)) = school.registry, school.groups, school.students
    refused, taken = (403, "achievements.not-your-student"), (201, "confirmed")
    leader, whole = await school.leader(first), await school.teaches(2, group_id=second)
    half = await subgroup(registry, school.organization_id, second, "Первая")
    await registry.fetch(
        "INSERT INTO teaching_group_stay (id, organization_id, teaching_group_id, division_id, student_id, membership_id, "
        "placement_id, valid_from, recorded_at, recorded_by, reason) "
        "SELECT $1, $2, g.id, g.division_id, m.student_id, m.id, p.id, p.valid_from, now(), 'test', 'Проверка' "
        "FROM teaching_group g, membership m JOIN placement p ON p.membership_id = m.id "
        "WHERE g.id = $3 AND m.student_id = $4",
        new_id(),
        school.organization_id,
        half,
        other,
    )
    part = await school.teaches(3, teaching_group_id=half)
    for headers, student_id, expected in (
        (leader, own, taken),
        (leader, other, refused),
        (whole, own, refused),
        (whole, apart, taken),
        (part, other, taken),
        (part, apart, refused),
    ):
        assert await school.enter(headers, student_id) == expected
    assert await registry.value("SELECT count(*) FROM achievement") == 3
    (entered,) = (await get(registry, f"/students/{own}/achievements", whole))["items"]
    await registry.value("UPDATE achievement SET state = 'stated', decided_by = NULL RETURNING id")
    decision = f"/achievements/{entered['id']}/decision"
    for headers, status in ((whole, 403), (leader, 200)):
        answer = await school.client.post(
            decision, json={"decision": "confirmed"}, headers={**headers, "If-Match": '"1"'}
        )
        assert answer.status_code == status, answer.text


async def test_a_class_teacher_sees_the_gaps_of_the_own_class(school: School) -> None:
    registry, (first, second), (mine, _) = school.registry, school.groups, school.students
    leader, colleague = await school.leader(first), await school.teaches(2, group_id=second)
    await measured(registry, school.organization_id)
    path = f"/organizations/{school.organization_id}/quality"
    for query in ({}, {"group_id": str(first)}):
        gaps = await get(registry, f"{path}/gaps", leader, card_kind="student", **query)
        assert {one["card_id"] for one in gaps["items"]} == {str(one) for one in mine}
    groups = await get(registry, f"{path}/groups", leader)
    assert [one["group_id"] for one in groups["items"]] == [str(first)]
    for query in ({"card_kind": "student", "group_id": str(second)}, {"card_kind": "worker"}):
        answer = await school.client.get(f"{path}/gaps", params=query, headers=leader)
        assert answer.status_code == 404
    assert (await get(registry, f"{path}/gaps", colleague, card_kind="student"))["items"] == []
