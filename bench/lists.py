"""Every list of core at the size of a municipality: how long a page takes, and how much of that the database does.

60 000 students in 100 schools, each card edited once. Each list is read ``PAGES`` times, from random organizations and people,
the first page and the pages after it; p50 and p95 are printed. The yardstick sends the same statements with the same values
bare, over one connection: the ratio says what the service adds to them.
"""

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import event

from asu_contracts.access import UNIT_OF_ROLE, Role, UnitKind
from bench.runner import Comparison
from bench.servers import migrated
from servicekit.http.rights import RouteRights, rights_of
from servicekit.testing import ServiceUnderTest
from servicekit.testing.lists import paged
from servicekit.testing.servers import postgres_server
from servicekit.testing.tokens import TokenFactory
from sgo_core.bootstrap import SERVICE

PAGES = 100
_YEAR = 2026
_MUNICIPALITY = "03701000"
_SEED = 20_260_401
_FILL = Path(__file__).with_name("municipality.sql")

POOLS = {
    "organization_id": "SELECT id FROM organization",
    "group_id": "SELECT id FROM study_group",
    "student_id": "SELECT id FROM student ORDER BY id LIMIT 5000",
    "guardian_id": "SELECT id FROM guardian ORDER BY id LIMIT 5000",
    "worker_id": "SELECT id FROM worker",
    "body_id": "SELECT id FROM governing_body",
    "closing_id": "SELECT id FROM year_closing",
}
"""Where the values of a path's parameters come from."""

_CLOSINGS = f"""
INSERT INTO year_closing (id, organization_id, academic_year, state, orders, recorded_at, recorded_by, reason)
SELECT gen_random_uuid(), id, {_YEAR}, 'draft', '{{}}', now(), 'bench', 'Замер' FROM organization;
INSERT INTO year_outcome (id, closing_id, student_id, placement_id, group_id, outcome, basis, debts, decided, void,
    recorded_at, recorded_by, reason)
SELECT gen_random_uuid(), c.id, m.student_id, p.id, p.group_id, 'promoted', 'finished_grade', '{{}}', false, false, now(), 'bench', 'Замер'
FROM placement AS p JOIN membership AS m ON m.id = p.membership_id JOIN year_closing AS c ON c.organization_id = p.organization_id;
INSERT INTO year_result (id, organization_id, academic_year, student_id, subject, subject_key, annual, source,
    recorded_at, recorded_by, reason)
SELECT gen_random_uuid(), organization_id, {_YEAR}, student_id, 'Физика', 'физика', '4', 'office', now(), 'bench', 'Замер' FROM membership
"""
"""The end of the year: drafts of closings with an outcome for everyone, and a mark."""

OF_A_RUN = {"list_refused_rows"}
"""Lists of what one run left: as long as its file, measured by the bench of the import."""

Statement = tuple[str, tuple[Any, ...]]


@contextmanager
def _noted(service: ServiceUnderTest) -> Iterator[list[Statement]]:
    sent: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, tuple(parameters)))

    engine = service.runtime.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


class _Reader:
    """Reads pages of lists as somebody who may."""

    def __init__(self, service: ServiceUnderTest, pools: Mapping[str, Sequence[UUID]]) -> None:
        self._service = service
        self._pools = pools
        self._dice = random.Random(_SEED)
        self._tokens: dict[tuple[Role, UUID], dict[str, str]] = {}
        self.statements: list[Statement] = []

    async def read(self, route: RouteRights) -> list[float]:
        """Seconds that each page of the route took."""
        path = route.path.removeprefix("/api/core/v1")
        after: str | None = None
        found: list[float] = []
        values, headers = self._who(route)
        for _ in range(PAGES):
            if after is None:
                values, headers = self._who(route)
            params = {"limit": "100", **({"after": after} if after else {})}
            with _noted(self._service) as sent:
                started = time.perf_counter()
                answer = await self._service.client.get(path.format(**values), params=params, headers=headers)
                found.append(time.perf_counter() - started)
            if answer.status_code != 200:
                raise RuntimeError(f"{route.name}: {answer.status_code} {answer.text}")
            self.statements += [one for one in sent if one[0].lstrip().upper().startswith("SELECT")]
            after = answer.json()["next"] if self._dice.random() < 0.8 else None
        return found

    def _who(self, route: RouteRights) -> tuple[dict[str, str], dict[str, str]]:
        """Values of the path, and a caller who sees them: the organization's own where it may, else the region's."""
        values = {
            name: str(self._dice.choice(self._pools[name])) for name in self._pools if f"{{{name}}}" in route.path
        }
        for role in (Role.REGION_ADMIN, Role.HEAD, Role.ORGANIZATION_ADMIN, Role.SECRETARY, Role.GUARDIAN):
            if route.admits(role):
                break
        organization = UUID(values.get("organization_id", str(self._pools["organization_id"][0])))
        key = (role, organization)
        if key not in self._tokens:
            own = UNIT_OF_ROLE[role] is UnitKind.ORGANIZATION
            self._tokens[key] = self._service.tokens.headers(
                role, municipality=_MUNICIPALITY if own else None, organization_id=organization if own else None
            )
        return values, self._tokens[key]


async def _replayed(url: str, statements: Sequence[Statement]) -> float:
    connection = await asyncpg.connect(url)
    try:
        started = time.perf_counter()
        for statement, values in statements:
            await connection.fetch(statement, *values)
        return time.perf_counter() - started
    finally:
        await connection.close()


async def _filled(url: str) -> dict[str, list[UUID]]:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(_FILL.read_text(encoding="utf-8").replace("{year}", str(_YEAR)))
        await connection.execute(_CLOSINGS)
        await connection.execute("ANALYZE")
        return {name: [row["id"] for row in await connection.fetch(query)] for name, query in POOLS.items()}
    finally:
        await connection.close()


def _lists(service: ServiceUnderTest) -> list[RouteRights]:
    routes = {route.name: route for route in rights_of(service.definition.all_routers)}
    return [routes[name] for name in sorted(paged(service) - OF_A_RUN)]


async def run() -> Comparison:
    """Measure every list."""
    with postgres_server() as postgres, TemporaryDirectory() as files:
        template, tokens = await migrated(postgres, SERVICE), TokenFactory()
        async with ServiceUnderTest.start(SERVICE, template, tokens, Path(files)) as service:
            pools = await _filled(service.database.owner_url)
            reader, ours = _Reader(service, pools), 0.0
            for route in _lists(service):
                times = await reader.read(route)
                ours += sum(times)
                p95 = quantiles(times, n=20)[18]
                print(
                    f"lists: {route.name:28} p50 {median(times) * 1000:6.1f} ms  p95 {p95 * 1000:6.1f} ms", flush=True
                )
            return Comparison("lists", ours, await _replayed(service.database.url, reader.statements))
