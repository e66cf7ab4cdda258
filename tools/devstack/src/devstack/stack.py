"""The local stack: servers, databases, the ten processes and the gateway, brought up in order and kept up."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from devstack import databases, ports
from devstack.choose import Chooser, Kind, Kinds, Servers
from devstack.credentials import Credentials
from devstack.environment import VHOST, Environments
from devstack.errors import StackError
from devstack.gateway import Gateway, Tls
from devstack.instance import Instance, checkout
from devstack.osuser import make_folder, run_as, write_file
from devstack.readiness import not_ready, signs_in, tail, wait_until
from devstack.services import ROLES, SERVICES, ServiceSpec
from devstack.supervision import ProcessState, Program, Supervisor
from servicekit.messaging.definitions import build

Report = Callable[[str, float], None]
"""Told what is being done and how much of the whole is done (0…1)."""

_NEVER_RAN = "Стенд ещё не запускался: выполните make up"
_SERVER_PORTS = ("supervisor", "postgres", "rabbitmq", "epmd", "distribution", "gateway")


@dataclass(frozen=True)
class _Plan:
    """What one ``up`` works with."""

    ports: Mapping[str, int]
    servers: Servers
    environments: Environments
    gateway: Gateway


class Stack:
    """One instance. Every method may be called from any process of the same user; the supervisor holds the state."""

    def __init__(
        self,
        instance: str = "demo",
        *,
        local: Path | None = None,
        services: Sequence[ServiceSpec] = SERVICES,
        environment: Mapping[str, str] | None = None,
        report: Report = lambda _text, _share: None,
    ) -> None:
        """``local`` replaces the checkout's ``.local``; ``environment`` is added to every service process."""
        self._root = checkout()
        self._instance = Instance(instance, local or self._root / ".local")
        self._services = services
        self._extra = dict(environment or {})
        self._report = report

    def up(self) -> None:
        """Start what does not run, bring databases and broker to the current definitions, wait until all is ready."""
        with self._instance.lock():
            self._report("Ищем серверы", 0.0)
            self._supervisor.clear()
            plan = self._plan()
            supervisor = self._supervisor
            definitions = self._definitions(plan.environments)
            plan.servers.postgres.prepare()
            plan.servers.broker.prepare(definitions)
            plan.gateway.prepare()
            make_folder(self._instance.home / "run")
            supervisor.configure(self._programs(plan))
            supervisor.launch()
            self._report("Запускаем PostgreSQL и RabbitMQ", 0.1)
            loaded_at_start = self._start_servers(plan.servers)
            self._wait_postgres(plan)
            self._report("Создаём базы данных и роли", 0.3)
            passwords = {spec.short: plan.environments.database_passwords(spec.short) for spec in self._services}
            asyncio.run(databases.create(plan.servers.postgres.admin_url, passwords))
            self._migrate(plan.environments)
            self._report("Ждём RabbitMQ", 0.6)
            self._wait_broker(plan, None if loaded_at_start else definitions)
            self._report("Запускаем процессы сервисов", 0.7)
            supervisor.start([*self._processes, "gateway"])
            self._note(plan)
            self.wait_ready()
            self._report("Готово", 1.0)

    def down(self) -> None:
        """Stop everything; data stays."""
        with self._instance.lock():
            self._supervisor.shutdown()

    def reset(self) -> None:
        """Stop everything and delete data, secrets and logs. Servers given by address are left as they are."""
        with self._instance.lock():
            self._supervisor.shutdown()
            kinds = self._kinds
            if kinds is not None:
                self._chooser(self.ports()).discard(kinds)
            self._instance.remove()

    @property
    def gateway_url(self) -> str:
        """Address of the gateway, without a slash at the end."""
        return str(self._state["gateway"])

    @property
    def home(self) -> Path:
        """Folder of the instance: configuration, secrets and data."""
        return self._instance.home

    @property
    def logs(self) -> Path:
        """Folder of the logs, one per process."""
        return self._instance.logs

    @property
    def sources(self) -> dict[str, str]:
        """Where the servers came from at the last ``up``."""
        return dict(self._state["sources"])

    def states(self) -> list[ProcessState]:
        """Every process as the supervisor sees it; empty when the stack is down."""
        return self._supervisor.states()

    def ports(self) -> dict[str, int]:
        """Ports by name."""
        return ports.kept(self._instance.ports_file, self._instance.name)

    def is_running(self, process: str) -> bool:
        """Whether a process runs now; one that died may wait to be started again."""
        return bool(self._supervisor.state(process).pid)

    def pid(self, process: str) -> int:
        """Process id of a running process, for example ``core-worker`` or ``postgres``."""
        state = self._supervisor.state(process)
        if not state.pid:
            raise StackError(f"Процесс «{process}» не работает ({state.state})")
        return state.pid

    def kill(self, process: str) -> int:
        """Kill with SIGKILL and wait until the supervisor knows; it starts the process again. Returns the killed id."""
        pid = self.pid(process)
        command = self._state["kill"].get(process)
        if command:
            run_as(None, command)
        else:
            os.kill(pid, signal.SIGKILL)
        seen = self._supervisor.state
        wait_until(lambda: seen(process).pid != pid, 30, lambda: f"Процесс «{process}» ({pid}) не завершился")
        return pid

    def stop(self, *processes: str) -> None:
        """Stop processes and keep them stopped."""
        self._supervisor.stop(processes)

    def start(self, *processes: str) -> None:
        """Start stopped processes."""
        self._supervisor.start(processes)

    def not_ready(self) -> list[str]:
        """Processes that are not ready now, the gateway included."""
        kept = self.ports()
        addresses = {name: f"http://127.0.0.1:{kept[name]}/readyz" for name in self._processes}
        return not_ready(addresses | {"gateway": f"{self.gateway_url}/healthz"})

    def wait_ready(self, seconds: float = 300) -> None:
        """Wait until every process and the gateway are ready.

        Raises ``StackError`` with the end of a log after ``seconds``, or as soon as a process has died three times.
        """
        total = len(self._processes) + 1
        left: list[str] = []
        starts: dict[str, set[int]] = {}

        def failure() -> str:
            return f"Не готовы: {', '.join(left)}\n{tail(self.logs / f'{left[0]}.log')}"

        def ready() -> bool:
            left[:] = self.not_ready()
            self._report(f"Ждём готовности: {total - len(left)} из {total}", 0.75 + 0.25 * (1 - len(left) / total))
            for state in self.states() if left else ():
                starts.setdefault(state.name, set()).add(state.started)
                if len(starts[state.name]) > 3 and state.name in left:
                    left.sort(key=lambda name: name != state.name)
                    raise StackError(failure())
            return not left

        wait_until(ready, seconds, failure, pause=0.4)

    def environment(self, short: str, role: str = "api") -> dict[str, str]:
        """Environment of a service's process; ``migrate`` has the database owner's address."""
        spec = next((spec for spec in self._services if spec.short == short), None)
        if spec is None:
            raise StackError(f"Нет сервиса «{short}»: есть {', '.join(spec.short for spec in self._services)}")
        kept = self._kept()
        return self._environments(kept, self.ports()).of(spec, role) | self._extra

    def queue_depths(self) -> dict[str, int]:
        """Messages in every queue, dead letters included."""
        return self._kept().broker.queue_depths(VHOST)

    @property
    def _processes(self) -> list[str]:
        return [spec.process(role) for spec in self._services for role in ROLES]

    @property
    def _credentials(self) -> Credentials:
        return Credentials(self._instance.home)

    @property
    def _supervisor(self) -> Supervisor:
        port = self.ports().get("supervisor", 0)
        password = self._credentials.password("supervisor") if self._instance.home.exists() else ""
        return Supervisor(self._instance.home, self._instance.logs, port, password)

    @property
    def _state_file(self) -> Path:
        return self._instance.home / "state.json"

    @property
    def _state(self) -> Mapping[str, Mapping[str, str]]:
        if not self._state_file.exists():
            raise StackError(_NEVER_RAN)
        state: Mapping[str, Mapping[str, str]] = json.loads(self._state_file.read_text("utf-8"))
        return state

    @property
    def _kinds_file(self) -> Path:
        return self._instance.home / "servers.json"

    @property
    def _kinds(self) -> Kinds | None:
        """The kinds of servers that hold the data; None before the first ``up``."""
        if not self._kinds_file.exists():
            return None
        return Kinds(**{name: Kind(kind) for name, kind in json.loads(self._kinds_file.read_text("utf-8")).items()})

    def _chooser(self, assigned: Mapping[str, int]) -> Chooser:
        return Chooser(self._instance, self._credentials, assigned)

    def _kept(self) -> Servers:
        """The servers of the last ``up``; changes nothing."""
        kinds = self._kinds
        if kinds is None:
            raise StackError(_NEVER_RAN)
        return self._chooser(self.ports()).choose(may_install=False, kept=kinds)

    def _plan(self) -> _Plan:
        """Under the instance's lock: ports are assigned and the kinds of servers chosen for good."""
        self._instance.create()
        names = [*_SERVER_PORTS, *self._processes]
        if "auth-api" not in names:
            names.append("auth-api")
        running = self._supervisor.running()
        assigned = ports.assign(self._instance.ports_file, self._instance.name, names, running=running)
        servers = self._chooser(assigned).choose(
            may_install=True, kept=self._kinds, say=lambda text: self._report(text, 0.05)
        )
        write_file(self._kinds_file, json.dumps(asdict(servers.kinds)) + "\n")
        environments = self._environments(servers, assigned)
        return _Plan(assigned, servers, environments, self._gateway(servers.nginx, assigned))

    def _environments(self, servers: Servers, assigned: Mapping[str, int]) -> Environments:
        files = make_folder(self._instance.home / "files")
        return Environments(self._credentials, files, servers.postgres.admin_url, servers.broker.address, assigned)

    def _gateway(self, nginx: Path, assigned: Mapping[str, int]) -> Gateway:
        given = {
            name.removeprefix("ASU_"): value for name, value in os.environ.items() if name.startswith("ASU_GATEWAY_")
        }
        certificate, key = given.pop("GATEWAY_TLS_CERTIFICATE", None), given.pop("GATEWAY_TLS_KEY", None)
        tls = Tls(Path(certificate).resolve(), Path(key).resolve()) if certificate and key else None
        template = self._root / "deploy" / "gateway" / "nginx.conf.template"
        upstreams = {spec.short: assigned.get(spec.process("api"), 9) for spec in SERVICES}
        return Gateway(nginx, template, self._instance.home / "gateway", assigned["gateway"], upstreams, given, tls)

    def _definitions(self, environments: Environments) -> dict[str, object]:
        passwords = {spec.service: environments.broker_password(spec.service) for spec in self._services}
        return build([spec.topology() for spec in self._services], passwords, VHOST)

    def _programs(self, plan: _Plan) -> Iterator[Program]:
        yield from plan.servers.programs
        version = _code_version(self._root)
        for spec in self._services:
            for role in ROLES:
                environment = plan.environments.of(spec, role) | self._extra | {"ASU_CODE_VERSION": version}
                command = (sys.executable, "-m", spec.package, role)
                run = self._instance.home / "run"
                yield Program(spec.process(role), command, run, environment, stop_wait=30)
        yield plan.gateway.program

    def _start_servers(self, servers: Servers) -> bool:
        """Start what is ours. Returns whether the broker started just now and so loads its definitions itself."""
        before = {state.name: state.state for state in self.states()}
        names = [program.name for program in servers.programs]
        self._supervisor.start(name for name in names if name != "rabbitmq")
        if "epmd" in names:  # a node that finds no port mapper would start one of its own
            port = self.ports()["epmd"]
            wait_until(lambda: ports.is_open(port), 20, lambda: f"epmd не запустился\n{tail(self.logs / 'epmd.log')}")
        if "rabbitmq" not in names:
            return False
        self._supervisor.start(["rabbitmq"])
        return before.get("rabbitmq") != "RUNNING"

    def _wait_postgres(self, plan: _Plan) -> None:
        url = plan.servers.postgres.admin_url
        log = self.logs / "postgres.log"
        wait_until(lambda: asyncio.run(databases.answers(url)), 90, lambda: f"PostgreSQL не отвечает\n{tail(log)}")

    def _wait_broker(self, plan: _Plan, definitions: Mapping[str, object] | None) -> None:
        host, port = plan.servers.broker.address
        log = self.logs / "rabbitmq.log"
        wait_until(lambda: ports.is_open(port, host), 120, lambda: f"RabbitMQ не отвечает\n{tail(log)}")
        if definitions is not None:
            plan.servers.broker.load(definitions)
        hint = f"RabbitMQ не принимает пользователей сервисов: загрузите {self._instance.home / 'definitions.json'}\n"
        for spec in self._services:
            url = plan.environments.amqp_url(spec.service)
            wait_until(lambda url=url: signs_in(url), 30, lambda: hint + tail(log))  # type: ignore[misc]  # a default argument binds the loop's value

    def _migrate(self, environments: Environments) -> None:
        done = 0

        def migrate(spec: ServiceSpec) -> None:
            nonlocal done
            command = [sys.executable, "-m", spec.package, "migrate"]
            environment = environments.of(spec, "migrate") | self._extra
            result = run_as(None, command, environment=environment, cwd=self._instance.home / "run", timeout=900)
            log = self.logs / f"{spec.short}-migrate.log"
            write_file(log, result.stdout + result.stderr)
            if result.returncode != 0:
                raise StackError(f"Миграции «{spec.short}» не прошли, см. {log}\n{tail(log)}")
            done += 1
            self._report(f"Миграции: {done} из {len(self._services)}", 0.35 + 0.25 * done / len(self._services))

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(migrate, self._services))

    def _note(self, plan: _Plan) -> None:
        state = {
            "gateway": plan.gateway.url,
            "sources": {
                "PostgreSQL": plan.servers.postgres.source,
                "RabbitMQ": plan.servers.broker.source,
                "nginx": str(plan.gateway.nginx),
            },
            "kill": {program.name: program.kill_command for program in plan.servers.programs if program.kill_command},
        }
        write_file(self._state_file, json.dumps(state, ensure_ascii=False, indent=2) + "\n")


@contextmanager
def running_stack(stack: Stack) -> Iterator[Stack]:
    """A stack for the length of a block, removed afterwards: for tests."""
    try:
        stack.up()
        yield stack
    finally:
        stack.reset()


def _code_version(root: Path) -> str:
    """Changes when code changes, so that the next ``up`` restarts the processes on it."""
    digest = sha256()
    for folder in ("libs", "services"):
        for file in sorted((root / folder).glob("*/src/**/*.py")):
            status = file.stat()
            digest.update(f"{file}\0{status.st_mtime_ns}\0{status.st_size}".encode())
    return digest.hexdigest()[:12]
