"""supervisord: its configuration, its start, and talking to it over its authenticated loopback port."""

import re
import shlex
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any

import psutil

from devstack.errors import StackError
from devstack.osuser import OsUser, base_environment, make_folder, write_file

MARK = "ASU_STACK_HOME"
"""Variable in the environment of every process of an instance: finds those whose supervisor was killed."""

_NOT_RUNNING, _ALREADY_STARTED, _BAD_NAME, _ALREADY_ADDED = 70, 60, 10, 90
_UNREACHABLE = (OSError, HTTPException, xmlrpc.client.ProtocolError)


@dataclass(frozen=True)
class Program:
    """A process under the supervisor. Started by ``Supervisor.start``, restarted whenever it ends by itself."""

    name: str
    command: tuple[str, ...]
    directory: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    user: OsUser | None = None
    stop_signal: str = "TERM"
    stop_wait: int = 20
    order: int = 100
    """Those with a higher order stop first."""
    kill_command: tuple[str, ...] = ()
    """How to kill what the process only stands for: a signal to a container's client would not reach the server."""


@dataclass(frozen=True)
class ProcessState:
    """What the supervisor knows of a process."""

    name: str
    state: str
    pid: int
    started: int
    """When it was started last, Unix time."""
    seconds: int
    """How long ago that was."""


class Supervisor:
    """The supervisord of one instance."""

    def __init__(self, home: Path, logs: Path, port: int, password: str) -> None:
        self._home = home / "supervisor"
        self._mark = str(home)
        self._logs = logs
        self._port = port
        self._password = password
        self._config = self._home / "supervisord.conf"

    def _call(self, method: str, *arguments: Any) -> Any:
        address = f"http://stack:{self._password}@127.0.0.1:{self._port}/RPC2"
        with xmlrpc.client.ServerProxy(address) as server:
            return getattr(server.supervisor, method)(*arguments)

    def running(self) -> bool:
        """Whether our supervisord answers: another program on the port does not know the password."""
        try:
            return bool(self._call("getState")["statename"] == "RUNNING")
        except (*_UNREACHABLE, xmlrpc.client.Error, ValueError):
            return False

    def configure(self, programs: Iterable[Program]) -> None:
        """Write the configuration; a running supervisord stops what changed or went."""
        make_folder(self._home)
        write_file(self._config, self._render(programs))
        if self.running():
            added, changed, removed = self._call("reloadConfig")[0]
            self.stop([*changed, *removed])
            for name in [*changed, *removed]:
                self._call("removeProcessGroup", name)
            for name in [*added, *changed]:
                self._ignoring(_ALREADY_ADDED, "addProcessGroup", name)

    def clear(self) -> None:
        """End what a killed supervisord left behind: it would hold ports and data."""
        if not self.running():
            end_orphans(self._mark)

    def launch(self) -> None:
        """Start supervisord, detached, unless it runs."""
        if self.running():
            return
        command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(self._config)]
        with (self._logs / "supervisord.start.log").open("w") as log:
            subprocess.run(
                command,
                env=base_environment() | {MARK: self._mark},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=False,
                cwd=self._home,
            )
        self._wait(self.running, 15, f"Диспетчер процессов не запустился, см. {self._logs / 'supervisord.start.log'}")

    def start(self, names: Iterable[str]) -> None:
        """Start processes that do not run; returns at once."""
        for name in names:
            self._ignoring(_ALREADY_STARTED, "startProcess", name, False)

    def stop(self, names: Iterable[str]) -> None:
        """Stop processes side by side and wait for their end."""
        names = list(names)
        for name in names:
            self._ignoring(_NOT_RUNNING, "stopProcess", name, False)
        ended = {"STOPPED", "EXITED", "FATAL"}
        self._wait(
            lambda: all(self.state(name).state in ended for name in names), 90, "Процессы не остановились за 90 секунд"
        )

    def states(self) -> list[ProcessState]:
        """All processes in the order of the configuration; empty if supervisord does not run."""
        try:
            rows = self._call("getAllProcessInfo")
        except (*_UNREACHABLE, xmlrpc.client.Error):
            return []
        return [
            ProcessState(row["name"], row["statename"], row["pid"], row["start"], max(0, row["now"] - row["start"]))
            for row in rows
        ]

    def state(self, name: str) -> ProcessState:
        """One process; raises ``StackError`` for an unknown name or without supervisord."""
        for state in self.states():
            if state.name == name:
                return state
        raise StackError(f"Нет процесса «{name}»: стенд остановлен или имя неверно (список: make status)")

    def shutdown(self) -> None:
        """Stop everything and supervisord itself, in order; end what is left."""
        if self.running():
            pid = int(self._call("getPID"))
            self.stop(state.name for state in self.states() if state.name not in {"postgres", "epmd", "rabbitmq"})
            self._call("shutdown")
            self._wait(lambda: not psutil.pid_exists(pid), 120, "Диспетчер процессов не остановился за 120 секунд")
        end_orphans(self._mark)

    def _render(self, programs: Iterable[Program]) -> str:
        lines = [
            "[supervisord]",
            f"logfile={_escape(self._logs / 'supervisord.log')}",
            "logfile_maxbytes=5MB",
            "logfile_backups=2",
            f"pidfile={_escape(self._home / 'supervisord.pid')}",
            f"childlogdir={_escape(self._logs)}",
            "umask=077",
            *(["user=root"] if _is_root() else []),
            "[inet_http_server]",
            f"port=127.0.0.1:{self._port}",
            "username=stack",
            f"password={self._password}",
            "[rpcinterface:supervisor]",
            "supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface",
        ]
        for program in programs:
            lines += self._render_program(program)
        return "\n".join(lines) + "\n"

    def _render_program(self, program: Program) -> list[str]:
        return [
            f"[program:{program.name}]",
            f"command={_escape(shlex.join(program.command))}",
            f"directory={_escape(program.directory)}",
            f"environment={_variables(program.environment)}",
            *([f"user={program.user.name}"] if program.user else []),
            "autostart=false",
            "autorestart=true",
            "startsecs=2",
            "startretries=100",
            f"stopsignal={program.stop_signal}",
            f"stopwaitsecs={program.stop_wait}",
            f"priority={program.order}",
            "redirect_stderr=true",
            f"stdout_logfile={_escape(self._logs / (program.name + '.log'))}",
            "stdout_logfile_maxbytes=10MB",
            "stdout_logfile_backups=3",
        ]

    def _ignoring(self, code: int, method: str, *arguments: Any) -> None:
        try:
            self._call(method, *arguments)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode == _BAD_NAME:
                raise StackError(f"Нет процесса «{arguments[0]}»") from None
            if fault.faultCode != code:
                raise StackError(f"Диспетчер процессов отказал: {fault.faultString}") from None

    @staticmethod
    def _wait(done: Callable[[], bool], seconds: float, message: str) -> None:
        deadline = time.monotonic() + seconds
        while not done():
            if time.monotonic() > deadline:
                raise StackError(message)
            time.sleep(0.1)


def end_orphans(mark: str) -> None:
    """End processes of an instance whose supervisord is gone, gently first. Recognised by their environment alone."""
    orphans = [process for process in psutil.process_iter() if _marked(process, mark)]
    for process in orphans:
        _signal(process.terminate)
    _, left = psutil.wait_procs(orphans, timeout=15)
    for process in left:
        _signal(process.kill)
    psutil.wait_procs(left, timeout=5)


def _marked(process: psutil.Process, mark: str) -> bool:
    try:
        return process.environ().get(MARK) == mark
    except (psutil.Error, OSError):
        return False


def _signal(send: Callable[[], None]) -> None:
    try:
        send()
    except psutil.NoSuchProcess:
        return


def _is_root() -> bool:
    return psutil.Process().uids().effective == 0


def _escape(value: object) -> str:
    text = str(value)
    if re.search(r"\n|\s[;#]", text):  # the configuration would end or become a comment there
        raise StackError(f"Недопустимые знаки в пути или настройке: {text}")
    return text.replace("%", "%%")


def _variables(values: Mapping[str, str]) -> str:
    for value in values.values():
        if '"' in value:
            raise StackError("Кавычка в значении переменной окружения")
    return ",".join(f'{name}="{_escape(value)}"' for name, value in values.items())
