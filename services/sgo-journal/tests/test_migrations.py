"""The schema: models and migrations agree; journal tables are keyed and partitioned by organization and school year."""

import asyncio
from datetime import UTC, datetime

import asyncpg
import pytest

from servicekit.clock import FixedClock
from servicekit.migrations import check
from servicekit.partitions import ensure_ahead
from servicekit.testing import ServiceUnderTest, Template

PER_YEAR = {
    "placement", "teaching_group_stay", "journal", "teaching", "lesson", "lesson_work", "period_closing", "period_unlock",
    "plan", "plan_section", "plan_topic", "journal_plan", "lesson_plan",
    "attached_file", "homework", "homework_student", "hand_in",
    "mark", "attendance", "record_change", "record_change_leaf", "record_change_unsealed", "record_change_erasure",
    "total",
    "lesson_change", "timetable", "timetable_line", "unavailability", "switch", "switched_lesson", "assessment",
    "class_event", "class_event_change", "notice",
    "absence", "substitution",
    "archive", "archive_file", "archive_signature", "alert",
    "inspection", "inspected_journal", "remark", "remark_change",
    "child_day", "daycare_closure", "daycare_month", "daycare_recount",
    "brought_statement", "brought_subject", "brought_mark", "brought_change",
    "absence_notice",
    "course", "course_edition", "course_journal", "course_progress",
}  # fmt: skip
NOT_PER_YEAR = {
    "upload", "alert_settings", "watched_block",
    "scale", "scale_value", "scale_conversion", "scale_conversion_value",
    "journal_settings", "attendance_code", "daycare_code", "absence_reason",
    "merged_student", "student_name", "guardianship", "directory_organization", "directory_group",
    "teaching_group", "study_form", "subject", "building", "room", "bell_schedule", "calendar", "reference_entry", "worker",
    "group_teacher", "shared_room", "assessment_limits", "subject_points",
    "diary_visit", "diary_acknowledgement", "feed", "feed_reading", "outward_exchange",
    "producer_epoch", "outbox", "inbox", "idempotency", "audit", "run", "revocation", "alembic_version",
    "record_change_block",
}  # fmt: skip


async def test_models_and_migrations_agree(template: Template) -> None:
    await asyncio.to_thread(check, "sgo_journal", template.database.owner_url)


async def test_every_table_of_the_journal_is_partitioned_by_year(service: ServiceUnderTest) -> None:
    connection = await service.database.connect()
    tables = await connection.fetch(
        """SELECT c.relname, pg_get_partkeydef(c.oid) AS partitioned_by,
            (SELECT array_agg(a.attname::text ORDER BY k.place) FROM pg_index i
                CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k (number, place)
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
                WHERE i.indrelid = c.oid AND i.indisprimary) AS key,
            (SELECT array_agg(p.relname::text ORDER BY p.relname) FROM pg_inherits h JOIN pg_class p ON p.oid = h.inhrelid
                WHERE h.inhparent = c.oid) AS partitions,
            EXISTS (SELECT FROM pg_partitioned_table t WHERE t.partrelid = c.oid AND t.partdefid <> 0) AS has_default
        FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition"""
    )
    await connection.close()
    found = {table["relname"]: table for table in tables}
    assert set(found) == PER_YEAR | NOT_PER_YEAR
    for name in NOT_PER_YEAR:
        assert found[name]["partitioned_by"] is None
    for name in PER_YEAR:
        assert found[name]["partitioned_by"] == "LIST (academic_year)"
        assert found[name]["key"] == ["organization_id", "academic_year", "id"]
        assert not found[name]["has_default"]
        assert found[name]["partitions"] == [f"{name}_p_{year}" for year in range(2025, 2029)]


async def test_unique_keys_and_references_stay_in_one_organization_and_year(service: ServiceUnderTest) -> None:
    connection = await service.database.connect()
    constraints = await connection.fetch(
        """SELECT conname, conrelid::regclass::text AS of_table, confrelid::regclass::text AS to_table,
            (SELECT array_agg(attname::text) FROM pg_attribute WHERE attrelid = conrelid AND attnum = ANY(conkey)) AS columns
        FROM pg_constraint WHERE contype IN ('u', 'f') AND conparentid = 0 AND conrelid::regclass::text = ANY($1)""",
        sorted(PER_YEAR),
    )
    await connection.close()
    assert constraints
    for constraint in constraints:
        if constraint["to_table"] not in {
            "scale",
            "scale_value",
            "attendance_code",
            "daycare_code",
            "absence_reason",
            "record_change_block",
        }:
            assert {"organization_id", "academic_year"} <= set(constraint["columns"]), constraint["conname"]


async def test_the_application_reaches_rows_through_parents_alone_and_never_rewrites_history(
    service: ServiceUnderTest,
) -> None:
    connection = await service.database.connect()
    direct = await connection.fetch(
        """SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'
            AND has_table_privilege('journal_app', oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')"""
    )
    await connection.close()
    assert direct == []
    application = await asyncpg.connect(service.database.url)
    for statement in (
        "UPDATE record_change SET new_value = '5'",
        "DELETE FROM record_change",
        "TRUNCATE record_change",
        "UPDATE lesson_change SET reason = ''",
        "DELETE FROM lesson_change",
        "DELETE FROM audit",
        "DELETE FROM remark",
        "DELETE FROM archive_file",
        "DELETE FROM alert",
        "UPDATE remark_change SET text = ''",
        "DELETE FROM brought_change",
        "INSERT INTO remark_change DEFAULT VALUES",
        "DELETE FROM mark",
        "DELETE FROM attendance",
        "DELETE FROM total",
        "INSERT INTO record_change DEFAULT VALUES",
        "UPDATE record_change_block SET epoch = 1",
        "DELETE FROM record_change_leaf",
        "INSERT INTO record_change_unsealed (academic_year) VALUES (2026)",
        "DELETE FROM record_change_erasure",
        "INSERT INTO attendance_code VALUES ('x', 'x', 'x', true, 9)",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await application.execute(statement)
    await application.close()


async def test_the_job_makes_the_years_ahead_and_may_be_repeated(service: ServiceUnderTest) -> None:
    service.runtime.clock = FixedClock(datetime(2031, 7, 31, 21, 30, tzinfo=UTC))  # 1 August in Moscow
    await asyncio.gather(ensure_ahead(service.runtime), ensure_ahead(service.runtime))
    connection = await service.database.connect()
    made = await connection.fetch(
        "SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r' AND relname ~ '_203[1-9]$'"
    )
    foreign = await connection.fetchval(
        "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conrelid = 'mark_p_2033'::regclass"
    )
    await connection.close()
    assert {row["relname"] for row in made} == {f"{name}_p_{year}" for name in PER_YEAR for year in (2031, 2032, 2033)}
    assert foreign == 2
