"""Bundles over HTTP."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from reporting.builds.schemas import FormCode, Oktmo
from reporting.bundles.service import LIFE
from reporting.days import Day
from servicekit.http import Body

BundleFormat = Literal["xlsx", "pdf", "csv", "xml"]


class BundleRequest(Body):
    """Reports to take out at once: of a form as of a day, of a municipality's organizations or, without it, of the region's."""

    form: FormCode
    as_of: Day
    municipality: Oktmo | None = None
    formats: Annotated[list[BundleFormat], Field(min_length=1, max_length=4)]


class BundleOut(BaseModel):
    """A bundle: ``done`` of ``files`` are made; the archive (ZIP) can be taken while ``ready``, until ``expires_at``, by who ordered it."""

    id: UUID
    form: str
    as_of: date
    municipality: str | None
    formats: list[str]
    files: int
    done: int
    state: Literal["making", "ready", "failed", "expired"]
    ordered_at: datetime
    ready_at: datetime | None
    expires_at: datetime | None
    sha256: str | None
    size: int | None
    failure: str | None

    @classmethod
    def of(cls, row: Any, now: datetime) -> "BundleOut":
        """From the table's row."""
        ends = None if row.ready_at is None else row.ready_at + LIFE
        state = "making" if row.failed_at is None else "failed"
        if ends is not None:
            state = "ready" if now < ends else "expired"
        own = {name: getattr(row, name) for name in cls.model_fields if name not in {"state", "expires_at"}}
        return cls.model_validate({**own, "state": state, "expires_at": ends})
