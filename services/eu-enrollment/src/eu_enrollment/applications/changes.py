"""Steps of applications in the order they became visible, and how applications stand now: what a portal follows.

A step is ordered by its transaction, then by its row. Transactions commit in another order than they begin, so a reader is
given only those of transactions older than every one still running: what it has passed never gets a new line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Integer, Text, Uuid, and_, bindparam, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from eu_enrollment.applications.model import application, application_history
from eu_enrollment.database import Record
from servicekit.tables import idempotency, producer_epoch

_SEEN_AT_ONCE = 2_000
"""Steps of all senders looked at by one call: a sender with few applications waits for no long search."""
_CHANGES = text(
    """
    WITH seen AS (
        SELECT tx, id, application_id, version, at, reason, to_status, due_on, documents_due FROM application_history
         WHERE (tx, id) > (:tx, :id) AND tx < (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint
         ORDER BY tx, id LIMIT :seen
    ), own AS (
        SELECT seen.*, a.number, a.external_id, a.line
          FROM seen JOIN application a ON a.id = seen.application_id
         WHERE a.client = :client ORDER BY tx, seen.id LIMIT :limit
    ), last AS (
        SELECT tx AS last_tx, id AS last_id, (SELECT count(*) FROM seen) AS looked_at
          FROM seen ORDER BY tx DESC, id DESC LIMIT 1
    )
    SELECT * FROM last LEFT JOIN own ON true ORDER BY tx, id
    """
).bindparams(
    bindparam("tx", type_=BigInteger),
    bindparam("id", type_=BigInteger),
    bindparam("client", type_=Text),
    bindparam("seen", type_=Integer),
    bindparam("limit", type_=Integer),
)


@dataclass(frozen=True, slots=True)
class Place:
    """How far a reader has come: the last step it has passed."""

    tx: int = 0
    id: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """Steps after a place; the place to go on from; whether there is more already."""

    rows: Sequence[Record]
    place: Place
    more: bool


async def now(session: AsyncSession) -> Place:
    """The place of a reader that wants what happens from now on: what has not ended yet is news to it."""
    horizon: int = (
        await session.execute(text("SELECT (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint"))
    ).scalar_one()
    return Place(horizon)


async def after(session: AsyncSession, client: str, place: Place, limit: int) -> Changes:
    """The next steps of the sender's applications.

    (application_id, number, external_id, line, version, at, reason, to_status, due_on, documents_due).
    """
    asked = {"tx": place.tx, "id": place.id, "client": client, "seen": _SEEN_AT_ONCE, "limit": limit}
    found = (await session.execute(_CHANGES, asked)).all()
    if not found:
        return Changes((), place, more=False)
    rows = [row for row in found if row.id is not None]
    if len(rows) == limit:
        return Changes(rows, Place(rows[-1].tx, rows[-1].id), more=True)
    first = found[0]
    return Changes(rows, Place(first.last_tx, first.last_id), more=first.looked_at == _SEEN_AT_ONCE)


RESTORED = "UPDATE application_history SET tx = 0"
"""Transactions of a restored database are numbered anew: those of before stand first, in the order of their rows."""


async def epoch(session: AsyncSession) -> int:
    """How many times the database was made anew, from 1: after a restore from backup places of before mean nothing."""
    found: int = await session.scalar(select(producer_epoch.c.epoch)) or 1
    return found


_STANDING = (
    "id",
    "number",
    "external_id",
    "client",
    "line",
    "campaign_id",
    "status",
    "status_changed_at",
    "version",
    "organization_id",
    "due_on",
)


async def standing(
    session: AsyncSession,
    visible: ColumnElement[bool],
    ids: Sequence[UUID],
    numbers: Sequence[str],
    sent: tuple[str, Sequence[UUID]],
) -> Sequence[Record]:
    """How those of the named applications stand that are visible, by id. ``sent``: a sender and ids of its own."""
    client, external_ids = sent
    own = and_(application.c.external_id.in_(external_ids), application.c.client == client)
    named = or_(application.c.id.in_(ids), application.c.number.in_(numbers), own)
    last = application_history.c
    statement = (
        select(*(application.c[name] for name in _STANDING), last.documents_due)
        .join(application_history, and_(last.application_id == application.c.id, last.version == application.c.version))
        .where(named, visible)
    )
    return (await session.execute(statement.order_by(application.c.id))).all()


async def sent_under(session: AsyncSession, client: str, keys: Sequence[str]) -> dict[str, UUID]:
    """Applications that the sender's keys were answered with a receipt of: key → application."""
    answer = idempotency.c.answer
    found = await session.execute(
        select(idempotency.c.key, answer["id"].astext.cast(Uuid)).where(
            idempotency.c.principal == client, idempotency.c.key.in_(keys), answer.has_key("accepted_seq")
        )
    )
    return {key: id_ for key, id_ in found}  # noqa: C416 - rows are not pairs to dict()
