"""HTTP of the subject's rights: own cards, extract, requests and answers."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from servicekit import audit
from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.catalogue.definition import CardKind
from sgo_core.consents import service as consents
from sgo_core.consents.schemas import Subject
from sgo_core.http import after_id
from sgo_core.printing import pdf
from sgo_core.subject_rights import policies, service
from sgo_core.subject_rights.extracts import extract
from sgo_core.subject_rights.model import SubjectRequest
from sgo_core.subject_rights.schemas import (
    AnswerIn,
    ExtensionIn,
    MineOut,
    RequestIn,
    RequestMade,
    RequestOut,
    UnblockIn,
)
from sgo_core.vault import vault_of

router = APIRouter(tags=["subject-rights"])
Answerer = Annotated[Principal, allow(policies.ANSWER)]
Person = Annotated[Principal, allow(policies.MINE)]


async def _out(uow: UnitOfWork, requests: Sequence[SubjectRequest]) -> list[RequestOut]:
    vault, today = vault_of(uow), uow.clock.today()
    blocked = await consents.blocked_by(uow, [one.id for one in requests])

    def opened(sealed: str | None) -> str | None:
        return None if sealed is None else vault.open(sealed, service.TEXT)

    return [
        RequestOut.model_validate(
            {
                **{name: getattr(one, name) for name in RequestOut.model_fields if hasattr(one, name)},
                "text": opened(one.text),
                "extension": opened(one.extension),
                "answer": opened(one.answer),
                "blocked": blocked.get(one.id, []),
                "overdue": one.decision is None and one.due_on < today,
            }
        )
        for one in requests
    ]


async def _answer(uow: UnitOfWork, request: SubjectRequest, response: Response) -> RequestOut:
    response.headers["ETag"] = etag(request.version)
    return (await _out(uow, [request]))[0]


@router.get("/me/cards")
async def list_my_cards(principal: Person, uow: Uow) -> MineOut:
    """Карточки, которые открывает вошедший: своя и своих детей."""
    return await service.mine(uow, principal)


@router.get("/extracts", response_class=Response, responses={200: {"content": {"application/pdf": {}}}})
async def get_extract(
    subject_kind: Subject, subject_id: UUID, principal: Annotated[Principal, allow(policies.EXTRACT)], uow: Uow
) -> Response:
    """Выписка обо всех хранимых сведениях: цели, основания, сроки, согласия, кто к ним обращался (PDF)."""
    content = await extract(uow, principal, CardKind(subject_kind), subject_id)
    await audit.record(uow, principal, "extract.read", [subject_id])
    return pdf(content, "Выписка")


@router.post("/subject-requests", status_code=201, response_model=RequestMade)
async def ask_operator(
    body: RequestIn, once: CreateOnce, principal: Annotated[Principal, allow(policies.ASK)], uow: Uow
) -> JSONResponse:
    """Обратиться к оператору: доступ, уточнение, блокирование, уничтожение, прекращение обработки."""

    async def ask() -> tuple[int, dict[str, Any]]:
        request = await service.ask(uow, principal, body)
        await audit.record(uow, principal, "subject-request.ask", [body.subject_id])
        made = RequestMade(id=request.id, due_on=request.due_on, version=request.version)
        return 201, made.model_dump(mode="json")

    return await once(ask)


@router.get("/subject-requests/{request_id}")
async def get_subject_request(
    request_id: UUID, principal: Annotated[Principal, allow(policies.ASK)], uow: Uow, response: Response
) -> RequestOut:
    """Обращение и ответ на него."""
    request = await service.get_request(uow, principal, request_id)
    await audit.record(uow, principal, "subject-request.read", [request.subject_id])
    return await _answer(uow, request, response)


@router.get("/me/subject-requests")
async def list_my_requests(principal: Person, uow: Uow, limit: Limit = 100, after: After = None) -> Page[RequestOut]:
    """Свои обращения и ответы на них."""
    found = await service.list_mine(uow, principal, limit, after_id(after))
    return paginate(await _out(uow, found), limit, lambda one: one.id)


@router.get("/organizations/{organization_id}/subject-requests")
async def list_subject_requests(
    organization_id: UUID,
    principal: Annotated[Principal, allow(policies.READ)],
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    only_open: Annotated[bool, Query(description="Только без ответа")] = False,
    overdue: Annotated[bool, Query(description="Только с истекшим сроком ответа")] = False,
) -> Page[RequestOut]:
    """Обращения субъектов персональных данных к организации."""
    found = await service.list_requests(
        uow, principal, organization_id, only_open=only_open, overdue=overdue, limit=limit, after=after_id(after)
    )
    page = paginate(await _out(uow, found), limit, lambda one: one.id)
    await audit.record(uow, principal, "subject-requests.list", {one.subject_id for one in page.items})
    return page


@router.post("/subject-requests/{request_id}/extension")
async def extend_term(
    request_id: UUID, body: ExtensionIn, version: IfMatch, principal: Answerer, uow: Uow, response: Response
) -> RequestOut:
    """Продлить срок ответа с указанием причины."""
    request = await service.extend(uow, principal, request_id, version, body.reason)
    await audit.record(uow, principal, "subject-request.extend", [request.subject_id])
    return await _answer(uow, request, response)


@router.post("/subject-requests/{request_id}/answer")
async def answer_request(
    request_id: UUID, body: AnswerIn, version: IfMatch, principal: Answerer, uow: Uow, response: Response
) -> RequestOut:
    """Ответить на обращение: исполнить или отказать с указанием основания."""
    request = await service.answer(uow, principal, request_id, version, body.decision, body.text)
    await audit.record(uow, principal, "subject-request.answer", [request.subject_id])
    return await _answer(uow, request, response)


@router.post("/subject-requests/{request_id}/unblocking")
async def unblock_fields(
    request_id: UUID, body: UnblockIn, principal: Answerer, uow: Uow, response: Response
) -> RequestOut:
    """Снять блокирование, установленное по обращению."""
    request = await service.unblock(uow, principal, request_id, body.reason)
    await audit.record(uow, principal, "subject-request.unblock", [request.subject_id])
    return await _answer(uow, request, response)
