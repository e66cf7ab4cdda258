"""Where an application can stand and how it moves: a machine per line of campaigns, read from YAML and checked when loaded."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema, model_validator

from asu_contracts.enrollment import ApplicationStatus
from eu_enrollment.campaigns.kinds import Line
from servicekit.packaged import read_yaml


class Actor(StrEnum):
    """Who moves an application: the family (through the portal), an operator, or the service itself."""

    APPLICANT = "applicant"
    OPERATOR = "operator"
    SYSTEM = "system"


class Reason(StrEnum):
    """Why an application moved: one step of the state machine."""

    SUBMITTED = "submitted"
    DOCUMENTS_REQUESTED = "documents_requested"
    DOCUMENTS_RECEIVED = "documents_received"
    PROOF_REQUESTED = "proof_requested"
    PROOF_RECEIVED = "proof_received"
    DOCUMENTS_OVERDUE = "documents_overdue"
    CHECKED = "checked"
    REFERRED = "referred"
    MOVED_UP = "moved_up"
    PLACE_ACCEPTED = "place_accepted"
    PLACE_DECLINED = "place_declined"
    TERM_EXTENDED = "term_extended"
    ANSWER_OVERDUE = "answer_overdue"
    NO_SHOW = "no_show"
    CONTRACT_OFFERED = "contract_offered"
    CONTRACT_SIGNED = "contract_signed"
    CONTRACT_OVERDUE = "contract_overdue"
    ORDERED = "ordered"
    ENROLLED = "enrolled"
    ADMISSION_REJECTED = "admission_rejected"
    ADMISSION_RETURNED = "admission_returned"
    ORDER_ANNULLED = "order_annulled"
    VERIFIED = "verified"
    RIGHTS_ENDING = "rights_ending"
    RIGHTS_REVIEWED = "rights_reviewed"
    CHANGED = "changed"
    CHILD_CORRECTED = "child_corrected"
    RECHECK = "recheck"
    CHANGE_REFUSED = "change_refused"
    FAMILY_CHANGED = "family_changed"
    FROZEN = "frozen"
    NEED_ASKED = "need_asked"
    NEED_CONFIRMED = "need_confirmed"
    NEED_UNCONFIRMED = "need_unconfirmed"
    RESTORED = "restored"
    REOPENED = "reopened"
    REDIRECTED = "redirected"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ARCHIVED = "archived"


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
    """What people and the portal call a status; a live application stands in the way of another for the same child.

    ``family``: a last day that a step sets there is the family's.
    """

    title: str
    portal_code: str | None
    live: bool
    family: bool = False
    final: bool = False


class Step(_Data):
    """A step: from any of these statuses (none: a new application) to one, by these actors; ``portal_code``: of the step itself."""

    reason: Reason
    title: str
    origins: frozenset[KnownStatus] = Field(alias="from")
    to: KnownStatus | Literal["same"]
    by: frozenset[Actor] = Field(min_length=1)
    portal_code: str | None = None

    def target(self, origin: ApplicationStatus) -> ApplicationStatus:
        """Where an application comes to from one of the origins."""
        return origin if self.to == "same" else self.to


class StateMachine(_Data):
    """The life of an application of one line."""

    statuses: Mapping[KnownStatus, StatusCard]
    steps: tuple[Step, ...]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Every status named has a card, is reached from the beginning, and has a way out unless it is an end."""
        reasons = [step.reason for step in self.steps]
        if len(reasons) != len(set(reasons)):
            raise ValueError("a reason has two steps")
        if [step.reason for step in self.steps if not step.origins] != [Reason.SUBMITTED]:
            raise ValueError("one step makes a new application: submitted")
        named = {status for step in self.steps for status in (*step.origins, step.to)} - {"same"}
        if named != set(self.statuses):
            raise ValueError("the statuses of the steps are those that have a card")
        reached, ahead = set[ApplicationStatus](), [step.to for step in self.steps if not step.origins]
        while ahead:
            status = ahead.pop()
            if status != "same" and status not in reached:
                reached.add(status)
                ahead.extend(step.to for step in self.steps if status in step.origins)
        for status, card in self.statuses.items():
            if status not in reached:
                raise ValueError(f"{status} is never reached")
            if card.final == any(status in step.origins for step in self.steps):
                raise ValueError(f"{status}: only an end has no way out")
            if not card.live and not card.final:
                raise ValueError(f"{status}: what can go on stands in the way of another")
        return self

    def step(self, reason: Reason) -> Step | None:
        """The step a reason stands for; ``None`` if this line has none."""
        return next((step for step in self.steps if step.reason is reason), None)


@cache
def state_machine(line: Line) -> StateMachine:
    """The committed machine of a line."""
    return StateMachine.model_validate(read_yaml(__package__, f"{line}.yaml"))


def live(line: Line) -> frozenset[ApplicationStatus]:
    """Statuses in which an application stands in the way of another for the same child."""
    return frozenset(status for status, card in state_machine(line).statuses.items() if card.live)
