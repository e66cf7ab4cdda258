"""Routes of the assessments."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from servicekit.http import CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.http.reports import Format
from servicekit.security import Principal
from sgo_journal.assessments import policies, prints, service
from sgo_journal.assessments.limits import Remark
from sgo_journal.assessments.schemas import (
    AssessmentIn,
    AssessmentOut,
    AssessmentPatch,
    FamilyAssessment,
    LimitsIn,
    LimitsOut,
    PublicationIn,
    Published,
    RemarkOut,
)
from sgo_journal.dates import Day
from sgo_journal.lessons import places
from sgo_journal.printing import footer
from sgo_journal.printouts.files import FILES, FileFormat, as_file

router = APIRouter(tags=["assessments"])

Planner = Annotated[Principal, allow(policies.PLAN)]
Publisher = Annotated[Principal, allow(policies.PUBLISH)]
Reader = Annotated[Principal, allow(policies.READ)]
Since = Annotated[Day, Query(alias="from")]
Until = Annotated[Day, Query(alias="to", description="Последний день, включительно")]

_DAY = dt.timedelta(days=1)
_LONGEST = dt.timedelta(days=62)
_REMARKS = {Remark.FIRST: "Первый урок класса в этот день", Remark.LAST: "Последний урок класса в этот день"}


def _shown(one: service.Shown, response: Response | None = None) -> AssessmentOut:
    assessment, lesson = one.assessment, one.lesson
    if response is not None:
        response.headers["ETag"] = etag(assessment.version)
    return AssessmentOut.model_validate(
        {
            **{name: getattr(assessment, name) for name in ("id", "lesson_id", "kind", "title", "level", "version")},
            **{name: getattr(lesson, name) for name in ("journal_id", "learners_id", "date", "number")},
            "lesson_state": lesson.state,
            "subject": one.subject,
            "published": assessment.published_at is not None,
            "remarks": [
                RemarkOut.model_validate({"code": code.value, "title": _REMARKS[code]}) for code in one.remarks
            ],
        }
    )


@router.post("/organizations/{organization_id}/assessments", status_code=201, response_model=AssessmentOut)
async def plan_assessment(
    organization_id: UUID, body: AssessmentIn, principal: Planner, uow: Uow, once: CreateOnce
) -> JSONResponse:
    """Назначить контрольную работу на урок."""

    async def create() -> tuple[int, dict[str, Any]]:
        return 201, _shown(await service.plan(uow, principal, organization_id, body)).model_dump(mode="json")

    return await once(create)


@router.get("/organizations/{organization_id}/assessments")
async def list_assessments(
    organization_id: UUID,
    since: Since,
    until: Until,
    principal: Reader,
    uow: Uow,
    learners_id: Annotated[UUID | None, Query(description="Класс с его подгруппами")] = None,
    after: places.After = None,
    limit: Limit = 100,
) -> Page[AssessmentOut]:
    """График контрольных работ организации или класса."""
    found = await service.schedule(uow, principal, organization_id, since, until + _DAY, learners_id, after, limit)
    return paginate([_shown(one) for one in found], limit, lambda one: places.key(one.date, one.number, one.id))


@router.get("/organizations/{organization_id}/assessments/file", response_class=Response, responses=FILES)
async def download_assessments(
    organization_id: UUID,
    since: Since,
    until: Until,
    principal: Reader,
    uow: Uow,
    learners_id: Annotated[UUID | None, Query(description="Класс с его подгруппами")] = None,
    form: Annotated[FileFormat, Query(alias="format")] = Format.PDF,
) -> Response:
    """Опубликованный график контрольных работ для печати (PDF или XLSX), не больше чем за год."""
    asked = organization_id, since, until + _DAY, learners_id
    organization, found, learners, kinds = await service.printed(uow, principal, *asked)
    sheet = prints.sheet(since, until, found, learners, kinds)
    return await as_file(
        sheet, organization.short_name, f"{sheet.title} {sheet.subtitle}", form, footer(uow, principal)
    )


@router.post("/organizations/{organization_id}/assessments/publication")
async def publish_assessments(organization_id: UUID, body: PublicationIn, principal: Publisher, uow: Uow) -> Published:
    """Опубликовать график контрольных работ для семей."""
    count = await service.publish(uow, principal, organization_id, body.valid_from, body.valid_to)
    return Published(published=count)


@router.get("/assessments/{assessment_id}")
async def read_assessment(assessment_id: UUID, principal: Reader, uow: Uow, response: Response) -> AssessmentOut:
    """Контрольная работа."""
    return _shown(await service.read(uow, principal, assessment_id), response)


@router.patch("/assessments/{assessment_id}")
async def change_assessment(
    assessment_id: UUID, body: AssessmentPatch, version: IfMatch, principal: Planner, uow: Uow, response: Response
) -> AssessmentOut:
    """Изменить вид или название контрольной работы."""
    return _shown(await service.change(uow, principal, assessment_id, version, body), response)


@router.delete("/assessments/{assessment_id}", status_code=204)
async def withdraw_assessment(assessment_id: UUID, version: IfMatch, principal: Planner, uow: Uow) -> None:
    """Снять контрольную работу с графика."""
    await service.withdraw(uow, principal, assessment_id, version)


@router.get("/organizations/{organization_id}/assessment-limits")
async def read_assessment_limits(organization_id: UUID, principal: Reader, uow: Uow, response: Response) -> LimitsOut:
    """Сколько контрольных работ допускается у класса в день и в неделю."""
    limits, version = await service.limits_of(uow, principal, organization_id)
    response.headers["ETag"] = etag(version)
    return LimitsOut(per_day=limits.per_day, per_week=limits.per_week, version=version)


@router.put("/organizations/{organization_id}/assessment-limits")
async def set_assessment_limits(
    organization_id: UUID, body: LimitsIn, version: IfMatch, principal: Publisher, uow: Uow, response: Response
) -> LimitsOut:
    """Задать, сколько контрольных работ допускается у класса."""
    limits, changed = await service.set_limits(uow, principal, organization_id, version, body)
    response.headers["ETag"] = etag(changed)
    return LimitsOut(per_day=limits.per_day, per_week=limits.per_week, version=changed)


@router.get("/students/{student_id}/assessments")
async def list_child_assessments(
    student_id: UUID,
    since: Since,
    until: Until,
    principal: Annotated[Principal, allow(policies.READ_OWN)],
    uow: Uow,
) -> list[FamilyAssessment]:
    """Опубликованные контрольные работы обучающегося за период, не больше двух месяцев."""
    until = min(until + _DAY, since + _LONGEST)
    return [
        FamilyAssessment(
            date=one.lesson.date,
            number=one.lesson.number,
            subject=one.subject,
            kind=one.assessment.kind,
            title=one.assessment.title,
        )
        for one in await service.of_child(uow, principal, student_id, since, until)
    ]
