"""What applications say and by what right they stand: read for checking, and written anew when a check or a family changes it."""

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    LargeBinary,
    Select,
    Uuid,
    and_,
    bindparam,
    delete,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.enrollment import ApplicationStatus
from eu_enrollment.applications.derived import COLUMNS, Derived
from eu_enrollment.applications.model import LIVE_WHERE, application, application_choice
from eu_enrollment.campaigns.rules import Claim
from eu_enrollment.database import Record

CHECKABLE = (
    ApplicationStatus.REGISTERED,
    ApplicationStatus.DOCUMENTS_REQUIRED,
    ApplicationStatus.QUEUED,
    ApplicationStatus.REDIRECTED,
    ApplicationStatus.REFERRED,
    ApplicationStatus.FROZEN,
    ApplicationStatus.DECLINED,
    ApplicationStatus.NO_SHOW,
    ApplicationStatus.ACCEPTED,
    ApplicationStatus.CONTRACT,
    ApplicationStatus.CONTRACTED,
)
"""Statuses in which what is not decided yet still matters."""
_ELSEWHERE = text(
    f"""
    SELECT own.id FROM unnest(:ids, :children, :documents) AS own (id, child_key, document_key)
     WHERE EXISTS (SELECT FROM application WHERE campaign_id = ANY (:campaigns) AND child_key = own.child_key AND {LIVE_WHERE})
        OR EXISTS (SELECT FROM application WHERE campaign_id = ANY (:campaigns) AND document_key = own.document_key AND {LIVE_WHERE})
    """  # noqa: S608 - constants of this program
).bindparams(
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("children", type_=ARRAY(LargeBinary)),
    bindparam("documents", type_=ARRAY(LargeBinary)),
    bindparam("campaigns", type_=ARRAY(Uuid)),
)


def checkable() -> Select[tuple[UUID]]:
    """Ids of applications about which a check can still decide something."""
    return select(application.c.id).where(application.c.status.in_(CHECKABLE))


async def unexamined(session: AsyncSession, limit: int, among: ColumnElement[bool] | None = None) -> Sequence[Record]:
    """New applications that nobody has looked at, locked: some of those that nobody holds, or some ``among`` the named ones."""
    fresh = and_(application.c.status == ApplicationStatus.REGISTERED, ~application.c.examined)
    statement = select(application).where(fresh).order_by(application.c.id).limit(limit)
    if among is not None:
        statement = statement.where(among)
    return (await session.execute(statement.with_for_update(skip_locked=among is None))).all()


def of_campaign(campaign_id: UUID) -> ColumnElement[bool]:
    """Applications of a campaign."""
    return application.c.campaign_id == campaign_id


def one(application_id: UUID) -> ColumnElement[bool]:
    """One application."""
    return application.c.id == application_id


async def mark_examined(session: AsyncSession, ids: Collection[UUID]) -> None:
    """What is to be checked of them has been opened."""
    await session.execute(update(application).where(application.c.id.in_(ids)).values(examined=True))


async def elsewhere(session: AsyncSession, rows: Sequence[Record], campaigns: Collection[UUID]) -> frozenset[UUID]:
    """Those of the applications whose child has a live one in the named campaigns."""
    asked = {
        "ids": [row.id for row in rows],
        "children": [row.child_key for row in rows],
        "documents": [row.document_key for row in rows],
        "campaigns": list(campaigns),
    }
    return frozenset(await session.scalars(_ELSEWHERE, asked)) if campaigns else frozenset()


async def locked(session: AsyncSession, application_id: UUID) -> Record:
    """An application, locked until the transaction ends."""
    statement = select(application).where(application.c.id == application_id).with_for_update()
    return (await session.execute(statement)).one()


async def note(session: AsyncSession, application_id: UUID, attention: str | None) -> None:
    """Say why an operator must look, or that nobody must."""
    await session.execute(update(application).where(application.c.id == application_id).values(attention=attention))


async def stand_by(
    session: AsyncSession, application_id: UUID, claims: Sequence[Claim], kinds: Sequence[str] | None
) -> None:
    """Set what the application stands by at each choice, in their order, and the kinds of places it can take."""
    await can_take(session, application_id, kinds)
    c = application_choice.c
    for rank, claim in enumerate(claims, 1):
        reserves = list(claim.reserves)
        other = or_(c.priority != claim.priority, c.reserves != reserves)
        at_it = update(application_choice).where(c.application_id == application_id, c.rank == rank, other)
        await session.execute(at_it.values(priority=claim.priority, reserves=reserves))


async def can_take(session: AsyncSession, application_id: UUID, kinds: Sequence[str] | None) -> None:
    """Set the kinds of places that an application can take; ``None``: of a school."""
    told = None if kinds is None else list(kinds)
    other = and_(application.c.id == application_id, application.c.kinds.is_distinct_from(told))
    await session.execute(update(application).where(other).values(kinds=told))


async def outdated(session: AsyncSession, campaign_id: UUID, day: date, limit: int) -> Sequence[Record]:
    """Applications that may get a place on a day, and whose rights were judged for days before it alone, locked."""
    statement = select(application).where(
        application.c.campaign_id == campaign_id,
        application.c.judged_until < day,
        application.c.status.in_((ApplicationStatus.QUEUED, ApplicationStatus.REDIRECTED, ApplicationStatus.REFERRED)),
    )
    return (await session.execute(statement.order_by(application.c.id).limit(limit).with_for_update())).all()


async def ending(
    session: AsyncSession, campaign_id: UUID, days: tuple[date, date], after: UUID | None, limit: int
) -> Sequence[Record]:
    """Waiting applications whose judging holds up to one of the days (first, last), and whose families are not told yet, locked."""
    c = application.c
    statement = select(application).where(
        c.campaign_id == campaign_id,
        c.judged_until.between(*days),
        c.told_until.is_distinct_from(c.judged_until),
        c.status.in_((ApplicationStatus.QUEUED, ApplicationStatus.REDIRECTED)),
    )
    if after is not None:
        statement = statement.where(c.id > after)
    return (await session.execute(statement.order_by(c.id).limit(limit).with_for_update())).all()


async def told_of_end(session: AsyncSession, application_id: UUID, until: date) -> None:
    """Say that the family knows until when its rights hold."""
    await session.execute(update(application).where(application.c.id == application_id).values(told_until=until))


async def judged(session: AsyncSession, application_id: UUID, until: date | None) -> None:
    """Say until which day its rights are judged; ``None``: for good."""
    await session.execute(update(application).where(application.c.id == application_id).values(judged_until=until))


async def next_place(session: AsyncSession) -> int:
    """A new place at the end of the queue: the next number of the register."""
    number: int = (await session.execute(text("SELECT nextval('application_accepted_seq')"))).scalar_one()
    return number


async def identify(
    session: AsyncSession, application_id: UUID, child_key: bytes, document_key: bytes, key_version: str
) -> None:
    """Say whose an application is; raises ``IntegrityError`` where another live one of the child stands against it."""
    keys = {"child_key": child_key, "document_key": document_key, "key_version": key_version}
    await session.execute(update(application).where(application.c.id == application_id).values(keys))


async def rewrite(
    session: AsyncSession, application_id: UUID, derived: Derived, payload: str, queue_seq: int | None
) -> None:
    """Replace what an application says; the step that changes it has been taken.

    What it stands by of that is set beside (:func:`can_take`, :func:`choose`).
    """
    values = {name: getattr(derived, name) for name in COLUMNS if name not in {"attention", "kinds"}}
    values["findings"] = json.loads(derived.findings)
    values["stay_modes"] = None if derived.stay_modes is None else json.loads(derived.stay_modes)
    if queue_seq is not None:
        values["queue_seq"] = queue_seq
    statement = update(application).where(application.c.id == application_id)
    await session.execute(statement.values(payload=payload, **values))


async def choose(
    session: AsyncSession,
    application_id: UUID,
    campaign_id: UUID,
    chosen: Sequence[tuple[UUID, Claim]],
    entered: tuple[datetime, str],
) -> None:
    """Set the choices: (organization, what the application stands by there), most wanted first.

    ``entered``: when and by what step new ones came. Those that stay keep the time since when they stand in the queue.
    """
    c = application_choice.c
    own = c.application_id == application_id
    ids = [organization_id for organization_id, _ in chosen]
    await session.execute(delete(application_choice).where(own, c.organization_id.not_in(ids)))
    stay = set(await session.scalars(select(c.organization_id).where(own)))
    await session.execute(update(application_choice).where(own).values(rank=-c.rank))
    for rank, (organization_id, claim) in enumerate(chosen, 1):
        stands_by = {"priority": claim.priority, "reserves": list(claim.reserves)}
        if organization_id in stay:
            at_it = update(application_choice).where(own, c.organization_id == organization_id)
            await session.execute(at_it.values(rank=rank, **stands_by))
        else:
            row = {"application_id": application_id, "rank": rank, "campaign_id": campaign_id, **stands_by}
            row |= {"organization_id": organization_id, "entered_at": entered[0], "entered_by": entered[1]}
            await session.execute(insert(application_choice).values(row))


async def confirm_need(session: AsyncSession, application_id: UUID, day: date) -> None:
    """The family still needs a place, and is asked no more for now."""
    said = update(application).where(application.c.id == application_id)
    await session.execute(said.values(need_confirmed_on=day, due_on=None))


async def need_unasked(session: AsyncSession, campaign_id: UUID, opened: datetime, limit: int) -> Sequence[Record]:
    """Applications in the queue since before an instant that have not confirmed their need since and are not asked yet, locked."""
    c = application.c
    silent = or_(c.need_confirmed_on.is_(None), c.need_confirmed_on < opened.date())
    statement = select(c.id, c.attention).where(
        *(c.campaign_id == campaign_id, c.status == ApplicationStatus.QUEUED),
        *(c.status_changed_at < opened, c.due_on.is_(None), silent),
    )
    return (await session.execute(statement.order_by(c.id).limit(limit).with_for_update())).all()


async def need_unconfirmed(session: AsyncSession, campaign_id: UUID, today: date, limit: int) -> Sequence[UUID]:
    """Applications in the queue that were asked for their need and have not confirmed it by the last day, locked."""
    c = application.c
    statement = select(c.id).where(c.campaign_id == campaign_id, c.status == ApplicationStatus.QUEUED, c.due_on < today)
    return (await session.scalars(statement.order_by(c.id).limit(limit).with_for_update())).all()


async def requeue(session: AsyncSession, application_id: UUID, queue_seq: int) -> None:
    """Give an application that does not wait another place in the queue it comes back to."""
    await session.execute(update(application).where(application.c.id == application_id).values(queue_seq=queue_seq))


WITHOUT_PLACE = (
    ApplicationStatus.REGISTERED,
    ApplicationStatus.DOCUMENTS_REQUIRED,
    ApplicationStatus.QUEUED,
    ApplicationStatus.DECLINED,
    ApplicationStatus.NO_SHOW,
    ApplicationStatus.FROZEN,
    ApplicationStatus.REDIRECTED,
)


async def without_place(
    session: AsyncSession, campaign_id: UUID, age_from: int, after: UUID | None, limit: int
) -> Sequence[UUID]:
    """Applications of a campaign that hold no place, of children at least so old on the day of measurement, locked."""
    statement = select(application.c.id).where(
        application.c.campaign_id == campaign_id,
        application.c.status.in_(WITHOUT_PLACE),
        application.c.age >= age_from,
    )
    if after is not None:
        statement = statement.where(application.c.id > after)
    return (await session.scalars(statement.order_by(application.c.id).limit(limit).with_for_update())).all()
