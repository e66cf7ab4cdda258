"""What the declaration of an indicator says."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from reporting.facts.measures import Measured

IndicatorCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
Text = Annotated[str, StringConstraints(min_length=1)]
Dimension = Literal["subject", "grade", "group_id"]
Unit = Literal["percent", "points", "children"]
Better = Literal["more", "less", "neither"]
Holder = Literal["school", "preschool", "additional", "municipality", "region"]
"""Whose threshold it is: of a kind of organization, or of the whole of a territory."""

DIMENSIONS: tuple[Dimension, ...] = ("subject", "grade", "group_id")


class Part(BaseModel):
    """A piece of a declaration: frozen, and strict about words it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Ratio(Part):
    """A sum of measures with their weights, for each one of another."""

    of: Mapping[str, Decimal] = Field(min_length=1)
    to: Mapping[str, Decimal] = Field(min_length=1)

    @property
    def measures(self) -> frozenset[str]:
        """Measures it names."""
        return frozenset({*self.of, *self.to})


class Threshold(Part):
    """Below ``low`` or above ``high`` there is an alert, if the value is about ``people`` at least."""

    low: Decimal | None = None
    high: Decimal | None = None
    people: int = Field(default=1, ge=1)

    def crossed(self, value: Decimal | None, people: int) -> bool:
        """Whether a value calls for an alert; nothing does not."""
        if value is None or people < self.people:
            return False
        return (self.low is not None and value < self.low) or (self.high is not None and value > self.high)


class Indicator(Part):
    """An indicator: ``of`` for each one of ``to``, less ``minus``, over the rows of ``source`` that ``where`` lets through.

    ``where`` lists the values a field may have. Values are counted whole and once more for each set of dimensions in ``by``; thresholds
    are of whole values or, with ``alert_by``, of those of that set. A change of what is counted is a new ``version``.
    """

    code: IndicatorCode
    version: int = Field(ge=1)
    title: Text
    formula: Text
    facts: Text
    unit: Unit
    better: Better
    source: str
    where: Mapping[str, tuple[str | int | bool, ...]] = Field(default_factory=dict)
    of: Mapping[str, Decimal] = Field(min_length=1)
    to: Mapping[str, Decimal] = Field(min_length=1)
    minus: Ratio | None = None
    by: tuple[tuple[Dimension, ...], ...] = ()
    alert_by: tuple[Dimension, ...] = ()
    thresholds: Mapping[Holder, Threshold] = Field(default_factory=dict)
    public: bool = False

    @property
    def ratio(self) -> Ratio:
        """What it is before anything is taken away."""
        return Ratio(of=self.of, to=self.to)

    @cached_property
    def digest(self) -> str:
        """Of what decides its values, and of nothing else."""
        counted = self.model_dump_json(include={"code", "source", "where", "of", "to", "minus", "by"})
        return sha256(counted.encode()).hexdigest()

    def complaints(self, source: Measured | None) -> Iterator[str]:
        """What is wrong with it over its source; nothing if it can be counted."""
        if source is None:
            yield f"{self.code}: unknown source {self.source}"
            return
        named = self.ratio.measures | (self.minus.measures if self.minus else frozenset())
        yield from (f"{self.code}: {self.source} has no measure {one}" for one in sorted(named - source.measures))
        yield from (
            f"{self.code}: {self.source} has no field {one}" for one in sorted(self.where.keys() - source.fields)
        )
        split = {one for together in self.by for one in together}
        yield from (f"{self.code}: {self.source} has no dimension {one}" for one in sorted(split - source.dimensions))
        if self.alert_by and self.alert_by not in self.by:
            yield f"{self.code}: alerts by what it is not counted by"
        for holder, one in self.thresholds.items():
            if (one.low is None) == (one.high is None) and self.better != "neither":
                yield f"{self.code}: the threshold of {holder} needs one bound"
            if (self.better == "more" and one.high is not None) or (self.better == "less" and one.low is not None):
                yield f"{self.code}: the threshold of {holder} is on the better side"
