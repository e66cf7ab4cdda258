"""Every process of the stack killed in the middle of the journey, one after another and at random (seeded)."""

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from system import journeys

from devstack.services import ROLES, SERVICES
from devstack.stack import Stack, running_stack

PROCESSES = [spec.process(role) for spec in SERVICES for role in ROLES]
VICTIMS = [*PROCESSES, "gateway", "rabbitmq", "postgres"]
INSTANCE = "chaos"


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return journeys.generate(tmp_path_factory.mktemp("region"))


@pytest.fixture
def stack() -> Iterator[Stack]:
    made = Stack(INSTANCE)
    made.reset()
    with running_stack(made) as running:
        yield running


async def _journey_with_kills(
    stack: Stack, data: Path, out: Path, victims: Iterator[str], every: float, most: int
) -> int:
    travelling = asyncio.create_task(journeys.drive(stack, INSTANCE, data, out))
    kills = 0
    while not travelling.done() and kills < most:
        await asyncio.wait({travelling}, timeout=every)
        victim = next(victims)
        if not travelling.done() and stack.is_running(victim):  # one killed before may not be back yet
            await asyncio.to_thread(stack.kill, victim)
            kills += 1
            print(f"\n  {kills} of {most}: killed {victim}", end="", flush=True)
    summary = await travelling
    await asyncio.to_thread(stack.wait_ready)
    await journeys.assert_nothing_lost(stack, summary)
    return kills


@pytest.mark.parametrize("victim", VICTIMS)
async def test_one_process_killed_again_and_again(stack: Stack, data: Path, tmp_path: Path, victim: str) -> None:
    def always() -> Iterator[str]:
        while True:
            yield victim

    assert await _journey_with_kills(stack, data, tmp_path, always(), 4, 6) >= 2


@pytest.mark.parametrize("seed", range(3))
async def test_random_processes_killed(stack: Stack, data: Path, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)

    def anyone() -> Iterator[str]:
        while True:
            yield chance.choice(VICTIMS)

    assert await _journey_with_kills(stack, data, tmp_path, anyone(), 3, 12) >= 4
