"""HTTP of academic debts."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from servicekit import audit
from servicekit.http import After, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_core.cards.audience import audience_of
from sgo_core.cards.fields import plain_value, shown
from sgo_core.catalogue.definition import CATALOGUE, CardKind
from sgo_core.debts import policies, service
from sgo_core.debts.model import ATTEMPTS, FAILED
from sgo_core.debts.schemas import AcademicDebtOut, AttemptIn, AttemptOut, DebtPatch, State
from sgo_core.groups.schemas import Year
from sgo_core.http import after_id

router = APIRouter(tags=["debts"])
Keeper = Annotated[Principal, allow(policies.KEEP)]
_LISTED = ("last_name", "first_name", "middle_name", "birth_date")
_FIELDS = CATALOGUE.cards[CardKind.STUDENT].fields
_SAME = (
    *("id", "student_id", "academic_year", "subject", "arose_on", "due_on", "paused_days", "cleared_on", "version"),
)


def _out(uow: Uow, principal: Principal, row: Any) -> AcademicDebtOut:
    debt = row.AcademicDebt
    plain = {name: plain_value(_FIELDS[name], getattr(row, name)) for name in _LISTED}
    values, masked = shown(CardKind.STUDENT, plain, audience_of(principal), closed=())
    attempts = [
        AttemptOut(held_on=on, mark=mark, passed=mark not in FAILED, recorded_by=by) for on, mark, by in debt.attempts
    ]
    return AcademicDebtOut.model_validate(
        {
            **{name: getattr(debt, name) for name in _SAME},
            "values": values,
            "masked": masked,
            "organization_id": row.studies_in,
            "group": row.group_name,
            "arose_in": debt.organization_id,
            "last_on": row.last_on,
            "attempts": attempts,
            "attempts_left": 0 if debt.cleared_on is not None else ATTEMPTS - len(attempts),
            "overdue": debt.overdue_on(uow.clock.today()),
        }
    )


@router.get("/academic-debts")
async def list_academic_debts(
    principal: Annotated[Principal, allow(policies.READ)],
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    organization_id: UUID | None = None,
    municipality: Annotated[str | None, Query(pattern=r"^\d{8}$")] = None,
    academic_year: Year | None = None,
    state: State | None = None,
) -> Page[AcademicDebtOut]:
    """Академические задолженности обучающихся организации, муниципалитета, региона: сроки, попытки, просроченные."""
    found = await service.list_debts(
        uow,
        principal,
        organization_id=organization_id,
        municipality=municipality,
        academic_year=academic_year,
        state=state,
        limit=limit,
        after=after_id(after),
    )
    page = paginate([_out(uow, principal, row) for row in found], limit, lambda one: one.id)
    await audit.record(uow, principal, "academic-debts.list", [one.student_id for one in page.items])
    return page


@router.post("/academic-debts/{debt_id}/attempts")
async def attempt_academic_debt(
    debt_id: UUID, body: AttemptIn, version: IfMatch, principal: Keeper, uow: Uow, response: Response
) -> AcademicDebtOut:
    """Внести попытку ликвидации задолженности (не более двух в течение года); положительная отметка ликвидирует её."""
    row = await service.attempt(uow, principal, debt_id, version, body)
    return await _answer(uow, principal, "academic-debts.attempt", row, response)


@router.patch("/academic-debts/{debt_id}")
async def edit_academic_debt(
    debt_id: UUID, body: DebtPatch, version: IfMatch, principal: Keeper, uow: Uow, response: Response
) -> AcademicDebtOut:
    """Изменить срок ликвидации задолженности, указать время болезни и отпуска, которое в год не входит."""
    row = await service.edit(uow, principal, debt_id, version, body)
    return await _answer(uow, principal, "academic-debts.edit", row, response)


async def _answer(uow: Uow, principal: Principal, action: str, row: Any, response: Response) -> AcademicDebtOut:
    await audit.record(uow, principal, action, [row.AcademicDebt.student_id])
    response.headers["ETag"] = etag(row.AcademicDebt.version)
    return _out(uow, principal, row)
