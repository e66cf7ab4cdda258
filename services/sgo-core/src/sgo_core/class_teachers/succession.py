"""Who leads a class goes on leading it in the organization that takes both over."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.dialects.postgresql import insert

from servicekit.ids import new_id
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.class_teachers.events import group_teacher_changed
from sgo_core.class_teachers.model import GroupTeacher
from sgo_core.history.recorded import Author, signature
from sgo_core.staff.succession import Passed

_KEPT = ("worker_id", "group_id", "role", "valid_from", "valid_to")


def _standing(organization_id: UUID, day: date) -> Select[GroupTeacher]:
    return select(GroupTeacher).where(
        GroupTeacher.organization_id == organization_id,
        or_(GroupTeacher.valid_to.is_(None), GroupTeacher.valid_to > day),
    )


async def standing(
    uow: UnitOfWork, organization_id: UUID, workers: Collection[UUID], day: date
) -> Sequence[Mapping[str, Any]]:
    """What locked workers lead from a day on, as it stands before their employments end."""
    query = _standing(organization_id, day).where(GroupTeacher.worker_id.in_(workers)).with_for_update()
    found = await uow.session.scalars(query.order_by(GroupTeacher.id).execution_options(populate_existing=True))
    return [{name: getattr(one, name) for name in _KEPT} for one in found]


async def pass_on(
    uow: UnitOfWork,
    held: Sequence[Mapping[str, Any]],
    passed: Sequence[Passed],
    organization_id: UUID,
    routes: Mapping[UUID, tuple[UUID | None, UUID | None]],
    author: Author,
) -> None:
    """Let workers lead in their new organization the groups that went there too; a class that has a class teacher keeps its own."""
    since = {one.worker_id: one.since for one in passed if one.to_employment_id is not None}
    rows = []
    for one in held:
        target, group_id = routes.get(one["group_id"], (None, None))
        if target != organization_id or one["worker_id"] not in since:
            continue
        begins = max(since[one["worker_id"]], one["valid_from"])
        if one["valid_to"] is None or one["valid_to"] > begins:
            rows.append(
                {
                    **one,
                    "id": new_id(),
                    "organization_id": organization_id,
                    "group_id": group_id,
                    "valid_from": begins,
                    "told_version": 1,
                    **signature(author, uow.now),
                }
            )
    for row in rows:
        statement = insert(GroupTeacher).values(row).on_conflict_do_nothing().returning(GroupTeacher)
        begun = (await uow.session.scalars(statement)).one_or_none()
        if begun is not None:
            uow.publish(group_teacher_changed(begun), version=begun.version)


async def end(uow: UnitOfWork, organization_id: UUID, group_ids: Collection[UUID], day: date, author: Author) -> None:
    """Nobody leads from a day on the groups whose students have gone."""
    query = _standing(organization_id, day).where(GroupTeacher.group_id.in_(group_ids)).with_for_update()
    for one in await uow.session.scalars(query.order_by(GroupTeacher.id).execution_options(populate_existing=True)):
        if change(one, {"valid_to": max(one.valid_from, day)}, author, uow.now):
            one.told_version = one.version
            uow.publish(group_teacher_changed(one), version=one.version)
