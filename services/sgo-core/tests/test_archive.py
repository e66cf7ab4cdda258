"""Cards of those who left go to the archive and are read by whom they left; with the next enrolment they are back."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Uuid, column, select, table, text

from asu_contracts.access import Role
from asu_contracts.core import GuardianProfiled
from servicekit.testing import ServiceUnderTest
from sgo_core.movements.archiving import archive_left
from sgo_core.movements.sight import Sight

from .consenting import days_later
from .world import OTHER_MUNICIPALITY, Registry


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def archived(registry: Registry, student_id: UUID) -> tuple[Any, Any]:
    """Since when the cards of a student and of the guardian are archived."""
    row = await registry.fetch(
        "SELECT s.archived_on, g.archived_on AS guardian FROM student s JOIN guardianship t ON t.student_id = s.id "
        "JOIN guardian g ON g.id = t.guardian_id WHERE s.id = $1",
        student_id,
    )
    return row[0][0], row[0][1]


async def test_who_left_is_archived_and_comes_back_by_enrolment(registry: Registry) -> None:
    runtime = registry.service.runtime
    today = runtime.clock.today()
    one, other = await registry.organization(), await registry.organization(municipality=OTHER_MUNICIPALITY)
    here, there = await registry.school_class(one), await registry.school_class(other)
    start = today - timedelta(days=10)
    student_id = await registry.student(one, here, 1, effective_date=start)
    staying = await registry.student(one, here, 2, effective_date=start)
    left = today + timedelta(days=2)
    await registry.depart(one, student_id, left.isoformat())
    await archive_left(runtime)
    assert await archived(registry, student_id) == (None, None), "not gone yet"
    async with days_later(registry, 3):
        for _ in range(2):
            await archive_left(runtime)
        assert await archived(registry, student_id) == (left, left + timedelta(days=1))
        assert await archived(registry, staying) == (None, None)
        versions = await registry.value("SELECT version FROM student WHERE id = $1", student_id)
        seen = [registry.office(one), registry.region]
        unseen = [registry.office(other)]
        for headers, status in [*((h, 200) for h in seen), *((h, 404) for h in unseen)]:
            answer = await registry.service.client.get(f"/students/{student_id}", headers=headers)
            assert answer.status_code == status, answer.text
        card = await registry.service.client.get(f"/students/{student_id}", headers=registry.office(one))
        assert card.json()["archived_on"] == left.isoformat()
        line = {
            "student_id": str(student_id),
            "kind": "enrolled",
            "effective_date": runtime.clock.today().isoformat(),
            "group_id": str(there),
        }
        assert (await registry.order(other, line, number="9")).status_code == 200
        await archive_left(runtime)
        assert await archived(registry, student_id) == (None, None)
        assert await registry.value("SELECT version FROM student WHERE id = $1", student_id) == versions + 1
        answers = [
            await registry.service.client.get(f"/students/{student_id}", headers=registry.office(which))
            for which in (one, other)
        ]
        assert [answer.status_code for answer in answers] == [404, 200]


async def test_a_stay_that_was_undone_gives_the_card_to_nobody(registry: Registry) -> None:
    runtime = registry.service.runtime
    today = runtime.clock.today()
    one, other = await registry.organization(), await registry.organization(municipality=OTHER_MUNICIPALITY)
    here, there = await registry.school_class(one), await registry.school_class(other)
    student_id = await registry.student(one, here, 1, effective_date=today - timedelta(days=10))
    guardian_id = await registry.value("SELECT guardian_id FROM guardianship")
    left, soon = today - timedelta(days=1), today + timedelta(days=5)
    await registry.depart(one, student_id, left.isoformat())
    line = {
        "student_id": str(student_id),
        "kind": "enrolled",
        "effective_date": soon.isoformat(),
        "group_id": str(there),
    }
    order = (await registry.order(other, line, number="9", day=today.isoformat())).json()
    told = GuardianProfiled.model_validate_json((await registry.events("core.guardian.profiled.v1"))[-1]["payload"])
    assert told.organization_ids == (other,)
    drafted = await registry.service.client.post(
        f"/orders/{order['id']}/cancellation",
        json={"number": "10", "date": today.isoformat(), "reason": "Ошибочно"},
        headers=registry.position(other, Role.SECRETARY),
    )
    assert (await registry.sign(other, drafted.json())).status_code == 200
    told = GuardianProfiled.model_validate_json((await registry.events("core.guardian.profiled.v1"))[-1]["payload"])
    assert told.organization_ids == ()
    for days in (0, 6):
        async with days_later(registry, days):
            for office, status in ((one, 200), (other, 404)):
                for path in (f"/students/{student_id}", f"/guardians/{guardian_id}"):
                    answer = await registry.service.client.get(path, headers=registry.office(office))
                    assert answer.status_code == status, (days, path, answer.text)
            await archive_left(runtime)
            assert (await archived(registry, student_id))[0] == left


async def test_who_sees_a_student_is_said_without_reading_every_stay(registry: Registry) -> None:
    student = table("student", *(column(name, Uuid) for name in ("id", "kept_by", "merged_into")))
    sight = Sight([UUID(int=1)], UUID(int=1), registry.service.runtime.clock.today())
    query = select(student.c.id).where(student.c.id == UUID(int=2), sight(student))
    async with registry.service.runtime.uow() as uow:
        asked = query.compile(uow.session.get_bind(), compile_kwargs={"literal_binds": True})
        await uow.session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = "\n".join(await uow.session.scalars(text(f"EXPLAIN {asked}")))
    assert "ix_membership_student_id" in plan
    assert "Seq Scan" not in plan


async def test_a_guardian_of_another_child_stays(registry: Registry) -> None:
    runtime = registry.service.runtime
    organization_id = await registry.organization()
    group_id = await registry.school_class(organization_id)
    start = runtime.clock.today() - timedelta(days=10)
    student_id = await registry.student(organization_id, group_id, 1, effective_date=start)
    brother = await registry.student(organization_id, group_id, 2, effective_date=start)
    await registry.fetch(
        "UPDATE guardianship SET guardian_id = (SELECT guardian_id FROM guardianship WHERE student_id = $1) "
        "WHERE student_id = $2",
        student_id,
        brother,
    )
    today = runtime.clock.today()
    await registry.depart(organization_id, student_id, today.isoformat())
    await archive_left(runtime)
    assert await archived(registry, student_id) == (today, None)
    line = {
        "student_id": str(brother),
        "kind": "departed",
        "effective_date": today.isoformat(),
        "reason": "parents_wish",
    }
    assert (await registry.order(organization_id, line, number="в-2")).status_code == 200
    await archive_left(runtime)
    assert await archived(registry, student_id) == (today, today)
