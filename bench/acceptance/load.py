"""Load generator: so many kept connections, each sends its next request when the answer is there."""

import asyncio
import time
from collections.abc import Sequence

CONNECTIONS = 32


async def send_all(port: int, requests: Sequence[bytes]) -> float:
    """Send requests that create something; seconds from the first byte to the last answer. Any answer but 201 is an error."""
    started = time.perf_counter()
    await answers(port, requests, CONNECTIONS, 201)
    return time.perf_counter() - started


async def answers(port: int, requests: Sequence[bytes], connections: int, status: int) -> list[tuple[float, bytes]]:
    """Send every request over so many connections; seconds and body of each answer. Any other status is an error."""
    left = iter(requests)
    found: list[tuple[float, bytes]] = []

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            for request in left:
                started = time.perf_counter()
                writer.write(request)
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    int(line.split(b":")[1])
                    for line in head.split(b"\r\n")
                    if line.lower().startswith(b"content-length:")
                )
                answer = await reader.readexactly(length)
                found.append((time.perf_counter() - started, answer))
                if not head.startswith(b"HTTP/1.1 %d" % status):
                    raise RuntimeError(f"{head!r} {answer!r}")
        finally:
            writer.close()

    await asyncio.gather(*(connection() for _ in range(connections)))
    return found


def request(path: str, token: str, key: str, body: bytes) -> bytes:
    """One request that creates something, ready to be written."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def reading(path: str, token: str) -> bytes:
    """One request that reads, ready to be written."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
