"""Bodies of the portal's exchange: only what the service to a family needs (regulation 4.2), no names."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from asu_contracts.enrollment import ApplicationStatus
from servicekit.http import Body

MOST_AT_ONCE = 500
Number = Annotated[str, StringConstraints(pattern=r"^[0-9]{5}-[0-9]{4}-[0-9]{8,12}$")]
Key = Annotated[str, StringConstraints(min_length=8, max_length=100, pattern=r"^[0-9A-Za-z._:-]+$")]
Cursor = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,9}\.[0-9]{1,18}\.[0-9]{1,18}$")]


class StatusesIn(Body):
    """Applications to tell the status of.

    By id, by number, by the caller's own id of those it sent (``external_id``), by the key (``Idempotency-Key``) it sent them under.
    """

    ids: list[UUID] = Field(default_factory=list, max_length=MOST_AT_ONCE)
    numbers: list[Number] = Field(default_factory=list, max_length=MOST_AT_ONCE)
    external_ids: list[UUID] = Field(default_factory=list, max_length=MOST_AT_ONCE)
    keys: list[Key] = Field(default_factory=list, max_length=MOST_AT_ONCE)

    @model_validator(mode="after")
    def _not_too_many(self) -> Self:
        named = len(self.ids) + len(self.numbers) + len(self.external_ids) + len(self.keys)
        if not 0 < named <= MOST_AT_ONCE:
            raise PydanticCustomError("statuses.count", "Назовите от 1 до 500 заявлений")
        return self


class StatusOut(BaseModel):
    """How an application stands. ``status_seq`` grows with every step; ``keys`` are those asked for that name it.

    ``answer_by`` is the last day for the family to act where it is its turn, else null.
    """

    application_id: UUID
    external_id: UUID
    number: str
    status_seq: int
    at: datetime
    status: ApplicationStatus
    status_title: str
    portal_code: str | None
    organization_id: UUID | None
    answer_by: date | None
    keys: list[str]


class UnknownOut(BaseModel):
    """What was asked for and names nothing that the caller sees: it is not there, or is another's."""

    ids: list[UUID]
    numbers: list[str]
    external_ids: list[UUID]
    keys: list[str]


class StatusesOut(BaseModel):
    """Statuses of those of the named applications that the caller sees; the rest of what was named is ``unknown``."""

    items: list[StatusOut]
    unknown: UnknownOut


class ChangeOut(BaseModel):
    """One step of an application: a later one has a greater ``status_seq``.

    ``answer_by`` is the last day for the family to act where after the step it is its turn, else null.
    """

    application_id: UUID
    external_id: UUID
    number: str
    status_seq: int
    at: datetime
    status: ApplicationStatus
    status_title: str
    portal_code: str | None
    reason: str
    reason_title: str
    answer_by: date | None


class ChangesOut(BaseModel):
    """Steps after a cursor; ``cursor`` is where to go on from, kept even when nothing came; ``more``: ask again at once."""

    items: list[ChangeOut]
    cursor: str
    more: bool
