"""The stack with real servers and a service of its own: up, kill, up again, reset."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import httpx
import psutil
import pytest

from asu_contracts.exchanges import Service
from devstack.databases import answers
from devstack.readiness import signs_in
from devstack.services import ServiceSpec
from devstack.stack import Stack
from devstack.supervision import MARK

SUPPORT = Path(__file__).parent / "support"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One stack for all tests of the module."""
    made = Stack(
        "test",
        local=tmp_path_factory.mktemp("local"),
        services=(ServiceSpec(Service.CORE, "stack_dummy"),),
        environment={"PYTHONPATH": str(SUPPORT)},
    )
    try:
        made.up()
        yield made
    finally:
        made.reset()


def until(done: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def seen(stack: Stack) -> int:
    answer = httpx.get(f"{stack.gateway_url}/api/core/v1/seen", timeout=10)
    assert answer.status_code == 200
    count: int = answer.json()["count"]
    return count


def test_requests_reach_the_service_and_its_database(stack: Stack) -> None:
    before = seen(stack)

    assert seen(stack) == before + 1
    assert set(stack.queue_depths()) == set()


def test_second_up_leaves_running_processes_alone(stack: Stack) -> None:
    before = {state.name: state.pid for state in stack.states()}

    stack.up()

    assert {state.name: state.pid for state in stack.states()} == before


@pytest.mark.parametrize("process", ["core-api", "gateway", "postgres", "rabbitmq"])
def test_killed_process_comes_back_with_its_data(stack: Stack, process: str) -> None:
    before = seen(stack)
    pid = stack.kill(process)

    until(lambda: _runs(stack, process))
    assert stack.pid(process) != pid
    url = stack.environment("core", "migrate")["ASU_DATABASE_OWNER_URL"]
    until(lambda: _answers(url))
    until(lambda: signs_in(stack.environment("core")["ASU_AMQP_URL"]))  # the service here waits for no broker
    stack.wait_ready()

    assert seen(stack) > before


def _runs(stack: Stack, process: str) -> bool:
    return any(state.name == process and state.state == "RUNNING" for state in stack.states())


def _answers(url: str) -> bool:
    return asyncio.run(answers(url))


def test_up_after_the_supervisor_was_killed(stack: Stack) -> None:
    before, address = seen(stack), stack.gateway_url
    home = stack.environment("core")["ASU_FILES_DIR"].removesuffix("/files/core")
    orphans = [process for process in psutil.process_iter() if _mark(process) == home]
    supervisord = next(process for process in orphans if "supervisor.supervisord" in process.cmdline())
    os.kill(supervisord.pid, signal.SIGKILL)
    supervisord.wait(10)
    kept, environment = stack.ports(), stack.environment("core")
    assert stack.ports() == kept  # reading moved no address, though every port looks taken now

    stack.up()

    assert stack.ports() == kept
    assert stack.environment("core") == environment

    assert seen(stack) > before
    assert stack.gateway_url == address
    assert not [process for process in orphans if process.is_running()]


def _mark(process: psutil.Process) -> str | None:
    try:
        return process.environ().get(MARK)
    except (psutil.Error, OSError):
        return None


async def test_application_role_only_connects(stack: Stack) -> None:
    connection = await asyncpg.connect(stack.environment("core")["ASU_DATABASE_URL"])
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("CREATE TABLE mine (id int)")
        row = await connection.fetchrow(
            "SELECT pg_encoding_to_char(encoding) AS encoding, datlocprovider, daticulocale, datctype FROM pg_database "
            "WHERE datname = current_database()"
        )
        assert row is not None
        assert tuple(row.values()) == ("UTF8", b"i", "ru-RU", "C.UTF-8")
        assert await connection.fetchval("SELECT lower('ЁЖ')") == "ёж"
        assert (
            await connection.fetchval("SELECT count(*) FROM pg_extension WHERE extname IN ('btree_gist', 'pg_trgm')")
            == 2
        )
        assert await connection.fetchval("SHOW synchronous_commit") == "on"
        assert await connection.fetchval("SHOW fsync") == "on"
    finally:
        await connection.close()


def test_everything_listens_on_loopback_alone(stack: Stack) -> None:
    pids = {child.pid for state in stack.states() for child in _family(state.pid)}
    listening = [c for c in psutil.net_connections("tcp") if c.pid in pids and c.status == psutil.CONN_LISTEN]

    assert len(listening) >= 6
    assert {address[0] for address in (tuple(c.laddr) for c in listening)} <= {"127.0.0.1", "::1"}


def _family(pid: int) -> list[psutil.Process]:
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def test_secrets_are_closed(stack: Stack) -> None:
    home = Path(stack.environment("core")["ASU_FILES_DIR"]).parent.parent
    for file in [home / "secrets.json", home / "supervisor" / "supervisord.conf", *home.glob("keys/*")]:
        assert file.stat().st_mode & 0o077 == 0
