"""Of which totals the final mark in a certificate is made: data (``certificates.yaml``), by the day the year of study ends. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from servicekit.packaged import read_yaml


@dataclass(frozen=True)
class Source:
    """Where a rule comes from; ``verified``: the text of the act in force was read."""

    clause: str
    verified: bool

    @property
    def words(self) -> str:
        """The source as people read it."""
        return self.clause if self.verified else f"{self.clause} (с текстом приказа не сверено)"

    @classmethod
    def of(cls, rule: Mapping[str, Any]) -> "Source":
        """As a rule has it."""
        return cls(rule["clause"], {"verified": True, "assumed": False}[rule["status"]])


@dataclass(frozen=True)
class Combination:
    """A subject of a certificate (``code``) that is taught as several: they have one exam and one final mark, under its name."""

    code: str
    parts: tuple[str, ...]
    grades: frozenset[int]
    source: Source


@dataclass(frozen=True)
class Edition:
    """Rules in force since a day: basic education ends with one grade, secondary begins with another.

    ``examined``: codes of the subjects in which everybody takes an exam at the end of basic education.
    """

    valid_from: dt.date
    basic: Source
    basic_ends: int
    examined: frozenset[str]
    secondary: Source
    secondary_begins: int
    combinations: tuple[Combination, ...]

    def combination(self, code: str, grade: int) -> Combination | None:
        """What a subject is a part of in the certificates of a grade."""
        return next((one for one in self.combinations if code in one.parts and grade in one.grades), None)

    def is_secondary(self, grade: int | None) -> bool:
        """Whether a grade is of secondary education."""
        return grade is not None and grade >= self.secondary_begins


def edition_of(read: Mapping[str, Any]) -> Edition:
    """An edition as its data has it; raises ``KeyError`` where something is missing or a status is no such."""
    basic, secondary = read["basic"], read["secondary"]
    return Edition(
        valid_from=read["valid_from"],
        basic=Source.of(basic),
        basic_ends=basic["ends_with"],
        examined=frozenset(basic["examined"]),
        secondary=Source.of(secondary),
        secondary_begins=secondary["begins_with"],
        combinations=tuple(
            Combination(code, tuple(one["of"]), frozenset(one["grades"]), Source.of(one))
            for code, one in read["combined"].items()
        ),
    )


@cache
def _editions() -> tuple[Edition, ...]:
    return tuple(map(edition_of, read_yaml("sgo_journal.totals", "certificates.yaml")["editions"]))


def in_force(day: dt.date, editions: Sequence[Edition] | None = None) -> Edition:
    """The edition for a year of study that ends on a day; for one before all of them the first."""
    known = sorted(editions or _editions(), key=lambda one: one.valid_from)
    return next((one for one in reversed(known) if one.valid_from <= day), known[0])
