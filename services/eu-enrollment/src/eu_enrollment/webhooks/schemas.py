"""Bodies of webhooks."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from eu_enrollment.portal.schemas import ChangeOut
from eu_enrollment.webhooks.model import DeliveryState, DisabledReason, WebhookState
from servicekit.http import Body

Url = Annotated[str, StringConstraints(max_length=500, pattern=r"^https?://[!-~]+$")]


class WebhookIn(Body):
    """Where to send notices."""

    url: Url


class WebhookEdit(WebhookIn):
    """The same, and whether they are sent."""

    state: WebhookState


class WebhookOut(BaseModel):
    """A subscription. ``failing_since``: nothing was taken since; ``old_secret_until``: until then both secrets sign."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    url: str
    version: int
    state: WebhookState
    disabled_reason: DisabledReason | None
    failing_since: datetime | None
    old_secret_until: datetime | None
    created_at: datetime


class WebhookMade(WebhookOut):
    """A new subscription; ``secret`` (``whsec_…``) is shown once, a repeated request is answered without it."""

    secret: str | None


class SecretOut(BaseModel):
    """The new secret, shown once; notices are signed with both until ``old_secret_until``."""

    secret: str
    old_secret_until: datetime


class Notice(BaseModel):
    """The body of a notice (Standard Webhooks 1.0): one line of the feed. ``timestamp`` is when it happened."""

    type: Literal["application.status", "webhook.test"]
    timestamp: datetime
    data: ChangeOut | None


class TrialOut(BaseModel):
    """How the address took a trial notice: its answer, or why it could not be asked."""

    delivered: bool
    status: int | None
    error: str | None


class DeliveryOut(BaseModel):
    """A notice and how it stands; ``id`` is its ``webhook-id``."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    application_id: UUID
    status_seq: int
    state: DeliveryState
    attempts: int
    next_at: datetime
    last_status: int | None
    last_error: str | None
    created_at: datetime
