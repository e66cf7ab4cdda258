"""Which organization may give a student an account: told when it changes, and on the day it changes by itself."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.testing import ServiceUnderTest
from sgo_core.movements.guardians import tell_turned
from sgo_core.people.offers import offers

from .consenting import days_later, edit
from .world import Registry, new_child, row, xlsx


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def told(registry: Registry, student_id: UUID) -> list[tuple[int, str, str | None]]:
    """What was told of a student: version, name, organization."""
    return [
        (event["version"], payload["last_name"], payload["organization_id"])
        for event in await registry.events("core.student.offered.v1")
        if event["subject"] == str(student_id)
        for payload in [json.loads(event["payload"])]
    ]


async def replayed(registry: Registry) -> dict[str, tuple[int | None, str | None]]:
    """What a reader that is rebuilt hears."""
    async with registry.service.runtime.sessions() as session:
        return await _replayed(session)


async def _replayed(session: AsyncSession) -> dict[str, tuple[int | None, str | None]]:
    found: dict[str, tuple[int | None, str | None]] = {}
    async for chunk in offers(session):
        for one in chunk:
            body: Any = one.event.model_dump(mode="json")
            found[body["student_id"]] = (one.version, body["organization_id"])
    return found


async def test_told_when_enrolled_renamed_and_gone(registry: Registry) -> None:
    today = registry.service.runtime.clock.today()
    organization_id = await registry.organization()
    group_id = await registry.school_class(organization_id)
    student_id = await registry.student(organization_id, group_id, 1, effective_date=today - timedelta(days=1))
    assert await told(registry, student_id) == [(1, "Образцова", str(organization_id))]
    card = await edit(registry, organization_id, student_id, {"last_name": "Иная"})
    assert card.status_code == 200, card.text
    assert (await edit(registry, organization_id, student_id, {"native_language": "русский"})).status_code < 500
    assert (await told(registry, student_id))[1:] == [(2, "Иная", str(organization_id))]
    await registry.depart(organization_id, student_id, today.isoformat())
    assert (await told(registry, student_id))[2:] == [(3, "Иная", None)]
    assert await replayed(registry) == {str(student_id): (3, None)}
    await tell_turned(registry.service.runtime)
    assert len(await told(registry, student_id)) == 3


async def test_told_again_on_the_day_it_turns_by_itself(registry: Registry) -> None:
    runtime = registry.service.runtime
    today = runtime.clock.today()
    one, other = await registry.organization(), await registry.organization()
    here, there = await registry.school_class(one), await registry.school_class(other)
    student_id = await registry.student(one, here, 1, effective_date=today + timedelta(days=2))
    assert await told(registry, student_id) == [(1, "Образцова", None)], "not there yet"
    async with days_later(registry, 3):
        await tell_turned(runtime)
        await tell_turned(runtime)
        assert (await told(registry, student_id))[1:] == [(2, "Образцова", str(one))]
        left = (runtime.clock.today() + timedelta(days=2)).isoformat()
        await registry.depart(one, student_id, left)
        line = {"student_id": str(student_id), "kind": "enrolled", "effective_date": left, "group_id": str(there)}
        assert (await registry.order(other, line, number="9")).status_code == 200
        assert {place for _, _, place in (await told(registry, student_id))[2:]} == {str(one)}
    known = len(await told(registry, student_id))
    async with days_later(registry, 6):
        await tell_turned(runtime)
        await tell_turned(runtime)
        assert [place for _, _, place in (await told(registry, student_id))[known:]] == [str(other)]
    assert [version for version, _, _ in await told(registry, student_id)] == list(range(1, known + 2))
    assert await replayed(registry) == {str(student_id): (known + 1, str(other))}


async def test_a_card_opened_before_an_order_is_offered_to_nobody(registry: Registry) -> None:
    organization_id = await registry.organization()
    opened = await registry.service.client.post(
        f"/organizations/{organization_id}/students",
        json={"values": new_child(1), "guardians": []},
        headers=registry.office(organization_id),
    )
    assert opened.status_code == 201, opened.text
    assert await registry.events("core.student.offered.v1") == []


async def test_a_list_tells_of_each_child_once(registry: Registry) -> None:
    organization_id = await registry.organization()
    await registry.school_class(organization_id)
    rows = [row(number) for number in range(5)]
    await registry.import_list(organization_id, xlsx(rows))
    events = await registry.events("core.student.offered.v1")
    assert len({event["subject"] for event in events}) == len(events) == 5
    await registry.import_list(organization_id, xlsx(rows))
    assert len(await registry.events("core.student.offered.v1")) == 5
