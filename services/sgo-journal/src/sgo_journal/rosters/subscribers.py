"""Core's events about students, applied in any order and any number of times to the same end."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import orgdirectory
from asu_contracts.core import GroupChanged, GuardianshipChanged, MovementRecorded, StudentProfiled
from asu_contracts.core import Placement as PlacementPart
from servicekit.messaging import Received
from servicekit.uow import UnitOfWork
from sgo_journal import partitions
from sgo_journal.rosters import repository

_Key = tuple[UUID, int, UUID]


async def on_group_changed(uow: UnitOfWork, received: Sequence[Received[GroupChanged]]) -> None:
    """Keep the copy of classes and groups, and a place for the lessons of their school years."""
    await partitions.ensure(uow.session, (item.event.academic_year for item in received))
    await orgdirectory.on_group_changed(uow, received)


async def on_movement_recorded(uow: UnitOfWork, received: Sequence[Received[MovementRecorded]]) -> None:
    """Put the opened and closed halves of placements into the roster."""
    placements: dict[_Key, dict[str, Any]] = {}
    for item in received:
        movement = item.event
        if movement.opened is not None:
            _merge(placements, movement.student_id, movement.opened, "valid_from", movement.effective_date)
        if movement.closed is not None:
            _merge(placements, movement.student_id, movement.closed, "valid_to", movement.effective_date)
    if placements:
        await partitions.ensure(uow.session, (year for _, year, _ in placements))
        await repository.merge_placements(uow.session, [placements[key] for key in sorted(placements)])


def _merge(placements: dict[_Key, dict[str, Any]], student_id: UUID, part: PlacementPart, edge: str, day: date) -> None:
    key = (part.organization_id, part.academic_year, part.placement_id)
    row = placements.setdefault(
        key,
        {
            "organization_id": part.organization_id,
            "academic_year": part.academic_year,
            "id": part.placement_id,
            "student_id": student_id,
            "group_id": part.group_id,
            "grade": part.grade,
            "main": part.main,
            "valid_from": None,
            "valid_to": None,
        },
    )
    row[edge] = day if row[edge] is None else min(row[edge], day)


async def on_student_profiled(uow: UnitOfWork, received: Sequence[Received[StudentProfiled]]) -> None:
    """Keep students' names."""
    newest = {item.event.student_id: item for item in sorted(received, key=lambda item: item.sequence)}
    await repository.upsert_names(
        uow.session, [{**newest[key].event.model_dump(), "sequence": newest[key].sequence} for key in sorted(newest)]
    )


async def on_guardianship_changed(uow: UnitOfWork, received: Sequence[Received[GuardianshipChanged]]) -> None:
    """Keep who may see whose diary."""
    newest = {item.event.guardianship_id: item for item in sorted(received, key=lambda item: item.sequence)}
    await repository.upsert_guardianships(
        uow.session,
        [
            {"id": key, **newest[key].event.model_dump(exclude={"guardianship_id"}), "sequence": newest[key].sequence}
            for key in sorted(newest)
        ],
    )
