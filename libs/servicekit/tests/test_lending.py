from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from servicekit.testing import Template
from servicekit.testing.harness import Database

IS_AS_MIGRATED = (
    "SELECT NOT EXISTS (SELECT FROM item) AND NOT EXISTS (SELECT FROM outbox) AND (SELECT epoch FROM producer_epoch) = 1"
    " AND to_regclass('surprise') IS NULL AND nextval('seen_place_seq') = 1"
    " AND NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted)"
)


@pytest_asyncio.fixture
async def lender(template: Template) -> AsyncIterator[Template]:
    """The template with nothing to spare: what is lent here goes to nobody else."""
    await template.close()
    yield template
    await template.close()


async def _write(database: Database, statement: str) -> "asyncpg.Connection[Any]":
    connection = await database.connect()
    await connection.execute(statement)
    return connection


async def test_what_was_written_is_taken_back_and_the_database_goes_on(lender: Template) -> None:
    names = []
    for number in range(3):
        async with lender.lend() as database:
            names.append(database.name)
            connection = await database.connect()
            assert await connection.fetchval(IS_AS_MIGRATED), number
            await connection.execute("INSERT INTO item (id, name) VALUES (gen_random_uuid(), 'a')")
            await connection.close()
    assert len(set(names)) == 1


async def test_what_was_changed_and_taken_away_again_is_taken_back_too(lender: Template) -> None:
    names = []
    for statement in (
        "INSERT INTO item (id, name) VALUES (gen_random_uuid(), 'a'); UPDATE item SET name = 'b'; DELETE FROM item",
        "BEGIN; INSERT INTO item (id, name) VALUES (gen_random_uuid(), 'a'); ROLLBACK",
        "SELECT nextval('seen_place_seq')",
    ):
        async with lender.lend() as database:
            names.append(database.name)
            connection = await _write(database, statement)
            await connection.close()
    async with lender.lend() as database:
        connection = await database.connect()
        assert await connection.fetchval(IS_AS_MIGRATED)
        await connection.close()
    assert {*names, database.name} == {names[0]}


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("UPDATE producer_epoch SET epoch = 2", id="what the migrations wrote"),
        pytest.param("CREATE TABLE surprise (id int)", id="a definition"),
        pytest.param("ALTER TABLE item DISABLE TRIGGER USER", id="a trigger"),
        pytest.param(
            "INSERT INTO item (id, name) SELECT gen_random_uuid(), n::text FROM generate_series(1, 50000) n",
            id="many rows",
        ),
    ],
)
async def test_more_than_rows_and_many_rows_cost_the_database(lender: Template, statement: str) -> None:
    async with lender.lend() as database:
        await (await _write(database, statement)).close()
    async with lender.lend() as other:
        assert other.name != database.name
        connection = await other.connect()
        assert await connection.fetchval(IS_AS_MIGRATED)
        await connection.close()


async def test_who_stays_connected_is_cut_off(lender: Template) -> None:
    async with lender.lend() as database:
        connection = await _write(database, "BEGIN; INSERT INTO item (id, name) VALUES (gen_random_uuid(), 'late')")
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
        await connection.execute("COMMIT")
    await connection.close()
    async with lender.lend() as again:
        assert again.name == database.name
        looking = await again.connect()
        assert await looking.fetchval(IS_AS_MIGRATED)
        await looking.close()


async def test_a_test_that_ends_by_an_error_costs_the_database(lender: Template) -> None:
    with pytest.raises(ZeroDivisionError):
        async with lender.lend() as database:
            raise ZeroDivisionError
    async with lender.lend() as other:
        assert other.name != database.name
