"""Migrations and the shape that lets facts be distributed by organization."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any

from asu_contracts.core import OrganizationKind
from asu_contracts.journal import LessonRecorded
from reporting.bootstrap import SERVICE
from reporting.facts.model import PARTITIONED
from servicekit.clock import FixedClock
from servicekit.migrations import check
from servicekit.testing import Template

from .factories import Region, Reporting


def test_models_and_migrations_agree(template: Template) -> None:
    check("reporting", template.database.owner_url)


async def fetch(reporting: Reporting, sql: str, *args: object) -> list[Any]:
    return await reporting.service.fetch(sql, *args)


async def test_facts_are_keyed_by_organization_and_partitioned_by_academic_year(reporting: Reporting) -> None:
    found = await fetch(
        reporting,
        """SELECT c.relname, pg_get_partkeydef(c.oid), p.partdefid,
            (SELECT array_agg(a.attname::text ORDER BY k.n) FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k(attnum, n)
             JOIN pg_attribute a ON a.attnum = k.attnum
             WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid)
        FROM pg_class c JOIN pg_partitioned_table p ON p.partrelid = c.oid
        WHERE c.relnamespace = 'facts'::regnamespace ORDER BY 1""",
    )
    shape = ("LIST (academic_year)", 0, ["organization_id", "academic_year", "id"])
    assert {row[0]: (row[1], row[2], row[3][:3]) for row in found} == {table.name: shape for table in PARTITIONED}


async def partitions(reporting: Reporting) -> set[str]:
    found = await fetch(reporting, "SELECT relname::text FROM pg_class WHERE relispartition AND relkind = 'r'")
    return {row[0] for row in found}


async def test_partitions_are_made_ahead(reporting: Reporting) -> None:
    before = await partitions(reporting)
    reporting.service.runtime.clock = FixedClock(datetime(2031, 7, 31, 12, tzinfo=UTC))
    await asyncio.gather(*(job.action(reporting.service.runtime) for job in [*SERVICE.jobs, *SERVICE.jobs]))
    made = await partitions(reporting) - before
    years = {f"{table.name}_p_{year}" for table in PARTITIONED for year in (2031, 2032, 2033)}
    assert made == years | {f"event_log_p_2031_{month}" for month in ("07", "08", "09")}


async def test_an_event_of_a_year_nobody_foresaw_makes_its_partitions(reporting: Reporting, region: Region) -> None:
    school = region.organization(OrganizationKind.SCHOOL)
    group = region.group(school, 1).model_copy(update={"academic_year": 2019})
    lesson = LessonRecorded(
        lesson_id=region.id(), organization_id=school.organization_id, group_id=group.group_id, academic_year=2018,
        date=date(2018, 9, 3), subject_name="Чтение", learners=1, absent=0, marks=0,
    )  # fmt: skip
    stay = region.stay(group)
    await reporting.tell(school, region.movement(region.id(), date(2019, 9, 2), opened=stay), lesson)
    for table, row_id in (("placement_p_2019", stay.placement_id), ("lesson_p_2018", lesson.lesson_id)):
        assert [row[0] for row in await fetch(reporting, f"SELECT id FROM facts.{table}")] == [row_id]


async def test_the_application_reaches_rows_through_parents_alone(reporting: Reporting) -> None:
    direct = await fetch(
        reporting,
        """SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'
            AND has_table_privilege('reporting_app', oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')""",
    )
    assert direct == []
