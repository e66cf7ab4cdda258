"""Ports, secrets and folders of an instance."""

import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate
from pydantic import SecretStr

from devstack import instance as instances
from devstack import ports
from devstack.credentials import Credentials
from devstack.errors import StackError
from devstack.instance import Instance
from servicekit.crypto import parse_keys


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody else listens on."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


class TestPorts:
    def test_are_free_distinct_and_kept(self, tmp_path: Path) -> None:
        file = tmp_path / "ports.json"
        first = ports.assign(file, "demo", ["a", "b", "c"], running=False)

        assert len(set(first.values())) == 3
        assert all(ports.is_free(port) and ports.FIRST <= port <= ports.LAST for port in first.values())
        assert ports.assign(file, "demo", ["a", "b", "c"], running=False) == first == ports.kept(file, "demo")
        assert mode(file) == 0o600

    def test_of_instances_differ(self, tmp_path: Path) -> None:
        file = tmp_path / "ports.json"
        names = [f"p{number}" for number in range(200)]
        demo = ports.assign(file, "demo", names, running=False)
        other = ports.assign(file, "other", names, running=False)

        assert not set(demo.values()) & set(other.values())
        assert ports.kept(file, "demo") == demo

    def test_taken_by_somebody_else_is_replaced_only_while_we_are_down(self, tmp_path: Path, taken: int) -> None:
        file = tmp_path / "ports.json"
        file.write_text(f'{{"demo": {{"gateway": {taken}}}}}')

        assert ports.assign(file, "demo", ["gateway"], running=True)["gateway"] == taken
        assert ports.assign(file, "demo", ["gateway"], running=False)["gateway"] != taken

    def test_open_and_free(self, taken: int) -> None:
        assert ports.is_open(taken)
        assert not ports.is_free(taken)


class TestCredentials:
    def test_are_made_once_and_closed_to_others(self, tmp_path: Path) -> None:
        made = Credentials(tmp_path)
        values = made.password("a"), made.password("b"), made.key("fields"), made.key_file("signing").read_text()
        again = Credentials(tmp_path)

        assert (again.password("a"), again.password("b"), again.key("fields")) == values[:3]
        assert again.key_file("signing").read_text() == values[3]
        assert values[0] != values[1]
        assert mode(tmp_path / "secrets.json") == mode(tmp_path / "keys" / "signing.pem") == 0o600
        assert mode(tmp_path / "keys") == 0o700

    def test_are_what_the_services_read(self, tmp_path: Path) -> None:
        made = Credentials(tmp_path)

        assert [len(key) for key in parse_keys(SecretStr(made.key("hash"))).values()] == [32]
        key = load_pem_private_key(made.key_file("receipt").read_bytes(), password=None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        assert isinstance(key.curve, ec.SECP256R1)
        signer = made.signer_file("package").read_bytes()
        assert made.signer_file("package").read_bytes() == signer
        certified = load_pem_x509_certificate(signer).public_key()
        assert certified == load_pem_private_key(signer, password=None).public_key()


class TestInstance:
    @pytest.mark.parametrize("name", ["", "Demo", "a/b", "..", "1a", "a" * 40])
    def test_name_is_checked(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(StackError):
            Instance(name, tmp_path)

    def test_one_command_at_a_time(self, tmp_path: Path) -> None:
        with Instance("demo", tmp_path).lock():
            with pytest.raises(StackError, match="другая команда"), Instance("demo", tmp_path).lock():
                pass
            with Instance("other", tmp_path).lock():
                pass

    def test_data_stays_in_the_checkout_if_the_server_can_reach_it(self, tmp_path: Path) -> None:
        instance = Instance("demo", tmp_path)
        instance.create()

        assert instance.server_home(None) == instance.home / "servers"

    def test_data_moves_out_and_stays_there_if_the_server_cannot_reach_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        outside = tmp_path / "outside"
        outside.mkdir()
        instance = Instance("demo", tmp_path / "local")
        instance.create()
        monkeypatch.setattr(instances, "_SHARED_TEMPORARY", outside)
        monkeypatch.setattr(instances, "can_reach", lambda _user, _folder: False)
        home = instance.server_home(None)

        assert home.parent == outside
        assert mode(home) == 0o711
        monkeypatch.setattr(instances, "can_reach", lambda _user, _folder: True)
        assert instance.server_home(None) == home
        (home / "data").mkdir()
        instance.remove()
        assert not list(outside.iterdir())

    def test_left_overs_of_a_deleted_checkout_are_not_reused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(instances, "_SHARED_TEMPORARY", tmp_path)
        monkeypatch.setattr(instances, "can_reach", lambda _user, _folder: False)
        instance = Instance("demo", tmp_path / "local")
        instance.create()
        (tmp_path / f"asu-{instance.key}" / "postgres").mkdir(parents=True)

        assert not list(instance.server_home(None).iterdir())

    def test_folder_of_somebody_else_is_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(instances, "_SHARED_TEMPORARY", tmp_path)
        monkeypatch.setattr(instances, "can_reach", lambda _user, _folder: False)
        instance = Instance("demo", tmp_path / "local")
        instance.create()
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / f"asu-{instance.key}").symlink_to(tmp_path / "elsewhere")

        with pytest.raises(StackError, match="занята"):
            instance.server_home(None)

    def test_path_that_the_servers_cannot_take_is_left(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        outside = tmp_path / "outside"
        outside.mkdir()
        monkeypatch.setattr(instances, "_SHARED_TEMPORARY", outside)
        instance = Instance("demo", tmp_path / "Мои проекты")
        instance.create()

        assert instance.server_home(None).parent == outside

    def test_folders_ignore_the_umask(self, tmp_path: Path) -> None:
        before = os.umask(0o077)
        try:
            instance = Instance("demo", tmp_path / "local")
            instance.create()
        finally:
            os.umask(before)

        assert mode(instance.home) == 0o711
        assert mode(instance.logs) == 0o700
