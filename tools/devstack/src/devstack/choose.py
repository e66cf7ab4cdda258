"""Which servers to use: given addresses, a container engine, local binaries, the package manager, or one clear error.

What was chosen first is kept until ``reset``: data must not vanish because somebody started Docker meanwhile.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from devstack import docker, install, postgres, rabbitmq
from devstack.credentials import Credentials
from devstack.errors import StackError
from devstack.external import ExternalBroker, ExternalPostgres
from devstack.instance import Instance
from devstack.osuser import server_user
from devstack.supervision import Program
from servicekit.testing import find


class Postgres(Protocol):
    """A PostgreSQL the stack can use."""

    @property
    def source(self) -> str: ...
    @property
    def admin_url(self) -> str: ...
    @property
    def programs(self) -> tuple[Program, ...]: ...
    def prepare(self) -> None: ...


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


class Kind(StrEnum):
    """Where a server comes from."""

    GIVEN = "given"
    ENGINE = "engine"
    LOCAL = "local"


_KINDS = {
    Kind.GIVEN: "на сервере, данном адресом",
    Kind.ENGINE: "в контейнере",
    Kind.LOCAL: "на сервере из локальных программ",
}


@dataclass(frozen=True)
class Kinds:
    """The kind of either server."""

    postgres: Kind
    broker: Kind


@dataclass(frozen=True)
class Servers:
    """What was chosen."""

    kinds: Kinds
    postgres: Postgres
    broker: Broker
    nginx: Path

    @property
    def programs(self) -> tuple[Program, ...]:
        """Server processes to supervise, in the order of their start."""
        return (*self.postgres.programs, *self.broker.programs)


@dataclass(frozen=True)
class Found:
    """The kinds, given addresses, and the client of a container engine."""

    kinds: Kinds
    postgres: str | None
    broker: str | None
    engine: str | None


class Chooser:
    """Finds servers for one instance; installs what is missing when ``may_install``."""

    def __init__(self, instance: Instance, credentials: Credentials, ports: Mapping[str, int]) -> None:
        self._instance = instance
        self._credentials = credentials
        self._ports = ports

    def choose(
        self, *, may_install: bool, kept: Kinds | None = None, say: Callable[[str], None] = lambda _text: None
    ) -> Servers:
        """The servers, in the order of preference or as ``kept``; raises ``StackError`` naming everything that is missing."""
        found = self.ensure(may_install=may_install, kept=kept, say=say)
        nginx = find.program("nginx")
        assert nginx is not None
        return Servers(found.kinds, self._postgres(found), self._broker(found), nginx)

    def discard(self, kinds: Kinds) -> None:
        """Drop containers and their data; other servers hold nothing of ours outside the instance's folders."""
        containers = [
            make
            for kind, make in ((kinds.postgres, self._postgres_container), (kinds.broker, self._broker_container))
            if kind is Kind.ENGINE
        ]
        if containers:
            engine = _engine()
            for make in containers:
                make(engine).remove()

    @classmethod
    def ensure(
        cls, *, may_install: bool, kept: Kinds | None = None, say: Callable[[str], None] = lambda _text: None
    ) -> Found:
        """Make sure that every server can be had, and start none; raises ``StackError`` naming what is missing."""
        given_postgres, given_broker = os.environ.get("ASU_POSTGRES_URL"), os.environ.get("ASU_RABBITMQ_URL")
        if kept is None:
            engine = None if given_postgres and given_broker else _usable_engine(may_pull=may_install)
            kinds = Kinds(_kind(given_postgres, engine), _kind(given_broker, engine))
        else:
            kinds = kept
            _agree(kinds.postgres, given_postgres, "ASU_POSTGRES_URL")
            _agree(kinds.broker, given_broker, "ASU_RABBITMQ_URL")
            engine = _engine() if Kind.ENGINE in {kinds.postgres, kinds.broker} else None
        cls._install_missing(
            [
                *(["postgresql"] if kinds.postgres is Kind.LOCAL and not find.postgres() else []),
                *(["rabbitmq-server"] if kinds.broker is Kind.LOCAL and not find.rabbitmq() else []),
                *([] if find.program("nginx") else ["nginx-light"]),
            ],
            may_install=may_install,
            say=say,
        )
        return Found(kinds, given_postgres, given_broker, engine)

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
            "postgresql": find.postgres,
            "rabbitmq-server": find.rabbitmq,
            "nginx-light": partial(find.program, "nginx"),
        }
        absent = [name for name in packages if finders[name]() is None]
        if absent:
            raise StackError(
                f"После установки не найдено: {', '.join(absent)} (нужен PostgreSQL не старее {find.POSTGRES_OLDEST})"
            )

    def _postgres_container(self, engine: str) -> docker.Container:
        return docker.Container(engine, f"asu-{self._instance.key}-postgres", find.POSTGRES_IMAGE)

    def _broker_container(self, engine: str) -> docker.Container:
        return docker.Container(engine, f"asu-{self._instance.key}-rabbitmq", find.RABBITMQ_IMAGE)

    def _postgres(self, found: Found) -> Postgres:
        password = self._credentials.password("postgres")
        port = self._ports["postgres"]
        if found.kinds.postgres is Kind.GIVEN:
            return ExternalPostgres(found.postgres or "")
        if found.kinds.postgres is Kind.ENGINE:
            container = self._postgres_container(found.engine or "")
            return docker.DockerPostgres(container, self._instance.home / "docker" / "postgres", port, password)
        binaries = find.postgres()
        assert binaries is not None
        user = server_user("postgres")
        return postgres.LocalPostgres(binaries, self._instance.server_home(user) / "postgres", user, port, password)

    def _broker(self, found: Found) -> Broker:
        port = self._ports["rabbitmq"]
        if found.kinds.broker is Kind.GIVEN:
            note = self._instance.home / "definitions.json"
            return ExternalBroker(found.broker or "", os.environ.get("ASU_RABBITMQ_MANAGEMENT_URL"), note)
        if found.kinds.broker is Kind.ENGINE:
            container = self._broker_container(found.engine or "")
            return docker.DockerBroker(container, self._instance.home / "docker" / "rabbitmq", port)
        scripts = find.rabbitmq()
        assert scripts is not None
        user = server_user("rabbitmq")
        home = self._instance.server_home(user) / "rabbitmq"
        return rabbitmq.LocalBroker(
            scripts, home, user, self._instance.key, port, self._ports["epmd"], self._ports["distribution"]
        )


def _kind(given: str | None, engine: str | None) -> Kind:
    if given:
        return Kind.GIVEN
    return Kind.ENGINE if engine else Kind.LOCAL


def _agree(kept: Kind, given: str | None, variable: str) -> None:
    """An address that came or went does not move the data."""
    if (kept is Kind.GIVEN) is (given is None):
        change = "Задайте" if given is None else "Уберите"
        raise StackError(f"Данные стенда {_KINDS[kept]}. {change} {variable} или начните заново: make reset")


def _engine() -> str:
    engine = find.engine()
    if engine is None:
        raise StackError("Данные стенда в контейнерах, а Docker не отвечает: запустите его")
    return engine


def _usable_engine(*, may_pull: bool) -> str | None:
    engine = find.engine()
    if engine and find.has_images(engine, find.POSTGRES_IMAGE, find.RABBITMQ_IMAGE, may_pull=may_pull):
        return engine
    return None
