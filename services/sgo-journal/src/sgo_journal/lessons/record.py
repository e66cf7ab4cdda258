"""The record of a lesson as values, and what changes when one replaces another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class EntryKind(StrEnum):
    """What is noted of a student at a lesson."""

    MARK = "mark"
    ATTENDANCE = "attendance"


@dataclass(frozen=True)
class Entry:
    """One note: a mark's value with its comment, or a code of attendance (never with a comment)."""

    value: str
    comment: str | None = None


Entries = Mapping[UUID, Entry]
"""Notes of one kind by student."""


@dataclass(frozen=True)
class Change:
    """A note that appeared (no ``old``), went away (no ``new``) or became another."""

    kind: EntryKind
    student_id: UUID
    old: Entry | None
    new: Entry | None


def changes(kind: EntryKind, old: Entries, new: Entries) -> Iterable[Change]:
    """What replacing ``old`` by ``new`` changes, in order of student ids."""
    for student_id in sorted(old.keys() | new.keys()):
        before, after = old.get(student_id), new.get(student_id)
        if before != after:
            yield Change(kind, student_id, before, after)
