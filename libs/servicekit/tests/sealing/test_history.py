"""A sealed history in a real database: sealed once and whole, silent while nobody meddles, loud when anybody does."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from kit_sample.model import PLAIN, YEARLY
from kit_sample.service import PRODUCER
from sqlalchemy.exc import DBAPIError, IntegrityError
from typer.testing import CliRunner

from servicekit.cli import build_cli
from servicekit.ids import new_id
from servicekit.migrations import check
from servicekit.sealing import commands
from servicekit.sealing.erasing import erase
from servicekit.sealing.history import NO_SALT, SealedHistory
from servicekit.sealing.sealer import job, seal
from servicekit.sealing.verifier import Kept, Report, verify
from servicekit.testing import ServiceUnderTest, Template
from servicekit.testing.worker import eventually

YEAR = 2025
SCHOOL = UUID(int=7)
TABLES = ("erasure", "leaf", "unsealed", "block")
SEAL_SMALL = 3


@dataclass
class Meddler:
    """The sample service, and whoever has the whole database in his hands."""

    service: ServiceUnderTest
    connection: "asyncpg.Connection[Any]"
    keys: list[tuple[UUID, int, UUID]] = field(default_factory=list)

    async def write(self, count: int = 1) -> None:
        """As the application does; rows become visible with their places in the queue."""
        for _ in range(count):
            key = (SCHOOL, YEAR, new_id())
            await self.service.fetch(
                "INSERT INTO year_change (organization_id, academic_year, id, value, comment, points)"
                " VALUES ($1, $2, $3, $4, NULL, 4.50)",
                *key,
                str(len(self.keys)),
            )
            self.keys.append(key)

    async def seal(self, size: int = SEAL_SMALL) -> None:
        await seal(self.service.runtime, YEARLY, size)

    async def erase(self, key: Sequence[Any], ground: str = "приказ № 1") -> None:
        async with self.service.runtime.uow() as uow:
            await erase(uow, YEARLY, key, ground, "operator")

    async def verify(self, **options: Any) -> Report:
        return await verify(self.service.runtime, YEARLY, **options)

    async def doubts(self, **options: Any) -> list[str]:
        return (await self.verify(**options)).doubts

    async def past_triggers(self, statement: str, *arguments: Any) -> None:
        """A statement that no trigger and no foreign key sees; it must have met at least one row."""
        await self.connection.execute("SET session_replication_role = replica")
        try:
            done = await self.connection.execute(statement, *arguments)
        finally:
            await self.connection.execute("RESET session_replication_role")
        assert done.split()[-1] != "0", statement

    async def clear(self) -> None:
        await self.connection.execute("TRUNCATE year_change, " + ", ".join(f"year_change_{table}" for table in TABLES))
        self.keys.clear()


@pytest_asyncio.fixture
async def meddler(service: ServiceUnderTest) -> AsyncIterator[Meddler]:
    connection = await service.database.connect()
    yield Meddler(service, connection)
    await connection.close()


async def test_models_and_migrations_agree(template: Template) -> None:
    await asyncio.to_thread(check, "kit_sample", template.database.owner_url)


async def test_every_row_waits_then_is_sealed_once(meddler: Meddler) -> None:
    await meddler.write(7)
    assert (await meddler.verify()).waiting == 7
    await meddler.seal()
    await meddler.write()
    await meddler.seal()
    report = await meddler.verify()
    assert (report.doubts, report.blocks, report.sealed, report.rows, report.waiting) == ([], 4, 8, 8, 0)
    blocks = await meddler.service.fetch("SELECT number, size FROM year_change_block ORDER BY number")
    assert [(block["number"], block["size"]) for block in blocks] == [(1, 3), (2, 3), (3, 1), (4, 1)]


async def test_a_digest_can_be_computed_by_anybody_from_the_row(service: ServiceUnderTest) -> None:
    """The spelling that the seal stands on: salt, then the content as jsonb writes it, shorter names first, nulls left out."""
    key = new_id()
    await service.fetch("INSERT INTO plain_change (id, value) VALUES ($1, 'Ё \"5\"')", key)
    await service.fetch("INSERT INTO plain_change (id) VALUES ($1)", new_id())
    await seal(service.runtime, PLAIN)
    (row,) = await service.fetch(
        "SELECT salt, value, digest FROM plain_change JOIN plain_change_leaf USING (id) WHERE id = $1", key
    )
    content = json.dumps({"id": str(key), "value": row["value"]}, ensure_ascii=False)
    assert row["digest"] == sha256(row["salt"].bytes + content.encode()).digest()
    assert (await verify(service.runtime, PLAIN)).doubts == []


async def test_a_column_added_later_changes_no_digest(meddler: Meddler) -> None:
    await meddler.write(2)
    await meddler.seal()
    await meddler.connection.execute("ALTER TABLE year_change ADD COLUMN reason text")
    await meddler.write()
    await meddler.connection.execute("UPDATE year_change SET reason = 'x' WHERE id = $1", meddler.keys[-1][2])
    await meddler.seal()
    assert await meddler.doubts() == []


async def test_what_is_committed_late_is_not_passed_by(meddler: Meddler) -> None:
    """A row written first and committed last: the sealer has been past it twice meanwhile."""
    late = await meddler.service.database.connect()
    transaction = late.transaction()
    await transaction.start()
    await late.execute(
        "INSERT INTO year_change (organization_id, academic_year, id) VALUES ($1, $2, $3)", SCHOOL, YEAR, UUID(int=1)
    )
    await meddler.write(4)
    await meddler.seal()
    assert (await meddler.verify()).rows == 4
    await transaction.commit()
    await late.close()
    await meddler.seal()
    report = await meddler.verify()
    assert (report.doubts, report.sealed, report.rows) == ([], 5, 5)


async def test_sealers_at_once_and_one_that_is_killed_seal_nothing_twice(meddler: Meddler) -> None:
    await meddler.write(20)
    blocked = (
        "SELECT pid FROM pg_locks WHERE NOT granted AND relation = 'year_change_block'::regclass"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    async with meddler.connection.transaction():
        await meddler.connection.execute("LOCK TABLE year_change_block IN EXCLUSIVE MODE")
        killed = asyncio.create_task(meddler.seal())

        async def waits() -> bool:
            return bool(await meddler.service.fetch(blocked))

        await eventually(waits, 5)
        await meddler.connection.execute(f"SELECT pg_terminate_backend(pid) FROM ({blocked}) AS sealer")
        with pytest.raises(DBAPIError):
            await killed
    assert (await meddler.verify()).waiting == 20
    await meddler.write(20)
    outcomes = await asyncio.gather(*(meddler.seal() for _ in range(4)), meddler.write(5), return_exceptions=True)
    assert [one for one in outcomes if isinstance(one, BaseException)] == []
    await job(YEARLY).action(meddler.service.runtime)
    report = await meddler.verify()
    assert (report.doubts, report.sealed, report.rows, report.waiting) == ([], 45, 45, 0)


async def test_a_sealer_broken_off_in_its_transaction_leaves_the_queue_as_it_was(
    meddler: Meddler, monkeypatch: pytest.MonkeyPatch
) -> None:
    await meddler.write(4)

    def broken(*_: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("servicekit.sealing.sealer.root", broken)
        with pytest.raises(KeyboardInterrupt):
            await meddler.seal()
    assert (await meddler.verify()).waiting == 4
    await meddler.seal()
    assert (await meddler.verify()).sealed == 4


async def test_a_lawful_erasure_breaks_nothing_and_leaves_nothing(meddler: Meddler) -> None:
    await meddler.write(4)
    with pytest.raises(IntegrityError):
        await meddler.erase(meddler.keys[0])  # its digest must stand in a block first
    await meddler.seal()
    await meddler.erase(meddler.keys[0])
    with pytest.raises(IntegrityError):
        await meddler.erase(meddler.keys[0])
    report = await meddler.verify()
    assert (report.doubts, dict(report.erased)) == ([], {"приказ № 1": 1})
    (row,) = await meddler.service.fetch("SELECT * FROM year_change WHERE id = $1", meddler.keys[0][2])
    assert (row["salt"], row["value"], row["comment"], row["points"] > 0) == (NO_SALT, None, None, True)


async def test_an_erasure_is_no_way_to_alter(meddler: Meddler) -> None:
    await meddler.write(3)
    await meddler.seal()
    await meddler.erase(meddler.keys[1])
    key = meddler.keys[1][2]
    await meddler.connection.execute("CREATE TEMP TABLE kept AS TABLE year_change")
    for statement in ("SET value = '5'", "SET salt = gen_random_uuid()", "SET points = 5"):
        await meddler.past_triggers(f"UPDATE year_change {statement} WHERE id = $1", key)
        assert [doubt for doubt in await meddler.doubts() if "изменена" in doubt], statement
        await meddler.past_triggers("DELETE FROM year_change WHERE id = $1", key)
        await meddler.past_triggers("INSERT INTO year_change SELECT * FROM kept WHERE id = $1", key)
        assert await meddler.doubts() == []


ROW = "WHERE id = (SELECT id FROM year_change_leaf ORDER BY id OFFSET $1::int % 4 LIMIT 1)"
SLIPPED_IN = """INSERT INTO year_change (organization_id, academic_year, id, value)
    SELECT '00000000-0000-0000-0000-000000000009', 2025, gen_random_uuid(), '5' WHERE $1::int >= 0"""
TAMPERING: dict[str, str] = {
    f"UPDATE year_change SET value = value || 'x' {ROW}": "изменена",
    f"UPDATE year_change SET comment = '' {ROW}": "изменена",
    f"UPDATE year_change SET points = points + 0.01 {ROW}": "изменена",
    f"UPDATE year_change SET at = at - interval '1 minute' {ROW}": "изменена",
    f"UPDATE year_change SET salt = gen_random_uuid() {ROW}": "изменена",
    f"UPDATE year_change SET id = gen_random_uuid() {ROW}": "удалена",
    f"DELETE FROM year_change {ROW}": "удалена",
    SLIPPED_IN: "в обход",
    "DELETE FROM year_change_unsealed WHERE $1::int >= 0": "в обход",
    "DELETE FROM year_change WHERE id = (SELECT min(id::text)::uuid FROM year_change_unsealed) AND $1::int >= 0": (
        "не дождавшись"
    ),
    f"DELETE FROM year_change_leaf {ROW}": "не сходятся с его корнем",
    f"UPDATE year_change_leaf SET digest = sha256('other') {ROW}": "не сходятся с его корнем",
    f"UPDATE year_change_leaf SET id = gen_random_uuid() {ROW}": "в обход",
    "UPDATE year_change_leaf SET block_number = 3 - block_number WHERE block_number < 3 AND $1::int >= 0": "корнем",
    "UPDATE year_change_block SET size = size + 1 WHERE number = 1 + $1::int % 2": "хэш блока",
    "UPDATE year_change_block SET root = sha256('other') WHERE number = 1 + $1::int % 2": "хэш блока",
    "UPDATE year_change_block SET epoch = epoch + 1 WHERE number = 1 + $1::int % 2": "хэш блока",
    "UPDATE year_change_block SET sealed_at = now() WHERE number = 1 + $1::int % 2": "хэш блока",
    "UPDATE year_change_block SET hash = sha256('other') WHERE number = 1 + $1::int % 2": "хэш блока",
    "UPDATE year_change_block SET previous = sha256('other') WHERE number = 1 + $1::int % 2": "хэш блока",
    "UPDATE year_change_block SET number = 1000000 WHERE number = 1 + $1::int % 2": "в обход",
    "DELETE FROM year_change_block WHERE number = 1 AND $1::int >= 0": "блоков до него нет",
    "DELETE FROM year_change_block WHERE number = 2 AND $1::int >= 0": "не продолжает",
    "DELETE FROM year_change_block WHERE number = (SELECT max(number) FROM year_change_block) AND $1::int >= 0": (
        "обрезали"
    ),
}


@given(steps=st.lists(st.sampled_from(["write", "seal", "erase"]), max_size=10), seed=st.integers(0, 10_000))
@settings(
    max_examples=25,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_nobody_meddles_unseen_and_without_meddling_all_is_silent(
    meddler: Meddler, steps: list[str], seed: int
) -> None:
    random = Random(seed)
    await meddler.clear()
    erased: set[Any] = set()
    await meddler.write(7)
    await meddler.seal()
    for step in steps:
        match step:
            case "write":
                await meddler.write(random.randint(1, 4))
            case "seal":
                await meddler.seal(random.randint(1, 4))
            case _:
                sealed = await meddler.service.fetch("SELECT organization_id, academic_year, id FROM year_change_leaf")
                key = tuple(random.choice(sealed))
                if key not in erased and key[2] not in {one[2] for one in meddler.keys[:4]}:
                    erased.add(key)
                    await meddler.erase(key)
    await meddler.write()
    report = await meddler.verify()
    assert report.doubts == []
    assert report.erased.total() == len(erased)
    assert report.sealed + report.waiting == report.rows == len(meddler.keys)
    head = Kept(report.block, report.hash)
    assert await meddler.doubts(kept=head, first=random.randint(1, report.block)) == []
    statement = random.choice(list(TAMPERING))
    await meddler.past_triggers(statement, seed)
    found = await meddler.doubts(kept=head)
    assert any(TAMPERING[statement] in doubt for doubt in found), (statement, found)


@pytest.mark.parametrize("statement", TAMPERING)
async def test_every_tampering_is_named(meddler: Meddler, statement: str) -> None:
    await meddler.write(8)
    await meddler.seal()
    await meddler.write(2)
    report = await meddler.verify()
    await meddler.past_triggers(statement, 1)
    found = await meddler.doubts(kept=Kept(report.block, report.hash))
    assert any(TAMPERING[statement] in doubt for doubt in found), found


async def test_blocks_in_another_order_do_not_follow_one_another(meddler: Meddler) -> None:
    await meddler.write(7)
    await meddler.seal()
    for table, column in (("year_change_block", "number"), ("year_change_leaf", "block_number")):
        await meddler.past_triggers(f"UPDATE {table} SET {column} = -{column} WHERE {column} < 3")
        await meddler.past_triggers(f"UPDATE {table} SET {column} = 3 + {column} WHERE {column} < 0")
    found = await meddler.doubts()
    assert any("первый блок ссылается" in doubt for doubt in found), found


async def test_a_chain_cut_short_with_its_rows_is_seen_by_who_kept_the_head(meddler: Meddler) -> None:
    await meddler.write(7)
    await meddler.seal()
    kept = await meddler.verify()
    await meddler.past_triggers(
        "DELETE FROM year_change USING year_change_leaf l WHERE l.id = year_change.id AND block_number = 3"
    )
    await meddler.past_triggers("DELETE FROM year_change_leaf WHERE block_number = 3")
    await meddler.past_triggers("DELETE FROM year_change_block WHERE number = 3")
    assert await meddler.doubts() == []
    assert await meddler.doubts(kept=Kept(kept.block, kept.hash)) == ["сохранённого блока 3 в цепочке нет: её обрезали"]
    await meddler.write(1)
    await meddler.seal()
    (told,) = await meddler.doubts(kept=Kept(kept.block, kept.hash))
    assert "не тот, что сохранён" in told


async def test_a_check_resumed_from_a_block_leaves_out_those_before(meddler: Meddler) -> None:
    await meddler.write(9)
    await meddler.seal()
    seen: list[int] = []
    report = await meddler.verify(first=2, told=lambda so_far: seen.append(so_far.block))
    assert (report.doubts, report.blocks, report.sealed, seen) == ([], 2, 6, [2, 3])
    assert await meddler.doubts(first=5) == ["блока 4 нет"]


async def test_an_altered_history_is_told_within_bounds(meddler: Meddler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("servicekit.sealing.verifier._LISTED", 2)
    monkeypatch.setattr("servicekit.sealing.verifier._PAGE", 2)
    await meddler.write(5)
    await meddler.seal()
    assert (await meddler.verify()).rows == 5
    await meddler.past_triggers("UPDATE year_change SET value = 'x'")
    report = await meddler.verify()
    assert (len(report.doubts), report.unlisted) == (2, 3)


def test_the_command_tells_what_it_found_and_where_the_chain_ends(
    template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a copy of its own: the command has a loop and connections of its own."""
    asyncio.run(_command(template, monkeypatch))


async def _command(template: Template, monkeypatch: pytest.MonkeyPatch) -> None:
    cli = build_cli(PRODUCER)
    histories: list[SealedHistory] = [YEARLY, PLAIN]
    commands.add_commands(cli, PRODUCER, histories)
    async with template.clone() as database:
        key = "a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2U="
        values = {"DATABASE_URL": database.url, "AMQP_URL": "amqp://none/none"}
        for name, value in (values | dict.fromkeys(("FIELD_KEYS", "TRANSPORT_KEYS", "HASH_KEY"), f"k:{key}")).items():
            monkeypatch.setenv(f"ASU_{name}", value)

        async def run(*arguments: str) -> tuple[int, str]:
            result = await asyncio.to_thread(CliRunner().invoke, cli, ["verify-seal", *arguments])
            return result.exit_code, result.output

        assert await run() == (0, "История сходится с опечатанной: блоков 0, опечатано строк 0, ждут опечатывания 0\n")
        runtime = PRODUCER.runtime(PRODUCER.settings(), "worker")  # from the environment
        connection = await database.connect()
        await connection.execute(
            "INSERT INTO plain_change (id, value) SELECT gen_random_uuid(), '5' FROM generate_series(1, 3)"
        )
        await seal(runtime, PLAIN, 2)
        await runtime.close()
        code, told = await run("--history", "plain_change")
        assert code == 0
        assert "блоков 2, опечатано строк 3" in told
        head = told.split("Последний блок: ")[1].strip()
        assert (await run("--history", "plain_change", "--head", head, "--from", "2"))[0] == 0
        assert (await run("--history", "plain_change", "--head", f"1:{'0' * 64}"))[0] == 1
        await connection.execute("UPDATE plain_change SET value = '4'")
        await connection.close()
        code, told = await run("--history", "plain_change")
        assert (code, told.count("изменена"), "НЕ сходится" in told) == (1, 3, True)
        for wrong in (["--head", "1:abc"], ["--history", "other"], ["--from", "0"]):
            assert (await run(*wrong))[0] == 2
