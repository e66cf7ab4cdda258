"""Ends of placements merged so that neither order nor repetition of movements matters."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from asu_contracts.core import MovementRecorded, Placement

Key = tuple[UUID, int, UUID]
"""Organization, academic year, placement."""


@dataclass(frozen=True, order=True)
class End:
    """One end of a placement. Of two for the same end the one recorded later stands."""

    recorded_at: datetime
    movement_id: UUID
    day: date
    kind: str


@dataclass(frozen=True)
class Stay:
    """A placement as far as it is known."""

    placement: Placement
    statistical_id: UUID
    opened: End | None = None
    closed: End | None = None

    @property
    def key(self) -> Key:
        """Key of its row."""
        return (self.placement.organization_id, self.placement.academic_year, self.placement.placement_id)

    def merge(self, other: "Stay") -> "Stay":
        """What both know together."""
        return replace(self, opened=_later(self.opened, other.opened), closed=_later(self.closed, other.closed))


def _later(one: End | None, other: End | None) -> End | None:
    return max((end for end in (one, other) if end is not None), default=None)


def stays(movements: Iterable[MovementRecorded]) -> list[Stay]:
    """One stay for each placement the movements name, in key order: concurrent batches then lock rows in one order."""
    merged: dict[Key, Stay] = {}
    for movement in movements:
        for stay in _parts(movement):
            known = merged.get(stay.key)
            merged[stay.key] = stay if known is None else known.merge(stay)
    return [merged[key] for key in sorted(merged)]


def _parts(movement: MovementRecorded) -> Iterator[Stay]:
    end = End(movement.recorded_at, movement.movement_id, movement.effective_date, movement.kind.value)
    if movement.opened is not None:
        yield Stay(movement.opened, movement.statistical_id, opened=end)
    if movement.closed is not None:
        yield Stay(movement.closed, movement.statistical_id, closed=end)


def row(stay: Stay) -> tuple[Any, ...]:
    """Values of the ``placement`` table's columns, in their order."""
    placement = stay.placement
    return (
        *stay.key,
        stay.statistical_id,
        placement.group_id,
        placement.grade,
        placement.main,
        *_end(stay.opened),
        *_end(stay.closed),
    )


def _end(end: End | None) -> tuple[date | None, datetime | None, UUID | None, str | None]:
    return (None, None, None, None) if end is None else (end.day, end.recorded_at, end.movement_id, end.kind)
