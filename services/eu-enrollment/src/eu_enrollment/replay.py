"""What ``republish`` sends to rebuild a reader: states of applications, every admission ever approved, every order ever annulled."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.enrollment import Order
from eu_enrollment.applications.events import status_changed
from eu_enrollment.applications.model import application
from eu_enrollment.applications.service import read_payload
from eu_enrollment.orders.events import admission_approved, order_annulled
from eu_enrollment.orders.model import admission_order, order_annulment
from eu_enrollment.referrals.model import referral
from eu_enrollment.runtime import runtime_of
from servicekit.messaging.republish import Aggregate

_FIRST = UUID(int=0)


async def states(session: AsyncSession, chunk: int = 1000) -> AsyncIterator[Sequence[Aggregate]]:
    """The current state of every application, by id."""
    after = _FIRST
    columns = (
        "id",
        "campaign_id",
        "municipality",
        "status",
        "status_changed_at",
        "organization_id",
        "line",
        "grade",
        "age",
    )
    picked = [application.c[name] for name in (*columns, "version")]
    statement = select(*picked).order_by(application.c.id).limit(chunk)
    while rows := (await session.execute(statement.where(application.c.id > after))).all():
        after = rows[-1].id
        yield [
            Aggregate(
                status_changed(*(getattr(row, name) for name in columns)),
                occurred_at=row.status_changed_at,
                version=row.version,
            )
            for row in rows
        ]


async def admissions(session: AsyncSession, chunk: int = 200) -> AsyncIterator[Sequence[Aggregate]]:
    """Every admission ever approved, by its id."""
    runtime = runtime_of(session)
    after = _FIRST
    statement = (
        select(
            referral.c.admission_id,
            referral.c.application_id,
            referral.c.organization_id,
            referral.c.group_id,
            referral.c.from_organization_id,
            admission_order.c.number,
            admission_order.c.date,
            admission_order.c.effective_date,
            admission_order.c.created_at,
            application.c.payload,
        )
        .join(admission_order, admission_order.c.id == referral.c.order_id)
        .join(application, application.c.id == referral.c.application_id)
        .order_by(referral.c.admission_id)
        .limit(chunk)
    )
    while rows := (await session.execute(statement.where(referral.c.admission_id > after))).all():
        after = rows[-1].admission_id
        yield [
            Aggregate(
                admission_approved(
                    runtime.transport,
                    admission_id=row.admission_id,
                    application_id=row.application_id,
                    organization_id=row.organization_id,
                    group_id=row.group_id,
                    order=Order(number=row.number, date=row.date),
                    effective_date=row.effective_date,
                    from_organization_id=row.from_organization_id,
                    stated=read_payload(runtime.cipher, row.payload),
                ),
                occurred_at=row.created_at,
            )
            for row in rows
        ]


async def annulments(session: AsyncSession, chunk: int = 200) -> AsyncIterator[Sequence[Aggregate]]:
    """Every order ever annulled, by the id of the annulment."""
    after = _FIRST
    statement = (
        select(order_annulment, admission_order.c.organization_id)
        .join(admission_order, admission_order.c.id == order_annulment.c.order_id)
        .order_by(order_annulment.c.id)
        .limit(chunk)
    )
    lines = select(referral.c.order_id, referral.c.admission_id, referral.c.application_id)
    while rows := (await session.execute(statement.where(order_annulment.c.id > after))).all():
        after = rows[-1].id
        among = lines.where(referral.c.order_id.in_([row.order_id for row in rows])).order_by(referral.c.application_id)
        admitted: dict[UUID, list[tuple[UUID, UUID]]] = {row.order_id: [] for row in rows}
        for line in await session.execute(among):
            admitted[line.order_id].append((line.admission_id, line.application_id))
        yield [
            Aggregate(
                order_annulled(row.id, row.order_id, row.organization_id, admitted[row.order_id]), occurred_at=row.at
            )
            for row in rows
        ]
