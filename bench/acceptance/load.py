"""Load generator: so many kept connections, each sends its next request when the answer is there."""

import asyncio
import time
from collections.abc import Sequence

CONNECTIONS = 32
_CREATED = b"HTTP/1.1 201"


async def send_all(port: int, requests: Sequence[bytes]) -> float:
    """Send every request; seconds from the first byte to the last answer. Any answer but 201 is an error."""
    left = iter(requests)

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            for request in left:
                writer.write(request)
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    int(line.split(b":")[1])
                    for line in head.split(b"\r\n")
                    if line.lower().startswith(b"content-length:")
                )
                answer = await reader.readexactly(length)
                if not head.startswith(_CREATED):
                    raise RuntimeError(f"{head!r} {answer!r}")
        finally:
            writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    return time.perf_counter() - started


def request(path: str, token: str, key: str, body: bytes) -> bytes:
    """One request, ready to be written."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
