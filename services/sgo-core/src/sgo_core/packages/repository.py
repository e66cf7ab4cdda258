"""SQL of packages."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.tables import run
from sgo_core.packages.model import (
    ContingentPackage,
    PackageLog,
    PackagePerson,
    PackageReceipt,
    PackageReceiver,
    PackageRejection,
)


async def receivers(session: AsyncSession) -> Sequence[PackageReceiver]:
    """All receivers by name."""
    return (await session.scalars(select(PackageReceiver).order_by(PackageReceiver.name))).all()


async def receiver(session: AsyncSession, receiver_id: UUID, *, lock: bool = False) -> PackageReceiver | None:
    """A receiver, locked if asked: one package of it is ordered at a time."""
    return await session.get(PackageReceiver, receiver_id, with_for_update=lock or None, populate_existing=True)


async def get(session: AsyncSession, package_id: UUID, *, lock: bool = False) -> ContingentPackage | None:
    """A package, locked if asked."""
    return await session.get(ContingentPackage, package_id, with_for_update=lock or None, populate_existing=True)


async def last_of(session: AsyncSession, receiver_id: UUID, scope: str) -> tuple[int, UUID | None]:
    """Number of the newest package of a receiver and scope, id of the newest that was made."""
    mine = (ContingentPackage.receiver_id == receiver_id, ContingentPackage.scope == scope)
    number = await session.scalar(select(func.max(ContingentPackage.number)).where(*mine))
    made = select(ContingentPackage.id).where(*mine, ContingentPackage.ready_at.is_not(None))
    return number or 0, await session.scalar(made.order_by(ContingentPackage.number.desc()).limit(1))


async def in_work(session: AsyncSession, receiver_id: UUID, scope: str) -> bool:
    """Whether a package of a receiver and scope is being made."""
    query = (
        select(func.count())
        .select_from(ContingentPackage)
        .join(run, run.c.id == ContingentPackage.run_id)
        .where(
            ContingentPackage.receiver_id == receiver_id,
            ContingentPackage.scope == scope,
            run.c.status.in_(["queued", "running"]),
        )
    )
    return bool(await session.scalar(query))


async def page(
    session: AsyncSession, limit: int, after: UUID | None
) -> Sequence[Row[ContingentPackage, PackageReceipt]]:
    """One page of packages with their receipts, newest first, and one more."""
    query = select(ContingentPackage, PackageReceipt).outerjoin(
        PackageReceipt, PackageReceipt.package_id == ContingentPackage.id
    )
    if after is not None:
        query = query.where(ContingentPackage.id < after)
    return (await session.execute(query.order_by(ContingentPackage.id.desc()).limit(limit + 1))).all()


async def receipt(session: AsyncSession, package_id: UUID) -> PackageReceipt | None:
    """The receipt of a package."""
    return await session.get(PackageReceipt, package_id)


async def digests(session: AsyncSession, package_id: UUID) -> dict[UUID, bytes]:
    """Digests of the people of a package whom the receiver has: those it rejected are left out."""
    rejected = select(PackageRejection.student_id).where(PackageRejection.package_id == package_id)
    query = select(PackagePerson.student_id, PackagePerson.digest).where(
        PackagePerson.package_id == package_id, PackagePerson.student_id.not_in(rejected)
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def replace_people(session: AsyncSession, package_id: UUID) -> None:
    """Forget the people noted by an earlier try of the run."""
    await session.execute(delete(PackagePerson).where(PackagePerson.package_id == package_id))


async def note_people(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Note people of a package."""
    if rows:
        await session.execute(insert(PackagePerson), list(rows))


async def known_people(session: AsyncSession, package_id: UUID, ids: Collection[UUID]) -> int:
    """How many of the ids are people of the package."""
    query = select(func.count()).where(PackagePerson.package_id == package_id, PackagePerson.student_id.in_(ids))
    return await session.scalar(query) or 0


async def store_rejections(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store who was rejected."""
    if rows:
        await session.execute(insert(PackageRejection), list(rows))


async def rejections(
    session: AsyncSession, package_id: UUID, limit: int, after: UUID | None
) -> Sequence[Row[PackageRejection, UUID]]:
    """One page of the people rejected, with their organizations, and one more."""
    query = (
        select(PackageRejection, PackagePerson.organization_id)
        .join(
            PackagePerson,
            (PackagePerson.package_id == PackageRejection.package_id)
            & (PackagePerson.student_id == PackageRejection.student_id),
        )
        .where(PackageRejection.package_id == package_id)
    )
    if after is not None:
        query = query.where(PackageRejection.student_id > after)
    return (await session.execute(query.order_by(PackageRejection.student_id).limit(limit + 1))).all()


async def log_page(session: AsyncSession, limit: int, after: UUID | None) -> Sequence[Row[PackageLog, UUID, int]]:
    """One page of the log, newest first, with receiver and number of each package, and one more."""
    query = select(PackageLog, ContingentPackage.receiver_id, ContingentPackage.number).join(
        ContingentPackage, ContingentPackage.id == PackageLog.package_id
    )
    if after is not None:
        query = query.where(PackageLog.id < after)
    return (await session.execute(query.order_by(PackageLog.id.desc()).limit(limit + 1))).all()


async def made_before(session: AsyncSession, instant: datetime) -> Sequence[UUID]:
    """Packages made before an instant."""
    return (await session.scalars(select(ContingentPackage.id).where(ContingentPackage.ready_at < instant))).all()
