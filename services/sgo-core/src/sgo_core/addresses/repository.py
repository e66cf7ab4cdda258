"""SQL of the address book."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, literal, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.addresses.model import AddressObject

_AROUND = 200
"""Streets whose houses are looked through."""
_ENOUGH = 0.5


def _starts(word: str) -> Any:
    """A word of the names from the region down begins so. Words are letters, digits, strokes and hyphens: nothing to escape."""
    return AddressObject.search_text.like(f"% {word}%")


def _in_the_book() -> Any:
    return and_(AddressObject.level != "house", AddressObject.valid_to.is_(None))


async def regions(session: AsyncSession) -> Sequence[str]:
    """Names of the regions in normal form."""
    query = select(AddressObject.search_name).where(AddressObject.parent_id.is_(None), AddressObject.level == "region")
    return (await session.scalars(query)).all()


async def by_words(session: AsyncSession, words: Sequence[str], limit: int) -> Sequence[AddressObject]:
    """Objects but houses every word of which begins so: those named by the last word first, then wholes before parts."""
    last = words[-1]
    named = case((AddressObject.search_name == last, 0), (AddressObject.search_name.like(f"{last}%"), 1), else_=2)
    query = select(AddressObject).where(_in_the_book(), *(_starts(word) for word in words))
    query = query.order_by(named, func.length(AddressObject.search_text), AddressObject.full_text)
    return (await session.scalars(query.limit(limit))).all()


async def misspelt(session: AsyncSession, words: Sequence[str], limit: int) -> Sequence[AddressObject]:
    """Objects but houses with something like every word, with mistakes."""
    await session.execute(
        text("SELECT set_config('pg_trgm.word_similarity_threshold', :enough, true)"), {"enough": str(_ENOUGH)}
    )
    likeness = sum((func.word_similarity(word, AddressObject.search_text) for word in words), literal(0.0))
    named = func.word_similarity(words[-1], AddressObject.search_name)
    query = select(AddressObject).where(
        _in_the_book(),
        *(literal(word).op("<%", is_comparison=True)(AddressObject.search_text) for word in words),
    )
    query = query.order_by((likeness + named).desc(), func.length(AddressObject.search_text), AddressObject.full_text)
    return (await session.scalars(query.limit(limit))).all()


async def houses(session: AsyncSession, streets: Sequence[UUID], number: str, limit: int) -> Sequence[AddressObject]:
    """Houses of streets whose number begins so, in the order of the streets."""
    query = select(AddressObject).where(
        AddressObject.parent_id.in_(streets[:_AROUND]),
        AddressObject.level == "house",
        AddressObject.search_name.like(f"{number}%"),
        AddressObject.valid_to.is_(None),
    )
    order = func.array_position(streets[:_AROUND], AddressObject.parent_id)
    exact = AddressObject.search_name != number
    return (
        await session.scalars(query.order_by(exact, order, func.length(AddressObject.search_name)).limit(limit))
    ).all()


async def children(session: AsyncSession, parent_id: UUID, start: str, limit: int) -> Sequence[AddressObject]:
    """Objects inside another whose name begins so."""
    query = select(AddressObject).where(
        AddressObject.parent_id == parent_id,
        AddressObject.valid_to.is_(None),
        or_(AddressObject.search_name.like(f"{start}%"), AddressObject.search_name.like(f"% {start}%")),
    )
    query = query.order_by(func.length(AddressObject.search_name), AddressObject.search_name)
    return (await session.scalars(query.limit(limit))).all()


async def chain(session: AsyncSession, object_id: UUID) -> Sequence[AddressObject]:
    """An object and those it is in, from the object up."""
    start = select(AddressObject.id, AddressObject.parent_id, literal(0).label("step")).where(
        AddressObject.id == object_id
    )
    up = start.cte("up", recursive=True)
    up = up.union_all(
        select(AddressObject.id, AddressObject.parent_id, up.c.step + 1).join(up, AddressObject.id == up.c.parent_id)
    )
    query = select(AddressObject).join(up, up.c.id == AddressObject.id).order_by(up.c.step)
    return (await session.scalars(query)).all()


_UNMATCHED = """
    WITH typed AS (
        SELECT s.id, field.name, field.value ->> 'text' AS text, field.name || ':' || s.id AS key
        FROM student s CROSS JOIN LATERAL (VALUES ('registration', s.registration), ('residence', s.residence)) AS field (name, value)
        WHERE field.value ->> 'text' IS NOT NULL AND field.value ->> 'gar_id' IS NULL AND field.value ->> 'house' IS NULL
        AND EXISTS (SELECT FROM membership m WHERE m.student_id = s.id AND m.organization_id = :organization
            AND (m.valid_to IS NULL OR m.valid_to > :today))
        AND (CAST(:after AS text) IS NULL OR field.name || ':' || s.id > :after)
        ORDER BY key LIMIT :limit
    )
    SELECT typed.id, typed.name, typed.text, typed.key, found.id AS object_id, found.full_text, found.likeness
    FROM typed LEFT JOIN LATERAL (
        SELECT a.id, a.full_text, similarity(lower(typed.text), lower(a.full_text)) AS likeness FROM address_object a
        WHERE a.level <> 'house' AND a.valid_to IS NULL AND a.search_text % lower(typed.text)
        ORDER BY likeness DESC, a.id LIMIT 3
    ) AS found ON true
    ORDER BY typed.key, found.likeness DESC
"""


async def unmatched(
    session: AsyncSession, organization_id: UUID, today: Any, limit: int, after: str | None
) -> Sequence[Any]:
    """Addresses of an organization's students that were typed by hand, with the objects they may mean: a row a candidate."""
    values = {"organization": organization_id, "today": today, "after": after, "limit": limit}
    return (await session.execute(text(_UNMATCHED), values)).all()
