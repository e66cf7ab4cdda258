"""HTTP shapes of achievements."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from servicekit.http import ABSENT, Body, Line, Text
from sgo_core.catalogue.definition import CATALOGUE
from sgo_core.catalogue.values import Day

OwnerKind = Literal["student", "worker"]
Kind = Literal["olympiad", "contest", "sport", "conference", "club", "volunteering", "award", "other"]
Level = Literal["organization", "municipality", "region", "country", "international"]
Result = Literal["winner", "prizewinner", "finalist", "participant"]
State = Literal["stated", "confirmed", "refused", "withdrawn"]
Place = Annotated[int, Field(ge=1, le=1000, title="Место")]

_titles = CATALOGUE.records["achievement"].titles


class AchievementIn(Body):
    """What was achieved, where, when, on what level and with what result; ``document`` names the diploma."""

    kind: Annotated[Kind, Field(json_schema_extra=_titles("kind"))]
    title: Text
    level: Annotated[Level, Field(json_schema_extra=_titles("level"))]
    result: Annotated[Result, Field(json_schema_extra=_titles("result"))] = "participant"
    place: Place | None = None
    subject: Line | None = None
    organizer: Line | None = None
    held_on: Day
    document: Line | None = None


class AchievementPatch(Body):
    """What changes, and why. A family's or a worker's own change has to be confirmed again."""

    reason: Text
    kind: Kind = ABSENT
    title: Text = ABSENT
    level: Level = ABSENT
    result: Result = ABSENT
    place: Place | None = ABSENT
    subject: Line | None = ABSENT
    organizer: Line | None = ABSENT
    held_on: Day = ABSENT
    document: Line | None = ABSENT
    withdrawn: Annotated[bool, Field(description="Отозвать запись: она остаётся в истории")] = ABSENT


class DecisionIn(Body):
    """Whether a stated achievement is true; a refusal says why not."""

    decision: Literal["confirmed", "refused"]
    remark: Text | None = None


class AchievementOut(AchievementIn):
    """An achievement and what was decided of it."""

    id: UUID
    owner_kind: OwnerKind
    owner_id: UUID
    state: State
    remark: str | None
    version: int


class CountOut(Body):
    """Confirmed achievements of an organization's students or workers of a kind, level and result."""

    owner_kind: OwnerKind
    kind: Kind
    level: Level
    result: Result
    achievements: int
    people: int


class CountsOut(Body):
    """Counts over a span of days, both included."""

    first: date
    last: date
    items: list[CountOut]
