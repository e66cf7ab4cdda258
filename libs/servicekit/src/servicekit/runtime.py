"""Runtime: everything a process of a service shares, made once by the service's ``bootstrap``."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker

from asu_contracts.exchanges import Service
from servicekit.answers import Answers
from servicekit.clock import Clock
from servicekit.crypto import FieldCipher, KeyedHash, parse_keys
from servicekit.db import create_engine
from servicekit.rates import Rates
from servicekit.security import Revocations, TokenVerifier
from servicekit.settings import ServiceSettings
from servicekit.uow import UnitOfWork, unit_of_work

log = structlog.get_logger(__name__)

OUTBOX_CHANNEL = "outbox"
RUNS_CHANNEL = "runs"
_DEBOUNCE = 0.01
_STATEMENT_SECONDS = {True: 15, False: 60}
"""A client of the api waits for an answer, a worker's batch may take its time."""


class Runtime:
    """Settings, clock, engine, keys, verifier of one process. A service may subclass it with what it alone needs.

    ``rates``: how often machine clients may call, where the service limits them.
    """

    def __init__(
        self, service: Service, settings: ServiceSettings, *, process: str = "api", clock: Clock | None = None
    ) -> None:
        self.service = service
        self.settings = settings
        self.process = process
        self.clock = clock or Clock(settings.time_zone)
        url = settings.direct_url if process == "worker" else settings.database_url
        self.engine = create_engine(
            url.get_secret_value(),
            pool_size=settings.database_pool,
            application_name=f"{service.value}-{process}",
            statement_seconds=_STATEMENT_SECONDS[process == "api"],
        )
        self.autocommit = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self.sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        self.cipher = FieldCipher(parse_keys(settings.field_keys))
        self.hasher = KeyedHash(parse_keys(settings.hash_key))
        self.verifier = TokenVerifier(settings.token_issuer, settings.jwks_url)
        self.revocations = Revocations(self.engine)
        self.answers = Answers()
        self.rates: Rates | None = None
        self._channels: set[str] = set()
        self._wake = asyncio.Event()

    @asynccontextmanager
    async def uow(self) -> AsyncIterator[UnitOfWork]:
        """One transaction; commits at the end of the block."""
        async with unit_of_work(self.sessions, self.clock, lambda: self.notify(OUTBOX_CHANNEL)) as uow:
            yield uow

    def notify(self, channel: str) -> None:
        """Ask the background notifier to wake listeners of a channel: after a commit, debounced, best effort."""
        self._channels.add(channel)
        self._wake.set()

    async def run_notifier(self) -> None:
        """Send NOTIFY outside any business transaction (inside it would halve the commit rate) until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            channels, self._channels = self._channels, set()
            with suppress(Exception):  # polling stands behind it
                async with self.autocommit.connect() as connection:
                    for channel in channels:
                        await connection.execute(text("SELECT pg_notify(:channel, '')"), {"channel": channel})
            await asyncio.sleep(_DEBOUNCE)

    async def close(self) -> None:
        """Release connections."""
        await self.engine.dispose()
