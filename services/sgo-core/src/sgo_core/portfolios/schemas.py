"""HTTP shapes of portfolios."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from servicekit.http import ABSENT, Body, Line, Text
from sgo_core.catalogue.definition import CATALOGUE
from sgo_core.catalogue.values import Day

Section = Annotated[
    Literal["about", "works", "projects", "reviews", "documents", "plans", "other"],
    Field(
        title="Раздел",
        json_schema_extra=CATALOGUE.records["portfolio_entry"].titles("section"),
    ),
]
Link = Annotated[Line, StringConstraints(pattern=r"^https?://\S+$", max_length=500)]


class EntryIn(Body):
    """An entry; ``shared`` lets the staff of the organization see it."""

    section: Section
    title: Line
    text: Text | None = None
    link: Link | None = None
    dated_on: Day | None = None
    shared: bool = False


class EntryPatch(Body):
    """What changes; ``removed`` takes the entry out, its history stays."""

    section: Section = ABSENT
    title: Line = ABSENT
    text: Text | None = ABSENT
    link: Link | None = ABSENT
    dated_on: Day | None = ABSENT
    shared: bool = ABSENT
    removed: bool = ABSENT


class EntryOut(EntryIn):
    """An entry of a portfolio."""

    id: UUID
    version: int
