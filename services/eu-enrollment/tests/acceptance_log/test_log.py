"""The log: sealed exactly once, missing nobody, and every change behind its back is seen."""

import asyncio
import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from eu_enrollment.__main__ import cli
from eu_enrollment.acceptance_log import service
from eu_enrollment.acceptance_log.chain import chain_doubts, entry_hash, receipt_doubts
from eu_enrollment.applications.model import REGISTER_LOCK
from eu_enrollment.runtime import EnrollmentRuntime
from servicekit.jobs import Job
from servicekit.sealing.chain import GENESIS

from ..factories import Town, group, organization


@pytest.fixture
async def wanted(town: Town) -> UUID:
    found = organization()
    place = group(found.organization_id, 50)
    await town.hear(found, place)
    await town.open({place: 5})
    return found.organization_id


def runtime_of(town: Town) -> EnrollmentRuntime:
    return cast(EnrollmentRuntime, town.service.runtime)


async def given(town: Town, wanted: UUID, *numbers: int) -> list[dict[str, Any]]:
    return [await town.apply(number, wanted) for number in numbers]


async def seal(town: Town) -> None:
    await service.seal(town.service.runtime)


async def proof_of(town: Town, receipt: dict[str, Any]) -> Any:
    return await town.service.client.get("/receipts/log/proof", params={"leaf": entry_hash(receipt).hex()})


async def doubts(town: Town) -> list[str]:
    runtime = runtime_of(town)
    async with runtime.uow() as uow:
        return (await service.doubts(uow, runtime.receipt_keys))[2]


async def test_every_receipt_is_proven_and_every_block_follows_the_one_before(
    town: Town, wanted: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "_BLOCK", 3)
    receipts = await given(town, wanted, *range(7))
    await seal(town)
    receipts += await given(town, wanted, 7)
    await seal(town)
    keys = (await town.service.client.get("/receipts/keys")).json()
    for receipt in receipts:
        proof = (await proof_of(town, receipt)).json()
        assert receipt_doubts(receipt, proof, keys) == []
    first = (await town.service.client.get("/receipts/log/blocks?limit=2")).json()
    rest = (await town.service.client.get(f"/receipts/log/blocks?after={first['next']}")).json()
    blocks = first["items"] + rest["items"]
    assert [block["size"] for block in blocks] == [3, 3, 1, 1]
    assert [block["number"] for block in blocks] == [1, 2, 3, 4]
    assert blocks[0]["previous"] == GENESIS
    assert chain_doubts(blocks, keys) == []
    assert (await town.service.client.get("/receipts/log/head")).json() == blocks[-1]
    assert await doubts(town) == []


async def test_nothing_is_sealed_twice_by_two_at_once_nor_without_news(town: Town, wanted: UUID) -> None:
    assert (await town.service.client.get("/receipts/log/head")).status_code == 404
    await seal(town)
    await given(town, wanted, *range(5))
    await asyncio.gather(*(seal(town) for _ in range(4)))
    await seal(town)
    assert [row["size"] for row in await town.fetch("SELECT size FROM acceptance_block")] == [5]
    assert (await town.fetch("SELECT count(*) AS n FROM acceptance_leaf"))[0]["n"] == 5


async def test_a_number_whose_batch_is_not_committed_is_waited_for(town: Town, wanted: UUID) -> None:
    """The sealer never passes a number that can still appear: meanwhile it seals nothing, and no sender waits for it long."""
    await given(town, wanted, 1)
    connection = await town.service.database.connect()
    try:
        async with connection.transaction():
            await connection.execute(f"SELECT pg_advisory_xact_lock_shared({REGISTER_LOCK})")
            late = await connection.fetchval("SELECT nextval('application_accepted_seq')")
            later = await town.apply(2, wanted)
            assert later["accepted_seq"] > late
            with pytest.raises(DBAPIError):
                await seal(town)
            assert await town.fetch("SELECT * FROM acceptance_block") == []
    finally:
        await connection.close()
    await seal(town)
    assert [row["last_seq"] for row in await town.fetch("SELECT last_seq FROM acceptance_block")] == [
        later["accepted_seq"]
    ]


async def test_a_receipt_not_yet_sealed_and_one_never_given_look_the_same(town: Town, wanted: UUID) -> None:
    (receipt,) = await given(town, wanted, 1)
    for asked in (receipt, receipt | {"number": "03701-2026-99999999"}):
        answer = await proof_of(town, asked)
        assert (answer.status_code, answer.json()["code"]) == (404, "acceptance-log.not-sealed")
    wrong = await town.service.client.get("/receipts/log/proof", params={"leaf": "xyz"})
    assert wrong.status_code == 422


async def test_published_pages_tell_nothing_of_people(town: Town, wanted: UUID) -> None:
    (receipt, other) = await given(town, wanted, 1, 2)
    await seal(town)
    pages = [(await proof_of(town, receipt)).text, (await town.service.client.get("/receipts/log/blocks")).text]
    for told in (other["id"], other["number"], other["payload_hash"], receipt["id"], "Иванова"):
        assert all(told not in page for page in pages)


FORGERIES: dict[str, tuple[Callable[[Any, Any], None], str]] = {
    "number": (lambda receipt, _: receipt.update(number="03701-2026-00000001x"), "подпись расписки"),
    "order": (lambda receipt, _: receipt.update(accepted_seq=1), "подпись расписки"),
    "signature": (lambda receipt, _: receipt.update(signature=receipt["signature"][:-4] + "AAAA"), "подпись расписки"),
    "leaf": (lambda _, proof: proof.update(leaf="0" * 64), "другую расписку"),
    "index": (lambda _, proof: proof.update(index=proof["index"] ^ 1), "корень дерева"),
    "path": (lambda _, proof: proof["path"].reverse(), "корень дерева"),
    "root": (lambda _, proof: proof["block"].update(root="0" * 64), "хэш блока"),
    "size": (lambda _, proof: proof["block"].update(size=2), "хэш блока"),
    "hash": (lambda _, proof: proof["block"].update(hash="0" * 64), "хэш блока"),
    "sealed": (lambda _, proof: proof["block"].update(sealed_at="2026-04-01T00:00:00.000000Z"), "подпись блока"),
}


async def test_every_forgery_is_named(town: Town, wanted: UUID, tmp_path: Path) -> None:
    receipts = await given(town, wanted, *range(5))
    await seal(town)
    keys = (await town.service.client.get("/receipts/keys")).json()
    receipt, proof = receipts[2], (await proof_of(town, receipts[2])).json()
    blocks = (await town.service.client.get("/receipts/log/blocks")).json()

    def verdict(receipt: Any, proof: Any, blocks: Any = blocks, keys: Any = keys) -> tuple[int, str]:
        for name, value in (("receipt", receipt), ("proof", proof), ("keys", keys), ("blocks", blocks)):
            (tmp_path / f"{name}.json").write_text(json.dumps(value), encoding="utf-8")
        paths = [str(tmp_path / f"{name}.json") for name in ("receipt", "proof", "keys")]
        result = CliRunner().invoke(cli, ["verify-receipt", *paths, "--blocks", str(tmp_path / "blocks.json")])
        return result.exit_code, result.output

    code, told = verdict(receipt, proof)
    assert (code, receipt["number"] in told, "подлинна" in told) == (0, True, True)
    for name, (forge, expected) in FORGERIES.items():
        forged = deepcopy(receipt), deepcopy(proof)
        forge(*forged)
        code, told = verdict(*forged)
        assert (code, "НЕ подтверждена" in told, expected in told) == (1, True, True), (name, told)
    assert verdict(receipt, proof, keys={"keys": []})[0] == 1
    assert verdict(receipt, {})[0] == 1
    assert verdict(receipt, proof, blocks={"items": []})[0] == 1
    (tmp_path / "receipt.json").write_text("{", encoding="utf-8")
    asked = CliRunner().invoke(cli, ["receipt-leaf", str(tmp_path / "receipt.json")])
    assert asked.exit_code == 1


TAMPERING = {
    "UPDATE application SET payload_hash = repeat('0', 64) WHERE accepted_seq = $1": "изменено после приёма",
    "UPDATE application SET accepted_at = accepted_at - interval '1 hour' WHERE accepted_seq = $1": "изменено после приёма",
    "UPDATE application SET number = number || 'x' WHERE accepted_seq = $1": "изменено после приёма",
    "UPDATE application SET signature = reverse(signature) WHERE accepted_seq = $1": "подпись расписки",
    "UPDATE application SET accepted_seq = 1000000 WHERE accepted_seq = $1": "в реестре нет",
    "UPDATE acceptance_leaf SET hash = sha256('other') WHERE accepted_seq = $1": "не сходятся с его корнем",
    "DELETE FROM acceptance_leaf WHERE accepted_seq = $1": "в журнале нет",
    "UPDATE acceptance_block SET size = 3 + 0 * $1::int": "хэш блока",
    "UPDATE acceptance_block SET previous = sha256('other') WHERE number = 2 AND $1::int > 0": "не продолжает",
}


async def test_what_is_changed_in_the_database_is_seen(
    town: Town, wanted: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "_BLOCK", 2)
    receipts = await given(town, wanted, *range(4))
    await seal(town)
    assert await doubts(town) == []
    connection = await town.service.database.connect()
    tables = ("application", "acceptance_block", "acceptance_leaf")
    copies = [f"CREATE TEMP TABLE kept_{table} AS TABLE {table};" for table in tables]
    back = [f"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept_{table};" for table in tables[1:]]
    receipt = ("number", "accepted_seq", "accepted_at", "payload_hash", "signature")
    values = ", ".join(f"{name} = k.{name}" for name in receipt)
    back.append(f"UPDATE application a SET {values} FROM kept_application k WHERE k.id = a.id;")
    try:
        await connection.execute("".join(["SET session_replication_role = replica;", *copies]))
        for statement, expected in TAMPERING.items():
            await connection.execute(statement, receipts[1]["accepted_seq"])
            found = await doubts(town)
            assert any(expected in doubt for doubt in found), (statement, found)
            await connection.execute("".join(back))
            assert await doubts(town) == []
    finally:
        await connection.close()


async def test_after_a_restore_the_chain_shows_it(town: Town, wanted: UUID) -> None:
    """Blocks lost with the restored database are sealed anew under another epoch: who kept the old head sees the fork."""
    await given(town, wanted, 1, 2)
    await seal(town)
    await given(town, wanted, 3)
    await seal(town)
    kept = (await town.service.client.get("/receipts/log/head")).json()
    await town.fetch("DELETE FROM acceptance_leaf WHERE block_number = 2")
    await town.fetch("DELETE FROM acceptance_block WHERE number = 2")
    await town.fetch("UPDATE producer_epoch SET epoch = epoch + 1")
    await seal(town)
    blocks = (await town.service.client.get("/receipts/log/blocks")).json()["items"]
    keys = (await town.service.client.get("/receipts/keys")).json()
    assert chain_doubts(blocks, keys) == []
    assert [block["epoch"] for block in blocks] == [1, 2]
    assert blocks[1]["hash"] != kept["hash"]
    assert chain_doubts([*blocks, kept], keys) != []


async def test_the_worker_seals(town: Town, wanted: UUID) -> None:
    (job,) = (one for one in town.service.definition.jobs if one.name == "acceptance-log.seal")
    assert isinstance(job, Job)
    await given(town, wanted, 1)
    await job.action(town.service.runtime)
    assert (await town.service.client.get("/receipts/log/head")).json()["size"] == 1


async def test_the_service_itself_can_change_nothing_of_it(town: Town) -> None:
    (row,) = await town.fetch(
        "SELECT bool_or(has_table_privilege('enrollment_app', t, p)) AS may FROM"
        " unnest(ARRAY['acceptance_block', 'acceptance_leaf']) AS t, unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS p"
    )
    assert not row["may"]
