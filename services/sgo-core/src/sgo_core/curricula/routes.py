"""HTTP of curricula."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_core.cards.audience import audience_of
from sgo_core.cards.schemas import ChangeOut
from sgo_core.cards.showing import change_out
from sgo_core.catalogue.definition import CardKind
from sgo_core.curricula import approving, policies, service
from sgo_core.curricula.model import Curriculum, CurriculumClass
from sgo_core.curricula.schemas import (
    ApprovalIn,
    ClassOut,
    CopiedOut,
    CopyIn,
    CurriculumIn,
    CurriculumOut,
    CurriculumPatch,
    CurriculumShort,
    FindingOut,
    LineOut,
    ReportOut,
    State,
    Year,
)
from sgo_core.http import after_id

router = APIRouter(tags=["curricula"])
Reader = Annotated[Principal, allow(policies.READ)]
Keeper = Annotated[Principal, allow(policies.KEEP)]
OnDay = Annotated[date | None, Query(alias="date", description="По умолчанию сегодня")]
OfGrade = Annotated[int | None, Query(ge=1, le=12)]


def _short(curriculum: Curriculum, classes: Sequence[CurriculumClass]) -> dict[str, Any]:
    own = CurriculumShort.model_fields.keys() - {"classes"}
    return {
        **{name: getattr(curriculum, name) for name in own},
        "classes": [
            ClassOut(group_id=one.group_id, valid_from=one.valid_from, valid_to=one.valid_to) for one in classes
        ],
    }


def _out(found: service.Whole) -> CurriculumOut:
    lines = [
        LineOut(
            id=line.id,
            subject_id=line.subject_id,
            component=line.component,
            level=line.level,
            hours_week=f"{line.hours_week:.1f}",
            hours_year=f"{line.hours_year or line.hours_week * found.curriculum.weeks:.1f}",
            period_hours=line.period_hours,
            subgroups=line.subgroups,
        )
        for line in found.lines
    ]
    return CurriculumOut.model_validate({**_short(found.curriculum, found.classes), "lines": lines})


def _answer(found: service.Whole, response: Response) -> CurriculumOut:
    response.headers["ETag"] = etag(found.curriculum.version)
    return _out(found)


@router.get("/organizations/{organization_id}/curricula")
async def list_curricula(
    organization_id: UUID,
    principal: Reader,
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    academic_year: Year | None = None,
    grade: OfGrade = None,
    state: State | None = None,
) -> Page[CurriculumShort]:
    """Учебные планы организации."""
    filters = {"academic_year": academic_year, "grade": grade, "state": state}
    found = await service.list_curricula(uow, principal, organization_id, filters, limit, after_id(after))
    page = paginate(found, limit, lambda one: one.id)
    classes = await service.classes_of(uow, [one.id for one in page.items])
    items = [CurriculumShort.model_validate(_short(one, classes[one.id])) for one in page.items]
    return Page(items=items, next=page.next)


@router.post("/organizations/{organization_id}/curricula", status_code=201, response_model=CurriculumOut)
async def draft_curriculum(
    organization_id: UUID, body: CurriculumIn, once: CreateOnce, principal: Keeper, uow: Uow
) -> JSONResponse:
    """Составить проект учебного плана параллели."""

    async def make() -> tuple[int, dict[str, Any]]:
        return 201, _out(await service.draft(uow, principal, organization_id, body)).model_dump(mode="json")

    return await once(make)


@router.post("/organizations/{organization_id}/curricula/copies", status_code=201, response_model=CopiedOut)
async def copy_curricula(
    organization_id: UUID, body: CopyIn, once: CreateOnce, principal: Keeper, uow: Uow
) -> JSONResponse:
    """Перенести утверждённые планы в другой учебный год как проекты."""

    async def make() -> tuple[int, dict[str, Any]]:
        made = await approving.copy_year(uow, principal, organization_id, body)
        items = [CurriculumShort.model_validate(_short(one.curriculum, one.classes)) for one in made]
        return 201, CopiedOut(items=items).model_dump(mode="json")

    return await once(make)


@router.get("/curricula/{curriculum_id}")
async def get_curriculum(curriculum_id: UUID, principal: Reader, uow: Uow, response: Response) -> CurriculumOut:
    """Учебный план с предметами и часами."""
    return _answer(await service.get_curriculum(uow, principal, curriculum_id), response)


@router.patch("/curricula/{curriculum_id}")
async def edit_curriculum(
    curriculum_id: UUID, body: CurriculumPatch, version: IfMatch, principal: Keeper, uow: Uow, response: Response
) -> CurriculumOut:
    """Изменить проект учебного плана; строки и классы заменяются целиком."""
    return _answer(await service.edit(uow, principal, curriculum_id, version, body), response)


@router.get("/curricula/{curriculum_id}/check")
async def check_curriculum(curriculum_id: UUID, principal: Reader, uow: Uow) -> ReportOut:
    """Проверить учебный план: предельная нагрузка, обязательные предметы, замечания."""
    report = await service.check(uow, await service.get_curriculum(uow, principal, curriculum_id))
    return ReportOut(
        hours_week=[f"{one:.1f}" for one in report.hours_week],
        maximum=None if report.maximum is None else f"{report.maximum:.1f}",
        maximum_source=report.maximum_source,
        by_component={code: f"{hours:.1f}" for code, hours in report.by_component.items()},
        ready=not report.errors,
        findings=[FindingOut.model_validate(one, from_attributes=True) for one in report.findings],
    )


@router.post("/curricula/{curriculum_id}/approval")
async def approve_curriculum(
    curriculum_id: UUID,
    body: ApprovalIn,
    version: IfMatch,
    principal: Annotated[Principal, allow(policies.APPROVE)],
    uow: Uow,
    response: Response,
) -> CurriculumOut:
    """Утвердить учебный план и ввести его в действие с даты; прежний план классов с этой даты не действует."""
    return _answer(await approving.approve(uow, principal, curriculum_id, version, body), response)


@router.post("/curricula/{curriculum_id}/withdrawal")
async def withdraw_curriculum(
    curriculum_id: UUID, version: IfMatch, principal: Keeper, uow: Uow, response: Response
) -> CurriculumOut:
    """Отозвать проект учебного плана."""
    return _answer(await service.withdraw(uow, principal, curriculum_id, version), response)


@router.post("/curricula/{curriculum_id}/editions", status_code=201, response_model=CurriculumOut)
async def open_curriculum_edition(curriculum_id: UUID, once: CreateOnce, principal: Keeper, uow: Uow) -> JSONResponse:
    """Составить новую редакцию утверждённого плана: утверждённый план не изменяется."""

    async def make() -> tuple[int, dict[str, Any]]:
        return 201, _out(await approving.open_edition(uow, principal, curriculum_id)).model_dump(mode="json")

    return await once(make)


@router.get("/curricula/{curriculum_id}/history")
async def list_curriculum_changes(
    curriculum_id: UUID, principal: Reader, uow: Uow, limit: Limit = 100, after: After = None
) -> Page[ChangeOut]:
    """История изменений учебного плана, его строк и классов."""
    await service.require_visible(uow, principal, curriculum_id)
    page = paginate(await service.history_of(uow, curriculum_id, limit, after), limit, lambda one: one.key)
    relations = ("curriculum", "curriculum_line", "curriculum_class")
    audience = audience_of(principal)
    changes = (change_out(uow, CardKind.ORGANIZATION, one, audience, (), relations) for one in page.items)
    return Page(items=[one for one in changes if one is not None], next=page.next)


@router.get("/groups/{group_id}/curriculum")
async def get_class_curriculum(group_id: UUID, principal: Reader, uow: Uow, day: OnDay = None) -> CurriculumOut:
    """Учебный план, по которому учится класс."""
    return _out(await service.of_class(uow, principal, group_id, day or uow.clock.today()))
