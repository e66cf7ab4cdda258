"""SQL of the pairs of cards that may be one child: other slices' tables, for reading."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, column, exists, func, or_, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.finding.repository import Seen, student_table

_note = table(
    "duplicate_note",
    *(column(name) for name in ("id", "student_id", "other_id", "reason", "noted_at", "different_since")),
)
_guardian = table("guardian", *(column(name) for name in ("id", "mobile_phone")))
_guardianship = table("guardianship", *(column(name) for name in ("student_id", "guardian_id")))
_CARD = ("id", "last_name", "first_name", "middle_name", "birth_date")


async def page(
    session: AsyncSession, seen: Seen, limit: int, after: UUID | None, *, different: bool
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Pairs in the order they were noted, of which the caller sees one card at least, and one more.

    What speaks for a pair is compared as the cards stand now: one that was mended since speaks less. ``different``: those
    found to be two children.
    """
    one, other = student_table.alias("one"), student_table.alias("other")
    sees_one, sees_other = seen(one), seen(other)
    query = (
        select(
            _note.c.id,
            _note.c.noted_at,
            *(
                card.c[name].label(f"{side}_{name}")
                for side, card in (("one", one), ("other", other))
                for name in _CARD
            ),
            sees_one.label("one_seen"),
            sees_other.label("other_seen"),
            (_note.c.reason == "same_document").label("document"),
            (one.c.birth_date == other.c.birth_date).label("birth_date"),
            func.similarity(one.c.search_name, other.c.search_name).label("likeness"),
            _share_a_guardian(one.c.id, other.c.id).label("guardian"),
        )
        .join(one, one.c.id == _note.c.student_id)
        .join(other, other.c.id == _note.c.other_id)
        .where(
            or_(sees_one, sees_other),
            _note.c.different_since.is_not(None) if different else _note.c.different_since.is_(None),
            one.c.merged_into.is_(None),
            other.c.merged_into.is_(None),
        )
    )
    if after is not None:
        query = query.where(_note.c.id > after)
    return (await session.execute(query.order_by(_note.c.id).limit(limit + 1))).all()


def _share_a_guardian(one: Any, other: Any) -> ColumnElement[bool]:
    """That a guardian of one child is, or has the phone of, a guardian of the other."""
    ties, others_ties = _guardianship.alias(), _guardianship.alias()
    mine, theirs = _guardian.alias(), _guardian.alias()
    return exists().where(
        ties.c.student_id == one,
        mine.c.id == ties.c.guardian_id,
        others_ties.c.student_id == other,
        theirs.c.id == others_ties.c.guardian_id,
        or_(mine.c.id == theirs.c.id, mine.c.mobile_phone == theirs.c.mobile_phone),
    )
