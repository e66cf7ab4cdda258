"""The consolidated contingent of a region on a day: 700 000 students with the stays of two years.

Each part (municipality, founder, kind, organization, grade, sex) is asked of the service ``ROUNDS`` times, by the ministry for the region
and by a municipality for its own; medians are printed. The yardstick counts the same rows bare, over one connection: a
``count(*) … GROUP BY`` of the stays of the day joined to what they are counted by, with no question who asks.
"""

import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import asyncpg

from asu_contracts.access import Role
from bench.runner import Comparison
from bench.servers import migrated
from servicekit.testing import ServiceUnderTest
from servicekit.testing.servers import postgres_server
from servicekit.testing.tokens import TokenFactory
from sgo_core.bootstrap import SERVICE

STUDENTS = 700_000
ROUNDS = 5
_YEAR = 2026
_DAY = f"{_YEAR}-10-01"
_FILL = Path(__file__).with_name("region.sql")
_MEMBERS = f"""
FROM membership AS m JOIN organization AS o ON o.id = m.organization_id {{join}}
WHERE m.main AND m.valid_from <= '{_DAY}' AND (m.valid_to IS NULL OR m.valid_to > '{_DAY}') {{place}} GROUP BY {{by}}
"""
_CLASSES = f"""
JOIN placement AS p ON p.membership_id = m.id AND p.valid_from <= '{_DAY}' AND (p.valid_to IS NULL OR p.valid_to > '{_DAY}')
JOIN study_group AS g ON g.id = p.group_id
"""
_BARE = {
    "municipality": ("o.municipality", ""),
    "founder": ("o.founder_id", ""),
    "kind": ("o.kind", ""),
    "organization": ("o.id", ""),
    "grade": ("g.grade", _CLASSES),
    "sex": ("s.sex", "JOIN student AS s ON s.id = m.student_id"),
}
"""What a part is counted by, and what has to be joined to know it."""


async def _ours(service: ServiceUnderTest, headers: dict[str, str], by: str, students: int) -> float:
    started = time.perf_counter()
    answer = await service.client.get("/contingent/consolidated", params={"date": _DAY, "by": by}, headers=headers)
    seconds = time.perf_counter() - started
    if answer.status_code != 200 or answer.json()["total"] != students:
        raise RuntimeError(f"{by}: {answer.status_code} {answer.text[:200]}")
    return seconds


async def _bare(connection: asyncpg.Connection, by: str, municipality: str | None) -> tuple[float, int]:
    code, join = _BARE[by]
    place = "" if municipality is None else f"AND o.municipality = '{municipality}'"
    query = f"SELECT {code}, count(*) {_MEMBERS.format(join=join, place=place, by=code)}"
    started = time.perf_counter()
    rows = await connection.fetch(query)
    return time.perf_counter() - started, sum(row["count"] for row in rows)


async def run() -> Comparison:
    """Fill the region, count it both ways."""
    with postgres_server() as postgres, TemporaryDirectory() as files:
        template, tokens = await migrated(postgres, SERVICE), TokenFactory()
        async with ServiceUnderTest.start(SERVICE, template, tokens, Path(files)) as service:
            connection = await service.database.connect()
            try:
                started = time.perf_counter()
                await connection.execute(_FILL.read_text(encoding="utf-8").replace("{year}", str(_YEAR)))
                await connection.execute("VACUUM ANALYZE")
                print(f"contingent: {STUDENTS} students made in {time.perf_counter() - started:.0f} s", flush=True)
                return await _measured(service, connection)
            finally:
                await connection.close()


async def _measured(service: ServiceUnderTest, connection: asyncpg.Connection) -> Comparison:
    one = await connection.fetchval("SELECT municipality FROM organization ORDER BY 1 LIMIT 1")
    tokens, totals = service.tokens, {"ours": 0.0, "bare": 0.0}
    for place, municipality, headers in (
        ("region", None, tokens.headers(Role.MINISTRY_OFFICER)),
        ("municipality", one, tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=one)),
    ):
        for by in _BARE:
            _, students = await _bare(connection, by, municipality)
            await _ours(service, headers, by, students)
            bare = median([(await _bare(connection, by, municipality))[0] for _ in range(ROUNDS)])
            ours = median([await _ours(service, headers, by, students) for _ in range(ROUNDS)])
            print(
                f"contingent: {place:12} by {by:12} {students:7} students, ours {ours * 1000:7.1f} ms, bare {bare * 1000:7.1f} ms",
                flush=True,
            )
            totals["ours"] += ours
            totals["bare"] += bare
    return Comparison("contingent", totals["ours"], totals["bare"])
