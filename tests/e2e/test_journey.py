"""One enrolment through five running services; ``make chaos`` kills them on the way."""

from pathlib import Path

from system import journeys
from system.traces import Collector

from devstack.stack import Stack


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
