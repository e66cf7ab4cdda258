"""Answers made once a minute: who waits together, what is kept, what is not."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from servicekit.answers import KEPT_SECONDS, Answers
from servicekit.clock import FixedClock
from servicekit.errors import NotFoundError


class Maker:
    def __init__(self, size: int = 3) -> None:
        self.made = 0
        self.body = b"a" * size
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()

    async def __call__(self) -> bytes:
        self.made += 1
        await self.may_go_on.wait()
        return self.body


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 4, 1, tzinfo=UTC))


async def test_an_answer_is_made_once_a_minute(clock: FixedClock) -> None:
    answers, make = Answers(), Maker()
    first = await answers.get(clock, "key", make)
    clock.instant += timedelta(seconds=KEPT_SECONDS - 1)
    assert await answers.get(clock, "key", make) is first
    await answers.get(clock, "another", make)
    assert make.made == 2
    clock.instant += timedelta(seconds=1)
    again = await answers.get(clock, "key", make)
    assert (make.made, again.tag) == (3, first.tag)
    make.body = b"changed"
    clock.instant += timedelta(seconds=KEPT_SECONDS)
    assert (await answers.get(clock, "key", make)).tag != first.tag


async def test_a_crowd_waits_for_one_and_nobody_takes_it_along(clock: FixedClock) -> None:
    answers, make = Answers(), Maker()
    make.may_go_on.clear()
    crowd = [asyncio.create_task(answers.get(clock, "key", make)) for _ in range(50)]
    await asyncio.sleep(0)
    crowd[0].cancel()
    await asyncio.sleep(0)
    make.may_go_on.set()
    assert {answer.body for answer in await asyncio.gather(*crowd[1:])} == {b"aaa"}
    assert make.made == 1


async def test_an_error_is_raised_and_not_kept(clock: FixedClock) -> None:
    answers = Answers()

    async def fail() -> bytes:
        raise NotFoundError

    with pytest.raises(NotFoundError):
        await answers.get(clock, "key", fail)
    assert (await answers.get(clock, "key", Maker())).body == b"aaa"


async def test_memory_is_bounded(clock: FixedClock) -> None:
    answers, small, large = Answers(limit=100), Maker(40), Maker(70)
    await answers.get(clock, "old", small)
    await answers.get(clock, "used", small)
    await answers.get(clock, "old", small)
    await answers.get(clock, "new", small)  # drops "used"
    assert small.made == 3
    await answers.get(clock, "old", small)
    assert small.made == 3
    await answers.get(clock, "used", small)
    assert small.made == 4
    await answers.get(clock, "large", large)
    await answers.get(clock, "huge", Maker(500))
    assert answers._size == 0
