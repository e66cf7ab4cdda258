"""SQL of certificates and their blanks."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.certificates.model import Certificate, CertificateBlank, SpoiltBlank


async def get(session: AsyncSession, certificate_id: UUID, *, lock: bool = False) -> Certificate | None:
    """A certificate, locked if asked."""
    return await session.get(Certificate, certificate_id, with_for_update=lock or None, populate_existing=True)


async def insert_drafts(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> set[UUID]:
    """Store drafts for those who have no certificate of the level; the students of the new ones."""
    if not rows:
        return set()
    statement = insert(Certificate).on_conflict_do_nothing().returning(Certificate.student_id)
    return set(await session.scalars(statement, list(rows)))


async def page(
    session: AsyncSession,
    organization_id: UUID,
    academic_year: int | None,
    kind: str | None,
    state: str | None,
    limit: int,
    after: UUID | None,
) -> Sequence[Certificate]:
    """One page of an organization's certificates, and one more."""
    query = select(Certificate).where(Certificate.organization_id == organization_id)
    for column, value in (
        (Certificate.academic_year, academic_year),
        (Certificate.kind, kind),
        (Certificate.state, state),
    ):
        if value is not None:
            query = query.where(column == value)
    if after is not None:
        query = query.where(Certificate.id > after)
    return (await session.scalars(query.order_by(Certificate.id).limit(limit + 1))).all()


async def of_year(session: AsyncSession, organization_id: UUID, academic_year: int) -> Sequence[Certificate]:
    """An organization's certificates of a year that were not withdrawn, each student's original before duplicates of it."""
    query = select(Certificate).where(
        Certificate.organization_id == organization_id,
        Certificate.academic_year == academic_year,
        Certificate.state != "withdrawn",
    )
    return (await session.scalars(query.order_by(Certificate.student_id, Certificate.id))).all()


async def entered(session: AsyncSession, organization_id: UUID, kind: str) -> Sequence[Certificate]:
    """An issue book in order."""
    query = select(Certificate).where(
        Certificate.organization_id == organization_id,
        Certificate.kind == kind,
        Certificate.registration_number.is_not(None),
    )
    return (await session.scalars(query.order_by(Certificate.registration_number))).all()


async def to_send(
    session: AsyncSession, organization_id: UUID, academic_year: int, states: Collection[str]
) -> Sequence[Certificate]:
    """Certificates entered in a year that the federal register has in one of the states, locked."""
    query = select(Certificate).where(
        Certificate.organization_id == organization_id,
        Certificate.academic_year == academic_year,
        Certificate.kind != "study_note",
        Certificate.registration_number.is_not(None),
        Certificate.federal_state.in_(states),
    )
    order = query.order_by(Certificate.kind, Certificate.registration_number).with_for_update()
    return (await session.scalars(order)).all()


async def by_ids(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Certificate]:
    """Certificates by id."""
    found = await session.scalars(select(Certificate).where(Certificate.id.in_(ids)))
    return {one.id: one for one in found}


async def use_blank(session: AsyncSession, row: dict[str, Any]) -> bool:
    """Note that a blank is used; false if its number was used before."""
    made = await session.execute(
        insert(CertificateBlank).values(**row).on_conflict_do_nothing().returning(CertificateBlank.number)
    )
    return made.first() is not None


async def note_spoilt(session: AsyncSession, row: dict[str, Any]) -> None:
    """Note a spoilt blank."""
    await session.execute(insert(SpoiltBlank).values(**row))


async def spoilt_of(session: AsyncSession, certificates: Collection[UUID]) -> Sequence[tuple[UUID, SpoiltBlank]]:
    """Spoilt blanks of certificates."""
    query = (
        select(CertificateBlank.certificate_id, SpoiltBlank)
        .join(SpoiltBlank, SpoiltBlank.number == CertificateBlank.number)
        .where(CertificateBlank.certificate_id.in_(certificates))
        .order_by(SpoiltBlank.number)
    )
    return [(row[0], row[1]) for row in await session.execute(query)]
