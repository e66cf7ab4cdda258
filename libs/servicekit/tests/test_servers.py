"""Servers for tests: durable when asked to be, in containers when there is an engine."""

from types import SimpleNamespace
from typing import ClassVar, Self
from urllib.parse import urlsplit

import asyncpg
import pytest

from servicekit.testing import find
from servicekit.testing.servers import Broker, postgres_server, rabbitmq_server


class Container:
    """Stands in for a container: its ports are those of servers that run already."""

    made: ClassVar[list["Container"]] = []
    ports: ClassVar[dict[int, int]] = {}

    def __init__(self, image: str) -> None:
        self.image = image
        self.command: list[str] = []
        self.running = False
        self.made.append(self)

    def with_exposed_ports(self, *_ports: int) -> Self:
        return self

    def with_envs(self, **_variables: str) -> Self:
        return self

    def with_command(self, command: list[str]) -> Self:
        self.command = command
        return self

    def __enter__(self) -> Self:
        self.running = True
        return self

    def __exit__(self, *_: object) -> None:
        self.running = False

    def exec(self, _command: list[str]) -> SimpleNamespace:
        return SimpleNamespace(exit_code=0)

    def get_container_host_ip(self) -> str:
        return "127.0.0.1"

    def get_exposed_port(self, port: int) -> int:
        return self.ports[port]


@pytest.fixture
def no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASU_TEST_POSTGRES_URL", raising=False)


@pytest.mark.usefixtures("no_address")
@pytest.mark.parametrize("durable", [True, False])
async def test_a_durable_server_waits_for_the_disk(durable: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "engine", lambda: None)
    with postgres_server(durable=durable) as url:
        connection = await asyncpg.connect(url)
        for setting in ("fsync", "full_page_writes"):
            assert await connection.fetchval(f"SHOW {setting}") == ("on" if durable else "off")
        assert await connection.fetchval("SHOW synchronous_commit") == "on"
        await connection.close()


@pytest.mark.usefixtures("no_address")
def test_an_engine_runs_throw_away_containers(postgres: str, rabbitmq: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    management = rabbitmq._client.base_url.port
    assert management is not None
    monkeypatch.setattr(Container, "ports", {5432: urlsplit(postgres).port, 5672: rabbitmq.port, 15672: management})
    monkeypatch.setattr(Container, "made", [])
    monkeypatch.setattr(find, "engine", lambda: "docker")
    monkeypatch.setattr(find, "has_images", lambda *_, **__: True)
    monkeypatch.setattr("servicekit.testing.servers.DockerContainer", Container)
    monkeypatch.setattr(Broker, "listens", lambda _broker: True)  # the real broker has no user guest
    with postgres_server() as url, rabbitmq_server() as broker:
        assert urlsplit(url).port == urlsplit(postgres).port
        assert broker.port == rabbitmq.port
        assert [one.running for one in Container.made] == [True, True]
    assert [one.image for one in Container.made] == [find.POSTGRES_IMAGE, find.MANAGED_RABBITMQ_IMAGE]
    assert "fsync=off" in Container.made[0].command
    assert [one.running for one in Container.made] == [False, False]


def test_the_brokers_word_is_asked(rabbitmq: Broker) -> None:
    wrong = Broker(rabbitmq.host, rabbitmq.port, "http://127.0.0.1:1", "guest", "guest")
    assert not wrong.listens()
    wrong.close()
