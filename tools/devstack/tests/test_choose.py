"""Which servers are taken, in which order, and what each process is told."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from devstack import install
from devstack.choose import Chooser, Kind, Kinds, Servers
from devstack.credentials import Credentials
from devstack.docker import DockerBroker, DockerPostgres
from devstack.environment import Environments
from devstack.errors import StackError
from devstack.external import ExternalBroker, ExternalPostgres
from devstack.instance import Instance
from devstack.osuser import base_environment
from devstack.postgres import LocalPostgres
from devstack.rabbitmq import LocalBroker
from devstack.services import ROLES, SERVICES
from devstack.supervision import Program, Supervisor
from servicekit.testing import find

PORTS = {"postgres": 1, "rabbitmq": 2, "epmd": 3, "distribution": 4, "auth-api": 5}

ENGINE = """#!/bin/sh
case "$1" in
info) {info} ;;
image) {image} ;;
pull) exit 1 ;;
esac
"""


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    """A fresh instance, whose folders may lie outside the test's."""
    made = Instance("demo", tmp_path / "local")
    made.create()
    yield made
    made.remove()


@pytest.fixture
def chooser(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> Chooser:
    """A chooser without given addresses."""
    for name in ("ASU_POSTGRES_URL", "ASU_RABBITMQ_URL", "ASU_RABBITMQ_MANAGEMENT_URL"):
        monkeypatch.delenv(name, raising=False)
    return Chooser(instance, Credentials(instance.home), PORTS)


def put_docker(folder: Path, monkeypatch: pytest.MonkeyPatch, info: str, image: str = "exit 0") -> None:
    """A docker client first on the PATH."""
    folder.mkdir(exist_ok=True)
    client = folder / "docker"
    client.write_text(ENGINE.replace("{info}", info).replace("{image}", image))
    client.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{base_environment()['PATH']}")


def choose(chooser: Chooser) -> Servers:
    return chooser.choose(may_install=False)


def test_given_addresses_come_first(chooser: Chooser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASU_POSTGRES_URL", "postgresql://admin:x@db:5432/postgres")
    monkeypatch.setenv("ASU_RABBITMQ_URL", "amqp://admin:x@mq:5673/")
    monkeypatch.setenv("DATABASE_URL", "postgresql://other/")
    servers = choose(chooser)

    assert isinstance(servers.postgres, ExternalPostgres)
    assert isinstance(servers.broker, ExternalBroker)
    assert servers.broker.address == ("mq", 5673)
    assert servers.programs == ()


def test_engine_comes_before_local_programs(chooser: Chooser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_docker(tmp_path / "bin", monkeypatch, "echo 27.0")
    servers = choose(chooser)

    assert isinstance(servers.postgres, DockerPostgres)
    assert isinstance(servers.broker, DockerBroker)
    for program in servers.programs:
        published = program.command[program.command.index("-p") + 1]
        assert published.startswith("127.0.0.1:")
        assert program.kill_command


def test_client_without_engine_counts_as_none(
    chooser: Chooser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_docker(tmp_path / "bin", monkeypatch, "echo 'Cannot connect to the Docker daemon' >&2; exit 1")
    servers = choose(chooser)

    assert isinstance(servers.postgres, LocalPostgres)
    assert isinstance(servers.broker, LocalBroker)


def test_engine_that_cannot_get_the_images_counts_as_none(
    chooser: Chooser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_docker(tmp_path / "bin", monkeypatch, "echo 27.0", image="exit 1")

    assert isinstance(choose(chooser).postgres, LocalPostgres)


def test_nothing_found_is_one_error_that_names_all(chooser: Chooser, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("engine", "postgres", "rabbitmq"):
        monkeypatch.setattr(find, name, lambda: None)
    monkeypatch.setattr(install, "can_install", lambda: False)

    with pytest.raises(StackError, match=r"postgresql, rabbitmq-server.*ASU_POSTGRES_URL"):
        chooser.choose(may_install=True)


def test_what_was_chosen_first_is_kept(chooser: Chooser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kinds(Kind.LOCAL, Kind.LOCAL)
    put_docker(tmp_path / "bin", monkeypatch, "echo 27.0")
    assert isinstance(chooser.choose(may_install=False, kept=kept).postgres, LocalPostgres)

    monkeypatch.setenv("ASU_POSTGRES_URL", "postgresql://admin:x@db:5432/postgres")
    with pytest.raises(StackError, match="Уберите ASU_POSTGRES_URL"):
        chooser.choose(may_install=False, kept=kept)
    monkeypatch.delenv("ASU_POSTGRES_URL")
    with pytest.raises(StackError, match="Задайте ASU_RABBITMQ_URL"):
        chooser.choose(may_install=False, kept=Kinds(Kind.LOCAL, Kind.GIVEN))


def test_containers_are_not_given_up_while_the_engine_is_away(
    chooser: Chooser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_docker(tmp_path / "bin", monkeypatch, "exit 1")
    kept = Kinds(Kind.ENGINE, Kind.LOCAL)
    for attempt in (partial(chooser.choose, may_install=False, kept=kept), partial(chooser.discard, kept)):
        with pytest.raises(StackError, match="Docker не отвечает"):
            attempt()
    chooser.discard(Kinds(Kind.LOCAL, Kind.GIVEN))  # nothing of ours to drop there


class TestEnvironment:
    @pytest.fixture
    def environments(self, instance: Instance) -> Environments:
        """Environments over a server at db:5432."""
        url = "postgresql://admin:secret@db:5432/postgres?sslmode=require"
        return Environments(Credentials(instance.home), instance.home / "files", url, ("mq", 5672), PORTS)

    def test_only_migrations_know_the_owner(self, environments: Environments) -> None:
        for spec in SERVICES:
            assert "ASU_DATABASE_OWNER_URL" in environments.of(spec, "migrate")
            assert all("ASU_DATABASE_OWNER_URL" not in environments.of(spec, role) for role in ROLES)

    def test_databases_and_users_are_the_services_own(self, environments: Environments) -> None:
        values = {spec.short: environments.of(spec, "api") for spec in SERVICES}

        for short, variables in values.items():
            assert variables["ASU_DATABASE_URL"].startswith(f"postgresql://{short}_app:")
            assert variables["ASU_DATABASE_URL"].endswith(f"@db:5432/{short}?sslmode=require")
            assert variables["ASU_AMQP_URL"].startswith(f"amqp://{short}:")
            assert "secret" not in "".join(variables.values())
        for name in ("ASU_DATABASE_URL", "ASU_AMQP_URL", "ASU_FIELD_KEYS", "ASU_HASH_KEY", "ASU_FILES_DIR"):
            assert len({variables[name] for variables in values.values()}) == len(SERVICES)

    def test_only_core_and_enrollment_share_the_transport_key(self, environments: Environments) -> None:
        keys = {spec.short: environments.of(spec, "worker").get("ASU_TRANSPORT_KEYS") for spec in SERVICES}

        assert keys["core"] == keys["enrollment"] is not None
        assert {short for short, key in keys.items() if key} == {"core", "enrollment"}

    def test_key_files_belong_to_their_services(self, environments: Environments) -> None:
        values = {spec.short: environments.of(spec, "api") for spec in SERVICES}

        assert [short for short in values if "ASU_SIGNING_KEY_FILE" in values[short]] == ["auth"]
        assert [short for short in values if "ASU_RECEIPT_KEY_FILE" in values[short]] == ["enrollment"]

    def test_nothing_of_the_callers_environment_leaks_in(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("PGHOST", "DATABASE_URL", "PYTHONPATH", "ASU_DATABASE_URL"):
            monkeypatch.setenv(name, "x")

        assert not {"PGHOST", "DATABASE_URL", "PYTHONPATH", "ASU_DATABASE_URL"} & set(base_environment())


class TestSupervisorConfiguration:
    def test_values_survive_the_supervisors_own_syntax(self, tmp_path: Path) -> None:
        supervisor = Supervisor(tmp_path, tmp_path, 1, "secret")
        program = Program("p", ("sh", "-c", 'echo "$X" 100%; exec "$@"'), tmp_path, {"X": "a=b,50%+/'"})
        supervisor.configure([program])
        text = (tmp_path / "supervisor" / "supervisord.conf").read_text()

        assert "100%%;" in text
        assert 'X="a=b,50%%+/\'"' in text

    @pytest.mark.parametrize("value", ["a ;b", "a #b", "a\nb"])
    def test_what_its_syntax_cannot_hold_is_an_error(self, tmp_path: Path, value: str) -> None:
        with pytest.raises(StackError):
            Supervisor(tmp_path, tmp_path, 1, "secret").configure([Program("p", ("echo", value), tmp_path)])
