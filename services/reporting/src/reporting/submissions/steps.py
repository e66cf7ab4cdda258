"""States of a form that is handed in, and which step leads where."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """Where a submission is. ``returned`` and ``draft`` are in work, ``taken`` is in the hands of the level above."""

    DRAFT = "draft"
    CHECKED = "checked"
    APPROVED = "approved"
    TAKEN = "taken"
    RETURNED = "returned"


class Step(StrEnum):
    """What is done: a report is put in, its controls are checked, it is approved, and above it is taken or returned."""

    PUT = "put"
    CHECK = "check"
    APPROVE = "approve"
    TAKE = "take"
    RETURN = "return"


LEADS: Mapping[Step, tuple[frozenset[State], State]] = MappingProxyType(
    {
        Step.PUT: (frozenset({State.DRAFT, State.CHECKED, State.RETURNED}), State.DRAFT),
        Step.CHECK: (frozenset({State.DRAFT}), State.CHECKED),
        Step.APPROVE: (frozenset({State.CHECKED}), State.APPROVED),
        Step.TAKE: (frozenset({State.APPROVED}), State.TAKEN),
        Step.RETURN: (frozenset({State.APPROVED, State.TAKEN}), State.RETURNED),
    }
)
"""From which states a step is possible, and where it leads."""
