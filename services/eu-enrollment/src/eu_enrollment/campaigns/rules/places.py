"""Kinds of places of preschool groups, and which of them a child can take: by what its family takes and what is confirmed.

A kind is written as the database writes it (``place_kind``): the group's orientation, the disorder it is for if it is for one, how long
children stay: ``compensating:speech/full_day``. Groups of early age are general ones: their ages say the rest.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from pydantic import Field

from eu_enrollment.campaigns.rules.facts import GroupNeed
from eu_enrollment.campaigns.rules.law import Legal, Strict

Orientation = Literal["general", "compensating", "combined", "wellness", "care", "early", "family"]
"""Orientation of a preschool group, as the registry's groups have it."""
Stay = Literal["full_day", "shortened_day", "extended_day", "short_stay", "round_the_clock"]
"""How long a child stays in a preschool group, as the registry's groups have it."""
Disorder = Literal[
    "hearing", "speech", "vision", "intellect", "mental_delay", "musculoskeletal", "autism", "complex", "other"
]
"""The disorder that a compensating or combined group is for, as the registry's groups have it."""
BY_DISORDER = frozenset({"compensating", "combined"})
"""Orientations of groups that may be for a disorder, where children study by an adapted programme."""


ORIENTATIONS: Mapping[str, str] = {
    "general": "общеразвивающая",
    "compensating": "компенсирующая",
    "combined": "комбинированная",
    "wellness": "оздоровительная",
    "care": "присмотр и уход",
    "early": "ранний возраст",
    "family": "семейная",
}
STAYS: Mapping[str, str] = {
    "full_day": "полный день",
    "shortened_day": "сокращённый день",
    "extended_day": "продлённый день",
    "short_stay": "кратковременное пребывание",
    "round_the_clock": "круглосуточно",
}
DISORDERS: Mapping[str, str] = {
    "hearing": "нарушения слуха",
    "speech": "нарушения речи",
    "vision": "нарушения зрения",
    "intellect": "нарушения интеллекта",
    "mental_delay": "задержка психического развития",
    "musculoskeletal": "нарушения опорно-двигательного аппарата",
    "autism": "расстройства аутистического спектра",
    "complex": "сложные дефекты",
    "other": "иные",
}


class Conclusion(Strict):
    """Orientations of groups that take a child by a conclusion alone: of ПМПК, of a medical commission."""

    orientations: tuple[Orientation, ...] = Field(min_length=1)
    title: str
    documents: tuple[str, ...] = Field(min_length=1)
    legal: Legal


def kinds_of(orientations: Iterable[str], need: GroupNeed) -> Iterator[str]:
    """Kinds of places of these orientations that fit what a child needs, most wanted first.

    A group for a disorder takes children with that one, a group for none children with any.
    """
    for orientation in orientations:
        asked = "general" if orientation == "early" else orientation
        for stay in need.stay_modes:
            if need.disorder is not None and orientation in BY_DISORDER:
                yield f"{asked}:{need.disorder}/{stay}"
            yield f"{asked}/{stay}"
