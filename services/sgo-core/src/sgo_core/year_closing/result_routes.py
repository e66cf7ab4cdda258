"""HTTP of final marks of the year."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from servicekit import audit
from servicekit.http import After, Limit, Page, Uow, allow, paginate
from servicekit.security import Principal
from sgo_core.groups.schemas import Year
from sgo_core.http import after_id
from sgo_core.year_closing import policies, results
from sgo_core.year_closing.results import Result
from sgo_core.year_closing.schemas import ResultOut, ResultsIn, ResultsOut

router = APIRouter(tags=["year-closing"])


@router.get("/organizations/{organization_id}/year-results")
async def list_year_results(
    organization_id: UUID,
    principal: Annotated[Principal, allow(policies.READ_RESULTS)],
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    academic_year: Year | None = None,
    group_id: UUID | None = None,
    student_id: UUID | None = None,
) -> Page[ResultOut]:
    """Итоговые отметки обучающихся организации."""
    found = await results.list_results(
        uow, principal, organization_id, academic_year, group_id, student_id, limit, after_id(after)
    )
    page = paginate([ResultOut.model_validate(one, from_attributes=True) for one in found], limit, lambda one: one.id)
    await audit.record(uow, principal, "year-results.read", {one.student_id for one in page.items})
    return page


@router.put("/organizations/{organization_id}/year-results")
async def enter_year_results(
    organization_id: UUID,
    body: ResultsIn,
    principal: Annotated[Principal, allow(policies.ENTER_RESULTS)],
    uow: Uow,
) -> ResultsOut:
    """Внести итоговые отметки: годовые, экзаменационные, итоговые; повторное внесение ничего не меняет."""
    said = [Result(one.student_id, one.subject, one.annual, one.exam, one.final) for one in body.items]
    counted = await results.enter(uow, principal, organization_id, body.academic_year, said)
    await audit.record(uow, principal, "year-results.enter", {one.student_id for one in said})
    return ResultsOut(**counted)
