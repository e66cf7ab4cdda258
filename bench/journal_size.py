"""A journal's page and a save of thirty marks, in a small table and again among ten million marks and their history.

In one run over one process, one request at a time. The two must not differ: what is read and written goes by keys, whatever else
lies there.
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from asu_contracts.access import Role
from bench.acceptance.load import answers, reading, request
from bench.acceptance.serving import environment, key_server, process
from bench.journal.ground import LESSONS, MUNICIPALITY, ORGANIZATION, STUDENTS, YEAR, fill, ident, saves
from bench.runner import Comparison
from bench.servers import migrated
from servicekit.ids import new_id
from servicekit.testing import Database, TokenFactory
from servicekit.testing.servers import free_port, postgres_server
from sgo_journal.bootstrap import SERVICE

MARKS = int(os.environ.get("MARKS", "10000000"))
_CLASSES = 20
_JOURNALS_IN_SCHOOL = 100
_SAVES = _CLASSES * LESSONS // 2
_PAGES = 200
_TEACHER = ident("teacher", 0)

_FILL = f"""
SET session_replication_role = replica;
CREATE TEMP TABLE other AS
    SELECT md5('school' || n / {_JOURNALS_IN_SCHOOL})::uuid AS organization_id, md5('journal' || n)::uuid AS id
      FROM generate_series(1, $JOURNALS) AS n;
INSERT INTO journal (organization_id, academic_year, id, learners_id, of_teaching_group, title, scale_id, version, created_at)
    SELECT organization_id, {YEAR}, id, id, false, 'Алгебра', 1, 1, now() FROM other;
INSERT INTO lesson (organization_id, academic_year, id, journal_id, learners_id, date, number, state, mode, attendance_checked,
        version, told_version, created_at, recorded_at, learners, absent, marks)
    SELECT organization_id, {YEAR}, md5(id::text || day)::uuid, id, id, make_date({YEAR}, 9, 1) + day, 1, 'planned', 'on_site', true,
           1, 1, now(), now(), {STUDENTS}, 0, {STUDENTS}
      FROM other CROSS JOIN generate_series(1, {LESSONS}) AS day;
INSERT INTO mark (organization_id, academic_year, id, lesson_id, work, student_id, scale_id, value, version, changed_by, changed_at)
    SELECT organization_id, {YEAR}, md5(id::text || day || ':' || place)::uuid, md5(id::text || day)::uuid, 1,
           md5(id::text || 'student' || place)::uuid, 1, '4', 1, id, now()
      FROM other CROSS JOIN generate_series(1, {LESSONS}) AS day CROSS JOIN generate_series(1, {STUDENTS}) AS place;
INSERT INTO record_change (organization_id, academic_year, id, kind, cell_id, lesson_id, work, student_id, version, new_value, changed_by,
        changed_at)
    SELECT organization_id, academic_year, id, 'mark', id, lesson_id, work, student_id, version, value, changed_by, changed_at
      FROM mark WHERE changed_by <> '{_TEACHER}';
"""


async def _grow(database: Database) -> int:
    """Marks of other schools; how many stand in the table then."""
    connection = await database.connect()
    try:
        await connection.execute(_FILL.replace("$JOURNALS", str(MARKS // (LESSONS * STUDENTS))), timeout=3600)
        await connection.execute("VACUUM ANALYZE", timeout=3600)
        count: int = await connection.fetchval("SELECT count(*) FROM mark", timeout=600)
        return count
    finally:
        await connection.close()


async def _pages(port: int, token: str) -> float:
    """Seconds of a page of thirty students by sixty lessons."""
    path = f"/api/journal/v1/journals/{ident('journal', 0)}/page?from={YEAR}-09-01&to={YEAR}-12-31"
    return median(seconds for seconds, _ in await answers(port, [reading(path, token)] * _PAGES, 1, 200))


async def _saves(port: int, token: str, bodies: Sequence[tuple[int, dict[str, object]]]) -> float:
    """Seconds of a save of thirty marks into empty cells."""
    sent = [
        request(
            f"/api/journal/v1/journals/{ident('journal', number)}/cells",
            token,
            str(new_id()),
            json.dumps(body).encode(),
        )
        for number, body in bodies
    ]
    return median(seconds for seconds, _ in await answers(port, sent, 1, 200))


def _shown(size: int, page: float, save: float) -> None:
    print(f"journal_size: {size:,} marks: page p50 {page * 1000:.1f} ms, save p50 {save * 1000:.1f} ms", flush=True)


async def run() -> Sequence[Comparison]:
    """Compare."""
    tokens = TokenFactory()
    token = tokens.issue(
        Role.COORDINATOR, municipality=MUNICIPALITY, organization_id=ORGANIZATION, account_id=_TEACHER, person_id=_TEACHER,
        lifetime=3600,
    )  # fmt: skip
    bodies = sorted(saves(_CLASSES), key=lambda one: one[0])  # class after class: the first is full in both
    with postgres_server(durable=True) as postgres, TemporaryDirectory() as name, key_server(tokens) as keys:
        template = await migrated(postgres, SERVICE)
        async with template.clone() as database:
            await fill(database, _CLASSES)
            port = free_port()
            async with process(["sgo_journal", "api"], environment(database.url, Path(name), keys, port), port):
                small_save = await _saves(port, token, bodies[:_SAVES])
                small_page = await _pages(port, token)
                _shown(_SAVES * STUDENTS, small_page, small_save)
                started = perf_counter()
                size = await _grow(database)
                print(f"journal_size: filled in {perf_counter() - started:.0f} s", flush=True)
                large_save = await _saves(port, token, bodies[_SAVES:])
                large_page = await _pages(port, token)
                _shown(size, large_page, large_save)
    return [
        Comparison("journal_size_page", large_page, small_page),
        Comparison("journal_size_save", large_save, small_save),
    ]
