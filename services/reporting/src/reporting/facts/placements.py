"""Stays in a class or group, of the movements that open and close them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from asu_contracts.core import MovementRecorded, Placement
from reporting.facts.model import placement
from reporting.facts.projection import DayOf, Projection
from reporting.facts.versions import NEVER, Known, Valid, Version, versions
from reporting.ingest.told import Told


def _named(movement: MovementRecorded) -> Iterator[Placement]:
    yield from (one for one in (movement.opened, movement.closed) if one is not None)


def _of(stay: UUID, movement: MovementRecorded) -> Placement:
    return next(one for one in _named(movement) if one.placement_id == stay)


def _keys(stay: UUID, movement: MovementRecorded) -> tuple[Any, ...]:
    found = _of(stay, movement)
    return (found.organization_id, found.academic_year, stay)


def _versions(stay: UUID, told: Sequence[Told[MovementRecorded]], _day_of: DayOf) -> Iterable[Version]:
    """A stay's ends as they became known. Of two movements for one end the one recorded later stands.

    A stay whose opening is not known yet, or that closed on the day it opened, was on no day.
    """
    known: list[Known] = []
    opened: MovementRecorded | None = None
    closed: MovementRecorded | None = None
    for movement in sorted((one.event for one in told), key=lambda one: (one.recorded_at, one.movement_id)):
        if movement.opened is not None and movement.opened.placement_id == stay:
            opened = movement
        if movement.closed is not None and movement.closed.placement_id == stay:
            closed = movement
        known.append((movement.recorded_at, _valid(stay, opened, closed)))
    return versions(known)


def _valid(stay: UUID, opened: MovementRecorded | None, closed: MovementRecorded | None) -> list[Valid]:
    end = closed.effective_date if closed else NEVER
    if opened is None or opened.effective_date >= end:
        return []
    placed = _of(stay, opened)
    kinds = (opened.kind.value, closed.kind.value if closed else None)
    values = (opened.statistical_id, placed.group_id, placed.grade, placed.main, *kinds)
    return [Valid((opened.effective_date, end), values)]


PLACEMENTS = Projection(
    table=placement,
    event=MovementRecorded,
    key=("organization_id", "academic_year", "id"),
    subjects=lambda movement: (one.placement_id for one in _named(movement)),
    keys=_keys,
    versions=_versions,
    years=lambda movement: {one.academic_year for one in _named(movement)},
)
