"""HTTP of certificates of education."""

import json
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from reportkit.disposition import attachment
from servicekit import audit
from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.certificates import documents, policies, printing, service
from sgo_core.certificates.model import Certificate
from sgo_core.certificates.schemas import (
    CertificateKind,
    CertificateOut,
    CertificatePatch,
    CertificatesIn,
    CertificateState,
    DraftedOut,
    DuplicateIn,
    FederalAnswerIn,
    FederalFileIn,
    HandingIn,
    RegistrationIn,
    SpoiltIn,
)
from sgo_core.groups.schemas import Year
from sgo_core.http import after_id
from sgo_core.printing import pdf

router = APIRouter(tags=["certificates"])
Reader = Annotated[Principal, allow(policies.READ)]
Keeper = Annotated[Principal, allow(policies.KEEP)]
_PDF: dict[int | str, dict[str, object]] = {200: {"content": {"application/pdf": {}}}}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _out(one: Certificate) -> CertificateOut:
    return CertificateOut.model_validate(one, from_attributes=True)


async def _answer(
    uow: UnitOfWork, principal: Principal, action: str, one: Certificate, response: Response
) -> CertificateOut:
    await audit.record(uow, principal, action, [one.student_id])
    response.headers["ETag"] = etag(one.version)
    return _out(one)


@router.post("/organizations/{organization_id}/certificates", status_code=201, response_model=DraftedOut)
async def draft_certificates(
    organization_id: UUID, body: CertificatesIn, once: CreateOnce, principal: Keeper, uow: Uow
) -> JSONResponse:
    """Составить проекты аттестатов выпускникам завершённого года или справок об обучении."""

    async def create() -> tuple[int, dict[str, Any]]:
        drafted, without_marks = await service.draft(uow, principal, organization_id, body)
        await audit.record(uow, principal, "certificates.draft", drafted)
        return 201, DraftedOut(drafted=len(drafted), without_marks=without_marks).model_dump(mode="json")

    return await once(create)


@router.get("/organizations/{organization_id}/certificates")
async def list_certificates(
    organization_id: UUID,
    principal: Reader,
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    academic_year: Year | None = None,
    kind: CertificateKind | None = None,
    state: CertificateState | None = None,
) -> Page[CertificateOut]:
    """Документы об образовании организации."""
    found = await service.list_certificates(
        uow, principal, organization_id, academic_year, kind, state, limit, after_id(after)
    )
    page = paginate([_out(one) for one in found], limit, lambda one: one.id)
    await audit.record(uow, principal, "certificates.read", {one.student_id for one in page.items})
    return page


@router.get(
    "/organizations/{organization_id}/certificate-book",
    response_class=Response,
    responses=_PDF,
)
async def print_certificate_book(
    organization_id: UUID, principal: Reader, uow: Uow, kind: Annotated[CertificateKind, Query()]
) -> Response:
    """Книга регистрации выданных документов об образовании (PDF)."""
    content, students = await documents.print_book(uow, principal, organization_id, kind)
    await audit.record(uow, principal, "certificate-book.print", students)
    return pdf(content, "Книга регистрации")


@router.post(
    "/organizations/{organization_id}/federal-register-files",
    response_class=Response,
    responses={200: {"content": {_XLSX: {}}}},
)
async def make_federal_file(organization_id: UUID, body: FederalFileIn, principal: Keeper, uow: Uow) -> Response:
    """Файл для федерального реестра (ФИС ФРДО) из документов, которых в нём ещё нет; они отмечаются отправленными."""
    content, students = await documents.federal_file(uow, principal, organization_id, body)
    await audit.record(uow, principal, "federal-register.export", students)
    headers = {"content-disposition": attachment("ФИС ФРДО.xlsx"), "cache-control": "no-store"}
    return Response(content, media_type=_XLSX, headers=headers)


@router.get("/certificates/{certificate_id}")
async def get_certificate(certificate_id: UUID, principal: Reader, uow: Uow, response: Response) -> CertificateOut:
    """Документ об образовании."""
    found = await service.get_certificate(uow, principal, certificate_id)
    return await _answer(uow, principal, "certificate.read", found, response)


@router.get("/certificates/{certificate_id}/certificate.pdf", response_class=Response, responses=_PDF)
async def print_education_certificate(certificate_id: UUID, principal: Reader, uow: Uow) -> Response:
    """Аттестат с приложением или его дубликат для переноса на бланк, справка об обучении (PDF)."""
    found, content = await printing.print_certificate(uow, principal, certificate_id)
    await audit.record(uow, principal, "certificate.print", [found.student_id])
    return pdf(content, documents.TITLES[found.kind])


@router.patch("/certificates/{certificate_id}")
async def edit_certificate(
    certificate_id: UUID, body: CertificatePatch, version: IfMatch, principal: Keeper, uow: Uow, response: Response
) -> CertificateOut:
    """Изменить проект документа об образовании."""
    found = await service.edit(uow, principal, certificate_id, version, body)
    return await _answer(uow, principal, "certificate.edit", found, response)


@router.post("/certificates/{certificate_id}/withdrawal")
async def withdraw_certificate(
    certificate_id: UUID, version: IfMatch, principal: Keeper, uow: Uow, response: Response
) -> CertificateOut:
    """Отозвать проект документа об образовании."""
    found = await service.withdraw(uow, principal, certificate_id, version)
    return await _answer(uow, principal, "certificate.withdraw", found, response)


@router.post("/certificates/{certificate_id}/registration")
async def register_certificate(
    certificate_id: UUID, body: RegistrationIn, version: IfMatch, principal: Keeper, uow: Uow, response: Response
) -> CertificateOut:
    """Внести документ в книгу регистрации: номер присваивается по порядку."""
    found = await service.register(uow, principal, certificate_id, version, body)
    return await _answer(uow, principal, "certificate.register", found, response)


@router.post("/certificates/{certificate_id}/spoilt-blank")
async def replace_spoilt_blank(
    certificate_id: UUID, body: SpoiltIn, version: IfMatch, principal: Keeper, uow: Uow, response: Response
) -> CertificateOut:
    """Списать испорченный бланк и заменить его другим."""
    found = await service.replace_spoilt(uow, principal, certificate_id, version, body)
    return await _answer(uow, principal, "certificate.blank", found, response)


@router.post("/certificates/{certificate_id}/handing")
async def hand_certificate(
    certificate_id: UUID, body: HandingIn, version: IfMatch, principal: Keeper, uow: Uow, response: Response
) -> CertificateOut:
    """Отметить выдачу документа об образовании."""
    found = await service.hand_over(uow, principal, certificate_id, version, body)
    return await _answer(uow, principal, "certificate.hand", found, response)


@router.post("/certificates/{certificate_id}/duplicate", status_code=201, response_model=CertificateOut)
async def draft_duplicate(
    certificate_id: UUID, body: DuplicateIn, once: CreateOnce, principal: Keeper, uow: Uow
) -> JSONResponse:
    """Составить дубликат выданного документа."""

    async def create() -> tuple[int, dict[str, Any]]:
        made = await service.duplicate(uow, principal, certificate_id, body)
        return 201, {"id": str(made.id)}  # what is kept for a repeated request names nobody

    answer = await once(create)
    found = await service.get_certificate(uow, principal, UUID(json.loads(bytes(answer.body))["id"]))
    await audit.record(uow, principal, "certificate.duplicate", [found.student_id])
    return JSONResponse(_out(found).model_dump(mode="json"), status_code=answer.status_code)


@router.post("/certificates/{certificate_id}/federal-answer")
async def note_federal_answer(
    certificate_id: UUID, body: FederalAnswerIn, version: IfMatch, principal: Keeper, uow: Uow, response: Response
) -> CertificateOut:
    """Отметить ответ федерального реестра по документу."""
    found = await service.note_answer(uow, principal, certificate_id, version, body)
    return await _answer(uow, principal, "certificate.federal", found, response)
