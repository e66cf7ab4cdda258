"""PostgreSQL and RabbitMQ in containers, run in the foreground under the supervisor like everything else."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devstack import postgres, rabbitmq
from devstack.errors import StackError
from devstack.osuser import make_folder, run_as, write_file
from devstack.supervision import Program


@dataclass(frozen=True)
class Container:
    """A named container with one named volume."""

    client: str
    name: str
    image: str

    def program(self, name: str, options: tuple[str, ...], command: tuple[str, ...], home: Path, order: int) -> Program:
        """``docker run`` in the foreground; a container that outlived a killed client is removed first."""
        run = (self.client, "run", "--rm", "--name", self.name, *options, self.image, *command)
        script = 'docker=$1; name=$2; shift 2; "$docker" rm -f "$name" >/dev/null 2>&1; exec "$@"'
        wrapped = ("/bin/sh", "-c", script, "sh", self.client, self.name, *run)
        kill = (self.client, "kill", "--signal", "KILL", self.name)
        # The client hands the supervisor's signal on to the server.
        signal = "INT" if name == "postgres" else "TERM"
        return Program(name, wrapped, home, stop_signal=signal, stop_wait=60, order=order, kill_command=kill)

    def remove(self) -> None:
        """Drop the container and its volume."""
        run_as(None, [self.client, "rm", "-f", self.name])
        run_as(None, [self.client, "volume", "rm", "-f", self.name])


@dataclass(frozen=True)
class DockerPostgres:
    """A cluster in a container."""

    container: Container
    home: Path
    port: int
    password: str

    @property
    def source(self) -> str:
        """Where the server comes from, for the status."""
        return f"контейнер {self.container.image}"

    @property
    def admin_url(self) -> str:
        """Address of the superuser."""
        return f"postgresql://{postgres.SUPERUSER}:{self.password}@127.0.0.1:{self.port}/postgres"

    @property
    def programs(self) -> tuple[Program, ...]:
        """The container; its password comes from a file."""
        options = (
            "--shm-size", "512m", "-p", f"127.0.0.1:{self.port}:5432",
            "-v", f"{self.container.name}:/var/lib/postgresql/data", "--env-file", str(self.home / "container.env"),
        )  # fmt: skip
        settings = tuple(part for item in postgres.SETTINGS.items() for part in ("-c", "=".join(item)))
        return (self.container.program("postgres", options, ("postgres", *settings), self.home, 10),)

    def prepare(self) -> None:
        """Leave the first start's parameters in a closed file."""
        make_folder(self.home)
        lines = [
            f"POSTGRES_USER={postgres.SUPERUSER}",
            f"POSTGRES_PASSWORD={self.password}",
            "POSTGRES_HOST_AUTH_METHOD=scram-sha-256",
            "POSTGRES_INITDB_ARGS=" + " ".join(postgres.CLUSTER),
        ]
        write_file(self.home / "container.env", "\n".join(lines) + "\n")


@dataclass(frozen=True)
class DockerBroker:
    """A node in a container."""

    container: Container
    home: Path
    port: int

    @property
    def source(self) -> str:
        """Where the server comes from, for the status."""
        return f"контейнер {self.container.image}"

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of AMQP."""
        return "127.0.0.1", self.port

    @property
    def programs(self) -> tuple[Program, ...]:
        """The container. Its host name is the node's name, so it stays the same over restarts."""
        options = (
            "--hostname", "asu", "-p", f"127.0.0.1:{self.port}:5672", "-v", f"{self.container.name}:/var/lib/rabbitmq",
            "-v", f"{self.home}:/etc/asu:ro", "-e", "RABBITMQ_CONFIG_FILE=/etc/asu/rabbitmq.conf",
        )  # fmt: skip
        return (self.container.program("rabbitmq", options, (), self.home, 20),)

    def prepare(self, definitions: Mapping[str, Any]) -> None:
        """Configuration and definitions, readable inside the container; the folder above them is closed."""
        make_folder(make_folder(self.home.parent).joinpath(self.home.name), mode=0o755)
        config = rabbitmq.configuration("0.0.0.0:5672", "/etc/asu/definitions.json")  # published on loopback alone
        write_file(self.home / "rabbitmq.conf", config, mode=0o644)
        self._write(definitions)

    def load(self, definitions: Mapping[str, Any]) -> None:
        """Bring a running node to the definitions."""
        self._write(definitions)
        self._control("import_definitions", "/etc/asu/definitions.json")

    def queue_depths(self, vhost: str) -> dict[str, int]:
        """Messages by queue."""
        rows = json.loads(self._control("list_queues", "--vhost", vhost, "name", "messages", "--formatter", "json"))
        return {row["name"]: int(row["messages"]) for row in rows}

    def _write(self, definitions: Mapping[str, Any]) -> None:
        write_file(self.home / "definitions.json", json.dumps(definitions, indent=1), mode=0o644)

    def _control(self, *arguments: str) -> str:
        result = run_as(
            None, [self.container.client, "exec", self.container.name, "rabbitmqctl", "--quiet", *arguments]
        )
        if result.returncode != 0:
            raise StackError(f"rabbitmqctl {arguments[0]}: {(result.stderr or result.stdout).strip()[-500:]}")
        return result.stdout
