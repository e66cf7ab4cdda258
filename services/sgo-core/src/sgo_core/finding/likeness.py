"""How much speaks for two cards being one child."""

from typing import Any

from sgo_core.finding.schemas import Likeness

_WEIGHTS: dict[Likeness, int] = {"document": 40, "birth_date": 20, "name": 25, "guardian": 15}
"""A document is issued to one child; namesakes of one day are rare, brothers share guardians and, if twins, the day."""
_ALIKE = 0.5
"""Share of trigrams from which names are alike; below it they speak for nothing."""


def weighed(pair: Any) -> tuple[int, list[Likeness]]:
    """Score of a pair, 0 to 100, and its reasons; a name counts by as much as it agrees."""
    likeness = pair.likeness if pair.likeness >= _ALIKE else 0.0
    shares: dict[Likeness, float] = {
        "document": pair.document,
        "birth_date": pair.birth_date,
        "name": likeness,
        "guardian": pair.guardian,
    }
    score = sum(_WEIGHTS[reason] * share for reason, share in shares.items())
    return round(score), [reason for reason, share in shares.items() if share]
