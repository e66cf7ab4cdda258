"""How whole and true an organization's cards are."""

from collections.abc import Iterator
from typing import Any

from asu_contracts.core import QualityMeasured
from reporting.facts.model import card_quality
from reporting.facts.newest import Newest


def _measured(state: QualityMeasured) -> Iterator[dict[str, Any]]:
    of = state.model_dump(exclude={"cards"})
    for one in state.cards:
        yield {**of, **one.model_dump()}


CARD_QUALITY = Newest(card_quality, QualityMeasured, _measured)
