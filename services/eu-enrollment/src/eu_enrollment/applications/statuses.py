"""Where an application can stand and how it moves: read from ``statuses.yaml``, checked when loaded."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Annotated

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema, model_validator

from asu_contracts.enrollment import ApplicationStatus


class Actor(StrEnum):
    """Who moves an application: the family (through the portal), an operator, or the service itself."""

    APPLICANT = "applicant"
    OPERATOR = "operator"
    SYSTEM = "system"


class Reason(StrEnum):
    """Why an application moved: one step of the state machine."""

    SUBMITTED = "submitted"
    CHECKED = "checked"
    REFERRED = "referred"
    PLACE_ACCEPTED = "place_accepted"
    PLACE_DECLINED = "place_declined"
    ANSWER_OVERDUE = "answer_overdue"
    RESTORED = "restored"
    ORDERED = "ordered"
    ENROLLED = "enrolled"
    ADMISSION_REJECTED = "admission_rejected"
    ADMISSION_RETURNED = "admission_returned"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


def _known(status: ApplicationStatus) -> ApplicationStatus:
    if status is ApplicationStatus.UNKNOWN:
        raise ValueError("no such status")
    return status


_KNOWN = [status.value for status in ApplicationStatus if status is not ApplicationStatus.UNKNOWN]
KnownStatus = Annotated[ApplicationStatus, AfterValidator(_known), WithJsonSchema({"type": "string", "enum": _KNOWN})]
"""A status of ours: unlike a reader of events, a caller may not name one we do not know."""


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class StatusCard(_Data):
    """What people and the portal call a status; a live application stands in the way of another for the same child."""

    title: str
    portal_code: str | None
    live: bool


class Step(_Data):
    """A step: from any of these statuses (none: a new application) to one, by these actors."""

    reason: Reason
    title: str
    origins: frozenset[KnownStatus] = Field(alias="from")
    to: KnownStatus
    by: frozenset[Actor] = Field(min_length=1)


class StateMachine(_Data):
    """The whole machine."""

    statuses: Mapping[KnownStatus, StatusCard]
    steps: tuple[Step, ...]

    @model_validator(mode="after")
    def _complete(self) -> "StateMachine":
        if set(self.statuses) != set(ApplicationStatus) - {ApplicationStatus.UNKNOWN}:
            raise ValueError("every status has exactly one card")
        if sorted(step.reason for step in self.steps) != sorted(Reason):
            raise ValueError("every reason has exactly one step")
        return self

    def step(self, reason: Reason) -> Step:
        """The step a reason stands for."""
        return next(step for step in self.steps if step.reason is reason)


@cache
def state_machine() -> StateMachine:
    """The committed state machine."""
    text = resources.files(__package__).joinpath("statuses.yaml").read_text(encoding="utf-8")
    return StateMachine.model_validate(yaml.safe_load(text))


LIVE: tuple[ApplicationStatus, ...] = tuple(s for s, card in state_machine().statuses.items() if card.live)
"""Statuses in which an application stands in the way of another for the same child."""
