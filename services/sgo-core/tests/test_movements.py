"""Transfers, departures, the movement book and the contingent as of any date."""

import asyncio
import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asu_contracts.core import MovementRecorded, ReferenceEntryChanged, SubjectChanged
from servicekit.clock import FixedClock
from servicekit.ids import new_id
from servicekit.messaging.republish import Aggregate
from servicekit.testing import ServiceUnderTest
from servicekit.testing.worker import eventually
from sgo_core.bootstrap import SERVICE
from sgo_core.movements import service as movements

from .world import FIRST_DAY, Registry, class_, row, xlsx


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


def line(student_id: UUID, kind: str, day: str, group_id: UUID | None = None) -> dict[str, Any]:
    found = {"student_id": str(student_id), "kind": kind, "effective_date": day}
    if kind == "departed":
        found["reason"] = "parents_wish"
    return found if group_id is None else {**found, "group_id": str(group_id)}


async def order(registry: Registry, organization_id: UUID, *lines: dict[str, Any], number: str = "7") -> httpx.Response:
    return await registry.order(organization_id, *lines, number=number)


async def count(registry: Registry, organization_id: UUID, day: str) -> dict[str, int]:
    answer = await registry.service.client.get(
        f"/organizations/{organization_id}/contingent", params={"date": day}, headers=registry.region
    )
    return {group["group_id"]: group["count"] for group in answer.json()["groups"]}


async def test_a_transfer_closes_one_placement_and_opens_another(registry: Registry) -> None:
    organization_id = await registry.organization()
    a, b = (UUID(one["id"]) for one in await registry.groups(organization_id, class_("1А"), class_("1Б")))
    student = await registry.student(organization_id, a, 1)
    answer = await order(registry, organization_id, line(student, "transferred_between_groups", "2026-10-01", b))
    assert answer.status_code == 200, answer.text
    assert await count(registry, organization_id, "2026-09-30") == {str(a): 1}
    assert await count(registry, organization_id, "2026-10-01") == {str(b): 1}
    fact = MovementRecorded.model_validate_json((await registry.events(MovementRecorded.type))[-1]["payload"])
    assert fact.opened is not None
    assert fact.closed is not None
    assert (fact.opened.group_id, fact.closed.group_id, fact.effective_date) == (b, a, date(2026, 10, 1))
    book = await registry.service.client.get(f"/organizations/{organization_id}/movements", headers=registry.region)
    assert [one["kind"] for one in book.json()["items"]] == ["enrolled", "transferred_between_groups"]
    mine = await registry.service.client.get(f"/students/{student}/movements", headers=registry.region)
    assert mine.json()["items"] == book.json()["items"]
    await registry.check()


async def test_a_place_is_given_up_on_the_day_the_placement_ends(registry: Registry) -> None:
    clock = FixedClock(datetime(2026, 9, 30, 20, 59, tzinfo=UTC))  # one minute to midnight in Moscow
    registry.service.runtime.clock = clock
    organization_id = await registry.organization()
    group_id = await registry.school_class(organization_id, capacity=1)
    student = await registry.student(organization_id, group_id, 1)
    assert (await order(registry, organization_id, line(student, "departed", "2026-10-01"))).status_code == 200
    occupied = "SELECT occupied FROM study_group"
    await movements.release_places(registry.service.runtime)
    assert await registry.value(occupied) == 1
    clock.instant = datetime(2026, 9, 30, 21, 0, tzinfo=UTC)
    await movements.release_places(registry.service.runtime)
    await movements.release_places(registry.service.runtime)
    assert await registry.value(occupied) == 0
    told = await registry.fetch(
        "SELECT payload::jsonb -> 'organization_ids' AS ids FROM outbox "
        "WHERE type = 'core.guardian.profiled.v1' ORDER BY version DESC"
    )
    assert told[0]["ids"] == "[]"
    await registry.check()


async def test_of_two_profiles_of_a_guardian_the_later_has_seen_the_earlier(registry: Registry) -> None:
    first, second = await registry.organization(), await registry.organization()
    student = await registry.student(first, await registry.school_class(first), 1)

    async def tell() -> None:
        async with registry.service.runtime.uow() as uow:
            await movements.tell_guardians(uow, [student])

    async def waiting() -> bool:
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        return bool(await registry.value(query))

    connection = await registry.service.database.connect()
    try:
        async with connection.transaction():
            await connection.execute("SELECT id FROM guardian FOR UPDATE")
            telling = asyncio.create_task(tell())
            await eventually(waiting)
            turn = date(2099, 9, 1)
            await connection.execute("UPDATE membership SET valid_to = $1", turn)
            await connection.execute(
                "INSERT INTO membership (id, student_id, organization_id, main, valid_from) VALUES ($1, $2, $3, true, $4)",
                new_id(), student, second, turn,
            )  # fmt: skip
        await telling
    finally:
        await connection.close()
    told = await registry.events("core.guardian.profiled.v1")
    assert {str(first), str(second)} == set(json.loads(told[-1]["payload"])["organization_ids"])


async def test_wrong_lines_are_told_one_by_one_and_nothing_is_written(registry: Registry) -> None:
    organization_id, other = await registry.organization(), await registry.organization()
    groups = await registry.groups(organization_id, class_("1А", 4), class_("1Б", 1))
    a, b = (UUID(one["id"]) for one in groups)
    foreign = await registry.school_class(other)
    students = [await registry.student(organization_id, a, number) for number in range(4)]
    await registry.student(organization_id, b, 10)
    stranger = await registry.student(other, foreign, 11)
    answer = await order(
        registry,
        organization_id,
        line(stranger, "departed", "2026-10-01"),
        line(new_id(), "departed", "2026-10-01"),
        line(students[0], "transferred_between_groups", "2026-10-01", b),
        line(students[1], "transferred_between_groups", "2026-10-01", a),
        line(students[2], "transferred_between_groups", "2026-10-01"),
        line(students[3], "transferred_between_groups", "2026-10-01", foreign),
        line(students[3], "departed", "2026-10-01"),
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "movements.refused")
    assert [(error["pointer"].split("/")[3], error["code"]) for error in answer.json()["errors"]] == [
        ("0", "movements.not-a-student"),
        ("1", "movements.not-a-student"),
        ("2", "movements.group-full"),
        ("3", "movements.same-group"),
        ("4", "movements.group-required"),
        ("5", "movements.group-unknown"),
        ("6", "movements.student-twice"),
    ]
    assert await registry.value("SELECT count(*) FROM movement WHERE kind <> 'enrolled'") == 0
    before = await order(registry, organization_id, line(students[0], "departed", "2026-08-31"))
    assert before.json()["errors"][0]["code"] == "movements.not-a-student"
    assert (
        await order(registry, organization_id, line(students[0], "departed", "2026-10-05"), number="8")
    ).status_code == 200
    again = await order(registry, organization_id, line(students[0], "departed", "2026-10-04"), number="9")
    assert again.json()["errors"][0]["code"] == "movements.later-movement"
    await registry.check()


async def test_students_on_a_day_in_pages(registry: Registry) -> None:
    organization_id = await registry.organization()
    await registry.school_class(organization_id)
    late = {"Дата зачисления": date(2026, 10, 1)}
    await registry.import_list(organization_id, xlsx([*(row(n) for n in range(5)), row(6, **late)]))
    seen: list[str] = []
    after: str | None = None
    while True:
        params: dict[str, str | int] = {"limit": 2, "date": "2026-09-15", **({"after": after} if after else {})}
        page = (
            await registry.service.client.get(
                f"/organizations/{organization_id}/students", params=params, headers=registry.region
            )
        ).json()
        seen += [one["id"] for one in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 5
    read = await registry.fetch("SELECT subjects FROM audit WHERE action = 'students.list.read' ORDER BY id")
    assert [[str(one) for one in page["subjects"]] for page in read] == [seen[:2], seen[2:4], seen[4:]]
    bad = await registry.service.client.get(
        f"/organizations/{organization_id}/students", params={"after": "x"}, headers=registry.region
    )
    assert bad.status_code == 422


async def test_everything_can_be_sent_again(registry: Registry) -> None:
    organization_id = await registry.organization()
    a, b = (UUID(one["id"]) for one in await registry.groups(organization_id, class_("1А", 1), class_("1Б")))
    student = await registry.student(organization_id, a, 1)
    await registry.admit(registry.admission(organization_id, a, 2))
    await order(registry, organization_id, line(student, "transferred_between_groups", "2026-10-01", b))
    latest = {
        (one["type"], one["subject"]): (one["version"], one["payload"])
        for one in await registry.fetch("SELECT * FROM outbox ORDER BY id")
    }
    again: dict[tuple[str, str], tuple[int, str]] = {}
    async with registry.service.runtime.sessions() as session:
        for kind, source in SERVICE.sources.items():
            if kind in {ReferenceEntryChanged, SubjectChanged}:  # the first of them come with the schema, untold
                continue
            async for chunk in source(session):
                for one in chunk:
                    assert isinstance(one, Aggregate)
                    again[kind.type, one.event.subject] = (one.version or 1, one.event.model_dump_json())
    assert again == latest


async def test_the_database_itself_refuses_two_main_places_and_overfull_groups(registry: Registry) -> None:
    organization_id, other = await registry.organization(), await registry.organization()
    group_id = await registry.school_class(organization_id, capacity=1)
    student = await registry.student(organization_id, group_id, 1)
    insert = "INSERT INTO membership (id, student_id, organization_id, main, valid_from) VALUES ($1, $2, $3, true, $4)"
    with pytest.raises(Exception, match="ex_membership_one_main"):
        await registry.fetch(insert, new_id(), student, other, date(2026, 12, 1))
    with pytest.raises(Exception, match="ck_study_group_occupied"):
        await registry.fetch("UPDATE study_group SET occupied = 2 WHERE id = $1", group_id)
    placement = (
        "INSERT INTO placement (id, organization_id, membership_id, group_id, valid_from) "
        "SELECT $1, organization_id, id, $2, '2026-12-01' FROM membership"
    )
    with pytest.raises(Exception, match="ex_placement_one_per_membership"):
        await registry.fetch(placement, new_id(), group_id)


steps = st.lists(
    st.tuples(
        st.sampled_from(["enrol", "transfer", "depart"]), st.integers(0, 3), st.integers(0, 2), st.integers(1, 28)
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(steps)
async def test_any_history_keeps_what_must_hold(
    service: ServiceUnderTest, history: list[tuple[str, int, int, int]]
) -> None:
    """Whatever is asked, accepted or refused: occupancy, intervals and the events about them agree."""
    registry = Registry(service)
    registry.first_number = int(await registry.value("SELECT count(*) FROM organization"))
    organization_id = await registry.organization()
    groups = [UUID(one["id"]) for one in await registry.groups(organization_id, *(class_(f"1{x}", 2) for x in "АБВ"))]
    base = registry.first_number * 100
    for number, (act, child, place, day) in enumerate(history):
        effective = date(2026, 10, day)
        if act == "enrol":
            await registry.admit(
                registry.admission(organization_id, groups[place], base + child, effective_date=effective)
            )
            continue
        found = await registry.fetch(
            "SELECT s.id FROM student s JOIN membership m ON m.student_id = s.id WHERE m.organization_id = $1 "
            "ORDER BY s.id OFFSET $2 LIMIT 1",
            organization_id,
            child,
        )
        if found:
            kind = "departed" if act == "depart" else "transferred_between_groups"
            target = groups[place] if act == "transfer" else None
            answer = await order(
                registry, organization_id, line(found[0]["id"], kind, effective.isoformat(), target), number=str(number)
            )
            assert answer.status_code in {200, 409}
    await registry.check()
    events = [
        MovementRecorded.model_validate_json(one["payload"]) for one in await registry.events(MovementRecorded.type)
    ]
    for on in (FIRST_DAY, date(2026, 10, 1), date(2026, 10, 15), date(2026, 11, 1)):
        told = sum(
            int(one.opened is not None and one.opened.organization_id == organization_id)
            - int(one.closed is not None and one.closed.organization_id == organization_id)
            for one in events
            if one.effective_date <= on
        )
        assert await registry.contingent(organization_id, on) == told
