"""Runs: long work as a resource. A route queues a run and answers 202; the worker carries it out, with progress.

A run is held by a session advisory lock, so that one whose worker was killed is taken up by the next at once. Its handler
writes its effects and its success in one transaction, or goes on from where its own data says it stopped.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import asyncpg
import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from opentelemetry.trace import SpanKind
from pydantic import BaseModel
from sqlalchemy import func, insert, select, update

from servicekit.db import asyncpg_dsn
from servicekit.errors import DomainError, NotFoundError
from servicekit.faults import CONTENTION, is_infrastructure, refusal, sqlstate
from servicekit.http.dependencies import CurrentPrincipal, Uow
from servicekit.http.etag import etag
from servicekit.http.idempotency import Once
from servicekit.http.problems import STATUS, Problem, problem_body
from servicekit.ids import new_id
from servicekit.runtime import RUNS_CHANNEL, Runtime
from servicekit.security import Principal
from servicekit.tables import run
from servicekit.telemetry import continued_span, current_traceparent
from servicekit.uow import UnitOfWork

log = structlog.get_logger(__name__)

_POLL = 1.0
_MAX_ATTEMPTS = 5
_OPEN = """
    SELECT id FROM run WHERE kind = ANY ($1) AND (status = 'queued'
        OR status = 'running' AND updated_at < now() - make_interval(secs => least(attempts * attempts, 60)))
    ORDER BY id LIMIT 50
"""
"""A kind that only a newer release knows is left to it; a run cut short is taken up again after a growing pause."""
_LOCK = "SELECT pg_try_advisory_lock(hashtextextended('asu.run', 0) # ('x' || left(md5($1), 16))::bit(64)::bigint)"
_UNLOCK = "SELECT pg_advisory_unlock(hashtextextended('asu.run', 0) # ('x' || left(md5($1), 16))::bit(64)::bigint)"


class Run(BaseModel):
    """A run as its creator sees it. ``done`` of ``total`` is progress in the units of the work."""

    id: UUID
    kind: str
    status: Literal["queued", "running", "succeeded", "failed"]
    done: int
    total: int
    result: dict[str, Any] | None = None
    problem: Problem | None = None


async def start(uow: UnitOfWork, principal: Principal, kind: str, params: dict[str, Any]) -> Run:
    """Queue a run. A route answers with ``answer_queued``."""
    run_id = new_id()
    await uow.session.execute(
        insert(run).values(
            id=run_id, kind=kind, params=params, created_by=principal.account_id, traceparent=current_traceparent()
        )
    )
    return Run(id=run_id, kind=kind, status="queued", done=0, total=0)


async def get(uow: UnitOfWork, principal: Principal, run_id: UUID) -> Run:
    """A run that the caller started; raises ``NotFoundError``."""
    return _out(await _row(uow, principal, run_id))


async def _row(uow: UnitOfWork, principal: Principal, run_id: UUID) -> Any:
    own = select(run).where(run.c.id == run_id, run.c.created_by == principal.account_id)
    row = (await uow.session.execute(own)).first()
    if row is None:
        raise NotFoundError
    return row


def _out(row: Any) -> Run:
    return Run(
        id=row.id,
        kind=row.kind,
        status=row.status,
        done=row.done,
        total=row.total,
        result=row.result,
        problem=row.problem,
    )


async def open_params(uow: UnitOfWork, kind: str) -> Sequence[Mapping[str, Any]]:
    """Parameters of the runs of a kind that are queued or running."""
    open_runs = select(run.c.params).where(run.c.kind == kind, run.c.status.in_(["queued", "running"]))
    return (await uow.session.execute(open_runs)).scalars().all()


async def answer_queued(
    once: Once, runtime: Runtime, location: str, queue: Callable[[], Awaitable[Run]], *, body: bytes | None = None
) -> JSONResponse:
    """The 202 answer of a run that ``queue`` starts, at most once per key; wakes the worker.

    ``location`` is the address of the service's runs, ``body`` as in ``Once``.
    """

    async def create() -> tuple[int, dict[str, Any]]:
        return 202, (await queue()).model_dump(mode="json")

    answer = await once(create, body=body)
    queued = Run.model_validate_json(bytes(answer.body))
    answer.headers.update({"Location": f"{location}/{queued.id}", "Retry-After": "1"})
    runtime.notify(RUNS_CHANNEL)
    return answer


router = APIRouter(tags=["runs"])


@router.get("/runs/{run_id}", response_model=Run, responses={304: {"description": "Без изменений"}})
async def get_run(run_id: UUID, request: Request, response: Response, principal: CurrentPrincipal, uow: Uow) -> Any:
    """Ход длительной работы; виден тому, кто её начал."""
    row = await _row(uow, principal, run_id)
    tag = etag(int(row.updated_at.timestamp() * 1000))
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag, "Retry-After": "1"})
    response.headers["ETag"] = tag
    if row.status in {"queued", "running"}:
        response.headers["Retry-After"] = "1"
    return _out(row)


class RunFailedError(DomainError):
    """The run could not be carried out for a reason of the infrastructure or a fault of ours."""

    code = "run-failed"
    title = "Работа не выполнена, начните её снова или обратитесь в поддержку"


@dataclass(frozen=True)
class RunContext:
    """What a handler works with."""

    runtime: Runtime
    run_id: UUID
    params: Mapping[str, Any]

    async def progress(self, done: int, total: int) -> None:
        """Show progress, in a transaction of its own."""
        async with self.runtime.uow() as uow:
            await uow.session.execute(
                update(run).where(run.c.id == self.run_id).values(done=done, total=total, updated_at=func.now())
            )

    async def succeed(self, uow: UnitOfWork, result: dict[str, Any]) -> None:
        """Mark the run done in the transaction of its effects."""
        await uow.session.execute(
            update(run)
            .where(run.c.id == self.run_id)
            .values(
                status="succeeded", result=result, done=func.greatest(run.c.done, run.c.total), updated_at=func.now()
            )
        )


RunHandler = Callable[[RunContext], Awaitable[None]]
"""Carries a run out and calls ``succeed``.

A ``DomainError`` fails the run and is shown to its creator; one that says when to try again (``retry_after``) puts the run off.
"""


@dataclass(frozen=True)
class Settled:
    """A handler of runs whose data has to know that one failed for good: ``failed`` writes that in the transaction that says so."""

    carry_out: RunHandler
    failed: Callable[[UnitOfWork, Mapping[str, Any], DomainError], Awaitable[None]]

    async def __call__(self, context: RunContext) -> None:
        """Carry the run out."""
        await self.carry_out(context)


class RunExecutor:
    """Takes queued runs one by one until told to stop."""

    def __init__(self, runtime: Runtime, handlers: Mapping[str, RunHandler]) -> None:
        self._runtime = runtime
        self._handlers = handlers
        self._stopping = asyncio.Event()
        self._woken = asyncio.Event()

    def stop(self) -> None:
        """Return from ``run`` after the work in hand; a run cut short is taken up again later."""
        self._stopping.set()
        self._woken.set()

    async def run(self) -> None:
        """Execute until stopped; survives the loss of the database."""
        while not self._stopping.is_set():
            try:
                await self._session()
            except Exception as error:  # noqa: BLE001 - the rows are still there
                log.warning("runs_paused", error=type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), _POLL)

    async def _session(self) -> None:
        dsn = asyncpg_dsn(self._runtime.settings.direct_url.get_secret_value())
        locks = await asyncpg.connect(dsn, timeout=5, command_timeout=60)
        try:
            await locks.add_listener(RUNS_CHANNEL, lambda *_: self._woken.set())
            while not self._stopping.is_set():
                self._woken.clear()
                worked = False
                for row in await locks.fetch(_OPEN, list(self._handlers)):
                    if self._stopping.is_set():
                        return
                    if await locks.fetchval(_LOCK, str(row["id"])):
                        try:
                            worked = await self._execute(row["id"]) or worked
                        finally:
                            await locks.execute(_UNLOCK, str(row["id"]))
                if not worked:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._woken.wait(), _POLL)
        finally:
            with suppress(Exception):
                await locks.close(timeout=2)

    async def _execute(self, run_id: UUID) -> bool:
        async with self._runtime.uow() as uow:
            row = (
                await uow.session.execute(
                    update(run)
                    .where(run.c.id == run_id, run.c.status.in_(["queued", "running"]))
                    .values(status="running", attempts=run.c.attempts + 1, updated_at=func.now())
                    .returning(run.c.kind, run.c.params, run.c.attempts, run.c.traceparent)
                )
            ).first()
        if row is None:
            return False
        context = RunContext(self._runtime, run_id, row.params)
        with continued_span(f"run {row.kind}", row.traceparent, SpanKind.CONSUMER):
            try:
                if row.attempts > _MAX_ATTEMPTS:
                    raise RunFailedError
                await self._handlers[row.kind](context)
            except DomainError as error:
                if error.retry_after is None:
                    await self._fail(context, row.kind, error)
                else:
                    await self._put_off(run_id, row.kind, error.code, error.retry_after)
            except Exception as error:
                if is_infrastructure(error) or sqlstate(error) in CONTENTION:
                    raise
                refused = refusal(error)
                if refused is None:
                    log.exception("run_failed", kind=row.kind, run_id=str(run_id))
                await self._fail(context, row.kind, refused or RunFailedError())
        return True

    async def _put_off(self, run_id: UUID, kind: str, code: str, seconds: int) -> None:
        """Let the run be taken up again when what it needs may be there; that was no attempt of its own."""
        log.warning("run_put_off", kind=kind, run_id=str(run_id), code=code, seconds=seconds)
        again = func.now() + func.make_interval(0, 0, 0, 0, 0, 0, seconds)
        async with self._runtime.uow() as uow:
            await uow.session.execute(
                update(run).where(run.c.id == run_id).values(attempts=run.c.attempts - 1, updated_at=again)
            )

    async def _fail(self, context: RunContext, kind: str, error: DomainError) -> None:
        """Fail a run that nobody has ended meanwhile."""
        body = problem_body(STATUS[error.kind], error.code, error.title, error.detail, error.errors)
        async with self._runtime.uow() as uow:
            failed = await uow.session.scalar(
                update(run)
                .where(run.c.id == context.run_id, run.c.status == "running")
                .values(status="failed", problem=body, updated_at=func.now())
                .returning(run.c.id)
            )
            handler = self._handlers[kind]
            if failed is not None and isinstance(handler, Settled):
                await handler.failed(uow, context.params, error)


__all__ = [
    "Run",
    "RunContext",
    "RunExecutor",
    "RunHandler",
    "Settled",
    "answer_queued",
    "get",
    "open_params",
    "router",
    "start",
]
