"""Core's events about students, applied in any order and any number of times to the same end."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import orgdirectory
from asu_contracts.core import GroupChanged, GuardianshipChanged, MovementRecorded, Placement, StudentProfiled
from servicekit import partitions
from servicekit.messaging import Received
from servicekit.uow import UnitOfWork
from sgo_journal.rosters import repository


async def on_group_changed(uow: UnitOfWork, received: Sequence[Received[GroupChanged]]) -> None:
    """Keep the copy of classes and groups, and a place for the lessons of their school years."""
    await partitions.ensure(uow.session, (item.event.academic_year for item in received))
    await orgdirectory.on_group_changed(uow, received)


async def on_movement_recorded(uow: UnitOfWork, received: Sequence[Received[MovementRecorded]]) -> None:
    """Put the opened and closed halves of placements into the roster."""
    halves = [half for item in received for half in _halves(item.event)]
    await repository.hold_merges(uow.session)
    living = await repository.living(uow.session, {half["student_id"] for half in halves})
    for half in halves:
        if half["student_id"] in living:
            half["recorded_as"] = half["student_id"]
            half["student_id"] = living[half["recorded_as"]]
    await partitions.ensure(uow.session, (half["academic_year"] for half in halves))
    await repository.merge_placements(
        uow.session, sorted(halves, key=lambda half: (half["organization_id"], half["academic_year"], half["id"]))
    )


def _halves(movement: MovementRecorded) -> Iterator[dict[str, Any]]:
    if movement.opened is not None:
        yield _half(movement, movement.opened, valid_from=movement.effective_date)
    if movement.closed is not None:
        yield _half(movement, movement.closed, valid_to=movement.effective_date)


def _half(
    movement: MovementRecorded, part: Placement, *, valid_from: date | None = None, valid_to: date | None = None
) -> dict[str, Any]:
    return {
        "organization_id": part.organization_id,
        "academic_year": part.academic_year,
        "id": part.placement_id,
        "student_id": movement.student_id,
        "recorded_as": None,
        "group_id": part.group_id,
        "grade": part.grade,
        "main": part.main,
        "valid_from": valid_from,
        "valid_to": valid_to,
    }


async def on_student_profiled(uow: UnitOfWork, received: Sequence[Received[StudentProfiled]]) -> None:
    """Keep students' names."""
    ordered = sorted(received, key=lambda item: item.event.student_id)
    await repository.upsert_names(
        uow.session, [{**item.event.model_dump(), "sequence": item.sequence} for item in ordered]
    )


async def on_guardianship_changed(uow: UnitOfWork, received: Sequence[Received[GuardianshipChanged]]) -> None:
    """Keep who may see whose diary."""
    ordered = sorted(received, key=lambda item: item.event.guardianship_id)
    await repository.upsert_guardianships(
        uow.session,
        [
            {
                "id": item.event.guardianship_id,
                **item.event.model_dump(exclude={"guardianship_id"}),
                "sequence": item.sequence,
            }
            for item in ordered
        ],
    )
