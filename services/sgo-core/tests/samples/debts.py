"""Sample calls of the routes of academic debts."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from servicekit.ids import new_id
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from .registry import another_student


async def owed(world: World, place: Place) -> UUID:
    """A debt of a month ago."""
    registry, student_id = await another_student(world, place)
    debt_id = new_id()
    await registry.fetch(
        "INSERT INTO academic_debt (id, organization_id, academic_year, student_id, subject, subject_key, arose_on, due_on, "
        "recorded_at, recorded_by, reason) "
        "VALUES ($1, $2, 2025, $3, 'Алгебра', 'алгебра', $4::DATE - 30, $4::DATE + 30, now(), 'test', 'Проверка')",
        debt_id,
        place.organization_id,
        student_id,
        registry.service.runtime.clock.today(),
    )
    return debt_id


async def list_debts(world: World, place: Place) -> Listed:
    return Listed(Call("/academic-debts", {"params": {"state": "open"}}), str(await owed(world, place)))


async def attempt(world: World, place: Place) -> Call:
    held_on = world.service.runtime.clock.today() - timedelta(days=1)
    return await _edit(world, place, "/attempts", held_on=held_on.isoformat(), mark="4")


async def edit(world: World, place: Place) -> Call:
    return await _edit(world, place, "", reason="Болезнь", paused_days=14)


async def _edit(world: World, place: Place, suffix: str, **body: Any) -> Call:
    options = {"json": body, "headers": {"If-Match": '"1"'}}
    return Call(f"/academic-debts/{await owed(world, place)}{suffix}", options)


SAMPLES: dict[str, Sample | Listing] = {
    "list_academic_debts": Listing(list_debts),
    "attempt_academic_debt": Sample(attempt),
    "edit_academic_debt": Sample(edit),
}
