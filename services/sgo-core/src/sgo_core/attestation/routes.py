"""HTTP of methodical works and attestation."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from servicekit import audit
from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_core.attestation import policies, service
from sgo_core.attestation.model import Attestation, MethodicalWork
from sgo_core.attestation.schemas import (
    AttestationIn,
    AttestationOut,
    StartOut,
    StepIn,
    WorkIn,
    WorkOut,
    WorkPatch,
)
from sgo_core.cards.audience import audience_of
from sgo_core.cards.fields import shown, to_plain
from sgo_core.cards.texts import without_texts
from sgo_core.catalogue.definition import CardKind
from sgo_core.http import after_id
from sgo_core.vault import vault_of

router = APIRouter(tags=["attestation"])
WorkWriter = Annotated[Principal, allow(policies.WRITE_WORKS)]
Writer = Annotated[Principal, allow(policies.WRITE)]

_SHOWN = dict.fromkeys(
    ("last_name", "first_name", "middle_name", "subjects", "education", "courses", "teaching_since", "qualification")
)
"""Fields of the worker's card that an attestation starts from; what of them is shown, the catalogue says."""


def _work(work: MethodicalWork) -> WorkOut:
    return WorkOut.model_validate(work, from_attributes=True)


def _attestation(attestation: Attestation, principal: Principal) -> AttestationOut:
    shown = AttestationOut.model_validate(attestation, from_attributes=True)
    return without_texts(shown, audience_of(principal), Attestation.__tablename__)


@router.post("/workers/{worker_id}/methodical-works", status_code=201, response_model=WorkOut)
async def add_methodical_work(
    worker_id: UUID, body: WorkIn, once: CreateOnce, principal: WorkWriter, uow: Uow
) -> JSONResponse:
    """Внести методическую работу: сам работник или служба организации."""

    async def add() -> tuple[int, dict[str, Any]]:
        return 201, _work(await service.add_work(uow, principal, worker_id, body)).model_dump(mode="json")

    return await once(add)


@router.get("/workers/{worker_id}/methodical-works")
async def list_methodical_works(
    worker_id: UUID,
    principal: Annotated[Principal, allow(policies.READ_WORKS)],
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
) -> Page[WorkOut]:
    """Методические разработки и проекты работника."""
    found = await service.list_works(uow, principal, worker_id, limit, after_id(after))
    await audit.record(uow, principal, "worker.methodical-works.read", [worker_id])
    return paginate([_work(one) for one in found], limit, lambda one: one.id)


@router.patch("/methodical-works/{work_id}")
async def edit_methodical_work(
    work_id: UUID, body: WorkPatch, version: IfMatch, principal: WorkWriter, uow: Uow, response: Response
) -> WorkOut:
    """Изменить или убрать методическую работу."""
    work = await service.edit_work(uow, principal, work_id, version, body)
    response.headers["ETag"] = etag(work.version)
    return _work(work)


@router.post("/workers/{worker_id}/attestations", status_code=201, response_model=AttestationOut)
async def plan_attestation(
    worker_id: UUID, body: AttestationIn, once: CreateOnce, principal: Writer, uow: Uow
) -> JSONResponse:
    """Запланировать аттестацию педагогического работника."""

    async def plan() -> tuple[int, dict[str, Any]]:
        made = await service.plan(uow, principal, worker_id, body)
        return 201, _attestation(made, principal).model_dump(mode="json")

    return await once(plan)


@router.post("/attestations/{attestation_id}/steps")
async def take_attestation_step(
    attestation_id: UUID, body: StepIn, version: IfMatch, principal: Writer, uow: Uow, response: Response
) -> AttestationOut:
    """Отметить заявление, решение или отзыв; присвоенная категория вносится в карточку работника."""
    attestation = await service.take_step(uow, principal, attestation_id, version, body)
    await audit.record(uow, principal, "attestation.step", [attestation.worker_id])
    response.headers["ETag"] = etag(attestation.version)
    return _attestation(attestation, principal)


@router.get("/workers/{worker_id}/attestations")
async def list_attestations(
    worker_id: UUID,
    principal: Annotated[Principal, allow(policies.READ_OWN)],
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
) -> Page[AttestationOut]:
    """Аттестации работника."""
    found = await service.list_attestations(uow, principal, worker_id, limit, after_id(after))
    await audit.record(uow, principal, "worker.attestations.read", [worker_id])
    return paginate([_attestation(one, principal) for one in found], limit, lambda one: one.id)


@router.get("/organizations/{organization_id}/attestation")
async def list_attestation_starts(
    organization_id: UUID,
    principal: Annotated[Principal, allow(policies.READ)],
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
) -> Page[StartOut]:
    """Данные начала аттестации: категории и сроки, образование, курсы, методические работы, достижения, ход аттестации."""
    found = await service.starts(uow, principal, organization_id, limit, after_id(after))
    audience, today = audience_of(principal), uow.clock.today()
    lines = []
    for one in found:
        plain = to_plain(CardKind.WORKER, one.worker, vault_of(uow), _SHOWN)
        values, masked = shown(CardKind.WORKER, plain, audience, closed=())
        lines.append(
            StartOut(
                worker_id=one.worker.id,
                values=values,
                masked=masked,
                posts=list(one.posts),
                qualification=values.get("qualification"),
                due_on=one.due_on,
                overdue=one.due_on is not None and one.due_on < today,
                methodical_works=one.works,
                achievements=one.achievements,
                attestations=[_attestation(each, principal) for each in one.attestations],
            )
        )
    await audit.record(uow, principal, "attestation.list", [one.worker_id for one in lines[:limit]])
    return paginate(lines, limit, lambda one: one.worker_id)
