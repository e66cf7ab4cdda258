"""Reference data: terms of the steps of a transfer and reasons not to go on (``terms.yaml``)."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from servicekit.packaged import read_yaml
from servicekit.workdays import add_workdays

Step = Literal["answer", "release", "file", "acceptance", "notice", "placing"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Term(_Strict):
    """Working days a side has for a step; ``basis`` names what sets them."""

    days: int
    title: str
    basis: str


class Reason(_Strict):
    """Why a side does not go on with a transfer."""

    code: str
    title: str
    side: Literal["sender", "receiver"]


class Outcome(_Strict):
    """Where a released student went instead. ``by_order``: no office says so, an order does."""

    code: str
    title: str
    by_order: bool = False


class _Terms(_Strict):
    terms: dict[Step, Term]
    reasons: list[Reason]
    outcomes: list[Outcome]


_LOADED = _Terms.model_validate(read_yaml("sgo_core.transfers", "terms.yaml"))
TERMS = _LOADED.terms
REASONS = {one.code: one for one in _LOADED.reasons}
OUTCOMES = {one.code: one for one in _LOADED.outcomes}


def due(step: Step, since: date) -> date:
    """The last day of the step's term, counted from the day after ``since``."""
    return add_workdays(since, TERMS[step].days)
