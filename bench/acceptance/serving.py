"""The service's own ``api`` process and what it needs around it, for benches of acceptance."""

import asyncio
import os
import signal
import sys
import threading
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from json import dumps
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from servicekit.testing import TokenFactory


@contextmanager
def key_server(tokens: TokenFactory) -> Iterator[str]:
    """Address of the token keys, as the auth service would give them."""
    keys = dumps(tokens.keys.as_dict(private=False)).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(keys)))
            self.end_headers()
            self.wfile.write(keys)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/jwks"
    finally:
        server.shutdown()
        server.server_close()


class Process:
    """A server process that can be killed and started again at the same port."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], port: int) -> None:
        self._command = [sys.executable, "-m", *arguments]
        self._environment = {**os.environ, **environment}
        self.port = port
        self._running: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start, and wait until it listens; raises ``RuntimeError`` when it ends instead."""
        running = await asyncio.create_subprocess_exec(*self._command, env=self._environment)
        self._running = running
        while running.returncode is None:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                return
        raise RuntimeError(f"{self._command} ended with {running.returncode}")

    async def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it, and wait until it has."""
        if self._running is not None and self._running.returncode is None:
            self._running.send_signal(how)
            await self._running.wait()


@asynccontextmanager
async def process(arguments: Sequence[str], environment: Mapping[str, str], port: int) -> AsyncIterator[Process]:
    """A server process, once it listens."""
    made = Process(arguments, environment, port)
    try:
        await made.start()
        yield made
    finally:
        await made.end()


def environment(database_url: str, folder: Path, keys: str, port: int) -> dict[str, str]:
    """Variables of an ``api`` process; all of one folder sign with one receipt key."""
    secret = f"bench:{b64encode(bytes(range(32))).decode()}"
    receipt_key = folder / "receipt.pem"
    if not receipt_key.exists():
        key = generate_private_key(SECP256R1())
        receipt_key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return {
        "ASU_DATABASE_URL": database_url,
        "ASU_AMQP_URL": "amqp://127.0.0.1:1/none",
        "ASU_HTTP_PORT": str(port),
        "ASU_JWKS_URL": keys,
        "ASU_FIELD_KEYS": secret,
        "ASU_TRANSPORT_KEYS": secret,
        "ASU_HASH_KEY": secret,
        "ASU_RECEIPT_KEY_FILE": str(receipt_key),
        "ASU_FILES_DIR": str(folder),
        "ASU_LOG_LEVEL": "ERROR",
    }
