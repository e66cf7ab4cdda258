"""What rows of a form count, by dataset."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from reporting.engine.fields import OF_GROUP, OF_LEARNER, OF_SET, OF_WORKER, Dataset, Scalar

Measure = Literal[
    "count(learner)",
    "count(klass)",
    "count(set)",
    "count(placement)",
    "count(worker)",
    "count(post)",
    "sum(rate)",
    "count(group)",
    "sum(capacity)",
    "sum(size)",
    "sum(attended)",
    "sum(missed_illness)",
    "sum(missed_other)",
    "sum(working_days)",
]
Over = Literal["fact", "subject", "group", "set"]
"""What a cell has as its members: rows of the dataset, learners or workers, classes and groups, sets of classes taught together."""


@dataclass(frozen=True)
class Tally:
    """How a measure is taken: members are counted once each, or a field of theirs is summed up.

    ``alike`` are the fields in which all rows of a member are alike, where it may have several: filters by them take it whole or not
    at all, filters by others may take it twice, unless a field has the value ``once`` says, of which a member has one row at most.
    ``same`` tells whether a member of one report is one of another: a learner stays the same from placement to placement. ``named`` is
    the field that a member is told by, where it is more than whose a row is or in which group; rows without it are nobody's.
    """

    over: Over
    field: str | None = None
    same: Over | None = None
    alike: frozenset[str] | None = None
    once: tuple[str, Scalar] | None = None
    named: str | None = None

    @property
    def identity(self) -> Over:
        """What a member is the same by in two reports."""
        return self.same or self.over


_FACTS = Tally("fact")
_CLASSES = Tally("group", alike=OF_GROUP)

MEASURES: Mapping[Dataset, Mapping[Measure, Tally]] = MappingProxyType(
    {
        "learners": {
            "count(learner)": Tally("fact", same="subject"),
            "count(klass)": _CLASSES,
            "count(set)": Tally("set", alike=OF_SET, named="combined_set"),
        },
        "placements": {
            "count(placement)": _FACTS,
            "count(learner)": Tally("subject", alike=OF_LEARNER, once=("main", True)),
            "count(klass)": _CLASSES,
        },
        "workers": {
            "count(post)": _FACTS,
            "count(worker)": Tally("subject", alike=OF_WORKER, once=("terms", "main")),
            "sum(rate)": Tally("fact", "rate"),
        },
        "groups": {
            "count(group)": _FACTS,
            "sum(capacity)": Tally("fact", "capacity"),
            "sum(size)": Tally("fact", "size"),
        },
        "daycare": {
            "sum(attended)": Tally("fact", "attended"),
            "sum(missed_illness)": Tally("fact", "missed_illness"),
            "sum(missed_other)": Tally("fact", "missed_other"),
            "sum(working_days)": Tally("fact", "working_days"),
        },
    }
)
"""Measures of each dataset. A learner has one main placement at a time: to count those is to count learners."""
