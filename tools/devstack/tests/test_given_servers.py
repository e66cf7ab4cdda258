"""The stack on servers that the user gave by address: used, and left as they were found."""

import asyncio
import json
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest

from asu_contracts.exchanges import Service
from deploy.k8s.prepare import prepare
from devstack.databases import answers
from devstack.environment import VHOST
from devstack.errors import StackError
from devstack.readiness import signs_in
from devstack.services import ServiceSpec
from devstack.stack import Stack, running_stack
from servicekit.migrations import upgrade
from servicekit.testing import find
from servicekit.testing.servers import Broker

SUPPORT = Path(__file__).parent / "support"


@pytest.fixture
def given(postgres: str, rabbitmq: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    """The addresses of both servers, which hold nothing of an earlier test."""
    asyncio.run(execute(postgres, "DROP DATABASE IF EXISTS core WITH (FORCE)"))
    rabbitmq.drop(VHOST)
    monkeypatch.setenv("ASU_POSTGRES_URL", postgres)
    monkeypatch.setenv("ASU_RABBITMQ_URL", rabbitmq.url(""))
    monkeypatch.setenv("ASU_RABBITMQ_MANAGEMENT_URL", str(rabbitmq._client.base_url))


def make_stack(folder: Path, **environment: str) -> Stack:
    services = (ServiceSpec(Service.CORE, "stack_dummy"),)
    return Stack("given", local=folder, services=services, environment={"PYTHONPATH": str(SUPPORT), **environment})


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


@pytest.mark.usefixtures("given")
def test_servers_are_used_and_left(postgres: str, tmp_path: Path) -> None:
    with running_stack(make_stack(tmp_path)) as stack:
        answer = httpx.get(f"{stack.gateway_url}/api/core/v1/seen", timeout=10)
        assert answer.json() == {"count": 1}
        assert {state.name for state in stack.states()} == {"core-api", "core-worker", "gateway"}
        assert stack.sources["PostgreSQL"] == "ASU_POSTGRES_URL"
        assert stack.queue_depths() == {}

    assert "core" in asyncio.run(databases(postgres))
    assert stack.states() == []


@pytest.mark.usefixtures("given")
def test_what_is_prepared_for_a_first_rollout_is_enough(postgres: str, rabbitmq: Broker, tmp_path: Path) -> None:
    address = f"{urlsplit(postgres).hostname}:{urlsplit(postgres).port}"
    for _ in range(2):  # harmless to repeat
        prepare(tmp_path, address, (rabbitmq.host, rabbitmq.port))
        psql = (find.postgres() or Path("/usr/bin")) / "psql"
        subprocess.run(
            [psql, "--quiet", "--file", tmp_path / "databases.sql", postgres], check=True, capture_output=True
        )
        rabbitmq.define(json.loads((tmp_path / "definitions.json").read_text("utf-8")))

    def given(name: str) -> dict[str, str]:
        lines = (tmp_path / f"core-{name}.env").read_text("utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines)

    upgrade("sgo_core", given("owner")["ASU_DATABASE_OWNER_URL"])
    assert asyncio.run(answers(given("secrets")["ASU_DATABASE_URL"]))
    assert signs_in(given("secrets")["ASU_AMQP_URL"])
    assert all(file.stat().st_mode & 0o077 == 0 for file in tmp_path.iterdir())


@pytest.mark.usefixtures("given")
def test_database_of_somebody_else_is_not_taken_over(postgres: str, tmp_path: Path) -> None:
    asyncio.run(execute(postgres, "CREATE DATABASE core"))

    with pytest.raises(StackError, match="другому владельцу"), running_stack(make_stack(tmp_path)):
        pass


@pytest.mark.usefixtures("given")
def test_service_that_keeps_dying_is_told_with_its_log(tmp_path: Path) -> None:
    stack = make_stack(tmp_path, STACK_DUMMY_DIES="1")

    with pytest.raises(StackError, match="this service cannot start"), running_stack(stack):
        pass
