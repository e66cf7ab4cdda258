"""What a user asks for, as a client sends it and a saved report keeps it."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from reporting.builds.schemas import Oktmo
from reporting.constructor.conditions import Name, Where
from reporting.days import Day, Instant
from servicekit.http import Body

MOST_ROWS = 1000


class Unit(Body):
    """Whose facts: of one organization, of one municipality, or of the region."""

    organization_id: UUID | None = None
    municipality: Oktmo | None = None
    region: bool = False


class Measure(Body):
    """What a cell says.

    ``count``: facts; ``distinct``: what ``field`` names, each once; ``sum`` and ``mean`` of a number; ``share``: the count in percent
    of that of the row, of the column or of everything.
    """

    kind: Literal["count", "distinct", "sum", "mean", "share"]
    field: Name | None = None
    of: Literal["total", "row", "column"] | None = None


class Order(Body):
    """Rows in order of a measure (by its number from 0) over the whole row, or, without it, of what they are."""

    measure: Annotated[int, Field(ge=0, le=4)] | None = None
    descending: bool = False


class View(Body):
    """How the answer is laid out; ``chart`` is the kind of a chart."""

    kind: Literal["table", "pivot", "chart"] = "table"
    chart: Literal["bar", "line", "pie"] = "bar"


class Query(Body):
    """Facts of a unit as of a day, counted by rows and columns.

    Without ``unit``: the asker's own one; without ``as_of``: today. ``since`` begins the period of data that have one (1 September
    by default). ``known_at`` believes only what was recorded by that instant.
    """

    dataset: Name
    rows: Annotated[tuple[Name, ...], Field(max_length=3)] = ()
    columns: Annotated[tuple[Name, ...], Field(max_length=2)] = ()
    measures: Annotated[tuple[Measure, ...], Field(min_length=1, max_length=5)] = (Measure(kind="count"),)
    where: Where | None = None
    unit: Unit | None = None
    since: Day | None = None
    as_of: Day | None = None
    known_at: Instant | None = None
    totals: bool = True
    order: Order = Order()
    limit: Annotated[int, Field(ge=1, le=MOST_ROWS)] = MOST_ROWS
    view: View = View()
