"""Handing forms in over HTTP."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from reporting.builds.schemas import FormCode
from reporting.days import FIRST_DAY, LAST_DAY
from reporting.submissions import policies, service
from reporting.submissions.schemas import (
    BoardLine,
    BoardTotals,
    Checked,
    Consolidated,
    Consolidation,
    Remark,
    ReportPut,
    StepOut,
    Submission,
    SubmissionWithSteps,
)
from servicekit.http import CreateOnce, CurrentRuntime, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

router = APIRouter(tags=["submissions"])

Preparer = Annotated[Principal, allow(policies.SUBMISSIONS_PREPARE)]
Approver = Annotated[Principal, allow(policies.SUBMISSIONS_APPROVE)]
Taker = Annotated[Principal, allow(policies.SUBMISSIONS_TAKE)]
Reader = Annotated[Principal, allow(policies.SUBMISSIONS_READ)]
AsOf = Annotated[date, Query(ge=FIRST_DAY, le=LAST_DAY)]


@router.post("/submissions", status_code=201, response_model=Submission)
async def put_report(body: ReportPut, principal: Preparer, uow: Uow, once: CreateOnce) -> JSONResponse:
    """Начать сдачу формы или заменить отчёт, который ещё не утверждён."""

    async def begin() -> tuple[int, dict[str, Any]]:
        submission_id = await service.put(uow, principal, body.report_id)
        return 201, (await _shown(uow, principal, submission_id)).model_dump(mode="json")

    return await once(begin)


@router.get("/submissions/{submission_id}")
async def get_submission(submission_id: UUID, principal: Reader, uow: Uow, response: Response) -> SubmissionWithSteps:
    """Сдача формы и все её шаги."""
    found, steps = await service.get(uow, principal, submission_id)
    response.headers["ETag"] = etag(found.version)
    own = Submission.model_validate(found, from_attributes=True).model_dump()
    return SubmissionWithSteps(**own, steps=[StepOut.model_validate(one, from_attributes=True) for one in steps])


@router.post("/submissions/{submission_id}/check")
async def check_submission(
    submission_id: UUID, body: Checked, version: IfMatch, principal: Preparer, uow: Uow
) -> Submission:
    """Проверить форму: ошибок нет, предупреждения пояснены."""
    await service.check(uow, principal, submission_id, version, body.explanations)
    return await _shown(uow, principal, submission_id)


@router.post("/submissions/{submission_id}/approval")
async def approve_submission(submission_id: UUID, version: IfMatch, principal: Approver, uow: Uow) -> Submission:
    """Утвердить проверенную форму."""
    await service.approve(uow, principal, submission_id, version)
    return await _shown(uow, principal, submission_id)


@router.post("/submissions/{submission_id}/acceptance")
async def take_submission(submission_id: UUID, version: IfMatch, principal: Taker, uow: Uow) -> Submission:
    """Принять утверждённую форму нижестоящего."""
    await service.take(uow, principal, submission_id, version)
    return await _shown(uow, principal, submission_id)


@router.post("/submissions/{submission_id}/return")
async def return_submission(
    submission_id: UUID, body: Remark, version: IfMatch, principal: Taker, uow: Uow
) -> Submission:
    """Вернуть форму с замечанием."""
    await service.give_back(uow, principal, submission_id, version, body.remark)
    return await _shown(uow, principal, submission_id)


@router.post("/consolidations", status_code=201, response_model=Consolidated)
async def consolidate_reports(
    body: Consolidation,
    principal: Annotated[Principal, allow(policies.SUBMISSIONS_CONSOLIDATE)],
    uow: Uow,
    once: CreateOnce,
) -> JSONResponse:
    """Свести принятые формы организаций в отчёт муниципального образования или муниципальные — в отчёт региона."""

    async def make() -> tuple[int, dict[str, Any]]:
        report_id, parts = await service.consolidate(uow, principal, body.form, body.as_of, body.municipality)
        return 201, Consolidated(report_id=report_id, parts=parts).model_dump(mode="json")

    return await once(make)


@router.get("/submissions")
async def list_board(
    principal: Reader,
    uow: Uow,
    runtime: CurrentRuntime,
    form: FormCode,
    as_of: AsOf,
    state: Literal["none", "draft", "checked", "approved", "taken", "returned"] | None = None,
    limit: Limit = 100,
    after: UUID | None = None,
) -> Page[BoardLine]:
    """Кто из организаций на каком шаге сдачи формы и кто опаздывает."""
    found, last = await service.board(uow, principal, form, as_of, state=state, after=after, limit=limit + 1)
    today = runtime.clock.today()
    lines = [BoardLine(**one._asdict(), late=service.is_late(one.state, last, today)) for one in found]
    return paginate(lines, limit, lambda one: one.organization_id)


@router.get("/submission-totals")
async def count_board(principal: Reader, uow: Uow, runtime: CurrentRuntime, form: FormCode, as_of: AsOf) -> BoardTotals:
    """Сколько организаций на каком шаге сдачи формы."""
    counts, last = await service.totals(uow, principal, form, as_of)
    today = runtime.clock.today()
    late = sum(number for state, number in counts.items() if service.is_late(state, last, today))
    shown = {state or "none": number for state, number in counts.items()}
    return BoardTotals(form=form, as_of=as_of, closes=last, counts=shown, late=late)


async def _shown(uow: UnitOfWork, principal: Principal, submission_id: UUID) -> Submission:
    found, _ = await service.get(uow, principal, submission_id)
    return Submission.model_validate(found, from_attributes=True)
