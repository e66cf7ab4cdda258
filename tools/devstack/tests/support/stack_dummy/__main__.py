"""``migrate`` makes a table as the owner; ``api`` and ``worker`` answer HTTP."""

import asyncio
import json
import os
import sys
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType

import asyncpg


async def migrate() -> None:
    connection = await asyncpg.connect(os.environ["ASU_DATABASE_OWNER_URL"])
    await connection.execute("CREATE TABLE IF NOT EXISTS seen (at timestamptz NOT NULL DEFAULT now())")
    await connection.execute("GRANT USAGE ON SCHEMA public TO core_app")
    await connection.execute("GRANT SELECT, INSERT ON seen TO core_app")
    await connection.close()


async def remember() -> int:
    connection = await asyncpg.connect(os.environ["ASU_DATABASE_URL"])
    await connection.execute("INSERT INTO seen DEFAULT VALUES")
    count: int = await connection.fetchval("SELECT count(*) FROM seen")
    await connection.close()
    return count


class Handler(BaseHTTPRequestHandler):
    """Plain answers, and those the gateway's tests need."""

    protocol_version = "HTTP/1.1"
    kept = 0

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/readyz":
            self.answer(200, {})
        elif path.endswith("/seen"):
            self.answer(200, {"count": asyncio.run(remember())})
        elif path.endswith("/kept"):
            Handler.kept += 1
            self.answer(200, {"count": Handler.kept}, {"Cache-Control": "public, max-age=60", "ETag": '"kept"'})
        elif path.endswith("/slow"):
            time.sleep(3)
            self.answer(200, {})
        elif path.endswith("/refused"):
            self.answer(503, {"code": "own"})
        else:
            self.answer(
                200, {"path": self.path, "headers": {name.lower(): value for name, value in self.headers.items()}}
            )

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer(200, {"bytes": len(body)})

    def answer(self, status: int, body: object, headers: Mapping[str, str] = MappingProxyType({})) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Quiet."""


if __name__ == "__main__":
    if sys.argv[1] == "migrate":
        asyncio.run(migrate())
    elif os.environ.get("STACK_DUMMY_DIES"):
        sys.exit("this service cannot start")
    else:
        ThreadingHTTPServer((os.environ["ASU_HTTP_HOST"], int(os.environ["ASU_HTTP_PORT"])), Handler).serve_forever()
