"""Statements of public information."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from eu_enrollment.database import Record
from eu_enrollment.information.model import GoverningBody, GroupCard, OrganizationCard, Programme
from orgdirectory import Group, Organization

_ORGANIZATION = (
    Organization.id,
    Organization.kind,
    Organization.short_name,
    Organization.full_name,
    Organization.municipality,
    Organization.locality,
    OrganizationCard.address,
    OrganizationCard.phones,
    OrganizationCard.email,
    OrganizationCard.site,
    OrganizationCard.licence,
    OrganizationCard.updated_at,
)


def _organizations() -> Select[*tuple[Any, ...]]:
    """Organizations that work, with their cards, by id."""
    return (
        select(*_ORGANIZATION)
        .outerjoin(OrganizationCard, OrganizationCard.id == Organization.id)
        .where(Organization.active)
        .order_by(Organization.id)
    )


def _has_words(text: str, *columns: ColumnElement[Any] | Any) -> list[ColumnElement[bool]]:
    """Conditions that every word of a text stands in one of the columns."""
    return [
        or_(*(func.lower(column).contains(word, autoescape=True) for column in columns))
        for word in text.casefold().split()
    ]


async def organizations(
    session: AsyncSession,
    after: UUID | None,
    limit: int,
    *,
    kind: str | None = None,
    municipality: str | None = None,
    text: str | None = None,
) -> Sequence[Record]:
    """Organizations that work, by id, one more than asked for."""
    statement = _organizations().limit(limit + 1)
    if after is not None:
        statement = statement.where(Organization.id > after)
    if kind is not None:
        statement = statement.where(Organization.kind == kind)
    if municipality is not None:
        statement = statement.where(Organization.municipality == municipality)
    if text is not None:
        statement = statement.where(*_has_words(text, Organization.short_name, Organization.full_name))
    return (await session.execute(statement)).all()


async def organization(session: AsyncSession, organization_id: UUID) -> Record | None:
    """An organization that works."""
    return (await session.execute(_organizations().where(Organization.id == organization_id))).first()


async def groups(
    session: AsyncSession,
    day: date,
    *,
    organizations: Collection[UUID] | None = None,
    programmes: Collection[UUID] | None = None,
) -> Sequence[Record]:
    """Groups that work and have not ended by a day, of organizations or of programmes, with their cards, by id."""
    statement = (
        select(
            Group.id,
            Group.organization_id,
            Group.academic_year,
            Group.kind,
            Group.name,
            Group.grade,
            Group.age_from,
            Group.age_to,
            Group.capacity,
            Group.occupied,
            Group.starts_on,
            Group.ends_on,
            Group.orientation,
            Group.disorder,
            Group.stay_mode,
            GroupCard.programme_id,
            GroupCard.class_type,
            GroupCard.profile,
        )
        .outerjoin(GroupCard, GroupCard.id == Group.id)
        .where(Group.active, Group.ends_on > day)
        .order_by(Group.id)
    )
    if organizations is not None:
        statement = statement.where(Group.organization_id.in_(organizations))
    if programmes is not None:
        statement = statement.where(GroupCard.programme_id.in_(programmes))
    return (await session.execute(statement)).all()


async def programmes(
    session: AsyncSession,
    after: UUID | None,
    limit: int,
    *,
    programme_id: UUID | None = None,
    organization_id: UUID | None = None,
    municipality: str | None = None,
    orientation: str | None = None,
    age: int | None = None,
    text: str | None = None,
) -> Sequence[Record]:
    """Programmes in use of organizations that work, by id, one more than asked for."""
    columns = [column for column in Programme.__table__.columns if column.key not in {"active", "sequence"}]
    statement = (
        select(*columns, Organization.short_name.label("organization"), Organization.municipality)
        .join(Organization, Organization.id == Programme.organization_id)
        .where(Programme.active, Organization.active)
        .order_by(Programme.id)
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(Programme.id > after)
    for column, value in (
        (Programme.id, programme_id),
        (Programme.organization_id, organization_id),
        (Organization.municipality, municipality),
        (Programme.orientation, orientation),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if age is not None:
        statement = statement.where(Programme.age_from <= age, Programme.age_to >= age)
    if text is not None:
        statement = statement.where(*_has_words(text, Programme.title))
    return (await session.execute(statement)).all()


async def governing_bodies(session: AsyncSession, municipality: str | None, day: date) -> Sequence[GoverningBody]:
    """Governing bodies in force, of one municipality or all."""
    in_force = or_(GoverningBody.abolished_on.is_(None), GoverningBody.abolished_on > day)
    statement = select(GoverningBody).where(in_force).order_by(GoverningBody.id)
    if municipality is not None:
        statement = statement.where(GoverningBody.municipality == municipality)
    return (await session.scalars(statement)).all()


async def last_change(session: AsyncSession, model: type[OrganizationCard | GroupCard | Programme]) -> datetime | None:
    """When the registry last told something of a kind of cards."""
    found: datetime | None = await session.scalar(select(func.max(model.updated_at)))
    return found
