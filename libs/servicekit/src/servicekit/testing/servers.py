"""PostgreSQL and RabbitMQ for tests: given addresses, else a container engine, else local binaries, else a loud failure."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from testcontainers.core.container import DockerContainer

from asu_contracts.exchanges import Service
from servicekit.testing import find

_START_SECONDS = 90
_MEMORY = Path("/dev/shm")
_MEMORY_NEEDED = 2 << 30
PASSWORD = "test"
"""Password of every service's user on a test broker."""


class ServerMissingError(RuntimeError):
    """No way to get the server; the text says what to install."""


def free_port() -> int:
    """A loopback port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _server_user(name: str) -> str | None:
    """The unprivileged user to run a server as when we are root."""
    if os.geteuid() != 0:
        return None
    for candidate in (name, "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(candidate).pw_name
    return None


def _folder(prefix: str, user: str | None, *, within: Path | None = None) -> Path:
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=within))
    if user is not None:
        shutil.chown(folder, user)
    return folder


def _stop(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, how)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(15)


def _engine_with(image: str) -> bool:
    """Whether a container engine answers and has the image: one that cannot get it counts as none."""
    client = find.engine()
    return client is not None and find.has_images(client, image, may_pull=True)


@contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[str]:
    """Address of a superuser on a throw-away server.

    ``durable`` waits for the disk at every commit, as production does. A server given by its address is taken as it is.
    """
    given = os.environ.get("ASU_TEST_POSTGRES_URL")
    if given:
        yield given
    elif _engine_with(find.POSTGRES_IMAGE):
        server = DockerContainer(find.POSTGRES_IMAGE).with_exposed_ports(5432)
        with server.with_envs(POSTGRES_HOST_AUTH_METHOD="trust").with_command(["postgres", *_options(durable=durable)]):
            # The image's first start listens on a socket of its own alone: this asks for the real one.
            ready = ["pg_isready", "-q", "-h", "127.0.0.1", "-U", "postgres"]
            _wait_until(lambda: server.exec(ready).exit_code == 0)
            yield f"postgresql://postgres@{server.get_container_host_ip()}:{server.get_exposed_port(5432)}/postgres"
    else:
        with _local_postgres(durable=durable) as url:
            yield url


def _options(*, durable: bool, **more: str) -> list[str]:
    """Options of the server's command line."""
    options = {"max_connections": "300", "shared_buffers": "128MB", "jit": "off", **more}
    if not durable:
        options |= {"fsync": "off", "full_page_writes": "off", "max_wal_size": "256MB"}
    return [part for key, value in options.items() for part in ("-c", f"{key}={value}")]


def _memory() -> Path | None:
    """A folder in memory, if there is one with room: a database copied for each test is hundreds of small files."""
    if os.access(_MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(_MEMORY).free >= _MEMORY_NEEDED:
        return _MEMORY
    return None


class LocalPostgres:
    """A throw-away server of the local binaries, which can be killed and started again over the same data."""

    def __init__(self, *, durable: bool) -> None:
        binaries = find.postgres()
        if binaries is None:
            raise ServerMissingError(
                f"PostgreSQL {find.POSTGRES_OLDEST}+ is needed for tests: install the package postgresql"
            )
        self._binaries = binaries
        user = _server_user("postgres")
        self._folder = _folder("asu-test-pg-", user, within=None if durable else _memory())
        self._data, self._port, self._durable = self._folder / "data", free_port(), durable
        self._run: dict[str, Any] = {"cwd": self._folder, "user": user} if user else {"cwd": self._folder}
        subprocess.run(
            [binaries / "initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
            check=True, capture_output=True, **self._run,
        )  # fmt: skip
        self.url = f"postgresql://postgres@127.0.0.1:{self._port}/postgres"
        """Address of the superuser."""
        self.start()

    def start(self) -> None:
        """Start and wait until it takes connections."""
        place = {
            "listen_addresses": "127.0.0.1",
            "port": str(self._port),
            "unix_socket_directories": "",
            "log_min_messages": "fatal",
        }
        self._process = subprocess.Popen(
            [self._binaries / "postgres", "-D", self._data, *_options(durable=self._durable, **place)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, **self._run,
        )  # fmt: skip
        ready = [str(self._binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self._port)]
        _wait_until(lambda: subprocess.run(ready, check=False).returncode == 0, self._process)

    def kill(self) -> None:
        """End every process of it at once, as a loss of power would."""
        _stop(self._process, signal.SIGKILL)

    def close(self) -> None:
        """Stop and forget the data."""
        _stop(self._process, signal.SIGQUIT)
        shutil.rmtree(self._folder, ignore_errors=True)


@contextmanager
def _local_postgres(*, durable: bool) -> Iterator[str]:
    server = LocalPostgres(durable=durable)
    try:
        yield server.url
    finally:
        server.close()


def _accepts(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes] | None = None) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not ready():
        if process is not None and process.poll() is not None:
            raise ServerMissingError(f"the server ended with code {process.returncode} while starting")
        if time.monotonic() > deadline:
            raise ServerMissingError("the server did not start in time")
        time.sleep(0.05)


class Broker:
    """A RabbitMQ server for tests, steered through its management API."""

    def __init__(self, host: str, port: int, management: str, user: str, password: str) -> None:
        self.host = host
        self.port = port
        self.user = user
        self.password = password
        self._client = httpx.Client(base_url=management, auth=(user, password), timeout=30, trust_env=False)

    def url(self, vhost: str, user: str | None = None, password: str | None = None) -> str:
        """AMQP address of a virtual host."""
        return f"amqp://{user or self.user}:{password or self.password}@{self.host}:{self.port}/{vhost}"

    def listens(self) -> bool:
        """Whether the broker takes connections, by its own word: a container's port is open before it does."""
        with suppress(httpx.HTTPError):
            return self._client.get("/api/health/checks/port-listener/5672").status_code == 200
        return False

    def define(self, definitions: dict[str, Any]) -> None:
        """Import definitions; the administrator may use every virtual host in them."""
        self._client.post("/api/definitions", json=definitions).raise_for_status()
        for vhost in definitions["vhosts"]:
            everything = {"configure": ".*", "write": ".*", "read": ".*"}
            self._client.put(f"/api/permissions/{vhost['name']}/{self.user}", json=everything).raise_for_status()

    def publish(self, vhost: str, queue: str, properties: dict[str, Any]) -> None:
        """Put a message with any properties at all into a queue, even such as no client of ours could encode."""
        sent = {"properties": properties, "routing_key": queue, "payload": "{}", "payload_encoding": "string"}
        self._client.post(f"/api/exchanges/{vhost}/amq.default/publish", json=sent).raise_for_status()

    def drop(self, vhost: str) -> None:
        """Remove a virtual host with all its queues."""
        self._client.delete(f"/api/vhosts/{vhost}")

    def close_connections(self) -> None:
        """Close every client connection, as a broker going away would."""
        for connection in self._client.get("/api/connections").json():
            self._client.delete(f"/api/connections/{connection['name']}")

    def close(self) -> None:
        """Release the client."""
        self._client.close()


@dataclass(frozen=True)
class VirtualHost:
    """One virtual host of the broker, seen with each service's own rights."""

    broker: Broker
    name: str

    def url(self, service: Service) -> str:
        """AMQP address with the service's own user."""
        return self.broker.url(self.name, service.value, PASSWORD)

    @property
    def admin_url(self) -> str:
        """AMQP address with every right, for looking and for breaking things."""
        return self.broker.url(self.name)


@contextmanager
def rabbitmq_server() -> Iterator[Broker]:
    """A throw-away broker."""
    if _engine_with(find.MANAGED_RABBITMQ_IMAGE):
        with DockerContainer(find.MANAGED_RABBITMQ_IMAGE).with_exposed_ports(5672, 15672) as server:
            host, port = server.get_container_host_ip(), server.get_exposed_port(5672)
            broker = Broker(host, port, f"http://{host}:{server.get_exposed_port(15672)}", "guest", "guest")
            _wait_until(broker.listens)
            yield broker
            broker.close()
    else:
        with _local_rabbitmq() as broker:
            yield broker
            broker.close()


@contextmanager
def _local_rabbitmq() -> Iterator[Broker]:
    scripts, epmd = find.rabbitmq(), find.epmd()
    if scripts is None or epmd is None:
        raise ServerMissingError("RabbitMQ 3.10+ is needed for tests: install the package rabbitmq-server")
    user = _server_user("rabbitmq")
    folder = _folder("asu-test-mq-", user)
    port, management, distribution, names = (free_port() for _ in range(4))
    password = secrets.token_hex(8)
    environment = _rabbitmq_environment(folder, distribution, names)
    (folder / "rabbitmq.conf").write_text(
        f"listeners.tcp.1 = 127.0.0.1:{port}\nmanagement.tcp.ip = 127.0.0.1\nmanagement.tcp.port = {management}\n"
        f"default_user = tests\ndefault_pass = {password}\ndisk_free_limit.absolute = 50MB\nlog.console = false\n"
        "log.file.level = error\nraft.wal_max_size_bytes = 33554432\nmanagement_agent.disable_metrics_collector = false\n",
        encoding="utf-8",
    )
    (folder / "enabled_plugins").write_text("[rabbitmq_management].\n", encoding="utf-8")
    run: dict[str, Any] = {"cwd": folder, "env": environment, "start_new_session": True}
    if user:
        run["user"] = user
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    name_server = subprocess.Popen([epmd, "-port", str(names), "-address", "127.0.0.1"], **quiet, **run)
    server = subprocess.Popen([scripts / "rabbitmq-server"], **quiet, **run)
    try:
        _wait_until(lambda: _accepts(port) and _accepts(management), server)
        yield Broker("127.0.0.1", port, f"http://127.0.0.1:{management}", "tests", password)
    finally:
        _stop(server, signal.SIGKILL)
        _stop(name_server, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


def _rabbitmq_environment(folder: Path, distribution: int, names: int) -> dict[str, str]:
    return {
        "PATH": find.search_path(),
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "RABBITMQ_NODENAME": f"test{distribution}@localhost",
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_DIST_PORT": str(distribution),
        "ERL_EPMD_PORT": str(names),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}",
    }
