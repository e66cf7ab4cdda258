"""PostgreSQL from local binaries: its own cluster on a loopback port, full durability, scram passwords."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from devstack.errors import StackError
from devstack.osuser import OsUser, make_folder, run_as, write_file
from devstack.supervision import Program
from servicekit.testing.find import postgres_version

SUPERUSER = "postgres"

CLUSTER = ("--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=ru-RU", "--data-checksums")
"""How a cluster is created."""

# Sized for a small machine that runs everything. Durability stays on. Error reports are terse and carry no statement:
# the details of a violated constraint are personal data.
SETTINGS = {
    "max_connections": "200",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "max_locks_per_transaction": "256",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "random_page_cost": "1.1",
    "jit": "off",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_destination": "stderr",
    "logging_collector": "off",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}

_ACCESS = "host all all 127.0.0.1/32 scram-sha-256\n"


@dataclass(frozen=True)
class LocalPostgres:
    """A cluster of our own."""

    binaries: Path
    home: Path
    user: OsUser | None
    port: int
    password: str

    @property
    def source(self) -> str:
        """Where the server comes from, for the status."""
        return f"локальные программы ({self.binaries})"

    @property
    def admin_url(self) -> str:
        """Address of the superuser."""
        return f"postgresql://{SUPERUSER}:{self.password}@127.0.0.1:{self.port}/postgres"

    @property
    def programs(self) -> tuple[Program, ...]:
        """The postmaster. SIGINT is its fast shutdown."""
        command = (str(self.binaries / "postgres"), "-D", str(self._data))
        return (Program("postgres", command, self.home, user=self.user, stop_signal="INT", stop_wait=60, order=10),)

    @property
    def _data(self) -> Path:
        return self.home / "data"

    def prepare(self) -> None:
        """Create the cluster if there is none; write its configuration."""
        make_folder(self.home, self.user)
        if not self._data.exists():
            self._create()
        made_by = (self._data / "PG_VERSION").read_text("utf-8").strip()
        if int(made_by) != postgres_version(self.binaries):
            raise StackError(
                f"Данные созданы PostgreSQL {made_by}, а установлен {postgres_version(self.binaries)}: выполните make reset"
            )
        settings = {**SETTINGS, "listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": ""}
        lines = [f"{name} = '{value}'" for name, value in settings.items()]
        write_file(self._data / "postgresql.conf", "\n".join(lines) + "\n", self.user)
        write_file(self._data / "pg_hba.conf", _ACCESS, self.user)

    def _create(self) -> None:
        draft = (
            self.home / "data.new"
        )  # renamed when complete: a killed initdb leaves nothing that looks like a cluster
        shutil.rmtree(draft, ignore_errors=True)
        secret = self.home / "superuser-password"
        write_file(secret, self.password, self.user)
        command = [
            str(self.binaries / "initdb"),
            f"--pgdata={draft}",
            f"--username={SUPERUSER}",
            f"--pwfile={secret}",
            "--auth=scram-sha-256",
            *CLUSTER,
        ]
        result = run_as(self.user, command, cwd=self.home)
        secret.unlink()
        if result.returncode != 0:
            raise StackError(f"initdb не создал базу данных: {result.stderr.strip()[-500:]}")
        draft.rename(self._data)
