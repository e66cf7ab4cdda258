"""How the ingest stands, over HTTP."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter
from sqlalchemy import Row

from reporting.topology import TOPOLOGY
from reporting.watch import policies, service
from reporting.watch.schemas import Gap, IngestState, TypeState
from servicekit.http import Uow, allow
from servicekit.security import Principal

router = APIRouter(tags=["ingest"])

_GAPS = {
    "learner": "Обучающиеся, о которых известно движение и неизвестны сведения для форм",
    "group": "Классы и группы, в которые зачисляли и о которых не сообщено",
    "organization": "Организации, о которых не сообщено",
}


@router.get("/ingest/state")
async def get_ingest_state(_principal: Annotated[Principal, allow(policies.INGEST_READ)], uow: Uow) -> IngestState:
    """Приём событий: отставание и молчание по типам, недостающие объекты."""
    found = await service.state(uow)
    known = {row.type: row for row in found.types}
    return IngestState(
        types=[
            _state(event.type, event.producer().value, queue.name, known.get(event.type), uow.now)
            for queue in TOPOLOGY.queues
            for event in queue.reads
        ],
        gaps=[
            Gap(kind=row.kind, title=_GAPS[row.kind], missing=row.missing, measured_at=row.measured_at)
            for row in found.gaps
        ],
    )


def _state(kind: str, producer: str, queue: str, row: Row[Any] | None, now: datetime) -> TypeState:
    if row is None:
        nothing = {"last_occurred_at": None, "last_received_at": None, "lag_seconds": None, "silence_seconds": None}
        return TypeState(type=kind, producer=producer, queue=queue, events=0, **nothing)
    return TypeState(
        type=kind,
        producer=producer,
        queue=queue,
        events=row.events,
        last_occurred_at=row.last_occurred_at,
        last_received_at=row.last_received_at,
        lag_seconds=row.lag_seconds,
        silence_seconds=(now - row.last_received_at).total_seconds(),
    )
