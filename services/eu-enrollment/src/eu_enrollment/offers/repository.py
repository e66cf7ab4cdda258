"""Statements of offers."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Select, Uuid, bindparam, case, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.core import GroupKind
from eu_enrollment.database import Record
from eu_enrollment.offers.model import UNKNOWN_KIND, Offer, offer
from orgdirectory import Group, Organization

_UPSERT = text(
    """
    INSERT INTO offer (campaign_id, group_id, organization_id, places)
    SELECT :campaign_id, t.group_id, t.organization_id, t.places
      FROM unnest(:groups, :organizations, :places) AS t (group_id, organization_id, places)
    ON CONFLICT (campaign_id, group_id) DO UPDATE SET places = excluded.places
    """
).bindparams(
    bindparam("campaign_id", type_=Uuid),
    bindparam("groups", type_=ARRAY(Uuid)),
    bindparam("organizations", type_=ARRAY(Uuid)),
    bindparam("places", type_=ARRAY(Integer)),
)


_KIND = case(
    (
        Group.kind == GroupKind.PRESCHOOL_GROUP,
        func.coalesce(func.place_kind(Group.orientation, Group.disorder, Group.stay_mode), UNKNOWN_KIND),
    )
).label("kind")


def _offers(campaign_id: UUID) -> Select[*tuple[Any, ...]]:
    return (
        select(
            offer.c.group_id,
            offer.c.organization_id,
            func.coalesce(Organization.short_name, "").label("organization"),
            func.coalesce(Group.name, "").label("group"),
            Group.age_from,
            Group.age_to,
            Group.grade,
            Group.orientation,
            Group.disorder,
            Group.stay_mode,
            _KIND,
            offer.c.places,
            offer.c.taken,
            func.coalesce(Group.capacity - Group.occupied, 0).label("vacant"),
            func.coalesce(Group.active & Organization.active, False).label("active"),
        )
        .outerjoin(Organization, Organization.id == offer.c.organization_id)
        .outerjoin(Group, Group.id == offer.c.group_id)
        .where(offer.c.campaign_id == campaign_id)
        .order_by(offer.c.group_id)
    )


async def of_campaign(
    session: AsyncSession, campaign_id: UUID, organizations: Sequence[UUID] | None = None
) -> list[Offer]:
    """Every offer of a campaign, or of some organizations there, in order of group ids."""
    statement = _offers(campaign_id)
    if organizations is not None:
        statement = statement.where(offer.c.organization_id.in_(organizations))
    return [Offer(*row) for row in await session.execute(statement)]


async def by_name(session: AsyncSession, campaign_id: UUID, organization_id: UUID | None) -> list[Offer]:
    """Offers of places of a campaign, or of one organization there, by names."""
    by = (Organization.short_name, Group.name, offer.c.group_id)
    statement = _offers(campaign_id).where(offer.c.places > 0).order_by(None).order_by(*by)
    if organization_id is not None:
        statement = statement.where(offer.c.organization_id == organization_id)
    return [Offer(*row) for row in await session.execute(statement)]


async def last_day(session: AsyncSession, campaign_id: UUID) -> date | None:
    """The day after the academic year of the groups offered that take children; ``None`` when there are none."""
    statement = (
        select(func.max(Group.ends_on))
        .join(offer, offer.c.group_id == Group.id)
        .join(Organization, Organization.id == offer.c.organization_id)
        .where(offer.c.campaign_id == campaign_id, offer.c.places > 0, Group.active, Organization.active)
    )
    found: date | None = await session.scalar(statement)
    return found


async def page(session: AsyncSession, campaign_id: UUID, after: UUID | None, limit: int) -> list[Offer]:
    """Offers in order of group ids, one more than asked for."""
    statement = _offers(campaign_id).limit(limit + 1)
    if after is not None:
        statement = statement.where(offer.c.group_id > after)
    return [Offer(*row) for row in await session.execute(statement)]


async def elsewhere(session: AsyncSession, campaign_id: UUID, groups: Sequence[UUID]) -> Mapping[UUID, int]:
    """Places that other campaigns offer, by group."""
    rows = await session.execute(
        select(offer.c.group_id, func.sum(offer.c.places).label("places"))
        .where(offer.c.group_id.in_(groups), offer.c.campaign_id != campaign_id)
        .group_by(offer.c.group_id)
    )
    return {row.group_id: row.places for row in rows}


async def taken(session: AsyncSession, campaign_id: UUID) -> Mapping[UUID, int]:
    """Taken places by group."""
    rows = await session.execute(select(offer.c.group_id, offer.c.taken).where(offer.c.campaign_id == campaign_id))
    return {row.group_id: row.taken for row in rows}


async def groups(session: AsyncSession, ids: Sequence[UUID]) -> Mapping[UUID, Record]:
    """Known groups with what an offer is judged by."""
    rows = await session.execute(
        select(
            Group.id,
            Group.organization_id,
            Group.academic_year,
            Group.kind,
            Group.grade,
            _KIND.label("place_kind"),
            Group.capacity,
            Group.occupied,
            Group.starts_on,
            Group.ends_on,
            (Group.active & Organization.active).label("active"),
            Organization.municipality,
        )
        .join(Organization, Organization.id == Group.organization_id)
        .where(Group.id.in_(ids))
    )
    return {row.id: row for row in rows}


async def replace(session: AsyncSession, campaign_id: UUID, places: Mapping[UUID, tuple[UUID, int]]) -> None:
    """Make the campaign's offers exactly these: group → (organization, places).

    A group that is left out stays with no places: referrals of the past stand by it.
    """
    await session.execute(
        update(offer).where(offer.c.campaign_id == campaign_id, offer.c.group_id.not_in(list(places))).values(places=0)
    )
    await session.execute(
        _UPSERT,
        {
            "campaign_id": campaign_id,
            "groups": list(places),
            "organizations": [organization_id for organization_id, _ in places.values()],
            "places": [count for _, count in places.values()],
        },
    )


async def add_places(session: AsyncSession, campaign_id: UUID, groups: Mapping[UUID, int]) -> None:
    """Offer more places by group, in order of ids."""
    for group_id, more in sorted(groups.items()):
        await session.execute(
            update(offer)
            .where(offer.c.campaign_id == campaign_id, offer.c.group_id == group_id)
            .values(places=offer.c.places + more)
        )


async def drop_places(session: AsyncSession, campaign_id: UUID, groups: Mapping[UUID, int]) -> None:
    """Offer fewer places by group, in order of ids, but as many as are taken."""
    for group_id, fewer in sorted(groups.items()):
        await session.execute(
            update(offer)
            .where(offer.c.campaign_id == campaign_id, offer.c.group_id == group_id)
            .values(places=func.greatest(offer.c.taken, offer.c.places - fewer))
        )


async def change_taken(session: AsyncSession, campaign_id: UUID, changes: Mapping[UUID, int]) -> None:
    """Add to the taken places by group, in order of ids; the table's check refuses more than there are."""
    for group_id, change in sorted(changes.items()):
        await session.execute(
            update(offer)
            .where(offer.c.campaign_id == campaign_id, offer.c.group_id == group_id)
            .values(taken=offer.c.taken + change)
        )
