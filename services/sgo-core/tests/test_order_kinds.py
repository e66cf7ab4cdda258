"""Lines of orders beside enrolment and departure: academic leave, restoration, graduation; and their cancelling."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.core import MovementRecorded
from servicekit.messaging.republish import Aggregate
from servicekit.testing import ServiceUnderTest
from sgo_core.movements import service as movements

from .transferring import Move, TickingClock
from .world import Registry

START, BACK = date(2026, 11, 2), date(2027, 2, 1)


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    service.runtime.clock = TickingClock.on(date(2026, 10, 1))
    return Registry(service)


async def a_student(registry: Registry) -> tuple[UUID, UUID, UUID]:
    organization_id = await registry.organization()
    group_id = await registry.school_class(organization_id, capacity=2)
    return organization_id, group_id, await registry.student(organization_id, group_id, 1)


def line(student_id: UUID, kind: str, day: date, **more: Any) -> dict[str, Any]:
    return {"student_id": str(student_id), "kind": kind, "effective_date": day.isoformat(), **more}


def leave(student_id: UUID, day: date = START, until: date = date(2027, 5, 1)) -> dict[str, Any]:
    return line(student_id, "academic_leave_started", day, until=until.isoformat())


async def cancel(registry: Registry, organization_id: UUID, order_id: str) -> Any:
    some = organization_id
    return await Move(registry, some, some, some, some, some).cancel(organization_id, order_id)


async def on_leave(registry: Registry, organization_id: UUID, day: date) -> str | None:
    answer = await registry.service.client.get(
        f"/organizations/{organization_id}/students", params={"date": day.isoformat()}, headers=registry.region
    )
    (found,) = answer.json()["items"]
    until: str | None = found["on_leave_until"]
    return until


class TestAcademicLeave:
    """The student stays in the contingent; the leave has its dates, and ends by an order or with the stay."""

    async def test_begins_and_ends(self, registry: Registry) -> None:
        organization_id, _, student_id = await a_student(registry)
        began = await registry.order(organization_id, leave(student_id))
        assert began.status_code == 200, began.text
        twice = await registry.order(organization_id, leave(student_id, BACK), number="8")
        assert [one["code"] for one in twice.json()["errors"]] == ["movements.on-leave"]
        ended = await registry.order(organization_id, line(student_id, "academic_leave_ended", BACK), number="9")
        assert ended.status_code == 200, ended.text
        assert [await on_leave(registry, organization_id, day) for day in (date(2026, 11, 1), START, BACK)] == [
            None,
            "2027-05-01",
            None,
        ]
        assert await registry.contingent(organization_id, START) == 1
        facts = [
            MovementRecorded.model_validate_json(one["payload"]) for one in await registry.events(MovementRecorded.type)
        ]
        assert [(one.kind, one.opened, one.closed, one.leave_until) for one in facts[1:]] == [
            ("academic_leave_started", None, None, date(2027, 5, 1)),
            ("academic_leave_ended", None, None, None),
        ]
        async with registry.service.runtime.uow() as uow:
            again: list[Aggregate] = [one async for chunk in movements.facts(uow.session) for one in chunk]
        assert sorted(one.event.model_dump_json() for one in again) == sorted(one.model_dump_json() for one in facts)
        book = await registry.service.client.get(f"/organizations/{organization_id}/movements", headers=registry.region)
        assert [one["leave_until"] for one in book.json()["items"]] == [None, "2027-05-01", None]

    async def test_ends_with_the_stay_and_comes_back_with_it(self, registry: Registry) -> None:
        organization_id, _, student_id = await a_student(registry)
        await registry.order(organization_id, leave(student_id))
        gone = line(student_id, "departed", date(2026, 12, 1), reason="parents_wish")
        order = (await registry.order(organization_id, gone, number="8")).json()
        ends = "SELECT valid_to FROM academic_leave"
        assert await registry.value(ends) == date(2026, 12, 1)
        assert (await cancel(registry, organization_id, order["id"])).status_code == 200
        assert await registry.value(ends) is None
        assert await on_leave(registry, organization_id, date(2026, 12, 1)) == "2027-05-01"
        await registry.check()

    async def test_is_cancelled(self, registry: Registry) -> None:
        organization_id, _, student_id = await a_student(registry)
        began = (await registry.order(organization_id, leave(student_id))).json()
        ended = (
            await registry.order(organization_id, line(student_id, "academic_leave_ended", BACK), number="9")
        ).json()
        assert (await cancel(registry, organization_id, began["id"])).json()["code"] == "orders.stands"
        assert (await cancel(registry, organization_id, ended["id"])).status_code == 200
        assert await on_leave(registry, organization_id, BACK) == "2027-05-01"
        assert (await cancel(registry, organization_id, began["id"])).status_code == 200
        assert await on_leave(registry, organization_id, START) is None
        assert (await registry.order(organization_id, leave(student_id), number="10")).status_code == 200
        await registry.check()

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"until": None}, "movements.until-required"),
            ({"until": START.isoformat()}, "movements.until-required"),
            ({"kind": "academic_leave_ended", "until": None}, "movements.not-on-leave"),
            ({"kind": "departed", "reason": "parents_wish"}, "movements.until-not-expected"),
        ],
    )
    async def test_is_refused(self, registry: Registry, change: dict[str, Any], code: str) -> None:
        organization_id, _, student_id = await a_student(registry)
        answer = await registry.order(organization_id, {**leave(student_id), **change})
        assert [one["code"] for one in answer.json()["errors"]] == [code]
        assert await registry.value("SELECT count(*) FROM academic_leave") == 0


async def test_a_graduation_has_a_reason_of_its_own(registry: Registry) -> None:
    organization_id, _, student_id = await a_student(registry)
    day = date(2027, 6, 25)
    wrong = await registry.order(organization_id, line(student_id, "graduated", day, reason="parents_wish"))
    assert [one["code"] for one in wrong.json()["errors"]] == ["movements.reason-required"]
    swapped = await registry.order(
        organization_id, line(student_id, "departed", day, reason="finished_basic"), number="8"
    )
    assert [one["code"] for one in swapped.json()["errors"]] == ["movements.reason-required"]
    done = await registry.order(
        organization_id, line(student_id, "graduated", day, reason="finished_basic"), number="9"
    )
    assert done.status_code == 200, done.text
    assert await registry.contingent(organization_id, day) == 0
    assert (await cancel(registry, organization_id, done.json()["id"])).status_code == 200
    assert await registry.contingent(organization_id, day) == 1
    await registry.check()


async def test_only_who_was_here_is_restored(registry: Registry) -> None:
    organization_id, group_id, student_id = await a_student(registry)
    other = await registry.organization()
    there = await registry.school_class(other)
    await registry.depart(organization_id, student_id, "2026-10-05")
    day = date(2026, 10, 12)
    never = await registry.order(other, line(student_id, "restored", day, group_id=str(there)))
    assert [one["code"] for one in never.json()["errors"]] == ["movements.never-here"]
    back = await registry.order(organization_id, line(student_id, "restored", day, group_id=str(group_id)), number="8")
    assert back.status_code == 200, back.text
    assert [await registry.contingent(organization_id, one) for one in (date(2026, 10, 11), day)] == [0, 1]
    assert (await cancel(registry, organization_id, back.json()["id"])).status_code == 200
    assert await registry.contingent(organization_id, day) == 0
    await registry.check()
