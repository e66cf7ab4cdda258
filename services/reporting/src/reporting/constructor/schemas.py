"""The semantic layer and saved reports over HTTP."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from reporting.constructor.answers import Answer, Head
from reporting.constructor.query import Query
from reporting.constructor.semantics import Dataset, Dimension
from servicekit.http import Body, Line
from servicekit.security import Principal


class DimensionOut(BaseModel):
    """``kind``: `integer`, `string` or `boolean`. ``values``: all there are, empty where new ones come. ``health``: said of health."""

    name: str
    title: str
    kind: str
    values: list[Head]
    health: bool

    @classmethod
    def of(cls, one: Dimension) -> "DimensionOut":
        """From the semantic layer."""
        kinds: dict[type, str] = {int: "integer", str: "string", bool: "boolean"}
        values = [Head(value=value, title=one.shown(value)) for value in one.values]
        return cls(name=one.name, title=one.title, kind=kinds[one.kind], values=values, health=one.health)


class Named(BaseModel):
    """A field of a measure with its title; ``sum``: it may be summed up."""

    name: str
    title: str
    sum: bool = False


class DatasetOut(BaseModel):
    """What may be counted: by which dimensions, what once each (``keys``), which numbers; ``period``: over days, not as of one."""

    name: str
    title: str
    dimensions: list[DimensionOut]
    keys: list[Named]
    numbers: list[Named]
    period: bool
    published: bool

    @classmethod
    def of(cls, one: Dataset) -> "DatasetOut":
        """From the semantic layer."""
        return cls(
            name=one.name,
            title=one.title,
            dimensions=[DimensionOut.of(dimension) for dimension in one.dimensions.values()],
            keys=[Named(name=name, title=title) for name, title in one.keys.items()],
            numbers=[Named(name=name, title=one.number_title(name), sum=sums) for name, sums in one.numbers.items()],
            period=one.period,
            published=one.published,
        )


class DatasetsOut(BaseModel):
    """The semantic layer as far as the caller's role counts by it."""

    items: list[DatasetOut]


class SavedReportIn(Body):
    """A report to keep; ``shared`` with those who work in the same organization or body."""

    title: Line
    shared: bool = False
    query: Query


class Publication(BaseModel):
    """Where everybody reads the report, and which version of it."""

    id: UUID
    version: int
    published_at: datetime


class SavedReport(BaseModel):
    """A saved report; ``mine``: the caller may edit and delete it."""

    id: UUID
    title: str
    shared: bool
    mine: bool
    version: int
    saved_at: datetime
    query: Query
    publication: Publication | None

    @classmethod
    def of(cls, row: Any, principal: Principal) -> "SavedReport":
        """From the table's row."""
        publication = None
        if row.publication_id is not None:
            publication = Publication(
                id=row.publication_id, version=row.published_version, published_at=row.published_at
            )
        return cls(
            id=row.id,
            title=row.title,
            shared=row.shared,
            mine=row.account_id == principal.account_id,
            version=row.version,
            saved_at=row.saved_at,
            query=Query.model_validate(row.query),
            publication=publication,
        )


class PublicReport(BaseModel):
    """A published report: the answer as it was, small counts hidden."""

    id: UUID
    title: str
    published_at: datetime
    answer: Answer
