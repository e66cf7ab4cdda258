"""Class teachers: one at a time, employed in the school, and what they see because of it."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from asu_contracts.access import Role
from asu_contracts.core import GroupTeacherChanged
from servicekit.clock import FixedClock
from servicekit.testing import ServiceUnderTest
from sgo_core.class_teachers.service import tell_ended

from .staffing import hiring
from .world import MUNICIPALITY, Registry, class_


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


@pytest.fixture
def clock(service: ServiceUnderTest) -> Iterator[FixedClock]:
    """A day in the middle of the autumn."""
    runtime = service.runtime
    real, runtime.clock = runtime.clock, FixedClock(datetime(2026, 10, 1, 9, tzinfo=UTC))
    yield runtime.clock
    runtime.clock = real


async def hire(registry: Registry, organization_id: UUID, number: int, **more: Any) -> dict[str, Any]:
    path = f"/organizations/{organization_id}/workers"
    answer = await registry.service.client.post(
        path, json=hiring(number, **more), headers=registry.office(organization_id)
    )
    assert answer.status_code == 201, answer.text
    hired: dict[str, Any] = answer.json()
    return hired


async def appoint(
    registry: Registry, organization_id: UUID, group_id: UUID, worker_id: str, day: str = "2026-09-01", **more: Any
) -> httpx.Response:
    return await registry.service.client.post(
        f"/groups/{group_id}/teachers",
        json={"worker_id": worker_id, "valid_from": day, **more},
        headers=registry.office(organization_id),
    )


def teacher(registry: Registry, organization_id: UUID, worker_id: str) -> dict[str, str]:
    return registry.service.tokens.headers(
        Role.TEACHER, municipality=MUNICIPALITY, organization_id=organization_id, person_id=UUID(worker_id)
    )


async def test_a_class_has_one_class_teacher_at_a_time(registry: Registry) -> None:
    school = await registry.organization()
    group_id = await registry.school_class(school)
    workers = [(await hire(registry, school, number))["worker_id"] for number in range(3)]
    first = await appoint(registry, school, group_id, workers[0])
    assert first.status_code == 201, first.text
    assert (first.json()["role"], first.json()["group_name"]) == ("class_teacher", "1А")
    second = await appoint(registry, school, group_id, workers[1], "2026-11-01")
    assert second.json()["code"] == "class-teachers.led-already"
    replaced = await appoint(registry, school, group_id, workers[1], "2026-11-01", replace=True)
    assert replaced.status_code == 201, replaced.text
    path = f"/organizations/{school}/class-teachers"
    for day, worker in (("2026-10-31", workers[0]), ("2026-11-01", workers[1])):
        listed = await registry.service.client.get(path, params={"date": day}, headers=registry.office(school))
        assert [one["worker_id"] for one in listed.json()["items"]] == [worker]
    past = await registry.service.client.get(path, params={"past": True}, headers=registry.office(school))
    assert len(past.json()["items"]) == 2
    racing = await asyncio.gather(
        *(appoint(registry, school, group_id, one, "2027-01-11", replace=True) for one in (workers[0], workers[2]))
    )
    assert sorted(one.status_code for one in racing) == [201, 409]


async def test_a_preschool_group_has_several_educators(registry: Registry) -> None:
    preschool = await registry.organization("preschool")
    group_id = await registry.preschool_group(preschool)
    workers = [(await hire(registry, preschool, number, post="educator"))["worker_id"] for number in range(2)]
    answers = [await appoint(registry, preschool, group_id, one) for one in workers]
    assert [one.json()["role"] for one in answers] == ["educator", "educator"]
    again = await appoint(registry, preschool, group_id, workers[0], "2026-12-01")
    assert again.json()["code"] == "class-teachers.led-already"


async def test_only_a_worker_of_the_school_leads_its_class(registry: Registry) -> None:
    school, other = await registry.organization(), await registry.organization()
    group_id = await registry.school_class(school)
    stranger = (await hire(registry, other, 1))["worker_id"]
    assert (await appoint(registry, school, group_id, stranger)).json()["code"] == "class-teachers.not-employed"
    own = (await hire(registry, school, 2))["worker_id"]
    early = await appoint(registry, school, group_id, own, "2020-08-31")
    assert early.json()["code"] == "class-teachers.not-employed"
    late = await appoint(registry, school, group_id, own, "2027-09-01")
    assert late.json()["code"] == "class-teachers.dates"
    assert await registry.value("SELECT count(*) FROM group_teacher") == 0


async def test_a_dismissal_ends_it_and_is_told(registry: Registry, clock: FixedClock) -> None:
    school = await registry.organization()
    group_id = await registry.school_class(school)
    hired = await hire(registry, school, 1)
    appointed = (await appoint(registry, school, group_id, hired["worker_id"])).json()
    body = {"reason": "Уволена", "dismissed_on": "2026-12-01", "dismissal_order": "40-у"}
    dismissed = await registry.service.client.patch(
        f"/employments/{hired['employment_id']}",
        json=body,
        headers={**registry.office(school), "If-Match": '"1"'},
    )
    assert dismissed.status_code == 200, dismissed.text
    row = (await registry.fetch("SELECT * FROM group_teacher WHERE id = $1", UUID(appointed["id"])))[0]
    assert (str(row["valid_to"]), row["version"], row["reason"]) == ("2026-12-01", 2, "Уволена")
    await tell_ended(registry.service.runtime)
    await tell_ended(registry.service.runtime)
    events = await registry.events("core.group-teacher.changed.v1")
    told = [GroupTeacherChanged.model_validate_json(event["payload"]) for event in events]
    assert [(event["version"], str(one.valid_to)) for event, one in zip(events, told, strict=True)] == [
        (1, "None"),
        (2, "2026-12-01"),
    ]
    clock.instant = datetime(2026, 12, 1, 9, tzinfo=UTC)
    again = await registry.service.client.patch(
        f"/class-teachers/{appointed['id']}",
        json={"reason": "Ошибка", "valid_to": None},
        headers={**registry.office(school), "If-Match": '"2"'},
    )
    assert again.json()["code"] == "class-teachers.not-employed"


async def test_a_class_teacher_reads_the_cards_of_the_own_class(registry: Registry, clock: FixedClock) -> None:
    school = await registry.organization()
    groups = [UUID(one["id"]) for one in await registry.groups(school, class_("1А"), class_("1Б"))]
    students = [await registry.student(school, group, number) for number, group in enumerate(groups)]
    hired = await hire(registry, school, 1)
    token = teacher(registry, school, hired["worker_id"])
    client = registry.service.client

    async def card(student: UUID) -> dict[str, Any]:
        answer = await client.get(f"/students/{student}", headers=token)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    before = await card(students[0])
    assert "residence" not in before["values"]
    assert before["masked"] == ["birth_date"]
    assert before["guardians"][0]["values"].keys() == {"last_name", "first_name", "middle_name", "sex"}
    assert before["consents"] == before["possible_duplicates"] == []
    day = clock.today()
    await appoint(registry, school, groups[0], hired["worker_id"], day.isoformat())
    own, other = await card(students[0]), await card(students[1])
    assert {"residence", "birth_date"} <= own["values"].keys()
    assert own["masked"] == []
    assert "mobile_phone" in own["guardians"][0]["values"]
    assert not own["values"].keys() & {"snils", "document", "medical_policy"}
    assert "residence" not in other["values"]
    history = await client.get(f"/students/{students[0]}/history", headers=token)
    assert history.json()["items"][0]["changes"]["birth_date"][1] == "2020-05-14"
    clock.instant += timedelta(days=400)
    token = teacher(registry, school, hired["worker_id"])
    assert "residence" not in (await card(students[0]))["values"], "the class is over, so is the leading of it"


async def test_a_teacher_sees_no_card_of_another_school(registry: Registry) -> None:
    school, other = await registry.organization(), await registry.organization()
    student = await registry.student(school, await registry.school_class(school), 1)
    hired = await hire(registry, other, 1)
    answer = await registry.service.client.get(
        f"/students/{student}", headers=teacher(registry, other, hired["worker_id"])
    )
    assert answer.status_code == 404
