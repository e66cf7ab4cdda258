"""A queue of any length is worked off block by block, and what has gone from it stops nothing."""

from typing import cast

import asyncpg

from servicekit.testing.worker import eventually

from .test_history import SCHOOL, YEAR, Meddler, meddler

__all__ = ["meddler"]


async def test_a_block_costs_the_same_however_many_rows_wait(meddler: Meddler) -> None:
    """Also where the queue was empty when it was last analyzed: the planner goes by that."""
    rows, size = 3000, 100
    await meddler.write(size)
    await meddler.seal(size)
    await meddler.connection.execute("ANALYZE year_change, year_change_leaf, year_change_unsealed")
    await meddler.connection.execute(
        "INSERT INTO year_change (organization_id, academic_year, id, value)"
        " SELECT $1, $2, gen_random_uuid(), 'x' FROM generate_series(1, $3)",
        *(SCHOOL, YEAR, rows),
    )
    await meddler.connection.execute("SELECT pg_stat_reset()")
    await meddler.seal(size)
    await meddler.service.runtime.engine.dispose()  # who goes away tells what it has read

    async def told() -> bool:
        return bool((await _read(meddler, "year_change_leaf_p_2025"))["added"] >= rows)

    await eventually(told, 10)
    assert (await _read(meddler, "year_change_leaf_p_2025"))["tuples"] <= rows
    report = await meddler.verify()
    assert (report.doubts, report.sealed, report.waiting) == ([], rows + size, 0)


async def _read(meddler: Meddler, table: str) -> asyncpg.Record:
    """How many rows of a table were read and added so far."""
    [found] = await meddler.service.fetch(
        "SELECT coalesce(idx_tup_fetch, 0) + coalesce(seq_tup_read, 0) AS tuples, n_tup_ins AS added"
        " FROM pg_stat_user_tables WHERE relname = $1",
        table,
    )
    return cast("asyncpg.Record", found)


async def test_keys_whose_rows_have_gone_do_not_stop_the_queue(meddler: Meddler) -> None:
    await meddler.write(8)
    gone = [key[2] for key in sorted(meddler.keys)[:5]]
    await meddler.past_triggers("DELETE FROM year_change WHERE id = ANY ($1)", gone)
    await meddler.seal(2)
    report = await meddler.verify()
    assert (report.sealed, report.waiting, len(report.doubts)) == (3, 5, 5)
