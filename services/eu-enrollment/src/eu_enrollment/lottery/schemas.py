"""Bodies of the lots."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class LotteryOut(BaseModel):
    """The lots of a campaign. ``commitment`` is the SHA-256 of ``seed``, which is published once the lots are drawn."""

    model_config = ConfigDict(from_attributes=True)

    campaign_id: UUID
    commitment: str
    committed_at: datetime
    beacon: str | None
    outcome: str | None
    seed: str | None
    drawn_at: datetime | None
