"""SQL of names by statistical ids: other slices' tables, for reading. A card that was united with another answers as that one."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, TableClause, Text, Uuid, and_, any_, column, exists, func, literal, or_, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.movements.sight import Sight

_NAMES = ("last_name", "first_name", "middle_name")
_UUIDS = ("id", "statistical_id", "merged_into", "kept_by")


def _cards(name: str) -> TableClause:
    return table(name, *(column(one, Uuid) for one in _UUIDS), *(column(one) for one in _NAMES))


_student, _worker = _cards("student"), _cards("worker")
_membership = table("membership", *(column(one) for one in ("id", "student_id", "organization_id", "main")))
_placement = table("placement", *(column(one) for one in ("membership_id", "group_id", "valid_from", "valid_to")))
_group = table("study_group", column("id"), column("name"))
_employment = table(
    "employment",
    *(column(one) for one in ("worker_id", "organization_id", "hired_on", "dismissed_on")),
    column("post_code", Text),
)


def _asked(card: Any, ids: Collection[UUID]) -> Any:
    return card.c.statistical_id == any_(literal(sorted(ids), ARRAY(Uuid)))


async def students(session: AsyncSession, ids: Collection[UUID], sight: Sight) -> Sequence[Any]:
    """Students under the ids whom some organizations see, with their class or group of the main stay of the day there."""
    asked, card = _student.alias("asked"), _student.alias("card")
    group = (
        select(_group.c.name)
        .join(_placement, _placement.c.group_id == _group.c.id)
        .join(_membership, _membership.c.id == _placement.c.membership_id)
        .where(
            _membership.c.student_id == card.c.id,
            _membership.c.main,
            _membership.c.organization_id.in_(sight.organizations),
            _placement.c.valid_from <= sight.today,
            or_(_placement.c.valid_to.is_(None), _placement.c.valid_to > sight.today),
        )
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(asked.c.statistical_id, card.c.id, *(card.c[name] for name in _NAMES), group.label("group"))
        .join(card, card.c.id == func.coalesce(asked.c.merged_into, asked.c.id))
        .where(_asked(asked, ids), sight(card))
        .order_by(asked.c.statistical_id)
    )
    return (await session.execute(query)).all()


async def workers(session: AsyncSession, ids: Collection[UUID], organizations: Any, day: date) -> Sequence[Any]:
    """Workers under the ids whom some organizations employ or employed, with their posts of the day there."""
    asked, card = _worker.alias("asked"), _worker.alias("card")
    mine = and_(_employment.c.worker_id == card.c.id, _employment.c.organization_id.in_(organizations))
    held = and_(
        _employment.c.hired_on <= day,
        or_(_employment.c.dismissed_on.is_(None), _employment.c.dismissed_on > day),
    )
    posts = select(func.array_agg(_employment.c.post_code.distinct())).where(mine, held).scalar_subquery()
    query = (
        select(
            asked.c.statistical_id,
            card.c.id,
            *(card.c[name] for name in _NAMES),
            func.coalesce(posts, literal([], ARRAY(Text))).label("posts"),
        )
        .join(card, card.c.id == func.coalesce(asked.c.merged_into, asked.c.id))
        .where(_asked(asked, ids), exists().where(mine))
        .order_by(asked.c.statistical_id)
    )
    return (await session.execute(query)).all()
