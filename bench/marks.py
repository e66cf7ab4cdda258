"""Thirty marks saved over HTTP, against a bare FastAPI and asyncpg handler that sends the same statements.

Ours is the service's own ``api`` process: token, validation, idempotency, verdict on every cell, versions, history, audit, outbox.
Both sides: one process, ten connections, the same bodies, the same load generator, no gateway. Printed besides: what one teacher
waits for, and how many saves a second eight teachers get.
"""

import json
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

from asu_contracts.access import Role
from bench.acceptance.load import answers
from bench.acceptance.serving import environment, key_server, process
from bench.journal.ground import LESSONS, MUNICIPALITY, ORGANIZATION, STUDENTS, fill, ident, saves
from bench.runner import Comparison, compare
from bench.servers import migrated
from servicekit.ids import new_id
from servicekit.testing import Database, TokenFactory
from servicekit.testing.servers import free_port, postgres_server
from sgo_journal.bootstrap import SERVICE

TEACHERS = 8
WORK = TEACHERS * LESSONS
_GOAL_P95 = 29.0
_GOAL_RATE = 150.0


def requests(tokens: list[str]) -> list[bytes]:
    """A save of thirty marks for every lesson of every class, each by its teacher."""
    made = []
    for number, body in saves(len(tokens)):
        sent = json.dumps(body).encode()
        head = (
            f"POST /api/journal/v1/journals/{ident('journal', number)}/cells HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Bearer {tokens[number]}\r\nX-Teacher: {ident('teacher', number)}\r\nIdempotency-Key: {new_id()}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(sent)}\r\n\r\n"
        )
        made.append(head.encode() + sent)
    return made


async def emptied(database: Database) -> None:
    """Take back what was saved."""
    connection = await database.connect()
    try:
        await connection.execute("TRUNCATE mark, record_change, idempotency, outbox, audit CASCADE")
        await connection.execute("UPDATE lesson SET told_version = 0, recorded_at = NULL, marks = 0")
        await connection.execute("VACUUM ANALYZE lesson")
    finally:
        await connection.close()


async def saved(database: Database, count: int) -> None:
    """Everything that was answered must be there, with its history and its events."""
    connection = await database.connect()
    try:
        row = await connection.fetchrow(
            "SELECT (SELECT count(*) FROM mark), (SELECT count(*) FROM record_change), (SELECT count(*) FROM outbox) * $1 AS told",
            STUDENTS,
        )
        if row is None or set(row) != {count * STUDENTS}:
            raise RuntimeError(f"{count} saves of {STUDENTS} marks, but {row}")
    finally:
        await connection.close()


async def _round(port: int, database: Database, made: Callable[[], list[bytes]]) -> float:
    await emptied(database)
    sent = made()
    started = perf_counter()
    await answers(port, sent, TEACHERS, 200)
    seconds = perf_counter() - started
    await saved(database, WORK)
    return seconds


async def _alone(port: int, database: Database, made: Callable[[], list[bytes]]) -> None:
    await emptied(database)
    waits = [1000 * seconds for seconds, _ in await answers(port, made(), 1, 200)]
    p95 = quantiles(waits, n=20)[18]
    print(f"marks: one teacher: p50 {median(waits):.1f} ms, p95 {p95:.1f} ms (goal {_GOAL_P95:.0f})", flush=True)


async def run() -> Comparison:
    """Compare."""
    tokens = TokenFactory()
    issued = [
        tokens.issue(
            Role.TEACHER,
            municipality=MUNICIPALITY,
            organization_id=ORGANIZATION,
            account_id=teacher,
            person_id=teacher,
            lifetime=3600,
        )
        for teacher in (ident("teacher", number) for number in range(TEACHERS))
    ]
    with postgres_server(durable=True) as postgres, TemporaryDirectory() as name, key_server(tokens) as keys:
        template, folder = await migrated(postgres, SERVICE), Path(name)
        async with template.clone() as ours, template.clone() as theirs:
            await fill(ours, TEACHERS)
            await fill(theirs, TEACHERS)
            ports = free_port(), free_port()
            async with (
                process(["sgo_journal", "api"], environment(ours.url, folder, keys, ports[0]), ports[0]),
                process(["bench.journal.bare", str(ports[1]), theirs.url], {}, ports[1]),
            ):
                comparison = await compare(
                    "marks",
                    lambda: _round(ports[0], ours, lambda: requests(issued)),
                    lambda: _round(ports[1], theirs, lambda: requests(issued)),
                    work=WORK,
                    unit="saves",
                )
                await _alone(ports[0], ours, lambda: requests(issued))
            rate = WORK / comparison.ours
            print(f"marks: {TEACHERS} teachers at once: {rate:.0f} saves/s (goal {_GOAL_RATE:.0f})", flush=True)
            return comparison
