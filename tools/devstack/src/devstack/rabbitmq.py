"""RabbitMQ from local binaries: its own node, cookie, epmd and folders, everything on loopback."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devstack.errors import StackError
from devstack.osuser import OsUser, make_folder, run_as, write_file
from devstack.supervision import Program
from servicekit.testing import find

_LOOPBACK = "-kernel inet_dist_use_interface {127,0,0,1}"


def configuration(listener: str, definitions: str) -> str:
    """The node's ``rabbitmq.conf``: logs to the supervisor, definitions loaded at every start."""
    return "\n".join(
        (
            f"listeners.tcp.default = {listener}",
            f"load_definitions = {definitions}",
            "log.console = true",
            "log.console.level = warning",
            "log.file = false",
            "disk_free_limit.absolute = 200MB",
            "raft.wal_max_size_bytes = 67108864",  # kept in memory too: the default is made for a machine of its own
            "",
        )
    )


@dataclass(frozen=True)
class LocalBroker:
    """A node of our own."""

    scripts: Path
    home: Path
    user: OsUser | None
    key: str
    port: int
    epmd_port: int
    distribution_port: int

    @property
    def source(self) -> str:
        """Where the server comes from, for the status."""
        return f"локальные программы ({self.scripts})"

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of AMQP."""
        return "127.0.0.1", self.port

    @property
    def programs(self) -> tuple[Program, ...]:
        """The port mapper and the node. With ``RUNNING_UNDER_SYSTEMD`` the script becomes the node: a kill hits it, no shell."""
        node = Program(
            "rabbitmq",
            (str(self.scripts / "rabbitmq-server"),),
            self.home,
            self._environment | {"RUNNING_UNDER_SYSTEMD": "true"},
            self.user,
            stop_wait=60,
            order=20,
        )
        epmd = find.epmd()
        if epmd is None:
            return (node,)
        command = (str(epmd), "-port", str(self.epmd_port), "-address", "127.0.0.1")
        return (Program("epmd", command, self.home, {"HOME": str(self.home)}, self.user, order=15), node)

    @property
    def _definitions(self) -> Path:
        return self.home / "definitions.json"

    @property
    def _environment(self) -> dict[str, str]:
        home = self.home
        return {
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "RABBITMQ_NODENAME": f"asu-{self.key}@localhost",
            "RABBITMQ_MNESIA_BASE": str(home / "data"),
            "RABBITMQ_LOG_BASE": str(home / "log"),
            "RABBITMQ_CONF_ENV_FILE": str(home / "rabbitmq-env.conf"),
            "RABBITMQ_CONFIG_FILE": str(home / "rabbitmq"),
            "RABBITMQ_CONFIG_FILES": str(home / "conf.d"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(home / "advanced"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(home / "generated"),
            "RABBITMQ_SCHEMA_DIR": str(home / "schema"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "enabled_plugins"),
            "RABBITMQ_PLUGINS_EXPAND_DIR": str(home / "plugins"),
            "RABBITMQ_PID_FILE": str(home / "node.pid"),
            "RABBITMQ_DIST_PORT": str(self.distribution_port),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": _LOOPBACK,
            "RABBITMQ_CTL_ERL_ARGS": _LOOPBACK,
            "ERL_EPMD_PORT": str(self.epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_CRASH_DUMP_SECONDS": "0",
        }

    def prepare(self, definitions: Mapping[str, Any]) -> None:
        """Folders, configuration, cookie, and the definitions that the node loads when it starts."""
        make_folder(self.home, self.user)
        for name in ("data", "log", "conf.d", "generated", "schema", "plugins"):
            make_folder(self.home / name, self.user)
        write_file(
            self.home / "rabbitmq.conf", configuration(f"127.0.0.1:{self.port}", str(self._definitions)), self.user
        )
        write_file(self.home / "rabbitmq-env.conf", "", self.user)
        write_file(self.home / "enabled_plugins", "[].\n", self.user)
        write_file(self._definitions, json.dumps(definitions, indent=1), self.user)
        cookie = self.home / ".erlang.cookie"
        if not cookie.exists():
            write_file(cookie, secrets.token_hex(16), self.user, mode=0o400)

    def load(self, definitions: Mapping[str, Any]) -> None:
        """Bring a running node to the definitions."""
        write_file(self._definitions, json.dumps(definitions, indent=1), self.user)
        self.control("import_definitions", str(self._definitions))

    def control(self, *arguments: str) -> str:
        """Output of ``rabbitmqctl``."""
        command = [str(self.scripts / "rabbitmqctl"), "--quiet", *arguments]
        result = run_as(self.user, command, environment=self._environment, cwd=self.home)
        if result.returncode != 0:
            raise StackError(f"rabbitmqctl {arguments[0]}: {(result.stderr or result.stdout).strip()[-500:]}")
        return result.stdout

    def queue_depths(self, vhost: str) -> dict[str, int]:
        """Messages by queue."""
        rows = json.loads(self.control("list_queues", "--vhost", vhost, "name", "messages", "--formatter", "json"))
        return {row["name"]: int(row["messages"]) for row in rows}
