"""Runs the demo journey at the smallest size against a stack, and checks what must hold after it."""

import asyncio
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
from rich.console import Console

from demodata.generate import ListFormat, RegionWriter
from demodata.journey.run import journey
from demodata.journey.stack import create_region_admin
from demodata.sizes import Size
from devstack.stack import Stack

AS_OF = date(2026, 11, 16)
SEED = 2026


def generate(folder: Path) -> Path:
    """The smallest region."""
    data = folder / "data"
    RegionWriter(Size.TINY, SEED, AS_OF, data, ListFormat.XLSX).write(lambda _done: None)
    return data


async def drive(stack: Stack, instance: str, data: Path, out: Path) -> dict[str, Any]:
    """The whole journey; returns its summary."""
    admin = await asyncio.to_thread(create_region_admin, instance)
    await journey(stack.gateway_url, data, out, admin, Console(quiet=True), stack.home)
    summary: dict[str, Any] = json.loads((out / "summary.json").read_text("utf-8"))
    assert summary["peak_memory_mb"] > 0
    return summary


async def query(stack: Stack, short: str, statement: str) -> list[Any]:
    """Rows from one service's database, read as its owner."""
    connection = await asyncpg.connect(stack.environment(short, "migrate")["ASU_DATABASE_OWNER_URL"])
    try:
        return list(await connection.fetch(statement))
    finally:
        await connection.close()


async def settle(check: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until the check holds."""
    for _ in range(int(seconds / 0.5)):
        if await asyncio.to_thread(check):
            return
        await asyncio.sleep(0.5)
    raise AssertionError("not in time")


async def assert_nothing_lost(stack: Stack, summary: dict[str, Any]) -> None:
    """What must hold after the journey, however many processes were killed during it."""
    applications = summary["applications"]
    assert applications["sent"] == applications["receipts"] == applications["rows"]
    assert summary["contingent"]["agree"] == {"before": True, "after": True}
    assert summary["enrolled"] == summary["ordered"] > 0
    assert summary["totals"]["confirmed"] == summary["totals"]["suggested"] > 0
    assert summary["totals"]["subject"]  # known to the journal by its name
    noted = await query(
        stack, "journal", "SELECT count(*) AS days, count(*) FILTER (WHERE code <> 'present') AS missed FROM child_day"
    )
    daycare = summary["daycare"]
    assert (noted[0]["days"], noted[0]["missed"]) == (daycare["attended"] + daycare["missed"], daycare["missed"])
    planned = await query(stack, "journal", "SELECT count(*) AS n FROM lesson WHERE planned_date IS NOT NULL")
    assert planned[0]["n"] == (summary["timetable"] or {"lessons": 0})["lessons"]
    rows = await query(
        stack, "enrollment", "SELECT count(*) AS n, count(DISTINCT child_key) AS children FROM application"
    )
    assert rows[0]["n"] == rows[0]["children"] == applications["rows"]
    enrolled = await query(
        stack,
        "core",
        "SELECT count(*) AS movements, count(DISTINCT student_id) AS students FROM movement WHERE application_id IS NOT NULL",
    )
    assert enrolled[0]["movements"] == enrolled[0]["students"] == summary["enrolled"]
    handed_in = await query(
        stack,
        "reporting",
        "SELECT form, state, count(*) AS n, count(municipality) AS below FROM submission GROUP BY 1, 2",
    )
    forms = summary["forms"]
    assert {(one["form"], one["state"]): (one["n"], one["below"]) for one in handed_in} == {
        **{(form, "taken"): 2 * (told["organizations"] + 1,) for form, told in forms.items()},
        **{(form, "approved"): (1, 0) for form in forms},
    }
    files = [Path(file) for told in forms.values() for file in told["files"]]
    assert len({file for file in files if file.stat().st_size > 0}) == 2 * 3 * 4
    await settle(lambda: all(n == 0 for name, n in stack.queue_depths().items() if not name.endswith(".dead")))
    dead = {name: n for name, n in stack.queue_depths().items() if name.endswith(".dead") and n}
    assert dead == {}
