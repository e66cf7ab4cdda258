"""SQL of alerts."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from orgdirectory import Organization
from reporting.monitoring.definition import DIMENSIONS, Indicator
from reporting.monitoring.model import indicator_value, quality_alert, quality_alert_step
from reporting.monitoring.repository import standing_values
from servicekit.security import Principal


async def newest_values(session: AsyncSession, indicator: Indicator) -> Sequence[Any]:
    """The value of its last period for each series that thresholds are of, and whose it is (``holder``)."""
    value = indicator_value.c
    split = (value[name].is_not(None) if name in indicator.alert_by else value[name].is_(None) for name in DIMENSIONS)
    standing = standing_values(indicator.code, None, *split).subquery("standing")
    newest = (
        select(standing)
        .ext(distinct_on(standing.c.series))
        .order_by(standing.c.series, standing.c.last_day.desc(), standing.c.period.desc())
        .subquery("newest")
    )
    holder = case(
        (newest.c.organization_id.is_not(None), Organization.kind),
        (newest.c.municipality.is_not(None), "municipality"),
        else_="region",
    )
    statement = (
        select(newest, holder.label("holder"))
        .outerjoin(Organization, Organization.id == newest.c.organization_id)
        .where(or_(newest.c.organization_id.is_(None), Organization.active))
        .order_by(newest.c.series)
    )
    return (await session.execute(statement)).all()


async def open_alerts(session: AsyncSession, indicator: str) -> Sequence[Any]:
    """Alerts of an indicator that are not closed; they stay so until the transaction ends."""
    statement = select(quality_alert).where(quality_alert.c.indicator == indicator, quality_alert.c.closed_at.is_(None))
    return (await session.execute(statement.order_by(quality_alert.c.id).with_for_update())).all()


async def add(session: AsyncSession, values: dict[str, Any]) -> None:
    """Store an alert."""
    await session.execute(insert(quality_alert).values(values))


async def change(session: AsyncSession, alert_id: UUID, values: dict[str, Any]) -> None:
    """Change an alert; its version grows."""
    changed = {**values, "version": quality_alert.c.version + 1}
    await session.execute(update(quality_alert).where(quality_alert.c.id == alert_id).values(changed))


async def add_step(session: AsyncSession, values: dict[str, Any]) -> None:
    """Store what became of an alert."""
    await session.execute(insert(quality_alert_step).values(values))


async def steps(session: AsyncSession, alert_id: UUID) -> Sequence[Any]:
    """What became of an alert, in order, with the values it was judged by."""
    statement = (
        select(quality_alert_step, indicator_value.c.value, indicator_value.c.period)
        .join(indicator_value, indicator_value.c.id == quality_alert_step.c.value_id)
        .where(quality_alert_step.c.alert_id == alert_id)
        .order_by(quality_alert_step.c.id)
    )
    return (await session.execute(statement)).all()


async def find(session: AsyncSession, principal: Principal, alert_id: UUID, *, hold: bool = False) -> Any:
    """An alert in the principal's view, held until the transaction ends if asked."""
    statement = _seen(principal).where(quality_alert.c.id == alert_id)
    if hold:
        statement = statement.with_for_update(of=quality_alert)
    return (await session.execute(statement)).first()


async def page(
    session: AsyncSession,
    principal: Principal,
    *,
    indicator: str | None,
    organization_id: UUID | None,
    standing: bool,
    after: UUID | None,
    limit: int,
) -> Sequence[Any]:
    """Alerts in the principal's view, the newest first, after a key; ``standing``: those that are open."""
    statement = _seen(principal)
    if indicator is not None:
        statement = statement.where(quality_alert.c.indicator == indicator)
    if organization_id is not None:
        statement = statement.where(quality_alert.c.organization_id == organization_id)
    if standing:
        statement = statement.where(quality_alert.c.closed_at.is_(None))
    if after is not None:
        statement = statement.where(quality_alert.c.id < after)
    found: Sequence[Any] = (await session.execute(statement.order_by(quality_alert.c.id.desc()).limit(limit))).all()
    return found


def _seen(principal: Principal) -> Select[Any]:
    return (
        select(quality_alert, indicator_value.c.value, indicator_value.c.period, Organization.short_name)
        .join(indicator_value, indicator_value.c.id == quality_alert.c.value_id)
        .outerjoin(Organization, Organization.id == quality_alert.c.organization_id)
        .where(_visible(principal))
    )


def _visible(principal: Principal) -> ColumnElement[bool]:
    stands_in = func.coalesce(Organization.municipality, quality_alert.c.municipality)
    return principal.visible(quality_alert.c.organization_id, stands_in, Organization.founder_id)
