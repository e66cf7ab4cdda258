"""The academic year of a municipality closed by the runs that close it: 60 000 students in 100 schools, a run a school.

Printed: the preview, the statements, the seconds and the peak memory of the runs. The yardstick writes the rows the runs leave from a
side schema, by ``UPDATE … FROM`` and ``INSERT … SELECT`` in one transaction: the same indexes, constraints, foreign keys and triggers, the
outbox too; no reading, no checks, no locks of students, no progress.
"""

import resource
import time
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import asyncpg
from sqlalchemy import event

from asu_contracts.access import Role, Unit, UnitKind
from bench.runner import Comparison, compare
from bench.servers import Running, migrated, running
from servicekit.clock import FixedClock
from servicekit.ids import new_id
from servicekit.runs import RunContext
from servicekit.security import Principal
from servicekit.testing.servers import postgres_server
from sgo_core.bootstrap import SERVICE
from sgo_core.movements.schemas import OrderIn
from sgo_core.year_closing import service as years
from sgo_core.year_closing.running import close_year
from sgo_core.year_closing.schemas import ClosingPatch, OrdersIn

STUDENTS = 60_000
_YEAR = 2026
_MUNICIPALITY = "03701000"
_JUNE = datetime(_YEAR + 1, 6, 26, 9, tzinfo=UTC)
_FILL = Path(__file__).with_name("municipality.sql")
_NEXT_CLASSES = """
UPDATE study_group SET occupied = (SELECT count(*) FROM placement WHERE group_id = study_group.id);
INSERT INTO study_group (id, organization_id, academic_year, kind, name, grade, letter, class_type, plan_type, capacity, starts_on, ends_on,
    recorded_at, recorded_by, reason)
SELECT gen_random_uuid(), organization_id, academic_year + 1, kind, (grade + 1) || letter, grade + 1, letter, class_type, plan_type, 40,
    ends_on, make_date(academic_year + 2, 9, 1), now(), 'bench', 'Замер'
FROM study_group WHERE grade NOT IN (9, 11);
"""
_WRITTEN = (
    "row_history",
    "membership",
    "placement",
    "movement_order",
    "movement",
    "year_closing",
    "year_outcome",
    "outbox",
)
_EMPTIED = "TRUNCATE outbox, row_history, run"
_PLACED = f"""
SELECT sum(occupied) + (SELECT count(*) FROM membership WHERE valid_to IS NOT NULL) FROM study_group WHERE academic_year = {_YEAR + 1}
"""
_LATER = "NOT EXISTS (SELECT FROM before.{table} AS b WHERE b.id = one.id)"


def _principal(role: Role, organization_id: UUID) -> Principal:
    unit = Unit(kind=UnitKind.ORGANIZATION, municipality=_MUNICIPALITY, organization_id=organization_id)
    return Principal(str(new_id()), role, unit, None, None, _JUNE)


class _Municipality:
    """All schools, with the drafts of their closings confirmed by the first of two people."""

    def __init__(self, service: Running) -> None:
        self.service = service
        self.closings: list[tuple[UUID, UUID]] = []

    async def prepare(self) -> None:
        """Fill the registry, propose outcomes, keep a copy to begin every round with."""
        await self.service.execute(_FILL.read_text(encoding="utf-8").replace("{year}", str(_YEAR)))
        await self.service.execute(_NEXT_CLASSES)
        await self.service.execute("VACUUM ANALYZE")
        connection = await asyncpg.connect(self.service.database.url)
        schools = [row["id"] for row in await connection.fetch("SELECT id FROM organization ORDER BY id")]
        await connection.close()
        started = time.perf_counter()
        for school in schools:
            async with self.service.runtime.uow() as uow:
                coordinator = _principal(Role.COORDINATOR, school)
                closing = await years.prepare(uow, coordinator, school, _YEAR)
                orders = OrdersIn(
                    promotion=OrderIn(number="120-у", date=date(_YEAR + 1, 6, 25)),
                    graduation=OrderIn(number="121-у", date=date(_YEAR + 1, 6, 25)),
                )
                patch = ClosingPatch(orders=orders, graduated_on=_JUNE.date())
                closing = await years.edit(uow, coordinator, closing.id, closing.version, patch)
                await years.confirm(uow, coordinator, closing.id, closing.version)
                self.closings.append((school, closing.id))
        print(f"year_closing: outcomes proposed in {time.perf_counter() - started:.1f} s", flush=True)
        await self.keep("before")

    async def keep(self, schema: str) -> None:
        """Copy what a closing writes to the side."""
        await self.service.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}")
        for table in (*_WRITTEN, "study_group"):
            await self.service.execute(f"CREATE TABLE {schema}.{table} AS TABLE {table}; ANALYZE {schema}.{table}")
            if table not in {"outbox", "row_history"}:
                await self.service.execute(f"CREATE INDEX ON {schema}.{table} (id)")

    async def reset(self) -> None:
        """As it was before the closing: what was added goes, what was changed is as it was. Triggers stand aside for that."""
        connection = await asyncpg.connect(self.service.database.owner_url)
        try:
            for table in (*_WRITTEN, "study_group"):
                await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            await connection.execute(_EMPTIED)
            await connection.execute(
                "TRUNCATE movement, placement, membership, year_outcome, year_closing, movement_order CASCADE"
            )
            for table in ("movement_order", "membership", "placement", "movement", "year_closing", "year_outcome"):
                await connection.execute(f"INSERT INTO {table} SELECT * FROM before.{table}")
            await connection.execute(
                "UPDATE study_group SET occupied = b.occupied, version = b.version FROM before.study_group AS b WHERE b.id = study_group.id"
            )
            for table in (*_WRITTEN, "study_group"):
                await connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            await connection.execute("VACUUM ANALYZE")
        finally:
            await connection.close()

    async def ours(self) -> float:
        """The second confirmation of every school queues its run; the runs are measured."""
        await self.reset()
        runs = []
        for school, closing_id in self.closings:
            async with self.service.runtime.uow() as uow:
                administrator = _principal(Role.ORGANIZATION_ADMIN, school)
                closing = await years.get_closing(uow, administrator, closing_id)
                _, run = await years.confirm(uow, administrator, closing_id, closing.version)
                assert run is not None
                runs.append(RunContext(self.service.runtime, run.id, {"closing_id": str(closing_id)}))
        sent = 0

        def count(*_: object) -> None:
            nonlocal sent
            sent += 1

        engine = self.service.runtime.engine.sync_engine
        event.listen(engine, "before_cursor_execute", count)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        started = time.perf_counter()
        for context in runs:
            await close_year(context)
        seconds = time.perf_counter() - started
        event.remove(engine, "before_cursor_execute", count)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"year_closing: {STUDENTS} students in {len(runs)} runs: {seconds:.1f} s, {sent} statements, "
            f"peak memory {peak} MiB ({memory} MiB before)",
            flush=True,
        )
        await self._check()
        return seconds

    async def _check(self) -> None:
        connection = await asyncpg.connect(self.service.database.url)
        try:
            for query in (
                "SELECT count(*) FROM movement WHERE kind IN ('promoted', 'graduated')",
                "SELECT count(*) FROM year_outcome WHERE movement_id IS NOT NULL",
                "SELECT count(*) FROM outbox WHERE type = 'core.movement.recorded.v1'",
                _PLACED,
            ):
                found = await connection.fetchval(query)
                if found != STUDENTS:
                    raise RuntimeError(f"{found} instead of {STUDENTS}: {query}")
        finally:
            await connection.close()

    async def bare(self) -> float:
        """The same rows by one statement a table."""
        await self.reset()
        connection = await asyncpg.connect(self.service.database.owner_url)
        try:
            started = time.perf_counter()
            async with connection.transaction():
                for statement in _BARE:
                    await connection.execute(statement)
            seconds = time.perf_counter() - started
        finally:
            await connection.close()
        await self._check()
        return seconds


_NEW = "INSERT INTO {table} SELECT one.* FROM bare.{table} AS one WHERE " + _LATER
_BARE = [
    _NEW.format(table="movement_order"),
    """
    UPDATE placement SET valid_to = one.valid_to, holds_place = one.holds_place FROM bare.placement AS one
    WHERE one.id = placement.id AND one.valid_to IS NOT NULL
    """,
    """
    UPDATE membership SET valid_to = one.valid_to FROM bare.membership AS one WHERE one.id = membership.id AND one.valid_to IS NOT NULL
    """,
    _NEW.format(table="placement"),
    _NEW.format(table="movement"),
    """UPDATE year_outcome SET movement_id = one.movement_id FROM bare.year_outcome AS one WHERE one.id = year_outcome.id""",
    """
    UPDATE study_group SET occupied = one.occupied, version = one.version, updated_at = one.updated_at FROM bare.study_group AS one
    WHERE one.id = study_group.id
    """,
    """INSERT INTO outbox OVERRIDING SYSTEM VALUE SELECT * FROM bare.outbox""",
]
"""What the runs write, a statement a table."""


async def run() -> Comparison:
    """Compare."""
    with postgres_server(durable=True) as postgres:
        async with running(SERVICE, await migrated(postgres, SERVICE)) as service:
            service.runtime.clock = FixedClock(_JUNE)
            municipality = _Municipality(service)
            await municipality.prepare()
            await municipality.ours()
            await municipality.keep("bare")
            return await compare(
                "year_closing", municipality.ours, municipality.bare, work=STUDENTS, unit="students", rounds=2
            )
