"""Waiting for a database that starts or is away."""

import asyncio
from time import monotonic

from sqlalchemy.ext.asyncio import AsyncEngine

from servicekit.faults import is_infrastructure

_AWAY_SECONDS, _RETRY_SECONDS = 30.0, 0.5


async def wait_for_database(engine: AsyncEngine, seconds: float = _AWAY_SECONDS) -> None:
    """Return when the database answers: one that starts or is away gets ``seconds``, then its error is raised.

    For what is run once, a command or a migration: it must not fail for the moment of a restart.
    """
    until = monotonic() + seconds
    while True:
        try:
            async with engine.connect():
                return
        except Exception as error:
            if not is_infrastructure(error) or monotonic() >= until:
                raise
        await asyncio.sleep(_RETRY_SECONDS)
