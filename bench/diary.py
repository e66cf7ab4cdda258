"""A guardian reads a week of the child's diary, against a bare FastAPI and asyncpg handler that sends the same statements.

Ours is the service's own ``api`` process: token, revocations, the right of today, validation of what is answered. Both sides: one
process, ten connections, the same requests, the same load generator, no gateway. A week has thirty lessons with topics, homework,
works, marks and absences. Printed besides: what one guardian waits for, and how many weeks a second eight guardians read.
"""

import json
from hashlib import md5
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from uuid import UUID

from asu_contracts.access import Role
from bench.acceptance.load import answers, reading
from bench.acceptance.serving import environment, key_server, process
from bench.journal.families import LESSONS_A_DAY, fill
from bench.runner import Comparison, compare
from bench.servers import migrated
from servicekit.clock import Clock
from servicekit.testing import TokenFactory
from servicekit.testing.servers import free_port, postgres_server
from sgo_journal.bootstrap import SERVICE

FAMILIES = 8
WORK = 800
_ALONE = 200


def ident(name: str) -> UUID:
    """Id of something as ``families`` makes it."""
    return UUID(md5(name.encode(), usedforsecurity=False).hexdigest())


def checked(answer: bytes) -> None:
    """What is measured must be a whole week: its lessons, with marks and homework."""
    week = json.loads(answer)
    lessons = [lesson for day in week["days"] for lesson in day["lessons"]]
    marks = sum(len(lesson["marks"]) for lesson in lessons)
    if len(lessons) != 5 * LESSONS_A_DAY or marks != len(lessons) // 2 or not all(one["homework"] for one in lessons):
        raise RuntimeError(f"{len(lessons)} lessons, {marks} marks")
    if not week["upcoming"]:
        raise RuntimeError("no works to come")


async def _round(port: int, requests: list[bytes]) -> float:
    started = perf_counter()
    found = await answers(port, requests, FAMILIES, 200)
    seconds = perf_counter() - started
    checked(found[-1][1])
    return seconds


async def run() -> Comparison:
    """Compare."""
    tokens = TokenFactory()
    with postgres_server() as postgres, TemporaryDirectory() as name, key_server(tokens) as keys:
        template, folder = await migrated(postgres, SERVICE), Path(name)
        async with template.clone() as database:
            week = await fill(database, FAMILIES, Clock().today())
            requests = []
            for family in range(FAMILIES):
                token = tokens.issue(Role.GUARDIAN, person_id=ident(f"guardian{family}"), lifetime=3600)
                path = f"/api/journal/v1/students/{ident(f'student{family}.1')}/diary?week={week}"
                requests.append(reading(f"{path}&reader={ident(f'guardian{family}')}", token))
            sent = requests * (WORK // FAMILIES)
            ports = free_port(), free_port()
            async with (
                process(["sgo_journal", "api"], environment(database.url, folder, keys, ports[0]), ports[0]),
                process(["bench.journal.bare", str(ports[1]), database.url], {}, ports[1]),
            ):
                comparison = await compare(
                    "diary", lambda: _round(ports[0], sent), lambda: _round(ports[1], sent), work=WORK, unit="weeks"
                )
                found = await answers(ports[0], requests * (_ALONE // FAMILIES), 1, 200)
            waits = [1000 * seconds for seconds, _ in found]
            p95, size = quantiles(waits, n=20)[18], len(found[0][1])
            print(f"diary: one guardian: p50 {median(waits):.1f} ms, p95 {p95:.1f} ms, {size:,} bytes", flush=True)
            print(f"diary: {FAMILIES} guardians at once: {WORK / comparison.ours:.0f} weeks/s", flush=True)
            return comparison
