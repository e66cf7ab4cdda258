"""HTTP of subjects and of the terms of the curriculum."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_core.http import after_id
from sgo_core.subjects import policies, service
from sgo_core.subjects.model import CurriculumTerm, Subject
from sgo_core.subjects.schemas import (
    Grade,
    OwnSubjectIn,
    SubjectIn,
    SubjectOut,
    SubjectPatch,
    TermIn,
    TermKind,
    TermOut,
    TermPatch,
    TermsOut,
)

router = APIRouter(tags=["subjects"])
Reader = Annotated[Principal, allow(policies.READ)]
OwnReader = Annotated[Principal, allow(policies.READ_OWN)]
Keeper = Annotated[Principal, allow(policies.KEEP)]
OnDay = Annotated[date | None, Query(alias="date", description="Действующие в этот день; по умолчанию сегодня")]
Everything = Annotated[bool, Query(alias="all", description="Вместе с теми, что уже или ещё не действуют")]
OfGrade = Annotated[Grade | None, Query(description="Изучаемые в этой параллели")]


def _term(term: CurriculumTerm) -> TermOut:
    return TermOut.model_validate(term, from_attributes=True)


def _out(subject: Subject) -> SubjectOut:
    return SubjectOut.model_validate(subject, from_attributes=True)


@router.get("/curriculum-terms")
async def list_curriculum_terms(
    _principal: Reader, uow: Uow, kind: TermKind | None = None, day: OnDay = None, everything: Everything = False
) -> TermsOut:
    """Предметные области и компоненты учебного плана."""
    on = None if everything else day or uow.clock.today()
    return TermsOut(items=[_term(one) for one in await service.list_terms(uow, kind, on)])


@router.post("/curriculum-terms", status_code=201, response_model=TermOut)
async def add_curriculum_term(body: TermIn, once: CreateOnce, principal: Keeper, uow: Uow) -> JSONResponse:
    """Внести предметную область или компонент."""

    async def add() -> tuple[int, dict[str, Any]]:
        return 201, _term(await service.add_term(uow, principal, body)).model_dump(mode="json")

    return await once(add)


@router.patch("/curriculum-terms/{term_id}")
async def edit_curriculum_term(
    term_id: UUID, body: TermPatch, version: IfMatch, principal: Keeper, uow: Uow, response: Response
) -> TermOut:
    """Переименовать запись справочника, вывести из действия или вернуть."""
    term = await service.edit_term(uow, principal, term_id, version, body)
    response.headers["ETag"] = etag(term.version)
    return _term(term)


@router.get("/subjects")
async def list_subjects(
    _principal: Reader,
    uow: Uow,
    limit: Limit = 200,
    after: After = None,
    day: OnDay = None,
    grade: OfGrade = None,
    everything: Everything = False,
) -> Page[SubjectOut]:
    """Региональный справочник предметов."""
    on = None if everything else day or uow.clock.today()
    found = await service.list_subjects(uow, on, grade, limit, after_id(after))
    return paginate([_out(one) for one in found], limit, lambda one: one.id)


@router.post("/subjects", status_code=201, response_model=SubjectOut)
async def add_subject(body: SubjectIn, once: CreateOnce, principal: Keeper, uow: Uow) -> JSONResponse:
    """Внести предмет в региональный справочник."""

    async def add() -> tuple[int, dict[str, Any]]:
        return 201, _out(await service.add_subject(uow, principal, body)).model_dump(mode="json")

    return await once(add)


@router.get("/subjects/{subject_id}")
async def get_subject(subject_id: UUID, principal: OwnReader, uow: Uow, response: Response) -> SubjectOut:
    """Предмет."""
    subject = await service.get_subject(uow, principal, subject_id)
    response.headers["ETag"] = etag(subject.version)
    return _out(subject)


@router.patch("/subjects/{subject_id}")
async def edit_subject(
    subject_id: UUID,
    body: SubjectPatch,
    version: IfMatch,
    principal: Annotated[Principal, allow(policies.EDIT)],
    uow: Uow,
    response: Response,
) -> SubjectOut:
    """Изменить предмет, вывести из действия или вернуть: региональный — администратор региона, собственный — организация."""
    subject = await service.edit_subject(uow, principal, subject_id, version, body)
    response.headers["ETag"] = etag(subject.version)
    return _out(subject)


@router.get("/organizations/{organization_id}/subjects")
async def list_own_subjects(
    organization_id: UUID,
    principal: OwnReader,
    uow: Uow,
    limit: Limit = 200,
    after: After = None,
    day: OnDay = None,
    grade: OfGrade = None,
    everything: Everything = False,
) -> Page[SubjectOut]:
    """Предметы, которые может преподавать организация: региональные и собственные."""
    on = None if everything else day or uow.clock.today()
    found = await service.list_own(uow, principal, organization_id, on, grade, limit, after_id(after))
    return paginate([_out(one) for one in found], limit, lambda one: one.id)


@router.post("/organizations/{organization_id}/subjects", status_code=201, response_model=SubjectOut)
async def add_own_subject(
    organization_id: UUID,
    body: OwnSubjectIn,
    once: CreateOnce,
    principal: Annotated[Principal, allow(policies.KEEP_OWN)],
    uow: Uow,
) -> JSONResponse:
    """Внести собственный предмет организации."""

    async def add() -> tuple[int, dict[str, Any]]:
        return 201, _out(await service.add_own(uow, principal, organization_id, body)).model_dump(mode="json")

    return await once(add)
