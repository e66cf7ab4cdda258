"""Bodies of actions over many applications."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from eu_enrollment.applications.stated import Day
from eu_enrollment.lifecycle.schemas import Ground
from eu_enrollment.worklists.schemas import Filters
from servicekit.http import Body, Text

MOST = 500
"""Applications in one action."""


class BulkIn(Body):
    """An action over named applications, or over a queue or the register as filtered.

    ``note`` goes to the history, without personal data; ``due_on`` is a new last day, ``ground`` a code of the rules, where the
    action takes one.
    """

    action: str = Field(max_length=40)
    applications: list[UUID] | None = Field(default=None, min_length=1, max_length=MOST)
    queue: str | None = Field(default=None, max_length=40)
    filters: Filters | None = None
    note: Text | None = None
    due_on: Day | None = None
    ground: Ground | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.applications is None) == (self.queue is None and self.filters is None):
            raise PydanticCustomError("bulk.choice", "Укажите либо заявления, либо очередь или отбор")
        return self


class BulkRunIn(Body):
    """What was shown is carried out as it was shown."""


class BulkItemOut(BaseModel):
    """What would become, and what has become, of one application: ``code`` and ``title`` say why it is refused."""

    model_config = ConfigDict(from_attributes=True)

    application_id: UUID
    number: str
    version: int
    allowed: bool
    done: bool | None
    code: str | None
    title: str | None


class BulkOut(BaseModel):
    """An action as shown: ``id`` is the token to carry it out by; ``run_id`` is set once that has begun."""

    id: UUID
    campaign_id: UUID
    action: str
    action_title: str
    shown_at: datetime
    run_id: UUID | None
    total: int
    allowed: int
    done: int
    items: list[BulkItemOut]


class ActionOut(BaseModel):
    """An action the caller may take over many applications."""

    name: str
    title: str
    needs: list[str]
