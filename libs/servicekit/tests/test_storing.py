"""A sweep of a store: a part of it a turn, the next turn goes on, and after the end it begins anew."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from obstore.store import LocalStore, MemoryStore, ObjectStore

from servicekit import storing
from servicekit.ids import new_id

LATER = datetime.now(UTC) + timedelta(days=3)


@pytest.fixture(params=["memory", "local"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    return MemoryStore() if request.param == "memory" else LocalStore(str(tmp_path))


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "_SWEPT_A_TURN", 4)
    monkeypatch.setattr(storing, "_SWEPT_AT_ONCE", 3)


async def filled(store: ObjectStore, count: int) -> list[UUID]:
    ids = [new_id() for _ in range(count)]
    for id_ in reversed(ids):
        await storing.put(store, f"files/{id_}", b"x")
    return ids


async def left(store: ObjectStore) -> list[str]:
    return sorted(await storing.older(store, "files", LATER))


async def test_a_sweep_looks_at_a_part_and_goes_on(store: ObjectStore) -> None:
    ids = await filled(store, 10)
    asked: list[UUID] = []

    async def known(some: Collection[UUID]) -> Collection[UUID]:
        asked.extend(some)
        return ids[::2]

    turns = []
    for _ in range(4):
        asked.clear()
        await storing.sweep(store, "files", LATER, known)
        turns.append(list(asked))
    assert turns == [ids[:4], ids[4:8], ids[8:], ids[:8:2]]
    assert await left(store) == [f"files/{id_}" for id_ in ids[::2]]


async def test_what_was_stored_lately_or_is_known_stays_and_what_is_no_id_goes(store: ObjectStore) -> None:
    [one] = await filled(store, 1)
    await storing.put(store, "files/left.part", b"x")

    async def known(some: Collection[UUID]) -> Collection[UUID]:
        return some

    await storing.sweep(store, "files", datetime.now(UTC) - timedelta(days=1), known)
    assert len(await left(store)) == 2
    await storing.sweep(store, "files", LATER, known)
    assert await left(store) == [f"files/{one}"]


async def test_a_large_file_comes_piece_by_piece(store: ObjectStore) -> None:
    content = bytes(range(256)) * 40_000
    await storing.put(store, "files/large", content)
    pieces = await storing.stream(store, "files/large")
    assert pieces is not None
    assert b"".join([one async for one in pieces]) == content
    assert await storing.stream(store, "files/none") is None
