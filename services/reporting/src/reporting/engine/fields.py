"""The whitelist: the fact fields a definition may name, with the values they may take."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

Scalar = int | str | bool


@dataclass(frozen=True)
class FactField:
    """A field of a learner's placement as of the form's date.

    ``samples`` stand for every value the field can take: the linter tries them all to see whether two filters overlap.
    ``None`` stands for a value that has not come yet (an event on its way) or does not apply.
    """

    kind: type[int] | type[str] | type[bool]
    samples: tuple[Scalar | None, ...]


FACT_FIELDS: Mapping[str, FactField] = MappingProxyType(
    {
        "age": FactField(int, (None, *range(100))),
        "grade": FactField(int, (None, *range(1, 12))),
        "sex": FactField(str, (None, "male", "female")),
        "citizenship": FactField(str, (None, "643", "000", "112", "398", "999")),
        "second_citizenship": FactField(str, (None, "643", "112", "398", "999")),
        "main": FactField(bool, (False, True)),
        "locality": FactField(str, (None, "urban", "rural", "unknown")),
        "class_type": FactField(
            str, (None, "ordinary", "adapted", "in_depth", "gymnasium", "lyceum", "cadet", "unknown")
        ),
        "organization_kind": FactField(str, (None, "school", "preschool", "additional", "unknown")),
    }
)
"""What a filter may name.

``age`` is full years on the day the form's ``age_at`` rule names; ``citizenship`` is ОКСМ, or ``000`` for those who have none, for
which ОКСМ has no code, and ``second_citizenship`` that of those who have two; only school classes have a ``grade``.
"""
