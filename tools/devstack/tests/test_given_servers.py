"""The stack on servers that the user gave by address: used, and left as they were found."""

import asyncio
from pathlib import Path

import asyncpg
import httpx
import pytest

from asu_contracts.exchanges import Service
from devstack.errors import StackError
from devstack.services import ServiceSpec
from devstack.stack import Stack, running_stack
from servicekit.testing.servers import Broker

SUPPORT = Path(__file__).parent / "support"


@pytest.fixture
def stack(postgres: str, rabbitmq: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """A stack told of both servers, which hold nothing of an earlier test."""
    asyncio.run(execute(postgres, "DROP DATABASE IF EXISTS core WITH (FORCE)"))
    monkeypatch.setenv("ASU_POSTGRES_URL", postgres)
    monkeypatch.setenv("ASU_RABBITMQ_URL", rabbitmq.url(""))
    monkeypatch.setenv("ASU_RABBITMQ_MANAGEMENT_URL", str(rabbitmq._client.base_url))
    services = (ServiceSpec(Service.CORE, "stack_dummy"),)
    return Stack("given", local=tmp_path / "local", services=services, environment={"PYTHONPATH": str(SUPPORT)})


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def databases(url: str) -> set[str]:
    connection = await asyncpg.connect(url)
    try:
        return {row[0] for row in await connection.fetch("SELECT datname FROM pg_database WHERE NOT datistemplate")}
    finally:
        await connection.close()


def test_servers_are_used_and_left(stack: Stack, postgres: str) -> None:
    with running_stack(stack):
        answer = httpx.get(f"{stack.gateway_url}/api/core/v1/seen", timeout=10)
        assert answer.json() == {"count": 1}
        assert {state.name for state in stack.states()} == {"core-api", "core-worker", "gateway"}
        assert stack.sources["PostgreSQL"] == "ASU_POSTGRES_URL"
        assert stack.queue_depths() == {}

    assert "core" in asyncio.run(databases(postgres))
    assert stack.states() == []


def test_database_of_somebody_else_is_not_taken_over(stack: Stack, postgres: str) -> None:
    asyncio.run(execute(postgres, "CREATE DATABASE core"))

    with pytest.raises(StackError, match="другому владельцу"), running_stack(stack):
        pass
