"""What others are told of workers: who may be given an account, what forms count them by; both as of today."""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.clock import Clock
from servicekit.messaging.republish import Aggregate
from servicekit.runtime import Runtime
from servicekit.uow import UnitOfWork
from sgo_core.chunks import chunked
from sgo_core.staff import repository
from sgo_core.staff.events import worker_profiled, worker_statistics_changed
from sgo_core.staff.model import Employment, Worker
from sgo_core.vault import vault_in, vault_of

_TOLD_AT_ONCE = 200


async def tell(uow: UnitOfWork, worker: Worker, *, new: bool = False) -> None:
    """Publish the worker with the posts of today, and what it is counted by; ``new``: the row's version is new already."""
    if not new:
        worker.version += 1
        worker.updated_at = uow.now
    worker.told_on = uow.clock.today()
    await uow.session.flush()
    today = await repository.posts_on(uow.session, [worker.id], uow.clock.today())
    uow.publish(worker_profiled(worker, today[worker.id]), version=worker.version)
    posts = await repository.employments(uow.session, [worker.id])
    uow.publish(worker_statistics_changed(worker, posts, vault_of(uow)), version=worker.version)


async def tell_turned(runtime: Runtime) -> None:
    """Daily work: tell of workers whose posts began or ended by themselves."""
    told = _TOLD_AT_ONCE
    while told == _TOLD_AT_ONCE:
        async with runtime.uow() as uow:
            workers = await repository.untold(uow.session, uow.clock.today(), _TOLD_AT_ONCE)
            for worker in workers:
                await tell(uow, worker)
            told = len(workers)


async def profiles(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every worker, for a reader that is rebuilt."""
    clock: Clock = session.info["clock"]
    async for chunk in chunked(session, select(Worker), Worker.id):
        posts = await repository.posts_on(session, [one.id for one in chunk], clock.today())
        yield [Aggregate(worker_profiled(one, posts[one.id]), one.updated_at, one.version) for one in chunk]


async def statistics(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """What every worker is counted by, for a reader that is rebuilt."""
    vault = vault_in(session)
    async for chunk in chunked(session, select(Worker), Worker.id):
        posts: dict[UUID, list[Employment]] = defaultdict(list)
        for post in await repository.employments(session, [one.id for one in chunk]):
            posts[post.worker_id].append(post)
        yield [
            Aggregate(worker_statistics_changed(one, posts[one.id], vault), one.updated_at, one.version)
            for one in chunk
        ]
