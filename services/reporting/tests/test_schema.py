"""Migrations and the shape that lets facts be distributed by organization."""

from typing import Any

from reporting.facts.model import PARTITIONED
from reporting.facts.partitions import YEARS_AHEAD, ensure_years_ahead
from servicekit.migrations import check
from servicekit.testing import Template

from .factories import Reporting


def test_models_and_migrations_agree(template: Template) -> None:
    check("reporting", template.database.owner_url)


async def fetch(reporting: Reporting, sql: str, *args: object) -> list[Any]:
    connection = await reporting.service.database.connect()
    try:
        return list(await connection.fetch(sql, *args))
    finally:
        await connection.close()


async def test_facts_are_keyed_by_organization_and_partitioned_by_academic_year(reporting: Reporting) -> None:
    found = await fetch(
        reporting,
        """SELECT c.relname, pg_get_partkeydef(c.oid), p.partdefid,
            (SELECT array_agg(a.attname::text ORDER BY k.n) FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k(attnum, n)
             JOIN pg_attribute a ON a.attnum = k.attnum
             WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid)
        FROM pg_class c JOIN pg_partitioned_table p ON p.partrelid = c.oid ORDER BY 1""",
    )
    shape = ("LIST (academic_year)", 0, ["organization_id", "academic_year", "id"])
    assert {row[0]: tuple(row)[1:] for row in found} == {table.name: shape for table in PARTITIONED}


async def test_partitions_are_made_ahead(reporting: Reporting) -> None:
    runtime = reporting.service.runtime
    year = runtime.clock.today().year
    connection = await reporting.service.database.connect()
    for table in PARTITIONED:
        await connection.execute(f"DROP TABLE {table.name}_p_{year + YEARS_AHEAD}")
    await connection.close()
    await ensure_years_ahead(runtime)
    await ensure_years_ahead(runtime)
    names = {
        row[0]
        for row in await fetch(reporting, "SELECT relname::text FROM pg_class WHERE relispartition AND relkind = 'r'")
    }
    wanted = {f"{table.name}_p_{one}" for table in PARTITIONED for one in range(year, year + YEARS_AHEAD + 1)}
    assert wanted <= names
