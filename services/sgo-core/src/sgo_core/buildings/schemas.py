"""HTTP shapes of buildings."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, PlainSerializer

from servicekit.http import ABSENT, Body, Line, Text
from sgo_core.catalogue.values import Address, Day

Purpose = Literal["academic", "preschool", "boarding", "sport", "canteen", "workshop", "administrative", "other"]
Tenure = Literal["operational", "own", "rent", "free_use"]
Accessibility = Literal["full", "partial", "none"]
Area = Annotated[
    Decimal,
    Field(gt=0, le=Decimal(1_000_000), max_digits=9, decimal_places=2, description="Общая площадь, м²"),
    PlainSerializer(lambda area: f"{area:.2f}", return_type=str, when_used="json"),
]
Places = Annotated[int, Field(ge=1, le=10_000, description="Проектная мощность, мест")]
BuiltIn = Annotated[int, Field(ge=1600, le=2100, description="Год постройки")]


class BuildingIn(Body):
    """A building to enter. A rented one, or one in free use, names the contract."""

    name: Line
    purpose: Purpose
    address: Address
    area: Area | None = None
    capacity: Places | None = None
    built_in: BuiltIn | None = None
    tenure: Tenure
    tenure_document: Line | None = None
    accessibility: Accessibility | None = None
    lessons: bool = True
    used_from: Day


class BuildingPatch(Body):
    """What to change, and why; what is absent stays. ``used_to`` ends the use."""

    reason: Text
    name: Line = ABSENT
    purpose: Purpose = ABSENT
    address: Address = ABSENT
    area: Area | None = ABSENT
    capacity: Places | None = ABSENT
    built_in: BuiltIn | None = ABSENT
    tenure: Tenure = ABSENT
    tenure_document: Line | None = ABSENT
    accessibility: Accessibility | None = ABSENT
    lessons: bool = ABSENT
    used_from: Day = ABSENT
    used_to: Day | None = ABSENT


class BuildingOut(Body):
    """A building; ``version`` is null as of a past instant."""

    id: UUID
    organization_id: UUID
    name: str
    purpose: Purpose
    address: Address
    area: Area | None
    capacity: int | None
    built_in: int | None
    tenure: Tenure
    tenure_document: str | None
    accessibility: Accessibility | None
    lessons: bool
    used_from: date
    used_to: date | None
    version: int | None
