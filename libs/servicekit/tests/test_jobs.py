"""Periodic jobs of a worker and what the daily one removes."""

import asyncio

from sqlalchemy import text

from servicekit.ids import new_id
from servicekit.jobs import Job, Schedule
from servicekit.retention import prune
from servicekit.runtime import Runtime
from servicekit.testing import ServiceUnderTest
from servicekit.testing.worker import eventually


async def test_a_job_is_done_by_one_replica_and_holds_no_transaction_open(service: ServiceUnderTest) -> None:
    entered, done = asyncio.Event(), asyncio.Event()
    calls = 0

    async def work(_runtime: Runtime) -> None:
        nonlocal calls
        calls += 1
        entered.set()
        await done.wait()

    job = Job("test", 3600, work)
    schedule, replica = Schedule(service.runtime, [job]), Schedule(service.runtime, [job])
    first = asyncio.create_task(schedule.run())
    await entered.wait()
    connection = await service.database.connect()
    try:
        other = asyncio.create_task(replica.run())
        await asyncio.sleep(0.1)  # it has begun its turn, and will not begin another
        replica.stop()
        await other
        idle = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
        assert await connection.fetchval(idle) == 0
        locks = (
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        assert await connection.fetchval(locks) == 1
    finally:
        await connection.close()
    done.set()
    schedule.stop()
    await first
    assert calls == 1


async def test_more_jobs_than_connections_all_have_their_first_turn_at_once(service: ServiceUnderTest) -> None:
    """A worker begins all of its jobs together: none may wait for a connection that another one's lock holds."""
    entered: set[int] = set()

    def counted(number: int) -> Job:
        async def work(runtime: Runtime) -> None:
            async with runtime.uow() as uow:
                await uow.session.execute(text("SELECT 1"))
            entered.add(number)

        return Job(f"test-{number}", 3600, work)

    many = 3 * service.runtime.settings.database_pool
    schedule = Schedule(service.runtime, [counted(number) for number in range(many)])
    running = asyncio.create_task(schedule.run())

    async def all_entered() -> bool:
        return len(entered) == many

    await eventually(all_entered, 5)
    schedule.stop()
    await running


async def test_locks_do_not_outlive_the_session_and_the_next_turn_takes_another(service: ServiceUnderTest) -> None:
    turns: list[int] = []

    async def work(_runtime: Runtime) -> None:
        turns.append(1)
        connection = await service.database.connect()
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        await connection.close()

    schedule = Schedule(service.runtime, [Job("test", 0.01, work)])
    running = asyncio.create_task(schedule.run())

    async def goes_on() -> bool:
        return len(turns) >= 3

    await eventually(goes_on, 5)
    schedule.stop()
    await running


async def test_what_is_past_its_term_is_removed_and_the_rest_stays(service: ServiceUnderTest) -> None:
    connection = await service.database.connect()
    try:
        for age in ("400 days", "1 minute"):
            await connection.execute(
                "INSERT INTO idempotency (principal, key, route, body_hash, created_at)"
                " VALUES ('p', $1, 'POST /items', '', now() - $1::text::interval)",
                age,
            )
            await connection.execute("INSERT INTO inbox VALUES ('c', $1, now() - $2::text::interval)", new_id(), age)
            await connection.execute(
                "INSERT INTO outbox (event_id, type, subject, epoch, version, occurred_at, payload, published_at)"
                " VALUES ($1, 't', $2, 1, 1, now(), '', now() - $2::text::interval)",
                new_id(), age,
            )  # fmt: skip
            await connection.execute(
                "INSERT INTO revocation VALUES ($1, now() - $2::text::interval, 's')", new_id(), age
            )
            for status in ("succeeded", "queued"):
                await connection.execute(
                    "INSERT INTO run (id, kind, status, params, created_by, updated_at)"
                    " VALUES ($1, 'work', $2, '{}', 'p', now() - $3::text::interval)",
                    new_id(), status, age,
                )  # fmt: skip
        await prune(service.runtime)
        left = {
            table: await connection.fetchval(f"SELECT count(*) FROM {table}")
            for table in ("idempotency", "inbox", "outbox", "revocation", "run")
        }
    finally:
        await connection.close()
    assert left == {"idempotency": 1, "inbox": 1, "outbox": 1, "revocation": 1, "run": 3}
