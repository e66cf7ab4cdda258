"""A portal's address that takes notices."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from eu_enrollment.webhooks import delivering

from ..factories import Town


@dataclass
class Address:
    """A portal's address: answers as told, keeps what came."""

    answers: list[int] = field(default_factory=list)
    came: list[tuple[dict[str, str], str]] = field(default_factory=list)
    url: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        body = (await reader.readexactly(int(headers["content-length"]))).decode()
        self.came.append((headers, body))
        status = self.answers.pop(0) if self.answers else 204
        writer.write(
            f"HTTP/1.1 {status} Said\r\ncontent-length: 0\r\nlocation: /other\r\nconnection: close\r\n\r\n".encode()
        )
        await writer.drain()
        writer.close()

    @property
    def told(self) -> list[tuple[str, int]]:
        """(application, status_seq) of each notice that came."""
        data = [json.loads(body)["data"] for _, body in self.came]
        return [(one["application_id"], one["status_seq"]) for one in data]


async def subscribe(town: Town, address: Address) -> dict[str, Any]:
    made: dict[str, Any] = await town.post("/portal/webhooks", 201, json={"url": address.url})
    return made


async def deliver(town: Town) -> None:
    await delivering.deliver(town.service.runtime)
