"""Topology, definitions, AsyncAPI, migrations: what is generated is what is meant."""

import asyncio
import os

import asyncpg
import pytest
from kit_sample.service import CONSUMER, MOVEMENTS, PRODUCER
from typer.testing import CliRunner

from asu_contracts.core import StudentProfiled
from asu_contracts.enrollment import AdmissionApproved
from asu_contracts.exchanges import Service
from servicekit.asyncapi import asyncapi
from servicekit.cli import build_cli
from servicekit.messaging import Handlers, Queue
from servicekit.messaging.consumer import Consumer
from servicekit.messaging.definitions import build
from servicekit.migrations import check, upgrade
from servicekit.testing import ServiceUnderTest, Template


def test_a_queue_takes_only_what_its_service_may_read() -> None:
    with pytest.raises(ValueError, match="not a declared reader"):
        Queue(Service.REPORTING, "names", (StudentProfiled,))


async def test_handlers_must_match_the_queue(service: ServiceUnderTest) -> None:
    with pytest.raises(ValueError, match="do not match"):
        Consumer(service.runtime, MOVEMENTS, Handlers())


def test_definitions_bind_reads_replay_and_failure_path() -> None:
    passwords = {Service.CORE: "a", Service.JOURNAL: "b"}
    definitions = build([PRODUCER.topology, CONSUMER.topology], passwords)
    bindings = {(b["source"], b["destination"], b["routing_key"]) for b in definitions["bindings"]}
    assert bindings == {
        ("core", "journal.movements", "core.movement.recorded.v1"),
        ("core.replay", "journal.movements", "journal.movements:core.movement.recorded.v1"),
        ("journal.retry", "journal.movements", "journal.movements"),
        ("journal.retry", "journal.movements.wait", "journal.movements.wait"),
        ("journal.retry", "journal.movements.dead", "journal.movements.dead"),
    }
    queues = {queue["name"]: queue["arguments"] for queue in definitions["queues"]}
    assert all(arguments["x-queue-type"] == "quorum" for arguments in queues.values())
    assert queues["journal.movements"]["x-dead-letter-routing-key"] == "journal.movements.dead"
    assert {permission["configure"] for permission in definitions["permissions"]} == {"^$"}


def test_asyncapi_names_what_is_sent_and_received() -> None:
    document = asyncapi(CONSUMER)
    assert "receive.core.movement.recorded.v1" in document["operations"]
    assert "send.journal.lesson.recorded.v1" in document["operations"]
    sent = asyncapi(PRODUCER)["components"]["messages"]
    assert sent["core.student.profiled.v1"]["x-private"] is True
    assert AdmissionApproved.type not in sent


def test_migrations_match_the_models_and_need_no_superuser(postgres: str) -> None:
    template = Template(postgres, CONSUMER)
    asyncio.run(template.create())
    template.migrate()
    check("kit_sample", template.database.owner_url)
    upgrade("kit_sample", template.database.owner_url)  # again: nothing to do

    async def add() -> None:
        connection = await asyncpg.connect(template.database.owner_url)
        await connection.execute("ALTER TABLE item ADD COLUMN surprise text")
        await connection.close()

    asyncio.run(add())
    with pytest.raises(Exception, match="surprise"):
        check("kit_sample", template.database.owner_url)


def test_commands_refuse_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("ASU_")]:
        monkeypatch.delenv(name)
    cli = build_cli(CONSUMER)
    bare = CliRunner().invoke(cli, ["dead-letters", "list"])
    assert bare.exit_code == 1
    assert "ASU_DATABASE_URL" in bare.output
    nowhere = CliRunner().invoke(cli, ["dead-letters", "replay", "core.nope", "--operator", "о"])
    assert nowhere.exit_code == 1
    assert MOVEMENTS.name in nowhere.output
