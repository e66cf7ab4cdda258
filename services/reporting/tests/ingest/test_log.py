from datetime import UTC, date, datetime
from typing import Any

from asu_contracts.auth import AccessRevoked
from asu_contracts.core import OrganizationKind
from asu_contracts.exchanges import Service
from asu_contracts.registry import pii_fields, read_by
from reporting.bootstrap import SERVICE
from servicekit.messaging import Received
from servicekit.testing import received

from ..factories import Region, Reporting


async def rows(reporting: Reporting, sql: str) -> list[Any]:
    return await reporting.service.fetch(sql)


def test_every_event_type_meant_for_reporting_is_read_by_one_queue() -> None:
    queued = [event for queue in SERVICE.topology.queues for event in queue.reads]
    assert sorted(event.type for event in queued) == sorted(event.type for event in read_by(Service.REPORTING))


async def test_every_event_is_logged_once_in_order_of_arrival(reporting: Reporting, region: Region) -> None:
    school = region.organization(OrganizationKind.SCHOOL)
    movement = region.movement(region.id(), date(2026, 9, 1), opened=region.stay(region.group(school, 1)))
    messages: list[Received[Any]] = [
        received(school),
        received(movement),
        received(region.statistics(date(2019, 5, 5))),
    ]
    await reporting.deliver(messages)
    assert await reporting.deliver(messages) == 0
    await reporting.deliver(messages, consumer="another")
    logged = await rows(reporting, "SELECT id, type, subject, sequence, occurred_at FROM event_log ORDER BY position")
    assert {tuple(row) for row in logged} == {
        (one.envelope.id, one.envelope.type, one.envelope.subject, one.sequence, one.envelope.time) for one in messages
    }


async def test_ids_of_students_are_not_kept(reporting: Reporting, region: Region) -> None:
    movement = region.movement(
        region.id(), date(2026, 9, 1), opened=region.stay(region.group(region.organization(OrganizationKind.SCHOOL), 1))
    )
    await reporting.tell(movement)
    text = " ".join(row[0] for row in await rows(reporting, "SELECT payload::text FROM event_log"))
    assert str(movement.statistical_id) in text
    assert str(movement.student_id) not in text
    columns = await rows(
        reporting, "SELECT column_name FROM information_schema.columns WHERE table_schema IN ('public', 'facts')"
    )
    assert {row[0] for row in columns} & {"student_id", "last_name", "first_name", "middle_name", "snils"} == set()


_HEALTH = {"special_needs", "adapted_programme", "special_needs_until", "disability", "disability_until"}
_LANGUAGES = {"native_language", "instruction_language", "foreign_languages"}
_STUDY = {"kind", "extended_day", "boarding", "distance_learning"}
_STAFF = {
    "education.level",
    "education.pedagogical",
    "qualification",
    "qualification_until",
    "staff_category",
    "service_since",
    "teaching_since",
    "degree",
}
STATISTICS = {"birth_date", "sex", "citizenship", "second_citizenship"} | _HEALTH | _LANGUAGES | _STUDY | _STAFF
"""What learners and staff are counted by, under pseudonyms: the log keeps it, so that facts can be made anew."""


def test_nothing_personal_but_statistics_is_told_to_reporting() -> None:
    assert {field for event in read_by(Service.REPORTING) for field in pii_fields(event)} <= STATISTICS


async def test_a_month_of_events_is_a_partition(reporting: Reporting, region: Region) -> None:
    school = region.organization(OrganizationKind.SCHOOL)
    await reporting.tell(school)
    await reporting.deliver([received(school, event_id=region.id(), version=2)])
    found = await rows(reporting, "SELECT tableoid::regclass::text AS part FROM event_log ORDER BY position")
    assert [row["part"] for row in found] == [f"event_log_p_{datetime.now(UTC):%Y_%m}", "event_log_p_other"]


async def test_the_application_role_cannot_change_the_log(reporting: Reporting) -> None:
    rights = await rows(
        reporting,
        "SELECT table_name, privilege_type FROM information_schema.role_table_grants "
        "WHERE grantee = 'reporting_app' AND table_name IN ('event_log', 'report')",
    )
    assert {(row[0], row[1]) for row in rights} == {
        (table, right) for table in ("event_log", "report") for right in ("SELECT", "INSERT")
    }


async def test_a_cut_off_account_is_refused(reporting: Reporting, region: Region) -> None:
    account = region.id()
    headers = reporting.headers(account_id=account)
    assert (await reporting.get("/forms", headers)).status_code == 200
    await reporting.tell(AccessRevoked(account_id=account, not_before="2100-01-01T00:00:00Z"))
    await reporting.service.runtime.revocations.reload()
    assert (await reporting.get("/forms", headers)).status_code == 401
