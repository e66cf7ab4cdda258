"""Answers that a process makes once a minute however many ask: for what is public and may be a minute old."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from servicekit.clock import Clock

KEPT_SECONDS = 60
_LIMIT_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True)
class Answer:
    """An answer as it was made; ``tag`` is a strong entity tag of its bytes."""

    body: bytes
    tag: str
    made_at: datetime


class Answers:
    """Answers by key, those asked for longest ago dropped over ``limit`` bytes. Who asks while one is being made waits for it."""

    def __init__(self, limit: int = _LIMIT_BYTES) -> None:
        self._limit = limit
        self._size = 0
        self._kept: OrderedDict[str, Answer] = OrderedDict()
        self._making: dict[str, asyncio.Task[Answer]] = {}

    async def get(self, clock: Clock, key: str, make: Callable[[], Awaitable[bytes]]) -> Answer:
        """The answer kept for a minute, or made now; an error is raised to all who waited, and not kept."""
        found = self._kept.get(key)
        if found is not None and clock.now() - found.made_at < timedelta(seconds=KEPT_SECONDS):
            self._kept.move_to_end(key)
            return found
        task = self._making.get(key)
        if task is None:
            task = self._making[key] = asyncio.create_task(self._make(clock, key, make))
            task.add_done_callback(lambda _: self._making.pop(key))
        return await asyncio.shield(task)  # a caller that leaves takes nothing from those who wait

    async def _make(self, clock: Clock, key: str, make: Callable[[], Awaitable[bytes]]) -> Answer:
        body = await make()
        made = Answer(body, f'"{sha256(body).hexdigest()[:32]}"', clock.now())
        self._drop(key)
        self._kept[key] = made
        self._size += len(body)
        while self._size > self._limit:
            self._drop(next(iter(self._kept)))
        return made

    def _drop(self, key: str) -> None:
        dropped = self._kept.pop(key, None)
        self._size -= len(dropped.body) if dropped else 0
