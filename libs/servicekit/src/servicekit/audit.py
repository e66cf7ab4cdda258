"""Audit trail: who read, exported or changed whose data. One row a request, in the same transaction."""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import insert

from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.tables import audit
from servicekit.telemetry import current_trace_id

if TYPE_CHECKING:
    from servicekit.uow import UnitOfWork


async def record(uow: "UnitOfWork", principal: Principal, action: str, subjects: Iterable[UUID]) -> None:
    """Write one audit row. ``action`` is dotted (``student.card.read``), ``subjects`` the people concerned."""
    await uow.session.execute(
        insert(audit).values(
            id=new_id(),
            at=uow.now,
            account_id=principal.account_id,
            role=principal.role.value,
            action=action,
            subjects=list(subjects),
            trace_id=current_trace_id(),
        )
    )
