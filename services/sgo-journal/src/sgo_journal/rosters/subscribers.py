"""Core's events about students, applied in any order and any number of times to the same end."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import orgdirectory
from asu_contracts.core import (
    GroupChanged,
    GuardianshipChanged,
    MovementRecorded,
    Placement,
    StudentProfiled,
    StudyFormChanged,
    TeachingGroupChanged,
)
from servicekit import partitions
from servicekit.ids import new_id
from servicekit.messaging import Received
from servicekit.uow import UnitOfWork
from sgo_journal.copies import row_of
from sgo_journal.rosters import repository, teaching
from sgo_journal.rosters.model import StudyForm, TeachingGroup


async def on_group_changed(uow: UnitOfWork, received: Sequence[Received[GroupChanged]]) -> None:
    """Keep the copy of classes and groups, and a place for the lessons of their school years."""
    await partitions.ensure(uow.session, (item.event.academic_year for item in received))
    await orgdirectory.on_group_changed(uow, received)


async def on_movement_recorded(uow: UnitOfWork, received: Sequence[Received[MovementRecorded]]) -> None:
    """Put the opened and closed halves of placements into the roster."""
    halves = [half for item in received for half in _halves(item.event)]
    await _name_the_living(uow, halves)
    await partitions.ensure(uow.session, (half["academic_year"] for half in halves))
    await repository.merge_placements(
        uow.session, sorted(halves, key=lambda half: (half["organization_id"], half["academic_year"], half["id"]))
    )


async def _name_the_living(uow: UnitOfWork, rows: Sequence[dict[str, Any]]) -> None:
    """Let rows be of the child a card was merged into, and keep them so until they are stored."""
    await repository.hold_merges(uow.session)
    living = await repository.living(uow.session, {row["student_id"] for row in rows})
    for row in rows:
        told_of = row["student_id"]
        row["student_id"] = living.get(told_of, told_of)
        row["recorded_as"] = told_of if told_of in living else None


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
        "group_id": part.group_id,
        "grade": part.grade,
        "main": part.main,
        "valid_from": valid_from,
        "valid_to": valid_to,
    }


async def on_teaching_group_changed(uow: UnitOfWork, received: Sequence[Received[TeachingGroupChanged]]) -> None:
    """Keep teaching groups and who is in them, as the newest state of each has it."""
    newest = {item.event.teaching_group_id: item for item in sorted(received, key=lambda item: item.sequence)}
    rows = [row_of(TeachingGroup, newest[key]) for key in sorted(newest)]
    stays = [
        {
            "organization_id": item.event.organization_id,
            "academic_year": item.event.academic_year,
            "id": new_id(),
            "teaching_group_id": key,
            **member.model_dump(),
        }
        for key, item in newest.items()
        for member in item.event.members
    ]
    await _name_the_living(uow, stays)
    await partitions.ensure(uow.session, (row["academic_year"] for row in rows))
    stored = await teaching.store_groups(uow.session, rows)
    await teaching.replace_stays(
        uow.session,
        [row for row in rows if row["id"] in stored],
        [stay for stay in stays if stay["teaching_group_id"] in stored],
    )


async def on_study_form_changed(uow: UnitOfWork, received: Sequence[Received[StudyFormChanged]]) -> None:
    """Keep how students study."""
    ordered = sorted(received, key=lambda item: item.event.study_form_id)
    rows = [row_of(StudyForm, item) for item in ordered]
    await _name_the_living(uow, rows)
    await teaching.store_forms(uow.session, rows)


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
