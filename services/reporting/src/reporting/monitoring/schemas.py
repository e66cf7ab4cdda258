"""Indicators as their readers see them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, PlainSerializer

from reporting.monitoring.definition import Better, Dimension, Holder, Indicator, Unit
from reporting.monitoring.publishing import Published
from reporting.monitoring.service import Spread
from servicekit.http import Body, LongText

Number = Annotated[Decimal, PlainSerializer(float, return_type=float)]


class ThresholdOut(BaseModel):
    """Below ``low`` or above ``high`` there is an alert, if the value is about ``people`` at least."""

    low: Number | None
    high: Number | None
    people: int


class IndicatorOut(BaseModel):
    """A declared indicator. ``by``: sets of dimensions it is counted by beside the whole; thresholds are of ``alert_by``."""

    code: str
    version: int
    title: str
    formula: str
    facts: str
    unit: Unit
    better: Better
    by: list[list[Dimension]]
    alert_by: list[Dimension]
    thresholds: dict[Holder, ThresholdOut]
    public: bool

    @classmethod
    def of(cls, declared: Indicator) -> "IndicatorOut":
        """What the catalogue says of it."""
        return cls.model_validate(declared, from_attributes=True)


class PeriodOut(BaseModel):
    """A period an indicator was counted for; both days are included."""

    period: str
    title: str
    first_day: date
    last_day: date

    @classmethod
    def of(cls, row: Any) -> "PeriodOut":
        """From a row of the counts."""
        return cls.model_validate(row, from_attributes=True)


class PartOut(BaseModel):
    """Of what part a value is; empty ones are not split by."""

    subject: str | None
    grade: int | None
    group_id: UUID | None


class OrganizationValue(PartOut):
    """A value of an organization. ``people`` are those it is about, at least."""

    organization_id: UUID
    short_name: str
    municipality: str
    period: str
    value: Number
    people: int


class MunicipalityValue(PartOut):
    """A value of a municipality (ОКТМО)."""

    municipality: str
    period: str
    value: Number
    people: int


class PartValue(PartOut):
    """A value of a part of a unit."""

    id: int
    period: str
    value: Number
    people: int


class ValueOut(BaseModel):
    """A value as it was counted. An empty one: nothing is left to be counted. A later ``revision`` stands instead of an earlier one."""

    id: int
    period: str
    title: str
    revision: int
    value: Number | None
    numerator: Number | None
    denominator: Number | None
    people: int
    version: int
    counted_at: datetime
    log_position: int


class SpreadOut(BaseModel):
    """How the values of similar organizations lie.

    ``percentile``: how many of a hundred are not better; ``quarter`` 1 is the best, or the lowest where neither more nor less is better.
    """

    size: int
    lower: Number
    median: Number
    upper: Number
    percentile: int | None
    quarter: int

    @classmethod
    def of(cls, found: Spread) -> "SpreadOut":
        """As it was found."""
        return cls.model_validate(found, from_attributes=True)


class Comparison(BaseModel):
    """An organization among similar ones, which are not named. Without ``spread`` there are too few of them."""

    indicator: str
    period: PeriodOut
    value: Number
    peers: str | None
    spread: SpreadOut | None


class AlertOut(PartOut):
    """An alert; ``municipality`` alone: of a municipality, neither: of the region. ``value`` is the one it was last judged by."""

    id: UUID
    indicator: str
    title: str
    organization_id: UUID | None
    short_name: str | None
    municipality: str | None
    period: str
    value: Number | None
    opened_at: datetime
    acknowledged_at: datetime | None
    closed_at: datetime | None
    version: int


class StepOut(BaseModel):
    """What became of an alert: by which value and threshold, or what was said by which account."""

    at: datetime
    kind: Literal["opened", "changed", "acknowledged", "closed"]
    period: str
    value: Number | None
    low: Number | None
    high: Number | None
    by: str | None
    words: str | None


class AlertWithSteps(AlertOut):
    """With all that became of it, the first one first."""

    steps: list[StepOut]


class Answer(Body):
    """What is done about it."""

    words: LongText


class ClassQuality(BaseModel):
    """A class or group."""

    group_id: UUID
    name: str | None
    grade: int | None
    value: Number


class PublicIndicator(BaseModel):
    """A value anybody may read, beside those of the municipality and the region; classes of fewer than five are not shown.

    Nor are municipality and region where they would tell of fewer beside what is shown.
    """

    code: str
    title: str
    formula: str
    unit: Unit
    better: Better
    period: PeriodOut
    value: Number
    municipality: Number | None
    region: Number | None
    classes: list[ClassQuality]

    @classmethod
    def of(cls, found: Published) -> "PublicIndicator":
        """As it was found."""
        return cls(
            code=found.indicator.code,
            title=found.indicator.title,
            formula=found.indicator.formula,
            unit=found.indicator.unit,
            better=found.indicator.better,
            period=PeriodOut.of(found.value),
            value=found.value.value,
            municipality=found.municipality.value if found.municipality else None,
            region=found.region.value if found.region else None,
            classes=[
                ClassQuality(
                    group_id=one.group_id, name=found.names.get(one.group_id), grade=one.grade, value=one.value
                )
                for one in found.classes
            ],
        )


class PublicQuality(BaseModel):
    """What anybody may read of an organization's quality of education."""

    organization_id: UUID
    items: list[PublicIndicator]
