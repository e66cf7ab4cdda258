"""What rows of a form count, by dataset."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from reporting.engine.fields import Dataset

Measure = Literal[
    "count(learner)",
    "count(klass)",
    "count(placement)",
    "count(worker)",
    "count(post)",
    "sum(rate)",
    "count(group)",
    "sum(capacity)",
    "sum(size)",
]
Over = Literal["fact", "subject", "group"]
"""What a cell has as its members: rows of the dataset, learners or workers, classes and groups."""


@dataclass(frozen=True)
class Tally:
    """How a measure is taken: members are counted once each, or a field of theirs is summed up.

    ``same`` tells whether a member of one report is one of another: a learner stays the same from placement to placement.
    """

    over: Over
    field: str | None = None
    same: Over | None = None

    @property
    def identity(self) -> Over:
        """What a member is the same by in two reports."""
        return self.same or self.over


_FACTS = Tally("fact")

MEASURES: Mapping[Dataset, Mapping[Measure, Tally]] = MappingProxyType(
    {
        "learners": {"count(learner)": Tally("fact", same="subject"), "count(klass)": Tally("group")},
        "placements": {
            "count(placement)": _FACTS,
            "count(learner)": Tally("subject"),
            "count(klass)": Tally("group"),
        },
        "workers": {
            "count(post)": _FACTS,
            "count(worker)": Tally("subject"),
            "sum(rate)": Tally("fact", "rate"),
        },
        "groups": {
            "count(group)": _FACTS,
            "sum(capacity)": Tally("fact", "capacity"),
            "sum(size)": Tally("fact", "size"),
        },
    }
)
"""Measures of each dataset. A learner has one main placement at a time: to count those is to count learners."""
