"""Every list of core at the size of a municipality: how long a page takes, and how much of that the database does.

60 000 students in 100 schools, each card edited once. Each list is read ``PAGES`` times, from random organizations and people,
the first page and the pages after it; p50 and p95 are printed. A list of what only a few make by hand (the history of a room,
the lines of an act) is read from the object that the sample of the matrix of rights makes among all this.
The yardstick sends the same statements with the same values bare, over one connection: the ratio says what the service adds.
Long lists, whose pages are mostly full, and short ones are compared apart: in the short ones a request costs more than its rows.
"""

import random
import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
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
from servicekit.testing.matrix import Target, World, make_call
from servicekit.testing.servers import postgres_server
from servicekit.testing.tokens import TokenFactory
from sgo_core.bootstrap import SERVICE

PAGES = 100
_PAGE = 100
_YEAR = 2026
_MUNICIPALITY = "03701000"
_SEED = 20_260_401
_FILL = Path(__file__).with_name("municipality.sql")

_FIRST = "(SELECT id FROM organization ORDER BY id LIMIT 1)"
POOLS = {
    "organization_id": "SELECT id FROM organization ORDER BY id",
    "group_id": f"SELECT id FROM study_group WHERE organization_id = {_FIRST}",
    "student_id": f"SELECT student_id AS id FROM membership WHERE organization_id = {_FIRST}",
    "guardian_id": "SELECT g.guardian_id AS id FROM guardianship AS g JOIN membership USING (student_id) "
    f"WHERE organization_id = {_FIRST}",
    "worker_id": f"SELECT worker_id AS id FROM employment WHERE organization_id = {_FIRST}",
    "body_id": "SELECT id FROM governing_body",
    "closing_id": f"SELECT id FROM year_closing WHERE organization_id = {_FIRST}",
}
"""Where the values of a path's parameters come from; people and classes are the first organization's, whose office sees them."""

QUERIES: Mapping[str, Mapping[str, str]] = {
    "list_attachments": {"subject_kind": "student", "subject_id": "{student_id}"},
    "list_gaps": {"card_kind": "student"},
    "list_leavers": {"from": f"{_YEAR}-09-01", "to": f"{_YEAR + 1}-08-31"},
}
"""What a list must be asked by."""

_CLOSINGS = f"""
INSERT INTO year_closing (id, organization_id, academic_year, state, orders, recorded_at, recorded_by, reason)
SELECT gen_random_uuid(), id, {_YEAR}, 'draft', '{{}}', now(), 'bench', 'Замер' FROM organization;
INSERT INTO year_outcome (id, closing_id, student_id, placement_id, group_id, outcome, basis, debts, decided, void,
    recorded_at, recorded_by, reason)
SELECT gen_random_uuid(), c.id, m.student_id, p.id, p.group_id, 'promoted', 'finished_grade', '{{}}', false, false, now(), 'bench', 'Замер'
FROM placement AS p JOIN membership AS m ON m.id = p.membership_id JOIN year_closing AS c ON c.organization_id = p.organization_id;
INSERT INTO year_result (id, organization_id, academic_year, student_id, subject, subject_key, annual, source, entered,
    recorded_at, recorded_by, reason)
SELECT gen_random_uuid(), organization_id, {_YEAR}, student_id, 'Физика', 'физика', '4', 'office', '{{annual}}', now(), 'bench', 'Замер'
FROM membership
"""
"""The end of the year: drafts of closings with an outcome for everyone, and a mark."""

OF_A_RUN = {"list_refused_rows", "list_package_rejections"}
"""Lists of what one run left, as long as its file and no longer at any size of the registry."""

Statement = tuple[str, tuple[Any, ...]]
Asked = tuple[str, Mapping[str, str], Mapping[str, str]]
"""Path, query, headers."""
_OFFICE = (Role.HEAD, Role.ORGANIZATION_ADMIN, Role.SECRETARY)


def _caller(route: RouteRights) -> Role:
    """The office for what is asked of one organization or person, the region for what lies over all."""
    first = _OFFICE if "{" in route.path or route.name in QUERIES else (Role.REGION_ADMIN, *_OFFICE)
    roles: tuple[Role, ...] = (*first, *Role)
    return next(role for role in roles if route.admits(role))


def _samples() -> Mapping[str, Any]:
    """The sample calls of core's tests."""
    folder = str(Path(__file__).parents[1] / "services" / "sgo-core")
    if folder not in sys.path:
        sys.path.append(folder)
    found: Mapping[str, Any] = import_module("tests.samples").ALL
    return found


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


@dataclass(frozen=True)
class _Read:
    """What reading a list took: seconds and items of each page, and the statements sent."""

    seconds: list[float] = field(default_factory=list)
    items: list[int] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)

    @property
    def long(self) -> bool:
        """Whether most pages are full."""
        return median(self.items) == _PAGE


class _Reader:
    """Reads pages of lists as somebody who may."""

    def __init__(self, service: ServiceUnderTest, pools: Mapping[str, Sequence[UUID]]) -> None:
        self._service = service
        self._pools = pools
        self._dice = random.Random(_SEED)
        self._tokens: dict[tuple[Role, UUID], dict[str, str]] = {}

    async def read(self, route: RouteRights) -> _Read:
        """Read pages of a list."""
        after: str | None = None
        found = _Read()
        made = None if set(re.findall(r"{(\w+)}", route.path)) <= self._pools.keys() else await self._made(route)
        path, query, headers = made or self._who(route)
        for _ in range(PAGES):
            if after is None:
                path, query, headers = made or self._who(route)
            params = {**query, "limit": str(_PAGE), **({"after": after} if after else {})}
            with _noted(self._service) as sent:
                started = time.perf_counter()
                answer = await self._service.client.get(path, params=params, headers=headers)
                found.seconds.append(time.perf_counter() - started)
            if answer.status_code != 200:
                raise RuntimeError(f"{route.name}: {answer.status_code} {answer.text}")
            found.statements.extend(one for one in sent if one[0].lstrip().upper().startswith("SELECT"))
            page = answer.json()
            found.items.append(len(page["items"]))
            after = page["next"] if self._dice.random() < 0.8 else None
        return found

    async def _made(self, route: RouteRights) -> Asked:
        """The list of an object made for it."""
        role = _caller(route)
        world = World(self._service, role)
        call = await make_call(_samples()[route.name], world, Target.OWN)
        return call.path, call.options.get("params", {}), world.headers(role)

    def _who(self, route: RouteRights) -> Asked:
        """A list, and a caller who sees it."""
        values = {name: str(self._dice.choice(pool)) for name, pool in self._pools.items()}
        role = _caller(route)
        if "{organization_id}" not in route.path:
            values["organization_id"] = str(self._pools["organization_id"][0])
        organization = UUID(values["organization_id"])
        key = (role, organization)
        if key not in self._tokens:
            own = UNIT_OF_ROLE[role] is UnitKind.ORGANIZATION
            self._tokens[key] = self._service.tokens.headers(
                role, municipality=_MUNICIPALITY if own else None, organization_id=organization if own else None
            )
        path = route.path.removeprefix("/api/core/v1").format(**values)
        query = {name: value.format(**values) for name, value in QUERIES.get(route.name, {}).items()}
        return path, query, self._tokens[key]


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


async def run() -> Sequence[Comparison]:
    """Measure every list."""
    with postgres_server() as postgres, TemporaryDirectory() as files:
        template, tokens = await migrated(postgres, SERVICE), TokenFactory()
        async with ServiceUnderTest.start(SERVICE, template, tokens, Path(files)) as service:
            reader = _Reader(service, await _filled(service.database.owner_url))
            read = {route.name: await _shown(reader, route) for route in _lists(service)}
            return [
                await _compared(service, "lists_long", [one for one in read.values() if one.long]),
                await _compared(service, "lists_short", [one for one in read.values() if not one.long]),
            ]


async def _shown(reader: _Reader, route: RouteRights) -> _Read:
    read = await reader.read(route)
    p50, p95 = (1000 * one for one in (median(read.seconds), quantiles(read.seconds, n=20)[18]))
    size = "long " if read.long else "short"
    print(f"lists: {route.name:28} {size} p50 {p50:6.1f} ms  p95 {p95:6.1f} ms", flush=True)
    return read


async def _compared(service: ServiceUnderTest, name: str, lists: Sequence[_Read]) -> Comparison:
    statements = [statement for one in lists for statement in one.statements]
    ours = sum(sum(one.seconds) for one in lists)
    return Comparison(name, ours, await _replayed(service.database.url, statements))
