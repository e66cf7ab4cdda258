"""Approved admissions become students, or refusals with a reason."""

import asyncio
from datetime import date
from itertools import permutations
from typing import Any

import pytest

from asu_contracts.base import Event
from asu_contracts.core import AdmissionRejected, MovementRecorded
from asu_contracts.enrollment import AdmissionApproved, IdentityDocument
from asu_contracts.people import Sex
from servicekit.ids import new_id
from servicekit.messaging.handlers import Received
from servicekit.testing import ServiceUnderTest, deliver, received
from sgo_core.people.service import IdentityRaceError

from .closing_year import School, at
from .world import FIRST_DAY, Registry, snils


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def reasons(registry: Registry) -> list[str]:
    return [event["payload"] for event in await registry.fetch(
        "SELECT payload::jsonb ->> 'reason' AS payload FROM outbox WHERE type = $1 ORDER BY id", AdmissionRejected.type
    )]  # fmt: skip


async def counts(registry: Registry) -> dict[str, int]:
    tables = ("student", "guardian", "guardianship", "consent", "membership", "placement", "movement")
    return {table: await registry.value(f"SELECT count(*) FROM {table}") for table in tables}


async def test_an_admission_becomes_a_student_with_family_and_place(registry: Registry) -> None:
    organization_id = await registry.organization("preschool")
    group_id = await registry.preschool_group(organization_id, capacity=2)
    admission = registry.admission(organization_id, group_id, 1)
    message: Received[Event] = Received(
        received(admission).envelope, admission, "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
    )
    await deliver(registry.service.runtime, registry.service.definition.handlers["admissions"], [message])
    assert set((await counts(registry)).values()) == {1}
    assert await registry.contingent(organization_id, FIRST_DAY) == 1
    assert await registry.contingent(organization_id, date(2026, 8, 31)) == 0
    (movement,) = await registry.events(MovementRecorded.type)
    assert movement["traceparent"] == message.traceparent
    fact = MovementRecorded.model_validate_json(movement["payload"])
    assert fact.application_id == admission.application_id
    assert fact.opened is not None
    assert (fact.opened.group_id, fact.opened.main, fact.closed) == (group_id, True, None)
    sealed = await registry.fetch("SELECT snils, document FROM student")
    assert snils(1) not in str(sealed)
    causes = await registry.fetch("SELECT DISTINCT traceparent FROM outbox WHERE traceparent IS NOT NULL")
    assert [cause["traceparent"] for cause in causes] == [message.traceparent]
    await registry.check()


async def test_delivered_again_nothing_changes(registry: Registry) -> None:
    organization_id = await registry.organization("preschool")
    group_id = await registry.preschool_group(organization_id)
    admission = registry.admission(organization_id, group_id, 1)
    assert await registry.admit(admission) == 1
    before = await counts(registry), await registry.value("SELECT count(*) FROM outbox")
    assert await registry.admit(admission) == 0
    # The inbox forgets in time; the registry itself remembers.
    handlers = registry.service.definition.handlers["admissions"]
    assert await deliver(registry.service.runtime, handlers, [received(admission)], consumer="forgetful") == 1
    assert (await counts(registry), await registry.value("SELECT count(*) FROM outbox")) == before
    assert await reasons(registry) == []


async def test_approvals_in_any_order_make_one_student_and_one_membership(registry: Registry) -> None:
    """Two organizations, the same child, one of them approved under two admissions."""
    first, second = await registry.organization("preschool"), await registry.organization("preschool")
    groups = await registry.preschool_group(first, capacity=50), await registry.preschool_group(second, capacity=50)
    for child, order in enumerate(permutations(range(3)), start=1):
        application = new_id()
        approvals = [
            registry.admission(first, groups[0], child, application_id=application),
            registry.admission(first, groups[0], child, application_id=application),
            registry.admission(second, groups[1], child),
        ]
        for place in (*order, *order):
            await registry.admit(approvals[place])
        assert await registry.value("SELECT count(*) FROM student") == child
        assert await registry.value("SELECT count(*) FROM membership") == child
        assert await registry.value("SELECT count(*) FROM movement") == child
    await registry.check()


async def test_a_batch_equals_its_messages_one_by_one(registry: Registry) -> None:
    organization_id = await registry.organization("preschool")
    group_id = await registry.preschool_group(organization_id, capacity=3)
    twice = registry.admission(organization_id, group_id, 1)
    batch = [
        twice,
        registry.admission(organization_id, group_id, 2),
        registry.admission(organization_id, group_id, 1),
        registry.admission(organization_id, group_id, 3),
        registry.admission(organization_id, group_id, 4),
    ]
    assert await registry.admit(*batch) == 5
    assert await reasons(registry) == ["already_member", "group_full"]
    assert await registry.value("SELECT count(*) FROM student") == 3
    versions = await registry.events("core.group.changed.v1")
    assert [event["version"] for event in versions] == [1, 2]
    await registry.check()


async def test_a_number_alone_joins_nobody(registry: Registry) -> None:
    organization_id = await registry.organization("preschool")
    group_id = await registry.preschool_group(organization_id, capacity=3)
    first = registry.admission(organization_id, group_id, 1)
    (mother,) = first.representatives
    stranger = mother.model_copy(update={"last_name": "Чужая"})
    await registry.admit(
        first,
        registry.admission(organization_id, group_id, 1, child_birth_date=date(2021, 5, 14)),
        registry.admission(organization_id, group_id, 2, representatives=(stranger,)),
        registry.admission(organization_id, group_id, 3),
    )
    assert await reasons(registry) == ["child_differs", "guardian_differs"]
    # Who differs only from one of the same batch that was itself refused differs from nobody.
    full = registry.admission(organization_id, new_id(), 4)
    await registry.admit(full, registry.admission(organization_id, group_id, 4, child_birth_date=date(2021, 5, 14)))
    assert await reasons(registry) == ["child_differs", "guardian_differs", "group_not_found"]
    assert await registry.value("SELECT count(*) FROM student") == 3
    assert await registry.value("SELECT count(*) FROM guardianship") == 3
    await registry.check()


async def test_a_family_that_contradicts_itself_is_refused(registry: Registry) -> None:
    organization_id = await registry.organization("preschool")
    group_id = await registry.preschool_group(organization_id, capacity=3)
    (mother,) = registry.admission(organization_id, group_id, 1).representatives
    torn = (mother, mother.model_copy(update={"last_name": "Чужая"}))
    await registry.admit(registry.admission(organization_id, group_id, 1, representatives=torn))
    assert await reasons(registry) == ["guardian_differs"]
    await registry.check()


async def test_two_children_under_one_number_at_once(registry: Registry) -> None:
    """The one that comes second finds another child under the number: its next try is refused, nobody is joined."""
    organization_id = await registry.organization("preschool")
    group_id = await registry.preschool_group(organization_id)
    for number in range(1, 6):
        rivals = [
            registry.admission(organization_id, group_id, number, child_birth_date=date(2020, 5, day)) for day in (1, 2)
        ]
        results = await asyncio.gather(*(registry.admit(one) for one in rivals), return_exceptions=True)
        for one, result in zip(rivals, results, strict=True):
            if isinstance(result, BaseException):
                assert isinstance(result, IdentityRaceError)
                await registry.admit(one)
    assert await reasons(registry) == ["child_differs"] * 5
    assert await registry.value("SELECT count(*) FROM student") == 5
    await registry.check()


async def test_two_admissions_for_the_last_place_at_once(registry: Registry) -> None:
    organization_id = await registry.organization("preschool")
    for attempt in range(5):
        group_id = await registry.preschool_group(organization_id, f"Группа {attempt}", capacity=1)
        rivals = [registry.admission(organization_id, group_id, 10 * attempt + number) for number in range(4)]
        await asyncio.gather(*(registry.admit(one) for one in rivals))
        assert await registry.value("SELECT occupied FROM study_group WHERE id = $1", group_id) == 1
    assert await reasons(registry) == ["group_full"] * 15
    assert await registry.value("SELECT count(*) FROM student") == 5
    await registry.check()


async def test_the_same_child_at_once_by_two_ways_is_one_student(registry: Registry) -> None:
    """One transaction knows the СНИЛС and the document, the other only the document."""
    first, second = await registry.organization("preschool"), await registry.organization("preschool")
    groups = await registry.preschool_group(first, capacity=50), await registry.preschool_group(second, capacity=50)
    for child in range(1, 8):
        rivals = [
            registry.admission(first, groups[0], child),
            registry.admission(second, groups[1], child, child_snils=None),
        ]
        results = await asyncio.gather(*(registry.admit(one) for one in rivals), return_exceptions=True)
        for one, result in zip(rivals, results, strict=True):
            if isinstance(result, BaseException):  # the consumer tries such a message again
                await registry.admit(one)
        assert await registry.value("SELECT count(*) FROM student") == child
        assert await registry.value("SELECT count(*) FROM membership") == child
    await registry.check()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"group_id": new_id()}, "group_not_found"),
        ({"organization_id": new_id()}, "group_not_found"),
        ({"effective_date": date(2027, 9, 1)}, "group_not_found"),
        ({"effective_date": date(2026, 8, 31)}, "group_not_found"),
        ({"child_sex": Sex.UNKNOWN}, "unreadable"),
        ({"child_snils": "t1:bm9uc2Vuc2U="}, "unreadable"),
        ({"child_last_name": "  "}, "unreadable"),
        ({"child_last_name": "Образ\u202eцова"}, "unreadable"),
        ({"child_citizenship": "РФ"}, "unreadable"),
        ({"child_birth_date": date(2026, 9, 2)}, "unreadable"),
        ({"consent": {"given_at": "2026-04-01T06:00:00Z", "operator": "Министерство", "purposes": ()}}, "unreadable"),
        (
            {"child_document": IdentityDocument(kind="birth_certificate", series="x", number="y")},
            "unreadable",
        ),
    ],
)
async def test_refusals(registry: Registry, change: dict[str, Any], reason: str) -> None:
    organization_id = await registry.organization("preschool")
    group_id = await registry.preschool_group(organization_id)
    admission = registry.admission(**{"organization_id": organization_id, "group_id": group_id, "number": 1, **change})
    await registry.admit(admission)
    assert await reasons(registry) == [reason]
    assert set((await counts(registry)).values()) == {0}
    again: AdmissionApproved = registry.admission(organization_id, group_id, 1)
    await registry.admit(again)
    assert set((await counts(registry)).values()) == {1}


async def test_wrong_numbers_are_unreadable(registry: Registry) -> None:
    organization_id = await registry.organization("preschool")
    group_id = await registry.preschool_group(organization_id)
    await registry.admit(registry.admission(organization_id, group_id, 1, child_snils=registry.seal("112-233-445 00")))
    assert await reasons(registry) == ["unreadable"]


async def test_a_closed_organization_admits_nobody(registry: Registry) -> None:
    organization_id = await registry.organization("preschool")
    group_id = await registry.preschool_group(organization_id)
    closed = await registry.service.client.patch(
        f"/organizations/{organization_id}",
        json={"reason": "Ликвидация", "active": False},
        headers={**registry.region, "If-Match": '"1"'},
    )
    assert closed.status_code == 200
    await registry.admit(registry.admission(organization_id, group_id, 1))
    assert await reasons(registry) == ["organization_closed"]


async def test_a_closed_year_admits_nobody_and_one_being_closed_lets_wait(registry: Registry) -> None:
    school = await School(registry).open(each=1)
    with at(registry):
        closing_id = (await school.prepare())["id"]
        confirmed = await school.confirm(closing_id)
        waiting = registry.admission(school.id, school.now["5А"], 900, effective_date=date(2027, 6, 1))
        with pytest.raises(Exception, match="year 2026 is closing"):
            await registry.admit(waiting)
        await school.run(confirmed)
        before = await counts(registry)
        await registry.admit(
            waiting, registry.admission(school.id, school.next["5А"], 901, effective_date=date(2027, 9, 1))
        )
    assert await reasons(registry) == ["year_closed"]
    assert await counts(registry) == {table: number + 1 for table, number in before.items()}
    await registry.check()


async def test_a_child_moves_on_only_after_the_former_stay_has_ended(registry: Registry) -> None:
    preschool, school = await registry.organization("preschool"), await registry.organization()
    group_id, class_id = await registry.preschool_group(preschool), await registry.school_class(school)
    student_id = await registry.student(preschool, group_id, 1)
    await registry.admit(registry.admission(school, class_id, 1, effective_date=date(2026, 10, 1)))
    assert await reasons(registry) == ["already_member"]
    await registry.depart(preschool, student_id, "2026-10-01")
    await registry.admit(registry.admission(school, class_id, 1, effective_date=date(2026, 9, 30)))
    assert await reasons(registry) == ["already_member"] * 2
    await registry.admit(registry.admission(school, class_id, 1, effective_date=date(2026, 10, 1)))
    assert await registry.contingent(preschool, date(2026, 9, 30)) == 1
    assert await registry.contingent(preschool, date(2026, 10, 1)) == 0
    assert await registry.contingent(school, date(2026, 10, 1)) == 1
    assert await registry.value("SELECT count(*) FROM student") == 1
    await registry.check()


async def test_a_guardian_is_told_with_the_organizations_of_all_children(registry: Registry) -> None:
    first, second = await registry.organization("preschool"), await registry.organization("preschool")
    groups = await registry.preschool_group(first), await registry.preschool_group(second)
    one = registry.admission(first, groups[0], 1)
    sibling = registry.admission(second, groups[1], 2, representatives=one.representatives)
    await registry.admit(one)
    await registry.admit(sibling)
    assert await registry.value("SELECT count(*) FROM guardian") == 1
    told = await registry.fetch(
        "SELECT payload::jsonb -> 'organization_ids' AS ids FROM outbox WHERE type = $1 ORDER BY version DESC",
        "core.guardian.profiled.v1",
    )
    assert {str(first), str(second)} == {name for name in (str(first), str(second)) if name in told[0]["ids"]}
