"""Which organizations are similar, by the declaration beside."""

from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from servicekit.packaged import read_yaml

LEAST = 5
"""Of fewer organizations, or people, nothing is shown: it would be about somebody."""
_KINDS = {"school": "школы", "preschool": "детские сады", "additional": "организации дополнительного образования"}
_LOCALITIES = {"urban": "город", "rural": "село"}


class Similarity(BaseModel):
    """Bands by their lower bounds: of the number of children, of the share of those with special needs in percent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    learners: tuple[int, ...]
    special_needs_percent: tuple[int, ...]

    def peers(self, kind: str, locality: str, learners: int, special_needs: int) -> str:
        """What organizations of this sort are called."""
        percent = special_needs * 100 // learners if learners else 0
        return "; ".join(
            (
                _KINDS.get(kind, "прочие организации"),
                _LOCALITIES.get(locality, "населённый пункт не указан"),
                f"{_band(self.learners, learners)} детей",
                f"с ОВЗ {_band(self.special_needs_percent, percent)} %",
            )
        )


def _band(bounds: Sequence[int], number: int) -> str:
    place = bisect_right(bounds, number)
    if place == 0:
        return f"до {bounds[0] - 1}"
    return f"{bounds[place - 1]}–{bounds[place] - 1}" if place < len(bounds) else f"от {bounds[-1]}"


@cache
def similarity() -> Similarity:
    """The declaration."""
    return Similarity.model_validate(read_yaml("reporting.monitoring", "similarity.yaml"))


def grouped(profiles: Sequence[Any]) -> dict[UUID, str]:
    """Organizations with the name of their peers."""
    declared = similarity()
    return {one.id: declared.peers(one.kind, one.locality, one.learners, one.special_needs) for one in profiles}
