"""Servers for tests: durable when asked to be, in containers when there is an engine."""

from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from servicekit.testing import find
from servicekit.testing.servers import Broker, postgres_server, rabbitmq_server

ENGINE = """#!/bin/sh
echo "$*" >>"{folder}/calls"
case "$1" in
info) {info} ;;
port) case "$3" in 5432) echo 127.0.0.1:{postgres} ;; 5672) echo 127.0.0.1:{amqp} ;; *) echo 127.0.0.1:{http} ;; esac ;;
esac
"""


def put_engine(folder: Path, monkeypatch: pytest.MonkeyPatch, **values: object) -> None:
    """A docker client first on the PATH that writes down what it is asked."""
    client = folder / "docker"
    client.write_text(
        ENGINE.format(folder=folder, **({"postgres": 0, "amqp": 0, "http": 0} | values)), encoding="utf-8"
    )
    client.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{find.search_path()}")
    monkeypatch.delenv("ASU_TEST_POSTGRES_URL", raising=False)


@pytest.mark.parametrize("durable", [True, False])
async def test_a_durable_server_waits_for_the_disk(
    durable: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_engine(tmp_path, monkeypatch, info="exit 1")
    with postgres_server(durable=durable) as url:
        connection = await asyncpg.connect(url)
        for setting in ("fsync", "full_page_writes"):
            assert await connection.fetchval(f"SHOW {setting}") == ("on" if durable else "off")
        assert await connection.fetchval("SHOW synchronous_commit") == "on"
        await connection.close()


def test_an_engine_runs_throw_away_containers(
    postgres: str, rabbitmq: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    management = rabbitmq._client.base_url
    put_engine(
        tmp_path,
        monkeypatch,
        info="echo 27.0",
        postgres=urlsplit(postgres).port,
        amqp=rabbitmq.port,
        http=management.port,
    )
    monkeypatch.setattr(Broker, "listens", lambda _broker: True)  # the real broker has no user guest
    with postgres_server() as url, rabbitmq_server() as broker:
        assert urlsplit(url).port == urlsplit(postgres).port
        assert broker.port == rabbitmq.port

    calls = (tmp_path / "calls").read_text(encoding="utf-8").splitlines()
    runs = [call for call in calls if call.startswith("run ")]
    assert [image in run for image, run in zip((find.POSTGRES_IMAGE, find.MANAGED_RABBITMQ_IMAGE), runs, strict=True)]
    assert "fsync=off" in runs[0]
    assert all("--publish 127.0.0.1::" in run for run in runs)
    assert len([call for call in calls if call.startswith("rm --force")]) == 2


def test_the_brokers_word_is_asked(rabbitmq: Broker) -> None:
    wrong = Broker(rabbitmq.host, rabbitmq.port, "http://127.0.0.1:1", "guest", "guest")
    assert not wrong.listens()
    wrong.close()
