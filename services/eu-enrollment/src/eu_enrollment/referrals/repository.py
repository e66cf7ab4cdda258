"""Statements of referrals."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, bindparam, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncSession

from eu_enrollment.database import Record
from eu_enrollment.referrals.model import LIVE, ReferralStatus, extension, referral

_CHUNK = 2000


async def add(session: AsyncSession, rows: Sequence[dict[str, object]]) -> None:
    """Insert referrals."""
    for start in range(0, len(rows), _CHUNK):
        await session.execute(insert(referral), rows[start : start + _CHUNK])


async def get(session: AsyncSession, referral_id: UUID, visible: ColumnElement[bool]) -> Record | None:
    """A referral, if it is there and visible."""
    return (await session.execute(select(referral).where(referral.c.id == referral_id, visible))).first()


async def live_of(session: AsyncSession, application_id: UUID) -> Record | None:
    """The referral that holds a place for an application."""
    statement = select(referral).where(referral.c.application_id == application_id, referral.c.status.in_(LIVE))
    return (await session.execute(statement)).first()


async def pending(session: AsyncSession, campaign_id: UUID) -> Sequence[Record]:
    """Referrals of a campaign that wait for an answer."""
    statement = select(referral).where(
        referral.c.campaign_id == campaign_id, referral.c.status == ReferralStatus.PENDING
    )
    return (await session.execute(statement)).all()


_SEATED = text(
    """
    SELECT r.group_id, kind, count(*)
      FROM referral r
      JOIN application_choice c ON (c.application_id, c.organization_id) = (r.application_id, r.organization_id)
     CROSS JOIN LATERAL unnest(c.reserves) kind
     WHERE r.campaign_id = :campaign_id AND r.group_id = ANY (:groups) AND r.status = ANY (:statuses)
     GROUP BY r.group_id, kind
    """
).bindparams(
    bindparam("campaign_id", type_=Uuid),
    bindparam("groups", type_=ARRAY(Uuid)),
    bindparam("statuses", type_=ARRAY(Text)),
)


async def seated(
    session: AsyncSession, campaign_id: UUID, groups: Sequence[UUID], statuses: Sequence[ReferralStatus]
) -> Sequence[tuple[UUID, str, int]]:
    """Referrals of a campaign to groups that stand at one of the statuses: (group, kind of reserved places, how many may take them)."""
    asked = {"campaign_id": campaign_id, "groups": list(groups), "statuses": list(statuses)}
    return [(group_id, kind, count) for group_id, kind, count in await session.execute(_SEATED, asked)]


async def change(
    session: AsyncSession,
    ids: Sequence[UUID],
    origins: Sequence[ReferralStatus],
    status: ReferralStatus,
    at: datetime,
    **more: object,
) -> Sequence[Record]:
    """Change referrals that stand at one of the origins, with ``more`` columns; those changed."""
    statement = (
        update(referral)
        .where(referral.c.id.in_(ids), referral.c.status.in_(origins))
        .values(status=status, changed_at=at, **more)
        .returning(*referral.c)
    )
    return (await session.execute(statement)).all()


async def order(
    session: AsyncSession, order_id: UUID, admitted: Mapping[UUID, tuple[UUID, UUID | None]], at: datetime
) -> None:
    """Put accepted referrals into an order: by referral the approval, and the organization that the child comes from."""
    for referral_id, (admission_id, origin) in admitted.items():
        await session.execute(
            update(referral)
            .where(referral.c.id == referral_id)
            .values(
                status=ReferralStatus.ORDERED,
                order_id=order_id,
                admission_id=admission_id,
                from_organization_id=origin,
                changed_at=at,
            )
        )


async def standing(
    session: AsyncSession, campaign_id: UUID, organization_id: UUID, status: ReferralStatus
) -> Sequence[Record]:
    """Referrals of an organization that stand at a status, in order of applications."""
    statement = select(referral).where(
        referral.c.campaign_id == campaign_id,
        referral.c.organization_id == organization_id,
        referral.c.status == status,
    )
    return (await session.execute(statement.order_by(referral.c.application_id))).all()


async def of_order(session: AsyncSession, order_id: UUID) -> Sequence[Record]:
    """Referrals of an order in order of applications."""
    statement = select(referral).where(referral.c.order_id == order_id).order_by(referral.c.application_id)
    return (await session.execute(statement)).all()


async def ordered_by_application(session: AsyncSession, application_ids: Sequence[UUID]) -> Sequence[Record]:
    """Referrals in orders, by their applications."""
    statement = select(referral).where(
        referral.c.application_id.in_(application_ids), referral.c.status == ReferralStatus.ORDERED
    )
    return (await session.execute(statement)).all()


async def ordered_by_admission(session: AsyncSession, admission_ids: Sequence[UUID]) -> Sequence[Record]:
    """Referrals in orders, by the approvals sent."""
    statement = select(referral).where(
        referral.c.admission_id.in_(admission_ids), referral.c.status == ReferralStatus.ORDERED
    )
    return (await session.execute(statement)).all()


async def overdue(
    session: AsyncSession, status: ReferralStatus, today: date, limit: int, among: Sequence[UUID] | None = None
) -> Sequence[Record]:
    """Referrals at a status whose last day has passed; of all, or among some."""
    statement = (
        select(referral)
        .where(referral.c.status == status, referral.c.due_on < today)
        .order_by(referral.c.id)
        .limit(limit)
    )
    if among is not None:
        statement = statement.where(referral.c.id.in_(among))
    return (await session.execute(statement)).all()


async def extend(session: AsyncSession, row: Record, due_on: date, reason: str, account_id: str, at: datetime) -> bool:
    """Put the last day of a referral's step off; false if that was done before."""
    added = await session.execute(
        pg_insert(extension)
        .values(
            referral_id=row.id,
            step=row.status,
            due_before=row.due_on,
            due_on=due_on,
            reason=reason,
            at=at,
            account_id=account_id,
        )
        .on_conflict_do_nothing()
        .returning(extension.c.step)
    )
    if added.first() is None:
        return False
    more = {"answer_by": due_on} if row.status == ReferralStatus.PENDING else {}
    await session.execute(update(referral).where(referral.c.id == row.id).values(due_on=due_on, changed_at=at, **more))
    return True


async def extensions(session: AsyncSession, referral_id: UUID) -> Sequence[Record]:
    """Every extension of a referral's terms in order."""
    statement = select(extension).where(extension.c.referral_id == referral_id).order_by(extension.c.at)
    return (await session.execute(statement)).all()


async def page(
    session: AsyncSession,
    campaign_id: UUID,
    visible: ColumnElement[bool],
    status: ReferralStatus | None,
    organization_id: UUID | None,
    after: UUID | None,
    limit: int,
) -> Sequence[Record]:
    """Referrals of a campaign in order of ids, one more than asked for."""
    statement = select(referral).where(referral.c.campaign_id == campaign_id, visible)
    if status is not None:
        statement = statement.where(referral.c.status == status)
    if organization_id is not None:
        statement = statement.where(referral.c.organization_id == organization_id)
    if after is not None:
        statement = statement.where(referral.c.id > after)
    return (await session.execute(statement.order_by(referral.c.id).limit(limit + 1))).all()


async def of_application(session: AsyncSession, application_id: UUID, visible: ColumnElement[bool]) -> Sequence[Record]:
    """Every visible referral of an application, newest first."""
    statement = (
        select(referral).where(referral.c.application_id == application_id, visible).order_by(referral.c.id.desc())
    )
    return (await session.execute(statement)).all()


async def by_group(
    session: AsyncSession, groups: Sequence[UUID], statuses: Sequence[ReferralStatus], *, leaving: bool = False
) -> dict[UUID, int]:
    """How many referrals of all campaigns stand at one of the statuses, by group; ``leaving``: by the group that the child leaves."""
    group = referral.c.leaves_group_id if leaving else referral.c.group_id
    rows = await session.execute(
        select(group.label("group_id"), func.count().label("held"))
        .where(group.in_(groups), referral.c.status.in_(statuses))
        .group_by(group)
    )
    return {row.group_id: row.held for row in rows}
