"""All facts made anew from a log of a million events: rate, memory, and whether what comes out is what was served.

The log is written by SQL: enrolments, transfers and departures of learners in three school years, with what learners are counted by.
The first rebuild makes the facts, the second one has to find them equal row by row. ``EVENTS`` makes another size.
"""

import os
import resource

from bench.runner import Comparison
from bench.servers import Running, migrated, running
from reporting.bootstrap import SERVICE
from reporting.facts.rebuild import Rebuilt, rebuild
from servicekit.clock import Clock
from servicekit.db import create_engine
from servicekit.testing.servers import postgres_server

EVENTS = int(os.environ.get("EVENTS", "1000000"))
_EACH = 4
"""Events of a learner: counted by something, enrolled, moved to another class, gone."""

_FILL = f"""
CREATE TEMP TABLE child AS SELECT n, md5('child ' || n)::uuid AS id, md5('school ' || n % 1200)::uuid AS school,
        md5('class ' || n % 28000)::uuid AS class, md5('class ' || (n + 1) % 28000)::uuid AS other, 2024 + n % 3 AS year
    FROM generate_series(1, {EVENTS // _EACH}) AS n;
CREATE FUNCTION pg_temp.stay(child child, k integer) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('placement_id', md5('stay ' || child.n || ' ' || k)::uuid, 'organization_id', child.school,
        'group_id', CASE WHEN k = 1 THEN child.class ELSE child.other END, 'academic_year', child.year, 'grade', child.n % 11 + 1,
        'main', true) $$;
INSERT INTO event_log (id, type, subject, sequence, occurred_at, payload)
    SELECT md5('statistics ' || n)::uuid, 'core.student.statistics-changed.v1', id::text, '000001.000000000001',
           make_timestamptz(year, 9, 1, 9, 0, 0),
           jsonb_build_object('statistical_id', id, 'birth_date', make_date(2012, 1, 1) + n % 2000,
                              'sex', (ARRAY['male', 'female'])[n % 2 + 1], 'citizenship', '643')
    FROM child;
INSERT INTO event_log (id, type, subject, sequence, occurred_at, payload)
    SELECT move.id, 'core.movement.recorded.v1', move.id::text, '000001.000000000001', move.at,
           jsonb_build_object('movement_id', move.id, 'statistical_id', child.id, 'kind', move.kind,
                              'effective_date', move.at::date, 'recorded_at', move.at, 'opened', move.opened, 'closed', move.closed)
    FROM child CROSS JOIN LATERAL (VALUES
        (md5('in ' || n)::uuid, make_timestamptz(year, 9, 1, 9, 0, 0), 'enrolled', pg_temp.stay(child, 1), NULL),
        (md5('move ' || n)::uuid, make_timestamptz(year, 11, 3, 9, 0, 0), 'transferred_between_groups',
         pg_temp.stay(child, 2), pg_temp.stay(child, 1)),
        (md5('out ' || n)::uuid, make_timestamptz(year + 1, 5, 30, 9, 0, 0), 'departed', NULL, pg_temp.stay(child, 2))
    ) AS move (id, at, kind, opened, closed);
ANALYZE event_log;
"""


async def _fill(service: Running) -> None:
    connection = await service.database.connect()
    try:
        await connection.execute(_FILL, timeout=3600)
    finally:
        await connection.close()


def _peak() -> float:
    """Most memory this process has had, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def run() -> list[Comparison]:
    """Rebuild twice; there is nothing to compare it with but itself."""
    with postgres_server() as postgres:
        async with running(SERVICE, await migrated(postgres, SERVICE)) as service:
            await _fill(service)
            owner = create_engine(service.database.owner_url, statement_seconds=3600)
            before = _peak()
            try:
                found: list[Rebuilt] = []
                for number in (1, 2):
                    found.append(await rebuild(owner, Clock(), lambda _done, _total: None))
                    rate = found[-1].events / found[-1].seconds
                    print(
                        f"rebuild {number}: {found[-1].events:,} events in {found[-1].seconds:.1f} s, {rate:,.0f} events/s, "
                        f"peak {_peak():,.0f} MB ({before:,.0f} MB before)",
                        flush=True,
                    )
            finally:
                await owner.dispose()
    if found[1].differing or found[1].made != found[0].made:
        raise RuntimeError(f"facts made anew differ: {found[1].differing}")
    for table, (rows, checksum) in found[1].made.items():
        print(f"rebuild: {table}: {rows:,} rows, checksum {checksum}, equal", flush=True)
    return []
