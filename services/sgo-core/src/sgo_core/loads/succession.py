"""Who teaches a class goes on teaching it in the organization that takes both over."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import column, or_, select, table
from sqlalchemy.dialects.postgresql import insert

from servicekit.ids import new_id
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.history.recorded import Author, signature
from sgo_core.loads.model import TeachingLoad
from sgo_core.loads.telling import tell
from sgo_core.staff.succession import Passed
from sgo_core.subjects import succession as subjects

_part = table("teaching_group", column("id"), column("group_id"))  # of another slice, read here
_TAUGHT = ("group_id", "teaching_group_id")
_KEPT = ("academic_year", "subject_id", "worker_id", "employment_id", "hours_week", "valid_from", "valid_to", *_TAUGHT)


async def standing(uow: UnitOfWork, employments: Collection[UUID], day: date) -> Sequence[Mapping[str, Any]]:
    """What is taught by locked employments from a day on, as it stands before they end."""
    query = (
        select(TeachingLoad)
        .where(TeachingLoad.employment_id.in_(employments), TeachingLoad.valid_to > day)
        .order_by(TeachingLoad.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return [{name: getattr(one, name) for name in _KEPT} for one in await uow.session.scalars(query)]


async def pass_on(
    uow: UnitOfWork,
    held: Sequence[Mapping[str, Any]],
    passed: Sequence[Passed],
    organization_id: UUID,
    taught: Mapping[UUID, UUID],
    author: Author,
) -> None:
    """Give workers in their new organization the hours of the classes and groups that went there too (``taught``: what they became).

    Two classes of one teacher joined into one are taught once.
    """
    by = {one.employment_id: one for one in passed}
    going = [one for one in held if one["employment_id"] in by and any(one[name] in taught for name in _TAUGHT)]
    begun: list[TeachingLoad] = []
    known = await subjects.take_over(uow, {one["subject_id"] for one in going}, organization_id, author)
    for one in going:
        employment = by[one["employment_id"]]
        begins = max(employment.since, one["valid_from"])
        if employment.to_employment_id is None or one["valid_to"] <= begins:
            continue
        row = {
            **one,
            **{name: None if one[name] is None else taught[one[name]] for name in _TAUGHT},
            "id": new_id(),
            "organization_id": organization_id,
            "subject_id": known[one["subject_id"]],
            "employment_id": employment.to_employment_id,
            "valid_from": begins,
            "told_version": 1,
            **signature(author, uow.now),
        }
        statement = insert(TeachingLoad).values(row).on_conflict_do_nothing().returning(TeachingLoad)
        begun += await uow.session.scalars(statement)
    await tell(uow, begun)


async def end(uow: UnitOfWork, group_ids: Collection[UUID], day: date, author: Author) -> None:
    """Nobody teaches from a day on the classes whose students have gone, nor their subgroups."""
    parts = select(_part.c.id).where(_part.c.group_id.in_(group_ids))
    query = select(TeachingLoad).where(
        or_(TeachingLoad.group_id.in_(group_ids), TeachingLoad.teaching_group_id.in_(parts)),
        TeachingLoad.valid_to > day,
    )
    query = query.order_by(TeachingLoad.id).with_for_update().execution_options(populate_existing=True)
    ended = [
        one
        for one in await uow.session.scalars(query)
        if change(one, {"valid_to": max(one.valid_from, day)}, author, uow.now)
    ]
    await tell(uow, ended)
