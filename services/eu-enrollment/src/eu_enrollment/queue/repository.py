"""Statements of the queue. Whoever asks does so of several organizations at once: each question is one statement for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Integer,
    Text,
    TextClause,
    Uuid,
    bindparam,
    delete,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from eu_enrollment.campaigns.rules import TieRule
from eu_enrollment.database import Record
from eu_enrollment.queue.model import queue_forecast, queue_forecast_line, queue_look_up, queue_stay
from orgdirectory import Organization

_BEFORE = {TieRule.TIME: "s.queue_seq < p.tie", TieRule.LOTTERY: "p.drawn AND s.application_id = ANY (:lower)"}
"""Which row ``s`` of equal right stands before an asker ``p``. Lots follow from what the database does not know: who has a lower one
is found first (:func:`equals`)."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Groups that one who asks could sit in: of ages from–to and a kind of place, none of classes."""

    age_from: int
    age_to: int
    kind: str | None


Slots = tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, at one organization: its key, and who competes with it there: who could sit in one of its ``slots``.

    Of the same grade, wanting a place before ``until``.

    ``tie`` orders equals; not before the lots are ``drawn``.
    """

    organization_id: UUID
    priority: int
    tie: int
    drawn: bool
    slots: Slots
    grade: int | None
    until: date


@dataclass(frozen=True, slots=True)
class Piece(Asker):
    """A stretch of time (begins_at, ends_at] during which none of this changed."""

    begins_at: datetime
    ends_at: datetime


_TYPES: dict[str, Any] = {
    "organization_id": Uuid,
    "priority": Integer,
    "tie": BigInteger,
    "drawn": Boolean,
    "slots": Integer,
    "grade": Integer,
    "until": Date,
    "begins_at": DateTime(timezone=True),
    "ends_at": DateTime(timezone=True),
}
_WANTS = """s.campaign_id = :campaign_id AND s.organization_id = p.organization_id AND s.application_id <> :application_id
            AND s.grade IS NOT DISTINCT FROM p.grade AND s.desired_from < p.until"""
_COMPETES = f"""{_WANTS}
            AND EXISTS (SELECT FROM slot WHERE slot.of = p.slots AND s.age BETWEEN slot.age_from AND slot.age_to
                                           AND (slot.kind IS NULL OR s.kinds ? slot.kind))"""


def _statement(kind: type[Asker], by: TieRule, body: str) -> TextClause:
    """A statement over the askers ``p``, numbered from 1 in ``p.no``, and their slots: those ``of`` a number are ``p.slots``."""
    names = [field.name for field in fields(kind)]
    asked = ", ".join(f":{name}" for name in names)
    statement = text(
        f"WITH p AS (SELECT * FROM unnest({asked}) WITH ORDINALITY AS t ({', '.join(names)}, no)),"  # noqa: S608 - constants of this program
        " slot AS (SELECT * FROM unnest(:slot_of, :slot_from, :slot_to, :slot_kind) AS t (of, age_from, age_to, kind)) "
        + body.replace("{before}", _BEFORE[by]).replace("{competes}", _COMPETES).replace("{wants}", _WANTS)
    ).bindparams(
        bindparam("campaign_id", type_=Uuid),
        bindparam("application_id", type_=Uuid),
        *(bindparam(name, type_=ARRAY(_TYPES[name])) for name in names),
        *(bindparam(f"slot_{name}", type_=ARRAY(Integer)) for name in ("of", "from", "to")),
        bindparam("slot_kind", type_=ARRAY(Text)),
    )
    return statement if by is not TieRule.LOTTERY else statement.bindparams(bindparam("lower", type_=ARRAY(Uuid)))


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks, in which campaign; ``lower``: who of its equals has a lower lot, where lots order them."""

    campaign_id: UUID
    application_id: UUID
    by: TieRule
    lower: Sequence[UUID] = ()

    def parameters(self) -> dict[str, Any]:
        """What every statement is given."""
        asked: dict[str, Any] = {"campaign_id": self.campaign_id, "application_id": self.application_id}
        return asked | ({"lower": list(self.lower)} if self.by is TieRule.LOTTERY else {})


def _columns(kind: type[Asker], askers: Sequence[Asker]) -> dict[str, list[Any]]:
    numbers = {slots: number for number, slots in enumerate(dict.fromkeys(asker.slots for asker in askers))}
    slots = [(number, slot) for slots, number in numbers.items() for slot in slots]
    return {
        **{field.name: [getattr(asker, field.name) for asker in askers] for field in fields(kind)},
        "slots": [numbers[asker.slots] for asker in askers],
        "slot_of": [number for number, _ in slots],
        "slot_from": [slot.age_from for _, slot in slots],
        "slot_to": [slot.age_to for _, slot in slots],
        "slot_kind": [slot.kind for _, slot in slots],
    }


_RANKS = """
    SELECT p.no, s.priority, s.reserves, count(*) AS everyone,
           count(*) FILTER (WHERE s.priority = p.priority AND {before}) AS before
      FROM p CROSS JOIN LATERAL (SELECT * FROM queue_standing s WHERE {competes} OFFSET 0) s
     GROUP BY p.no, s.priority, s.reserves ORDER BY p.no, s.priority, s.reserves
    """


async def ranks(session: AsyncSession, question: Question, askers: Sequence[Asker]) -> Sequence[Record]:
    """Who competes with each asker, itself apart: (no, priority, kinds of reserved places, how many, of them before it by the tie rule)."""
    asked = question.parameters() | _columns(Asker, askers)
    return (await session.execute(_statement(Asker, question.by, _RANKS), asked)).all()


_EQUALS = """
    SELECT s.application_id, s.document_key
      FROM p CROSS JOIN LATERAL (SELECT * FROM queue_standing s WHERE {wants} AND s.priority = p.priority OFFSET 0) s
    UNION
    SELECT s.application_id, a.document_key
      FROM p JOIN queue_stay s ON {wants} AND s.priority = p.priority
      JOIN application a ON a.id = s.application_id
    """


async def equals(session: AsyncSession, question: Question, askers: Sequence[Asker]) -> Sequence[Record]:
    """Who stands or stood beside the askers with an equal right: (application, key of the document).

    For whichever places: an asker may have competed for others before.
    """
    asked = question.parameters() | _columns(Asker, askers)
    return (await session.execute(_statement(Asker, TieRule.TIME, _EQUALS), asked)).all()


_CHANGES = """, ahead AS (
        SELECT p.no, p.begins_at, p.ends_at, s.entered_at, s.entered_by, NULL::timestamptz AS left_at, NULL::text AS left_by,
               s.priority < p.priority AS stronger
          FROM p JOIN queue_standing s ON {competes}
         WHERE s.priority < p.priority OR (s.priority = p.priority AND {before})
        UNION ALL
        SELECT p.no, p.begins_at, p.ends_at, s.entered_at, s.entered_by, s.left_at, s.left_by, s.priority < p.priority
          FROM p JOIN queue_stay s
            ON {competes} AND s.left_at > p.begins_at
         WHERE s.priority < p.priority OR (s.priority = p.priority AND {before})
    ), counts AS (
        SELECT no, count(*) FILTER (WHERE entered_at <= begins_at) AS at_first,
               count(*) FILTER (WHERE entered_at <= ends_at AND (left_at IS NULL OR left_at > ends_at)) AS at_last
          FROM ahead GROUP BY no
    ), steps AS (
        SELECT no, entered_at AS at, entered_by AS reason, stronger, 1 AS change
          FROM ahead WHERE entered_at > begins_at AND entered_at <= ends_at
        UNION ALL
        SELECT no, left_at, left_by, stronger, -1 FROM ahead WHERE left_at > begins_at AND left_at <= ends_at
    )
    SELECT p.no, c.at_first, c.at_last, NULL::date AS day, NULL AS reason, NULL::boolean AS stronger, NULL::bigint AS change
      FROM p LEFT JOIN counts c USING (no)
    UNION ALL
    SELECT no, NULL, NULL, (at AT TIME ZONE :zone)::date AS day, reason, stronger, sum(change) FROM steps
     GROUP BY no, 4, reason, stronger HAVING sum(change) <> 0
     ORDER BY no, day NULLS FIRST, reason, stronger
    """


async def changes(session: AsyncSession, question: Question, pieces: Sequence[Piece], zone: str) -> Sequence[Record]:
    """How many stood ahead at the first and the last instant of each piece, then what changed in it.

    A piece (``no``) has one row with ``at_first`` and ``at_last``, and one with ``change`` for each business day in ``zone``, step of
    the applications' history and whether by a stronger right.
    """
    statement = _statement(Piece, question.by, _CHANGES).bindparams(bindparam("zone", zone, type_=Text))
    return (await session.execute(statement, question.parameters() | _columns(Piece, pieces))).all()


_STANDING = text(
    """
    SELECT organization_id, priority, queue_seq, age, kinds, entered_at FROM queue_standing WHERE application_id = :application_id
    """
).bindparams(bindparam("application_id", type_=Uuid))


async def stays(session: AsyncSession, application_id: UUID) -> tuple[Sequence[Record], Sequence[Record]]:
    """Stays of one application: those that are over, oldest first, and those that last."""
    over = select(queue_stay).where(queue_stay.c.application_id == application_id).order_by(queue_stay.c.entered_at)
    standing = await session.execute(_STANDING, {"application_id": application_id})
    return (await session.execute(over)).all(), standing.all()


async def organization_names(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Short names of organizations."""
    rows = await session.execute(select(Organization.id, Organization.short_name).where(Organization.id.in_(ids)))
    return {row.id: row.short_name for row in rows}


async def look_up_wait(session: AsyncSession, key: bytes, now: datetime, room: timedelta) -> timedelta | None:
    """How long to wait until a code may be tried; ``None``: it may be now."""
    full_until = await session.scalar(select(queue_look_up.c.full_until).where(queue_look_up.c.key == key))
    over = timedelta() if full_until is None else full_until - room - now
    return over if over > timedelta() else None


async def count_look_up(session: AsyncSession, key: bytes, now: datetime, step: timedelta) -> None:
    """Count a wrong code."""
    first = insert(queue_look_up).values(key=key, full_until=now + step)
    since = func.greatest(queue_look_up.c.full_until, literal(now, DateTime(timezone=True)))
    await session.execute(first.on_conflict_do_update(index_elements=["key"], set_={"full_until": since + step}))


async def forget_look_ups(session: AsyncSession, now: datetime) -> None:
    """Wrong codes whose time is over count no more."""
    await session.execute(delete(queue_look_up).where(queue_look_up.c.full_until < now))


_MOVEMENT = text(
    """
    SELECT (SELECT count(*) FROM application WHERE campaign_id = :campaign_id AND waits) AS waiting,
           (SELECT count(*) FROM application WHERE campaign_id = :campaign_id AND accepted_at > :since) AS came,
           (SELECT count(DISTINCT application_id) FROM queue_stay
             WHERE campaign_id = :campaign_id AND left_at > :since AND left_by = ANY (:leaving)) AS went,
           answers.*
      FROM (SELECT count(*) FILTER (WHERE r.status IN ('declined', 'no_show', 'withdrawn')) AS declined,
                   count(*) FILTER (WHERE r.status <> 'pending') AS answered
              FROM campaign own JOIN campaign c ON (c.municipality, c.kind) = (own.municipality, own.kind)
              JOIN referral r ON r.campaign_id = c.id
             WHERE own.id = :campaign_id) answers
    """
).bindparams(
    bindparam("campaign_id", type_=Uuid),
    bindparam("since", type_=DateTime(timezone=True)),
    bindparam("leaving", type_=ARRAY(Text)),
)


async def movement(session: AsyncSession, campaign_id: UUID, since: datetime, leaving: Sequence[str]) -> Record:
    """How many wait in a campaign, came and went since an instant; how many referrals of such campaigns were answered and declined."""
    asked = {"campaign_id": campaign_id, "since": since, "leaving": list(leaving)}
    return (await session.execute(_MOVEMENT, asked)).one()


_CHUNK = 5000


async def replace_forecast(session: AsyncSession, values: dict[str, Any], lines: Sequence[dict[str, Any]]) -> None:
    """Store a forecast in the place of the campaign's earlier ones."""
    await session.execute(delete(queue_forecast).where(queue_forecast.c.campaign_id == values["campaign_id"]))
    await session.execute(insert(queue_forecast).values(values))
    for start in range(0, len(lines), _CHUNK):
        await session.execute(insert(queue_forecast_line), lines[start : start + _CHUNK])


async def forecast_lines(session: AsyncSession, application_id: UUID) -> Sequence[Record]:
    """What the newest forecast says of an application, by organization."""
    statement = (
        select(queue_forecast, queue_forecast_line.c.organization_id, queue_forecast_line.c.counts)
        .join(queue_forecast_line, queue_forecast_line.c.forecast_id == queue_forecast.c.id)
        .where(queue_forecast_line.c.application_id == application_id)
    )
    return (await session.execute(statement)).all()
