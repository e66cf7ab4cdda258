"""HTTP shapes of the quality of data."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from servicekit.http import ABSENT, Body, Text
from sgo_core.cards.schemas import Values
from sgo_core.quality.rules import RuleKind

Kind = Literal["organization", "worker", "student", "guardian"]
Share = Annotated[
    float | None,
    Field(
        title="Доля заполненных обязательных полей, %",
        description="Без полей, на которые нет согласия; пусто, когда полей нет",
    ),
]


class CardQualityOut(Body):
    """How whole the cards of a kind are: numbers of cards and of mandatory fields."""

    card_kind: Kind
    cards: int
    mandatory: int
    missing: Annotated[int, Field(title="Не заполнено")]
    overdue: Annotated[int, Field(title="Из них с истёкшим сроком")]
    without_ground: Annotated[int, Field(title="Нет согласия")]
    share: Share


class MeasureOut(CardQualityOut):
    """A day's measure of an organization's cards of a kind; issues are the unexplained ones by kind of rule."""

    measured_on: date
    issues: dict[RuleKind, int]


class FieldGapOut(Body):
    """A field that is empty on some cards: on how many, since when the oldest."""

    card_kind: Kind
    field: str
    title: str
    cards: int
    without_ground: int
    since: date


class DutyOut(Body):
    """Who answers for the cards of a kind, and in how many working days a gap is to be filled; version 0: by default."""

    card_kind: Kind
    role: str
    worker_id: UUID | None
    term_days: int
    version: int


class DutiesOut(Body):
    """Duties for every kind of card."""

    items: list[DutyOut]


class DutyPatch(Body):
    """Whom to appoint, and the term in working days."""

    reason: Text
    role: Literal["head", "coordinator", "organization_admin", "secretary"] = ABSENT
    worker_id: UUID | None = ABSENT
    term_days: Annotated[int, Field(ge=1, le=60)] = ABSENT


class QualityOut(Body):
    """An organization's standing: measures by kind of card, gaps by field, duties, the last confirmation."""

    organization_id: UUID
    measured_on: date
    confirmed_on: date | None
    cards: list[MeasureOut]
    fields: list[FieldGapOut]
    duties: list[DutyOut]


class OrganizationQualityOut(Body):
    """An organization in the list of a body or of its own."""

    organization_id: UUID
    short_name: str
    measured_on: date
    confirmed_on: date | None
    cards: list[MeasureOut]


class SumOut(CardQualityOut):
    """Organizations of a municipality, or of all one sees (null), together."""

    municipality: str | None
    organizations: int


class SumsOut(Body):
    """Sums by municipality and in all."""

    items: list[SumOut]


class GroupQualityOut(Body):
    """Cards of a class's (group's) students."""

    group_id: UUID
    name: str
    cards: int
    mandatory: int
    missing: int
    without_ground: int
    share: Share


class GroupsQualityOut(Body):
    """All classes and groups with students today."""

    items: list[GroupQualityOut]


class GapOut(Body):
    """An empty field of a card: since when, by when to be filled (null: there is no consent to it), is it overdue."""

    field: str
    title: str
    since: date
    due_on: date | None
    overdue: bool


class CardGapsOut(Body):
    """A card with empty mandatory fields, and who answers for it."""

    card_id: UUID
    values: Values
    gaps: list[GapOut]
    responsible: DutyOut


class IssueOut(Body):
    """A card that a rule finds fault with, and why its values are right all the same, if somebody has said so.

    To a reader for whom the fields that the rule looks into are masked it is not told why.
    """

    id: UUID
    card_kind: Kind
    card_id: UUID
    values: Values
    rule: str
    kind: RuleKind
    title: str
    since: date
    explanation: str | None
    explained_by: str | None
    explained_at: datetime | None
    settled_on: date | None
    version: int


class ExplanationIn(Body):
    """Why the values are right."""

    explanation: Text


class RuleOut(Body):
    """A rule of doubt."""

    code: str
    card_kind: Kind
    kind: RuleKind
    title: str


class RulesOut(Body):
    """All rules."""

    items: list[RuleOut]


class ConfirmationIn(Body):
    """A remark to the confirmation: needed while contradictions are unexplained."""

    remark: Text | None = None


class ConfirmationOut(Body):
    """A responsible person's word on the data of a day."""

    id: UUID
    organization_id: UUID
    confirmed_on: date
    confirmed_by: str
    confirmed_name: str
    role: str
    standing: list[dict[str, Any]]
    remark: str | None
    recorded_at: datetime


class TrendOut(Body):
    """Measures of a kind of card in order of days."""

    items: list[MeasureOut]
