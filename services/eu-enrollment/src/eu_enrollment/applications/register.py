"""The register of applications: those that wait together are entered by one statement and one commit.

No timer gathers them: while one batch is being written the next comes together, so alone an application waits for nobody. An
answer leaves only after the commit. A row that harms its batch harms nobody: each is then entered alone.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

import asyncpg
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from eu_enrollment.applications import entering, errors
from eu_enrollment.applications.entering import Connection, Entry
from eu_enrollment.applications.receipts import ReceiptSigner
from eu_enrollment.applications.registration import Registration
from servicekit.errors import InvalidValueError
from servicekit.faults import CONTENTION, is_infrastructure, sqlstate

log = structlog.get_logger(__name__)

_BATCH = 64
_WRITERS = 2
"""While one batch is committed another is made ready; more would only split what waits into smaller batches."""
_WAITING = 2000
"""More than a few seconds' work: further senders are asked to come back."""
_COME_BACK = 2
_LOST = (asyncpg.InterfaceError, asyncpg.AdminShutdownError, asyncpg.PostgresConnectionError, ConnectionError)
"""How a lost connection is told: it depends on the moment which of them."""


@dataclass(eq=False, slots=True)
class _Waiting:
    what: Registration
    claims: frozenset[object]
    entry: "asyncio.Future[Entry | None]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def tell(self, entry: Entry | None) -> None:
        if not self.entry.done():  # who sent it may have gone
            self.entry.set_result(entry)

    def fail(self, error: BaseException) -> None:
        if not self.entry.done():
            self.entry.set_exception(error)


class Register:
    """The register as one process writes it. ``on_entered`` is called after a commit that left events."""

    def __init__(self, engine: AsyncEngine, signer: ReceiptSigner, on_entered: Callable[[], None]) -> None:
        self._engine = engine
        self._signer = signer
        self._on_entered = on_entered
        self._waiting: deque[_Waiting] = deque()
        self._claimed: set[object] = set()
        self._writers: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()

    async def enter(self, registration: Registration) -> Entry | None:
        """Enter an application; its entry, or that which stands under its key already.

        ``None``: it was not entered, because an organization takes no part, the child stands in the register, or the draft it is
        made of has changed. Numbers are given in the order of coming. Raises ``AcceptanceBusyError`` when too many wait or the
        database fails: it may stand in the register then, and the same key tells.
        """
        if len(self._waiting) >= _WAITING:
            raise errors.AcceptanceBusyError(retry_after=_COME_BACK)
        waiting = _Waiting(registration, registration.claims)
        self._waiting.append(waiting)
        if len(self._writers) < _WRITERS:
            self._writers.add(asyncio.create_task(self._write()))
        return await waiting.entry

    async def _write(self) -> None:
        """Write what waits until nothing does."""
        try:
            while True:
                async with AsyncExitStack() as turn:
                    await turn.enter_async_context(self._turn)
                    batch = self._take()
                    if not batch:
                        return
                    try:
                        await self._together(batch, turn.aclose)
                    finally:
                        for one in batch:
                            self._claimed -= one.claims
        finally:
            self._writers.discard(cast("asyncio.Task[None]", asyncio.current_task()))

    def _take(self) -> list[_Waiting]:
        """The next batch in order of coming; whoever claims what is being written waits for how that ends."""
        batch: list[_Waiting] = []
        later: list[_Waiting] = []
        while self._waiting and len(batch) < _BATCH:
            one = self._waiting.popleft()
            if one.entry.done():  # who sent it has gone before it was begun
                continue
            if self._claimed.isdisjoint(one.claims):
                self._claimed |= one.claims
                batch.append(one)
            else:
                later.append(one)
        self._waiting.extendleft(reversed(later))
        return batch

    async def _together(self, batch: Sequence[_Waiting], numbered: Callable[[], Awaitable[None]]) -> None:
        """Enter a batch; what the data of one of them spoils is entered one by one. Everybody is told.

        A connection lost before the commit or in it is no reason to refuse: what stands is found by its key the second time.
        """
        try:
            try:
                await self._enter(batch, numbered)
            except _LOST:
                await self._engine.dispose()  # where one is lost, those that lie idle most likely are too
                await self._enter(batch, numbered)
        except Exception as error:  # noqa: BLE001 - whatever it is, each of the batch must be told
            if len(batch) > 1 and not is_infrastructure(error):
                for one in batch:
                    await self._together([one], numbered)
                return
            if isinstance(error, asyncpg.UniqueViolationError):  # another process has entered it in this moment
                batch[0].tell(None)
                return
            log.warning("register_failed", waiting=len(batch), error=type(error).__name__, state=sqlstate(error))
            for one in batch:
                one.fail(_told(error))

    async def _enter(self, batch: Sequence[_Waiting], numbered: Callable[[], Awaitable[None]]) -> None:
        async with self._connection() as connection:
            fresh = await self._fit(connection, batch)
            if not fresh:
                return
            async with connection.transaction():
                fresh = await self._as_drafted(connection, fresh)
                if not fresh:
                    return
                numbers = await entering.take_numbers(connection, len(fresh))
                await numbered()
                rows = [entering.Row(one.what, seq, self._signer) for one, seq in zip(fresh, numbers, strict=True)]
                entered = await entering.enter(connection, rows)
        self._on_entered()
        for one, row in zip(fresh, rows, strict=True):
            sending = one.what.sending
            answer = Entry(sending.route, sending.body_hash, row.answer, new=True)
            one.tell(answer if one.what.id in entered else None)

    async def _fit(self, connection: Connection, batch: Sequence[_Waiting]) -> list[_Waiting]:
        """Those that nothing stands against; the others are told."""
        what = [one.what for one in batch]
        answered = await entering.answered(connection, [one.sending for one in what])
        participants = await entering.participants(connection, {id_ for one in what for id_ in one.organizations})
        fresh = []
        for one in batch:
            entry = answered.get((one.what.sending.client, one.what.sending.key))
            if entry is None and participants.issuperset(
                (one.what.municipality, id_) for id_ in one.what.organizations
            ):
                fresh.append(one)
            else:
                one.tell(entry)
        return fresh

    async def _as_drafted(self, connection: Connection, fresh: Sequence[_Waiting]) -> list[_Waiting]:
        """Those but whose draft has changed or gone since it was read, or is about to; the others are told."""
        drafts = [(one.what.id, one.what.draft_version) for one in fresh if one.what.draft_version is not None]
        same = await entering.unchanged(connection, drafts) if drafts else frozenset()
        kept = []
        for one in fresh:
            if one.what.draft_version is None or one.what.id in same:
                kept.append(one)
            else:
                one.tell(None)
        return kept

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        """A connection of the pool as the driver has it: on the hot path the toolkit around it takes longer than the work."""
        async with self._engine.connect() as pooled:
            driver = cast("Connection", (await pooled.get_raw_connection()).driver_connection)
            if driver.is_closed():  # lost while it lay in the pool: nobody shall be refused for that
                await pooled.invalidate()
                driver = cast("Connection", (await pooled.get_raw_connection()).driver_connection)
            try:
                yield driver
            finally:
                if driver.is_closed():
                    await pooled.invalidate()


def _told(error: Exception) -> Exception:
    """What a sender is told of a failure."""
    state = sqlstate(error)
    if is_infrastructure(error) or state in CONTENTION:
        return errors.AcceptanceBusyError(retry_after=_COME_BACK)
    if isinstance(error, asyncpg.DataError) or (state is not None and state.startswith("22")):
        return InvalidValueError()
    return error
