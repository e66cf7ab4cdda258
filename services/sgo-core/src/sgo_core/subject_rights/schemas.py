"""HTTP shapes of the subject's rights."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from servicekit.http import Body, Line, Text
from sgo_core.catalogue.definition import CardKind
from sgo_core.catalogue.values import Day
from sgo_core.consents.schemas import Subject
from sgo_core.subject_rights.terms import RequestKind


class ChildOut(Body):
    """A child of the caller's, and what the caller may."""

    student_id: UUID
    last_name: str
    first_name: str
    kinship: str
    may_decide: bool
    may_collect: bool


class MineOut(Body):
    """The cards the caller may open as the person itself or as a guardian."""

    subject_kind: Subject
    subject_id: UUID
    children: list[ChildOut]


class RequestIn(Body):
    """What is asked of an organization. An office enters a paper with the day it came in; ``fields`` of the card it is about."""

    subject_kind: Subject
    subject_id: UUID
    organization_id: UUID
    kind: RequestKind
    fields: Annotated[list[Line], Field(max_length=100)] = Field(default_factory=list)
    text: Annotated[Text, Field(title="Что нужно и почему")]
    received_on: Annotated[Day | None, Field(description="Для обращения на бумаге: день поступления")] = None


class RequestOut(Body):
    """A request; ``due_on`` the last day to answer, ``blocked`` the fields nobody may use until then."""

    id: UUID
    subject_kind: CardKind
    subject_id: UUID
    organization_id: UUID
    kind: RequestKind
    asked_by: UUID | None
    on_paper: bool
    received_on: date
    fields: list[str]
    blocked: list[str]
    text: str
    due_on: date
    overdue: bool
    extension: str | None
    decision: Literal["granted", "refused"] | None
    answer: str | None
    answered_on: date | None
    version: int


class RequestMade(Body):
    """A request taken: its id and the last day to answer; the text is read by ``GET``."""

    id: UUID
    due_on: date
    version: int


class AnswerIn(Body):
    """The decision and its ground: what was done, or which law does not allow it."""

    decision: Literal["granted", "refused"]
    text: Text


class ExtensionIn(Body):
    """Why the term is made longer: the subject is told."""

    reason: Text


class UnblockIn(Body):
    """Why a block that was granted is lifted."""

    reason: Text
