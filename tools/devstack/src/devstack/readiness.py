"""Waiting for servers and processes, with a reason when the waiting is in vain."""

import asyncio
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import aio_pika
import httpx
from aiormq.exceptions import AMQPError

from devstack.errors import StackError


def wait_until(done: Callable[[], bool], seconds: float, reason: Callable[[], str], pause: float = 0.15) -> None:
    """Poll every ``pause`` seconds until true; raises ``StackError`` with the reason after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            raise StackError(reason())
        time.sleep(pause)


def not_ready(addresses: Mapping[str, str]) -> list[str]:
    """Names of those that do not answer 200 now. ``addresses`` by name."""
    return asyncio.run(_not_ready(addresses))


async def _not_ready(addresses: Mapping[str, str]) -> list[str]:
    async with httpx.AsyncClient(timeout=5, trust_env=False, verify=False) as client:  # noqa: S501 - our own loopback port

        async def ready(address: str) -> bool:
            try:
                return (await client.get(address)).status_code == 200
            except httpx.HTTPError:
                return False

        answers = await asyncio.gather(*(ready(address) for address in addresses.values()))
    return [name for name, answer in zip(addresses, answers, strict=True) if not answer]


def signs_in(url: str) -> bool:
    """Whether the broker takes this user into its virtual host."""

    async def attempt() -> bool:
        try:
            connection = await aio_pika.connect(url, timeout=5)
        except (OSError, AMQPError, TimeoutError):
            return False
        await connection.close()
        return True

    return asyncio.run(attempt())


def tail(log: Path, lines: int = 8) -> str:
    """The last lines of a log."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text("utf-8", errors="replace").splitlines()[-lines:])
