"""Registries of other authorities that can tell whether what is stated holds: asked before an operator is.

Which of them a region reaches, and how, is the matter of adapters; the product ships with the one that reaches none.
"""

from typing import Protocol

from eu_enrollment.applications.schemas import ApplicationIn
from eu_enrollment.verifications.checks import Check
from eu_enrollment.verifications.kinds import CheckKind


class Registries(Protocol):
    """The registries within reach. ``name`` stands beside what they have confirmed; ``kinds`` are what they can be asked about."""

    name: str
    kinds: frozenset[CheckKind]

    async def ask(self, check: Check, stated: ApplicationIn) -> bool:
        """Whether it is confirmed, within seconds. Anything else, no answer too, is no refutation: an operator looks."""


class ByHand:
    """No registry is within reach: papers are looked through by hand."""

    name = "by_hand"
    kinds: frozenset[CheckKind] = frozenset()

    async def ask(self, check: Check, stated: ApplicationIn) -> bool:  # noqa: ARG002 - the protocol's
        """Not available."""
        return False
