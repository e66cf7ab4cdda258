"""Routes of the debts."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from servicekit.errors import InvalidValueError
from servicekit.http import After, Limit, Page, Uow, allow, paginate
from servicekit.security import Principal
from sgo_journal.debts import policies, service
from sgo_journal.debts.schemas import DebtOut
from sgo_journal.debts.service import Wanted

router = APIRouter(tags=["debts"])

_NO_DAY = "none"


def _wanted(
    academic_year: Annotated[int, Query(ge=2000, le=2100, description="Год начала учебного года")],
    journal_id: UUID | None = None,
    learners_id: Annotated[UUID | None, Query(description="Класс (с его подгруппами) или группа")] = None,
    student_id: UUID | None = None,
    overdue: Annotated[bool, Query(description="Только с истёкшим сроком")] = False,
) -> Wanted:
    return Wanted(academic_year, journal_id, learners_id, student_id, overdue)


@router.get("/organizations/{organization_id}/debts")
async def list_debts(
    organization_id: UUID,
    wanted: Annotated[Wanted, Depends(_wanted)],
    principal: Annotated[Principal, allow(policies.READ)],
    uow: Uow,
    after: After = None,
    limit: Limit = 100,
) -> Page[DebtOut]:
    """Незакрытые долги («точки»), с ближайшим сроком сначала; учителю — в своих журналах и журналах своего класса."""
    found, names = await service.list_open(uow, principal, organization_id, wanted, _place(after), limit)
    told = DebtOut.model_fields.keys() - {"student"}
    shown = [DebtOut(student=names.get(row.student_id), **{name: getattr(row, name) for name in told}) for row in found]
    return paginate(shown, limit, lambda one: f"{one.due_on or _NO_DAY}.{one.id.hex}")


def _place(after: str | None) -> tuple[dt.date | None, UUID] | None:
    if after is None:
        return None
    day, _, key = after.partition(".")
    try:
        return None if day == _NO_DAY else dt.date.fromisoformat(day), UUID(hex=key)
    except ValueError:
        raise InvalidValueError from None
