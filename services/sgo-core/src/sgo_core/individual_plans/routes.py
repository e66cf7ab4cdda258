"""HTTP of individual plans."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from servicekit import audit
from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.catalogue.values import Day
from sgo_core.curricula.schemas import ApprovalIn, FindingOut, ReportOut
from sgo_core.http import after_id
from sgo_core.individual_plans import policies, service
from sgo_core.individual_plans.model import IndividualPlan
from sgo_core.individual_plans.schemas import PlanIn, PlanOut, PlanPatch, PlansOut, StudentLineOut

router = APIRouter(tags=["individual-plans"])
Reader = Annotated[Principal, allow(policies.READ)]
Keeper = Annotated[Principal, allow(policies.KEEP)]


def _out(plan: IndividualPlan) -> PlanOut:
    lines = service.lines_of(plan)
    own = PlanOut.model_fields.keys() - {"lines", "hours_week"}
    return PlanOut.model_validate(
        {
            **{name: getattr(plan, name) for name in own},
            "lines": [
                StudentLineOut.model_validate({**one.model_dump(mode="json"), "hours_week": f"{one.hours_week:.1f}"})
                for one in lines
            ],
            "hours_week": f"{sum((one.hours_week for one in lines), Decimal(0)):.1f}",
        }
    )


async def _answer(
    uow: UnitOfWork, principal: Principal, action: str, plan: IndividualPlan, response: Response
) -> PlanOut:
    await audit.record(uow, principal, action, [plan.student_id])
    response.headers["ETag"] = etag(plan.version)
    return _out(plan)


@router.post("/students/{student_id}/individual-plans", status_code=201, response_model=PlanOut)
async def draft_individual_plan(
    student_id: UUID, body: PlanIn, once: CreateOnce, principal: Keeper, uow: Uow
) -> JSONResponse:
    """Составить проект индивидуального учебного плана обучающегося."""

    async def make() -> tuple[int, dict[str, Any]]:
        plan = await service.draft(uow, principal, student_id, body)
        await audit.record(uow, principal, "individual-plan.draft", [student_id])
        return 201, _out(plan).model_dump(mode="json")

    return await once(make)


@router.get("/students/{student_id}/individual-plans")
async def list_student_plans(
    student_id: UUID, principal: Annotated[Principal, allow(policies.READ_OWN)], uow: Uow
) -> PlansOut:
    """Индивидуальные учебные планы обучающегося; семья видит утверждённые."""
    found = await service.of_student(uow, principal, student_id)
    await audit.record(uow, principal, "individual-plans.read", [student_id])
    return PlansOut(items=[_out(one) for one in found])


@router.get("/organizations/{organization_id}/individual-plans")
async def list_individual_plans(
    organization_id: UUID,
    principal: Reader,
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    day: Annotated[Day | None, Query(alias="date", description="Действующие в этот день; по умолчанию все")] = None,
) -> Page[PlanOut]:
    """Индивидуальные учебные планы обучающихся организации."""
    found = await service.list_plans(uow, principal, organization_id, day, limit, after_id(after))
    page = paginate([_out(one) for one in found], limit, lambda one: one.id)
    await audit.record(uow, principal, "individual-plans.list", {one.student_id for one in page.items})
    return page


@router.get("/individual-plans/{plan_id}")
async def get_individual_plan(plan_id: UUID, principal: Reader, uow: Uow, response: Response) -> PlanOut:
    """Индивидуальный учебный план."""
    plan = await service.require_plan(uow, principal, plan_id)
    return await _answer(uow, principal, "individual-plan.read", plan, response)


@router.patch("/individual-plans/{plan_id}")
async def edit_individual_plan(
    plan_id: UUID, body: PlanPatch, version: IfMatch, principal: Keeper, uow: Uow, response: Response
) -> PlanOut:
    """Изменить выбор предметов в проекте индивидуального плана."""
    plan = await service.edit(uow, principal, plan_id, version, body)
    return await _answer(uow, principal, "individual-plan.edit", plan, response)


@router.get("/individual-plans/{plan_id}/check")
async def check_individual_plan(plan_id: UUID, principal: Reader, uow: Uow) -> ReportOut:
    """Проверить индивидуальный план: предельная нагрузка, обязательные предметы, замечания."""
    plan = await service.require_plan(uow, principal, plan_id)
    report = await service.check_plan(uow, principal, plan)
    await audit.record(uow, principal, "individual-plan.check", [plan.student_id])
    return ReportOut(
        hours_week=[f"{one:.1f}" for one in report.hours_week],
        maximum=None if report.maximum is None else f"{report.maximum:.1f}",
        maximum_source=report.maximum_source,
        by_component={code: f"{number:.1f}" for code, number in report.by_component.items()},
        ready=not report.errors,
        findings=[FindingOut.model_validate(one, from_attributes=True) for one in report.findings],
    )


@router.post("/individual-plans/{plan_id}/approval")
async def approve_individual_plan(
    plan_id: UUID,
    body: ApprovalIn,
    version: IfMatch,
    principal: Annotated[Principal, allow(policies.APPROVE)],
    uow: Uow,
    response: Response,
) -> PlanOut:
    """Утвердить индивидуальный учебный план; прежний план обучающегося с этой даты не действует."""
    plan = await service.approve(uow, principal, plan_id, version, body)
    return await _answer(uow, principal, "individual-plan.approve", plan, response)


@router.post("/individual-plans/{plan_id}/withdrawal")
async def withdraw_individual_plan(
    plan_id: UUID, version: IfMatch, principal: Keeper, uow: Uow, response: Response
) -> PlanOut:
    """Отозвать проект индивидуального учебного плана."""
    plan = await service.withdraw(uow, principal, plan_id, version)
    return await _answer(uow, principal, "individual-plan.withdraw", plan, response)
