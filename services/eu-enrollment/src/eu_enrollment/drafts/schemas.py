"""Bodies of drafts."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from servicekit.http import Body
from servicekit.http.problems import FieldProblem


class DraftState(StrEnum):
    """How far a draft is: with remarks, ready to be sent, sent."""

    REMARKS = "remarks"
    READY = "ready"
    SENT = "sent"


class DraftIn(BaseModel):
    """The body of an application (``POST /applications``) as far as it is filled in; whatever is wrong becomes a remark."""

    model_config = ConfigDict(extra="allow", frozen=True, hide_input_in_errors=True)

    campaign_id: UUID


class SendIn(Body):
    """Which version of the draft is sent: the one the family has seen."""

    version: int = Field(ge=1, le=999_999_999)


class DraftOut(BaseModel):
    """A draft without what is written in it. ``application_id`` is set once it is sent."""

    id: UUID
    campaign_id: UUID
    version: int
    state: DraftState
    remarks: list[FieldProblem]
    application_id: UUID | None
    created_at: datetime
    changed_at: datetime


class DraftCard(DraftOut):
    """A draft with its body, as it was sent in."""

    body: dict[str, Any]
