"""HTTP shapes of sample checks."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from servicekit.http import Body, Line, Text
from sgo_core.cards.schemas import Values
from sgo_core.catalogue.values import Day

Kind = Literal["worker", "student", "guardian"]
Verdict = Literal["matches", "differs", "not_shown"]


class CheckIn(Body):
    """Which cards to draw, and how many."""

    card_kind: Kind
    size: Annotated[int, Field(ge=1, le=100, title="Сколько карточек проверить")] = 10


class ItemOut(Body):
    """A drawn card and its verdict."""

    id: UUID
    card_id: UUID
    values: Values
    verdict: Verdict | None
    fields: list[str]
    remark: str | None
    version: int


class CheckLine(Body):
    """A check in a list; ``seed`` and ``population`` let anybody draw the sample again."""

    id: UUID
    organization_id: UUID
    card_kind: Kind
    size: int
    population: int
    seed: str
    drawn_on: date
    drawn_name: str
    state: Literal["drawn", "finished", "answered"]
    conclusion: str | None
    mend_by: date | None
    overdue: bool
    answer: str | None
    answered_on: date | None
    version: int


class CheckOut(CheckLine):
    """A check with its cards."""

    items: list[ItemOut]


class VerdictIn(Body):
    """How a card agrees with the papers; ``fields`` are those that differ."""

    verdict: Verdict
    fields: Annotated[list[Line], Field(max_length=100)] = Field(default_factory=list)
    remark: Text | None = None


class FinishIn(Body):
    """The conclusion, and by when to mend what differs."""

    conclusion: Text
    mend_by: Day | None = None


class AnswerIn(Body):
    """What the organization has done."""

    answer: Text
