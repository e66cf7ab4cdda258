"""Which servers to use: given addresses, a container engine, local binaries, the package manager, or one clear error."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from devstack import docker, install, postgres, rabbitmq
from devstack.credentials import Credentials
from devstack.errors import StackError
from devstack.external import ExternalBroker, ExternalPostgres
from devstack.instance import Instance
from devstack.osuser import find_program, server_user
from devstack.supervision import Program


class Postgres(Protocol):
    """A PostgreSQL the stack can use."""

    @property
    def source(self) -> str: ...
    @property
    def admin_url(self) -> str: ...
    @property
    def programs(self) -> tuple[Program, ...]: ...
    def prepare(self) -> None: ...
    def remove(self) -> None: ...


class Broker(Protocol):
    """A RabbitMQ the stack can use."""

    @property
    def source(self) -> str: ...
    @property
    def address(self) -> tuple[str, int]: ...
    @property
    def programs(self) -> tuple[Program, ...]: ...
    def prepare(self, definitions: Mapping[str, Any]) -> None: ...
    def load(self, definitions: Mapping[str, Any]) -> None: ...
    def queue_depths(self, vhost: str) -> dict[str, int]: ...
    def remove(self) -> None: ...


@dataclass(frozen=True)
class Servers:
    """What was chosen."""

    postgres: Postgres
    broker: Broker
    nginx: Path

    @property
    def programs(self) -> tuple[Program, ...]:
        """Server processes to supervise, in the order of their start."""
        return (*self.postgres.programs, *self.broker.programs)


@dataclass(frozen=True)
class Found:
    """Given addresses, and the client of a container engine."""

    postgres: str | None
    broker: str | None
    engine: str | None


class Chooser:
    """Finds servers for one instance; installs what is missing when ``may_install``."""

    def __init__(self, instance: Instance, credentials: Credentials, ports: Mapping[str, int]) -> None:
        self._instance = instance
        self._credentials = credentials
        self._ports = ports

    def choose(self, *, may_install: bool, say: Callable[[str], None] = lambda _text: None) -> Servers:
        """The servers, in the order of preference; raises ``StackError`` naming everything that is missing."""
        found = self.ensure(may_install=may_install, say=say)
        nginx = find_program("nginx")
        assert nginx is not None
        return Servers(self._postgres(found), self._broker(found), nginx)

    @classmethod
    def ensure(cls, *, may_install: bool, say: Callable[[str], None] = lambda _text: None) -> Found:
        """Make sure that every server can be had, and start none; raises ``StackError`` naming what is missing."""
        given_postgres, given_broker = os.environ.get("ASU_POSTGRES_URL"), os.environ.get("ASU_RABBITMQ_URL")
        engine = None if given_postgres and given_broker else docker.find_engine()
        if engine and not docker.has_images(engine, may_pull=may_install):
            engine = None
        cls._install_missing(
            [
                *([] if given_postgres or engine or postgres.find_binaries() else ["postgresql"]),
                *([] if given_broker or engine or rabbitmq.find_scripts() else ["rabbitmq-server"]),
                *([] if find_program("nginx") else ["nginx-light"]),
            ],
            may_install=may_install,
            say=say,
        )
        return Found(given_postgres, given_broker, engine)

    @staticmethod
    def _install_missing(packages: Sequence[str], *, may_install: bool, say: Callable[[str], None]) -> None:
        if not packages:
            return
        names = ", ".join(packages)
        if not may_install or not install.can_install():
            raise StackError(
                f"Не найдено: {names}. Дайте адреса ASU_POSTGRES_URL и ASU_RABBITMQ_URL, запустите Docker или установите пакеты "
                "(сами мы можем сделать это только через apt-get с правами root или sudo)"
            )
        say(f"Устанавливаем пакеты: {names}")
        install.install(packages)
        finders: dict[str, Callable[[], Path | None]] = {
            "postgresql": postgres.find_binaries,
            "rabbitmq-server": rabbitmq.find_scripts,
            "nginx-light": partial(find_program, "nginx"),
        }
        absent = [name for name in packages if finders[name]() is None]
        if absent:
            raise StackError(
                f"После установки не найдено: {', '.join(absent)} (нужен PostgreSQL не старее {postgres.OLDEST})"
            )

    def _postgres(self, found: Found) -> Postgres:
        password = self._credentials.password("postgres")
        port = self._ports["postgres"]
        if found.postgres:
            return ExternalPostgres(found.postgres)
        if found.engine:
            container = docker.Container(found.engine, f"asu-{self._instance.key}-postgres", docker.POSTGRES_IMAGE)
            return docker.DockerPostgres(container, self._instance.home / "docker" / "postgres", port, password)
        binaries = postgres.find_binaries()
        assert binaries is not None
        user = server_user("postgres")
        return postgres.LocalPostgres(binaries, self._instance.server_home(user) / "postgres", user, port, password)

    def _broker(self, found: Found) -> Broker:
        port = self._ports["rabbitmq"]
        if found.broker:
            note = self._instance.home / "definitions.json"
            return ExternalBroker(found.broker, os.environ.get("ASU_RABBITMQ_MANAGEMENT_URL"), note)
        if found.engine:
            container = docker.Container(found.engine, f"asu-{self._instance.key}-rabbitmq", docker.RABBITMQ_IMAGE)
            return docker.DockerBroker(container, self._instance.home / "docker" / "rabbitmq", port)
        scripts = rabbitmq.find_scripts()
        assert scripts is not None
        user = server_user("rabbitmq")
        home = self._instance.server_home(user) / "rabbitmq"
        return rabbitmq.LocalBroker(
            scripts, home, user, self._instance.key, port, self._ports["epmd"], self._ports["distribution"]
        )
