"""What is run once waits for a database that is starting, and for no other fault."""

import asyncio
import socket

import asyncpg
import pytest
from sqlalchemy import URL, make_url
from sqlalchemy.exc import DBAPIError

from servicekit.db import create_engine
from servicekit.waiting import wait_for_database


def _at(url: str, **changes: object) -> str:
    changed: URL = make_url(url).set(**changes)  # type: ignore[arg-type]
    return changed.render_as_string(hide_password=False)


async def test_a_database_that_comes_later_is_waited_for(postgres: str) -> None:
    target = make_url(postgres)
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    engine = create_engine(_at(postgres, host="127.0.0.1", port=held.getsockname()[1]))

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection(target.host, target.port)
        await asyncio.gather(pipe(reader, inner_writer), pipe(inner_reader, writer))

    with pytest.raises(OSError, match="Connect"):
        await wait_for_database(engine, 0)
    waiting = asyncio.create_task(wait_for_database(engine))
    await asyncio.sleep(0)
    async with await asyncio.start_server(serve, sock=held):
        await waiting
        await engine.dispose()


async def test_a_database_that_is_not_there_is_not_waited_for(postgres: str) -> None:
    engine = create_engine(_at(postgres, database="nowhere"))
    with pytest.raises((DBAPIError, asyncpg.PostgresError), match="nowhere"):
        await asyncio.wait_for(wait_for_database(engine, 600), 60)
    await engine.dispose()
