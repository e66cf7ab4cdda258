"""HTTP shapes of exports."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from servicekit.http import Body, Line, Text
from sgo_core.catalogue.values import Day

State = Literal["waiting", "declined", "making", "ready", "failed", "expired"]
Format = Literal["xlsx", "csv", "zip"]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,60}$")]


class ItemOut(Body):
    """A column that may be chosen (some fields fill several); ``masked``: it is shown in part."""

    name: str
    titles: list[str]
    masked: bool


class ExportKindOut(Body):
    """A kind of table, and what the caller may choose of it."""

    name: str
    title: str
    items: list[ItemOut]


class ExportKindsOut(Body):
    """Kinds of exports."""

    items: list[ExportKindOut]


class ExportIn(Body):
    """What to take out, and what for. Without an organization: of all that the caller sees; without fields: all columns.

    ``whole`` is everything of one organization in a ZIP.
    """

    kind: Annotated[Line, Field(max_length=40)]
    format: Format = "xlsx"
    organization_id: UUID | None = None
    day: Annotated[Day | None, Field(title="На какой день")] = None
    fields: Annotated[list[Name], Field(max_length=200)] = Field(default_factory=list)
    purpose: Annotated[Text, Field(title="Цель выгрузки", min_length=10)]


class DecisionIn(Body):
    """Whether another's export may be made."""

    approved: bool


class ExportOut(Body):
    """An export. ``done`` is the progress of its run in rows; the file can be taken while ``ready``, by its author."""

    id: UUID
    kind: str
    format: Format
    organization_id: UUID | None
    day: date
    fields: list[str]
    purpose: str
    account_id: str
    own: bool
    subjects: int
    state: State
    ordered_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    run_id: UUID | None
    ready_at: datetime | None
    rows: int | None
    sha256: str | None
    downloads: int
