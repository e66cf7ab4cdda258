"""How an application stands by its checks."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from eu_enrollment.campaigns.rules import Claim, Facts, RuleSet
from eu_enrollment.verifications.checks import RIGHTS, Check, attention
from eu_enrollment.verifications.kinds import CheckKind

NOT_CONFIRMED = "not_confirmed"
"""Why an operator must look: something besides rights has not been borne out, and a refusal may follow."""
TWICE = frozenset({Check(CheckKind.DUPLICATE)})
"""An application in another municipality keeps nobody from waiting: what it means is for an operator to find out."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Why an operator must look at an application, its claim at each choice, and the kinds of places it can take.

    ``clear``: nothing bars it and nothing is undecided, so that it may enter the queue; ``waits``: it may stay there, only rights
    are undecided, which count nothing meanwhile, and it has a ground without them.
    """

    attention: str | None
    claims: Sequence[Claim]
    kinds: Sequence[str] | None
    clear: bool
    waits: bool


def unexamined(rules: RuleSet, wanted: AbstractSet[Check], facts: Facts) -> Standing:
    """How it will stand when the checks it needs are opened."""
    return Standing(attention(wanted), _claims(rules, facts), rules.kinds(facts), clear=False, waits=False)


def examined(
    rules: RuleSet, undecided: AbstractSet[Check], failed: AbstractSet[Check], left: Facts, *, hangs: bool
) -> Standing:
    """How it stands; ``left``: what counts without what is undecided or was not borne out; ``hangs``: its only ground is undecided.

    Where no place is left that the child can take, and nothing that is undecided may give one, it stays in the queue and gets none.
    """
    kinds = rules.kinds(left)
    groundless = any(check.kind not in RIGHTS for check in failed)
    barred = kinds == () or groundless
    open_ = undecided - TWICE
    hangs = hangs or (kinds == () and any(check.kind is CheckKind.ORIENTATION for check in open_))
    return Standing(
        attention=attention(undecided) or (NOT_CONFIRMED if barred else None),
        claims=_claims(rules, left),
        kinds=kinds,
        clear=not barred and not open_,
        waits=not groundless and not hangs and all(check.kind in RIGHTS for check in open_),
    )


def _claims(rules: RuleSet, facts: Facts) -> list[Claim]:
    return [rules.claim_at(facts, wish) for wish in facts.wishes]
