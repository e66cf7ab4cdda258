"""SQL of outside signatures."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.signatures.model import report_signature

_TOLD = [column for column in report_signature.c if column.name != "content"]


async def add(session: AsyncSession, values: dict[str, Any]) -> bool:
    """Store a signature; false when the same file stands under the report."""
    statement = postgresql.insert(report_signature).values(values)
    statement = statement.on_conflict_do_nothing(index_elements=["report_id", "sha256"])
    return (await session.scalar(statement.returning(report_signature.c.id))) is not None


async def of_report(session: AsyncSession, report_id: UUID) -> Sequence[Any]:
    """Signatures under a report without their files, in the order they were attached."""
    statement = select(*_TOLD).where(report_signature.c.report_id == report_id)
    return (await session.execute(statement.order_by(report_signature.c.id))).all()


async def whole(session: AsyncSession, report_id: UUID, signature_id: UUID) -> Any:
    """A signature under a report with its file."""
    of = (report_signature.c.id == signature_id, report_signature.c.report_id == report_id)
    return (await session.execute(select(report_signature).where(*of))).first()


async def is_signed(session: AsyncSession, report_id: UUID) -> bool:
    """Whether any signature stands under a report."""
    return bool(await session.scalar(select(exists().where(report_signature.c.report_id == report_id))))
