"""One enrolment through five running services, and what is left after some of them were killed on the way."""

import asyncio
from pathlib import Path

from system import journeys
from system.traces import Collector

from devstack.stack import Stack

VICTIMS = ("core-worker", "rabbitmq", "postgres")


async def test_enrolment_travels_from_the_application_to_the_form(
    stack: Stack, collector: Collector, data: Path, tmp_path: Path
) -> None:
    summary = await journeys.drive(stack, "e2e", data, tmp_path)
    await journeys.assert_nothing_lost(stack, summary)
    expected = {
        ("enrollment", "core", "process enrollment.admission.approved.v1"),
        ("core", "journal", "process core.movement.recorded.v1"),
        ("core", "reporting", "process core.movement.recorded.v1"),
        ("core", "enrollment", "process core.movement.recorded.v1"),
        ("core", "auth", "process core.guardian.profiled.v1"),
    }
    await journeys.settle(lambda: expected <= collector.edges(), 30)
    for reader in ("journal", "reporting"):
        await journeys.settle(
            lambda reader=reader: (  # type: ignore[misc]  # a default argument binds the loop's value
                collector.count(reader, "process core.movement.recorded.v1", begun_in="enrollment")
                >= summary["enrolled"]
            ),
            30,
        )


async def test_killed_on_the_way_nothing_accepted_is_lost(stack: Stack, data: Path, tmp_path: Path) -> None:
    """One after another within one journey; ``make chaos`` kills each process alone."""
    travelling = asyncio.create_task(journeys.drive(stack, "e2e", data, tmp_path))
    killed: list[str] = []
    for victim in VICTIMS * 2:
        await asyncio.wait({travelling}, timeout=4)
        if travelling.done():
            break
        await asyncio.to_thread(stack.kill, victim)
        killed.append(victim)
    summary = await travelling
    assert set(killed) == set(VICTIMS)
    await asyncio.to_thread(stack.wait_ready)
    await journeys.assert_nothing_lost(stack, summary)
