"""Every sample the producers ever committed is read by the journal, once, twice and in any order of files."""

import json
from pathlib import Path
from typing import Any

import pytest

from asu_contracts.base import Semantics
from asu_contracts.exchanges import Service
from asu_contracts.registry import read_by
from servicekit.messaging import Received
from servicekit.testing import ServiceUnderTest, deliver, received

SAMPLES = Path(__file__).parents[3] / "libs" / "contracts" / "samples"

COPIES = (
    "subject", "building", "room", "bell_schedule", "calendar", "reference_entry", "worker", "group_teacher",
    "teaching_group", "study_form",
)  # fmt: skip


def samples() -> list[Received[Any]]:
    """Samples of everything the journal reads; a state's file order stands for its versions."""
    found: list[Received[Any]] = []
    for event in read_by(Service.JOURNAL):
        files = sorted((SAMPLES / event.type).glob("*.json"))
        assert files, event.type
        for version, file in enumerate(files, start=1):
            parsed = event.model_validate(json.loads(file.read_text(encoding="utf-8")))
            found.append(received(parsed, version=version if event.semantics is Semantics.STATE else 1))
    return found


@pytest.mark.parametrize("backwards", [False, True])
async def test_the_producers_samples_are_applied(service: ServiceUnderTest, *, backwards: bool) -> None:
    heard = samples()
    handled = {event for handlers in service.definition.handlers.values() for event in handlers.events}
    assert {type(item.event) for item in heard} == handled
    for item in reversed(heard) if backwards else heard:
        [(concern, handlers)] = [
            (concern, handlers)
            for concern, handlers in service.definition.handlers.items()
            if type(item.event) in handlers.events
        ]
        for attempt in ("first", "second"):
            await deliver(service.runtime, handlers, [item], f"{concern}.{attempt}")
    connection = await service.database.connect()
    placements = await connection.fetch("SELECT id, valid_from, valid_to FROM placement ORDER BY id")
    names = await connection.fetchval("SELECT count(*) FROM student_name")
    newest = {
        table: [row["sequence"] for row in await connection.fetch(f"SELECT sequence FROM {table}")] for table in COPIES
    }
    members = await connection.fetch("SELECT student_id, valid_to FROM teaching_group_stay")
    role = await connection.fetchval("SELECT role FROM group_teacher")
    await connection.close()
    assert [(str(row["id"])[-2:], str(row["valid_from"]), str(row["valid_to"])) for row in placements] == [
        ("60", "2026-09-01", "2026-10-12"),
        ("61", "2026-10-12", "None"),
        ("62", "None", "2027-09-01"),
        ("63", "2027-09-01", "None"),
        ("64", "None", "2027-09-01"),
        ("65", "2027-09-01", "None"),
        ("66", "None", "2027-06-25"),
        ("67", "2026-12-01", "2027-01-11"),
    ]
    assert names == 1
    assert newest == {table: ["000001.000000000003"] for table in COPIES}, "the newest state, once"
    assert [(str(row["student_id"])[-2:], str(row["valid_to"])) for row in members] == [("30", "2026-11-01")]
    assert role == "unknown", "what a newer producer means is not guessed"
