"""Statements of applications outside acceptance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    Text,
    Uuid,
    and_,
    bindparam,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.enrollment import ApplicationStatus
from eu_enrollment.applications.model import (
    LIVE_WHERE,
    REGISTER_LOCK,
    application,
    application_choice,
    application_history,
)
from eu_enrollment.database import Record

_MOVE = text(
    """
    WITH old AS (
        SELECT id, line, status FROM application WHERE id = ANY (:ids) ORDER BY id FOR UPDATE
    ), goal AS (
        SELECT old.id, old.status, way.target, wanted.organization_id
          FROM old
          JOIN unnest(:lines, :origins, :targets) AS way (line, origin, target)
            ON way.line = old.line AND way.origin = old.status
          JOIN unnest(:ids, :organizations) AS wanted (id, organization_id) ON wanted.id = old.id
    ), moved AS (
        UPDATE application a
           SET status = goal.target, version = a.version + 1, attention = :attention, organization_id = goal.organization_id,
               status_changed_at = CASE WHEN a.status = goal.target THEN a.status_changed_at ELSE :at END,
               due_on = coalesce(:due_on, CASE WHEN a.status = goal.target THEN a.due_on END)
          FROM goal WHERE a.id = goal.id
        RETURNING a.id, a.campaign_id, a.municipality, a.version, a.organization_id, a.status, a.status_changed_at,
                  a.line, a.grade, a.age, a.due_on, goal.status AS from_status
    ), history AS (
        INSERT INTO application_history (application_id, version, at, actor, account_id, reason, from_status, to_status,
            note, ground, due_on, documents_due, organization_id, fields, queue_seq)
        SELECT id, version, :at, :actor, :account_id, :reason, from_status, status, :note, :ground, due_on, documents_due(id),
               organization_id, :fields, :queue_seq
          FROM moved ORDER BY id
    )
    SELECT * FROM moved ORDER BY id
    """
).bindparams(
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("organizations", type_=ARRAY(Uuid)),
    bindparam("lines", type_=ARRAY(Text)),
    bindparam("origins", type_=ARRAY(Text)),
    bindparam("targets", type_=ARRAY(Text)),
    bindparam("at", type_=DateTime(timezone=True)),
    bindparam("attention", type_=Text),
    bindparam("actor", type_=Text),
    bindparam("account_id", type_=Text),
    bindparam("reason", type_=Text),
    bindparam("note", type_=Text),
    bindparam("ground", type_=Text),
    bindparam("due_on", type_=Date),
    bindparam("fields", type_=ARRAY(Text)),
    bindparam("queue_seq", type_=BigInteger),
)
"""Locks first and looks then: who waited for another step sees where that one led."""


_PARTICIPANTS = text(
    "SELECT id FROM directory_organization WHERE id = ANY (:ids) AND municipality = :municipality AND active"
).bindparams(bindparam("ids", type_=ARRAY(Uuid)))


def competing(until: date) -> ColumnElement[bool]:
    """Who takes part in the next allocation, and so who is counted in the queue.

    ``until`` is the day after the places' academic year: whoever wants a place from then on waits for another campaign.
    """
    return and_(application.c.waits, application.c.desired_from < until)


def _checked() -> ColumnElement[bool]:
    """Who may be given a place: whoever has been let into the queue; and whom a school has redirected, where it stands there."""
    return application.c.status.in_((ApplicationStatus.QUEUED, ApplicationStatus.REDIRECTED))


@dataclass(frozen=True, slots=True)
class Move:
    """A step to take with some applications: which ways (line, from, to), when, by whom, why."""

    ways: Sequence[tuple[str, str, str]]
    at: datetime
    actor: str
    account_id: str | None
    reason: str
    note: str | None
    attention: str | None
    ground: str | None = None
    due_on: date | None = None
    fields: Sequence[str] | None = None
    queue_seq: int | None = None


async def move(session: AsyncSession, places: Sequence[tuple[UUID, UUID | None]], step: Move) -> Sequence[Record]:
    """Take the step with each application that stands where one of its ways begins; (application, place held there)."""
    result = await session.execute(
        _MOVE,
        {
            "ids": [id_ for id_, _ in places],
            "organizations": [organization_id for _, organization_id in places],
            "lines": [line for line, _, _ in step.ways],
            "origins": [origin for _, origin, _ in step.ways],
            "targets": [target for _, _, target in step.ways],
            "at": step.at,
            "attention": step.attention,
            "actor": step.actor,
            "account_id": step.account_id,
            "reason": step.reason,
            "note": step.note,
            "ground": step.ground,
            "due_on": step.due_on,
            "fields": None if step.fields is None else list(step.fields),
            "queue_seq": step.queue_seq,
        },
    )
    return result.all()


async def get(session: AsyncSession, application_id: UUID, visible: ColumnElement[bool]) -> Record | None:
    """An application, if it is there and visible."""
    return (await session.execute(select(application).where(application.c.id == application_id, visible))).first()


async def entered(session: AsyncSession, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those of the ids that are applications in the register."""
    return frozenset(await session.scalars(select(application.c.id).where(application.c.id.in_(ids))))


async def participants(session: AsyncSession, municipality: str, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those of the organizations that children of a municipality may choose."""
    found = await session.scalars(_PARTICIPANTS, {"ids": list(ids), "municipality": municipality})
    return frozenset(found)


_REGISTERED = text(
    """
    SELECT t.place, a.accepted_at FROM unnest(:places) AS t (place) CROSS JOIN LATERAL (
        SELECT accepted_at FROM application WHERE accepted_seq <= t.place ORDER BY accepted_seq DESC LIMIT 1) a
    """
).bindparams(bindparam("places", type_=ARRAY(BigInteger)))


async def registered_at(session: AsyncSession, places: Sequence[int]) -> dict[int, datetime]:
    """When the last application was registered up to each place of the register."""
    rows = await session.execute(_REGISTERED, {"places": list(places)})
    return {row.place: row.accepted_at for row in rows}


async def by_number(session: AsyncSession, number: str) -> Record | None:
    """An application by its number."""
    return (await session.execute(select(application).where(application.c.number == number))).first()


async def page(
    session: AsyncSession,
    campaign_id: UUID,
    visible: ColumnElement[bool],
    status: str | None,
    attention: bool | None,
    after: UUID | None,
    limit: int,
) -> Sequence[Record]:
    """Applications of a campaign in order of ids, one more than asked for."""
    statement = select(application).where(application.c.campaign_id == campaign_id, visible)
    if status is not None:
        statement = statement.where(application.c.status == status)
    if attention is not None:
        statement = statement.where(application.c.attention.is_not(None) == attention)
    if after is not None:
        statement = statement.where(application.c.id > after)
    return (await session.execute(statement.order_by(application.c.id).limit(limit + 1))).all()


async def choices(session: AsyncSession, application_id: UUID) -> Sequence[Record]:
    """Choices of an application in order."""
    statement = (
        select(application_choice)
        .where(application_choice.c.application_id == application_id)
        .order_by(application_choice.c.rank)
    )
    return (await session.execute(statement)).all()


async def history(session: AsyncSession, application_id: UUID) -> Sequence[Record]:
    """Every step of an application in order."""
    statement = (
        select(application_history)
        .where(application_history.c.application_id == application_id)
        .order_by(application_history.c.version)
    )
    return (await session.execute(statement)).all()


async def summary(session: AsyncSession, campaign_id: UUID) -> dict[str, int]:
    """How many applications of a campaign stand in each status."""
    rows = await session.execute(
        select(application.c.status, func.count())
        .where(application.c.campaign_id == campaign_id)
        .group_by(application.c.status)
    )
    return {status: count for status, count in rows}  # noqa: C416 - rows are not pairs to dict()


async def unfinished(session: AsyncSession, campaign_ids: Sequence[UUID]) -> bool:
    """Whether an application of one of the campaigns is live and its child not enrolled."""
    waiting = select(application.c.id).where(
        application.c.campaign_id.in_(campaign_ids),
        application.c.status != ApplicationStatus.ENROLLED,
        text(LIVE_WHERE),
    )
    return await session.scalar(waiting.limit(1)) is not None


async def payloads(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Encrypted bodies by application."""
    rows = await session.execute(
        select(application.c.id, application.c.payload).where(application.c.id.in_(ids)).order_by(application.c.id)
    )
    return {row.id: row.payload for row in rows}


async def lock(session: AsyncSession, ids: Sequence[UUID]) -> None:
    """Lock applications until the transaction ends, in order of ids."""
    await session.execute(
        select(application.c.id).where(application.c.id.in_(ids)).order_by(application.c.id).with_for_update()
    )


async def needing_attention(session: AsyncSession, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Ids of applications with an attention note."""
    noted = select(application.c.id).where(application.c.id.in_(ids), application.c.attention.is_not(None))
    return frozenset((await session.execute(noted)).scalars())


async def taking_part(session: AsyncSession, campaign_id: UUID, until: date, *, referred: bool) -> Sequence[Record]:
    """Checked applications that compete, locked until the transaction ends, with choices as parallel arrays in order of rank.

    ``referred``: those too whose families have not answered a referral yet. They are read once they are locked: a statement that waits
    for a lock sees the choices of before it waited.
    """
    names = ("id", "queue_seq", "document_key", "age", "grade", "kinds", "status", "family_key", "apart_allowed")
    columns = [application.c[name] for name in (*names, "held_organization_id", "held_group_id")]
    waits = and_(_checked(), competing(until))
    taking = and_(
        application.c.campaign_id == campaign_id,
        or_(waits, application.c.status == ApplicationStatus.REFERRED) if referred else waits,
    )
    locking = select(application.c.id).where(taking).order_by(application.c.id).with_for_update()
    locked = set(await session.scalars(locking))
    choice = application_choice.c
    wanted = (
        select(
            choice.application_id,
            func.array_agg(aggregate_order_by(choice.organization_id, choice.rank)).label("organizations"),
            func.array_agg(aggregate_order_by(choice.priority, choice.rank)).label("priorities"),
            func.jsonb_agg(aggregate_order_by(choice.reserves, choice.rank), type_=JSONB).label("reserves"),
        )
        .where(choice.campaign_id == campaign_id)
        .group_by(choice.application_id)
        .cte("wanted")
    )
    statement = (
        select(*columns, wanted.c.organizations, wanted.c.priorities, wanted.c.reserves)
        .join(wanted, wanted.c.application_id == application.c.id)
        .where(taking)
        .order_by(application.c.id)
    )
    return [row for row in await session.execute(statement) if row.id in locked]  # who came meanwhile is not locked


async def settled_until(session: AsyncSession) -> int:
    """The last number of the register, once every number given before is either committed or lost; 0 when there is none."""
    await session.execute(text("SET LOCAL lock_timeout = '500ms'"))  # senders wait behind us
    await session.execute(text(f"SELECT pg_advisory_xact_lock({REGISTER_LOCK})"))
    return await session.scalar(select(func.max(application.c.accepted_seq))) or 0


async def numbered(session: AsyncSession, after: int, until: int, limit: int | None) -> Sequence[Record]:
    """What was receipted under the numbers over ``after`` up to ``until``, in their order."""
    columns = ("id", "number", "accepted_at", "accepted_seq", "payload_hash", "signature")
    statement = select(*(application.c[name] for name in columns)).where(
        application.c.accepted_seq > after, application.c.accepted_seq <= until
    )
    return (await session.execute(statement.order_by(application.c.accepted_seq).limit(limit))).all()
