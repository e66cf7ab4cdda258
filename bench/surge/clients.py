"""Clients of the crowd: quick ones that keep their connections, slow ones whose bodies come in drops.

What fails is sent again until there is an answer: a receipt, or the refusal that the child has another application.
"""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from bench.acceptance.load import request
from bench.surge.crowd import Answer, Sender

PATH = "/api/enrollment/v1/applications"
QUICK = 64
SLOW = 64
FINAL = frozenset({200, 201, 409})
_PATIENCE = 30.0
_PAUSE = 0.2
_DROPS = 5
_BETWEEN_DROPS = 0.05


@dataclass(slots=True)
class Tally:
    """What came of the sendings: how many ended well or badly and how, how long each took, quick and slow ones apart."""

    answered: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    seconds: dict[bool, list[float]] = field(default_factory=lambda: {False: [], True: []})
    first_answers: list[float] = field(default_factory=list)


class Crowd:
    """Sends everything in order; ``progress`` is called with the number of sendings answered."""

    def __init__(self, ports: Sequence[int], token: str, progress: Callable[[int], None]) -> None:
        self._ports = ports
        self._token = token
        self._progress = progress
        self.tally = Tally()

    async def send(self, order: Iterable[Sender]) -> None:
        """Send, and return when every sending is answered."""
        queues: dict[bool, deque[Sender]] = {False: deque(), True: deque()}
        for sender in order:
            queues[sender.slow].append(sender)
        async with asyncio.TaskGroup() as group:
            for number in range(QUICK):
                group.create_task(self._client(queues[False], number))
            for number in range(SLOW):
                group.create_task(self._client(queues[True], number))

    async def _client(self, queue: deque[Sender], number: int) -> None:
        connection = _Connection(self._ports[number % len(self._ports)])
        while queue:
            sender = queue.popleft()
            await self._until_answered(connection, sender)
        connection.close()

    async def _until_answered(self, connection: "_Connection", sender: Sender) -> None:
        whole = request(PATH, self._token, sender.key, sender.body())
        while True:
            sent_at = time.monotonic()
            if sender.first_sent_at is None:
                sender.first_sent_at = sent_at
            try:
                async with asyncio.timeout(_PATIENCE):
                    status, content, began = await connection.exchange(whole, slowly=sender.slow)
            except (OSError, EOFError, TimeoutError) as error:
                self.tally.errors["обрыв соединения" if not isinstance(error, TimeoutError) else "нет ответа"] += 1
                connection.close()
                await asyncio.sleep(_PAUSE)
                continue
            now = time.monotonic()
            if status not in FINAL:
                self.tally.errors[f"ответ {status}"] += 1
                await asyncio.sleep(_PAUSE)
                continue
            if not sender.answers:
                self.tally.first_answers.append(now)
            sender.answers.append(Answer(status, content, sent_at, now))
            self.tally.seconds[sender.slow].append(now - began)
            self.tally.answered += 1
            self._progress(self.tally.answered)
            return


class _Connection:
    """A kept connection, opened when it is needed."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def exchange(self, whole: bytes, *, slowly: bool) -> tuple[int, bytes, float]:
        """Send a request; status, body of the answer, and when the last byte had been sent."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        if slowly:
            drop = len(whole) // _DROPS + 1
            for start in range(0, len(whole), drop):
                if start:
                    await asyncio.sleep(_BETWEEN_DROPS)
                _write(writer, whole[start : start + drop])
        else:
            _write(writer, whole)
        began = time.monotonic()
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        status = int(head[9:12])
        length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.startswith(b"content-length:"))
        content = await reader.readexactly(length)
        if b"connection: close" in head:
            self.close()
        return status, content, began

    def close(self) -> None:
        """Give the connection up."""
        if self._streams is not None:
            with suppress(OSError):
                self._streams[1].close()
            self._streams = None


def _write(writer: asyncio.StreamWriter, part: bytes) -> None:
    """Write to a connection; one the server has closed meanwhile is lost like any other (uvloop calls it a RuntimeError)."""
    if writer.is_closing():
        raise ConnectionResetError
    writer.write(part)
