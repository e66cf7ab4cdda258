"""Routes, handlers and runs of the sample service."""

import asyncio
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime
from sqlalchemy import insert, select, update

from asu_contracts.access import Role
from asu_contracts.core import MovementKind, MovementRecorded
from asu_contracts.exchanges import Service
from kit_sample.model import item, seen
from servicekit import audit, runs
from servicekit.errors import DomainError, Kind, NotFoundError, VersionMismatchError
from servicekit.http import (
    After,
    Body,
    CreateOnce,
    CurrentRuntime,
    IfMatch,
    Limit,
    Page,
    Text,
    Uow,
    allow,
    etag,
    paginate,
    public,
)
from servicekit.ids import new_id
from servicekit.messaging import Handlers, Queue, Received, Topology
from servicekit.policies import policy
from servicekit.runs import RunContext
from servicekit.security import Principal
from servicekit.service import ServiceDefinition
from servicekit.uow import UnitOfWork

MANAGE = policy("item.manage", Role.REGION_ADMIN, Role.ORGANIZATION_ADMIN, title="Ведение записей")


class NameTakenError(DomainError):
    code = "item.name-taken"
    kind = Kind.CONFLICT
    title = "Такая запись уже есть"


class ItemIn(Body):
    name: Text
    at: AwareDatetime | None = None


class Item(Body):
    id: UUID
    name: str


router = APIRouter()
Manager = Annotated[Principal, allow(MANAGE)]


def movement(movement_id: UUID | None = None) -> MovementRecorded:
    return MovementRecorded(
        movement_id=movement_id or new_id(),
        student_id=new_id(),
        statistical_id=new_id(),
        kind=MovementKind.ENROLLED,
        effective_date=datetime(2026, 9, 1, tzinfo=UTC).date(),
        recorded_at=datetime(2026, 9, 1, tzinfo=UTC),
    )


@router.post("/items", status_code=201)
async def create_item(body: ItemIn, principal: Manager, uow: Uow, once: CreateOnce) -> JSONResponse:
    async def create() -> tuple[int, dict[str, Any]]:
        item_id = new_id()
        await uow.session.execute(insert(item).values(id=item_id, name=body.name))
        uow.publish(movement(item_id))
        await audit.record(uow, principal, "item.create", [item_id])
        return 201, {"id": str(item_id)}

    return await once(create)


@router.get("/items")
async def list_items(principal: Manager, uow: Uow, limit: Limit = 2, after: After = None) -> Page[Item]:
    query = select(item).order_by(item.c.id).limit(limit + 1)
    if after is not None:
        query = query.where(item.c.id > UUID(after))
    rows = [Item(id=row.id, name=row.name) for row in await uow.session.execute(query)]
    return paginate(rows, limit, lambda row: row.id)


@router.put("/items/{item_id}")
async def rename_item(
    item_id: UUID, body: ItemIn, version: IfMatch, principal: Manager, uow: Uow, response: Response
) -> Item:
    if not await uow.session.scalar(select(item.c.id).where(item.c.id == item_id)):
        raise NotFoundError
    changed = await uow.session.execute(
        update(item).where(item.c.id == item_id, item.c.version == version).values(name=body.name, version=version + 1)
    )
    if changed.rowcount == 0:  # type: ignore[attr-defined]  # a cursor result
        raise VersionMismatchError
    response.headers["ETag"] = etag(version + 1)
    return Item(id=item_id, name=body.name)


@router.get("/boom")
@public
async def boom() -> None:
    raise ValueError("Иванов 112-233-445 95")


@router.get("/taken")
@public
async def taken() -> None:
    raise NameTakenError


@router.post("/work", status_code=202, response_model=runs.Run)
async def work(principal: Manager, uow: Uow, runtime: CurrentRuntime, once: CreateOnce) -> JSONResponse:
    async def queue() -> runs.Run:
        return await runs.start(uow, principal, "work", {"steps": 3})

    return await runs.answer_queued(once, runtime, "/runs", queue)


class Recorder:
    """Stores what it receives; can be told to fail."""

    failures: ClassVar[dict[UUID, list[Exception]]] = {}
    batches: ClassVar[list[int]] = []

    @classmethod
    async def on_movement(cls, uow: UnitOfWork, received: Sequence[Received[MovementRecorded]]) -> None:
        cls.batches.append(len(received))
        for message in received:
            if message.event.movement_id == UUID(os.environ.get("KIT_SAMPLE_POISON", str(UUID(int=0)))):
                os._exit(9)
            planned = cls.failures.get(message.event.movement_id)
            if planned:
                raise planned.pop(0)
        await uow.session.execute(insert(seen), [{"id": message.event.movement_id} for message in received])


async def do_work(context: RunContext) -> None:
    steps = context.params["steps"]
    for step in range(steps):
        await context.progress(step + 1, steps)
        await asyncio.sleep(0)
    async with context.runtime.uow() as uow:
        await context.succeed(uow, {"steps": steps})


async def do_fail(_context: RunContext) -> None:
    raise NameTakenError


MOVEMENTS = Queue(Service.JOURNAL, "movements", (MovementRecorded,))
PRODUCER = ServiceDefinition(
    service=Service.CORE,
    package="kit_sample",
    title="Образец",
    topology=Topology(Service.CORE),
    routers=[router],
    runs={"work": do_work, "fail": do_fail},
)
CONSUMER = ServiceDefinition(
    service=Service.JOURNAL,
    package="kit_sample",
    title="Образец читателя",
    topology=Topology(Service.JOURNAL, (MOVEMENTS,)),
    routers=[],
    handlers={"movements": Handlers().on(MovementRecorded, Recorder.on_movement)},
)
