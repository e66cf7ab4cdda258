"""How the ingest stands, over HTTP."""

from datetime import datetime

from pydantic import BaseModel, Field


class TypeState(BaseModel):
    """An event type that reporting reads. What never came has no instants."""

    type: str
    producer: str
    queue: str
    events: int
    last_occurred_at: datetime | None = Field(description="Когда записано последнее событие у источника")
    last_received_at: datetime | None = Field(description="Когда пришло последнее")
    lag_seconds: float | None = Field(description="Сколько шло самое медленное из последних, секунд")
    silence_seconds: float | None = Field(description="Сколько прошло с последнего, секунд")


class Gap(BaseModel):
    """Objects that facts name and no event has told of."""

    kind: str
    title: str
    missing: int
    measured_at: datetime


class IngestState(BaseModel):
    """How the ingest stands."""

    types: list[TypeState]
    gaps: list[Gap]
