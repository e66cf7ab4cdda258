"""HTTP of the closing of a year."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from servicekit import audit
from servicekit.http import After, CreateOnce, CurrentRuntime, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.runs import Run
from servicekit.runtime import RUNS_CHANNEL, Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.audience import audience_of
from sgo_core.cards.fields import plain_value, shown
from sgo_core.cards.texts import withheld
from sgo_core.catalogue.definition import CATALOGUE, Audience, CardKind
from sgo_core.history.recorded import Author
from sgo_core.http import after_id
from sgo_core.year_closing import outcomes, policies, repository, service
from sgo_core.year_closing.bases import BASES, CONFLICTS, Basis, Conflict, Outcome
from sgo_core.year_closing.model import YearClosing
from sgo_core.year_closing.proposals import UNSATISFACTORY
from sgo_core.year_closing.schemas import (
    BulkDecision,
    ClosingIn,
    ClosingOut,
    ClosingPatch,
    ConflictCountOut,
    DecidedOut,
    Decision,
    NextClassesIn,
    NextClassesOut,
    NextClassOut,
    OutcomeCountOut,
    OutcomeOut,
    ReferenceOut,
    ReferencesOut,
    ReversalIn,
    SummaryOut,
    closing_values,
)

router = APIRouter(tags=["year-closing"])
Reader = Annotated[Principal, allow(policies.READ)]
Preparer = Annotated[Principal, allow(policies.PREPARE)]
Confirmer = Annotated[Principal, allow(policies.CONFIRM)]
Opener = Annotated[Principal, allow(policies.OPEN)]
_LISTED = ("last_name", "first_name", "middle_name", "birth_date")
_FIELDS = CATALOGUE.cards[CardKind.STUDENT].fields


class ConfirmedOut(ClosingOut):
    """A closing after a confirmation; with the second one, the run that carries it out."""

    run: Run | None


def _out(closing: YearClosing, response: Response | None = None) -> ClosingOut:
    if response is not None:
        response.headers["ETag"] = etag(closing.version)
    return ClosingOut.model_validate(closing_values(closing))


def _confirmed(closing: YearClosing, run: Run | None, response: Response, runtime: Runtime) -> ConfirmedOut:
    response.headers["ETag"] = etag(closing.version)
    if run is not None:
        runtime.notify(RUNS_CHANNEL)
    return ConfirmedOut.model_validate({**closing_values(closing), "run": run})


@router.get("/year-closing-references")
async def list_year_references(_principal: Reader) -> ReferencesOut:
    """Справочники завершения года: основания итогов и виды противоречий."""
    bases = [ReferenceOut(code=code, title=title, outcomes=sorted(of)) for code, (title, of) in BASES.items()]
    return ReferencesOut(
        bases=bases, conflicts=[ReferenceOut(code=code, title=title, outcomes=[]) for code, title in CONFLICTS.items()]
    )


@router.post("/organizations/{organization_id}/year-closings", status_code=201, response_model=ClosingOut)
async def prepare_year_closing(
    organization_id: UUID, body: ClosingIn, once: CreateOnce, principal: Preparer, uow: Uow
) -> JSONResponse:
    """Начать завершение учебного года: составить предварительные итоги по каждому обучающемуся."""

    async def create() -> tuple[int, dict[str, Any]]:
        closing = await service.prepare(uow, principal, organization_id, body.academic_year)
        return 201, _out(closing).model_dump(mode="json")

    return await once(create)


@router.get("/organizations/{organization_id}/year-closings")
async def list_year_closings(
    organization_id: UUID, principal: Reader, uow: Uow, limit: Limit = 100, after: After = None
) -> Page[ClosingOut]:
    """Завершения учебных годов организации."""
    found = await service.list_closings(uow, principal, organization_id, limit, after_id(after))
    return paginate([_out(one) for one in found], limit, lambda one: one.id)


@router.get("/year-closings/{closing_id}")
async def get_year_closing(closing_id: UUID, principal: Reader, uow: Uow, response: Response) -> ClosingOut:
    """Завершение учебного года."""
    return _out(await service.get_closing(uow, principal, closing_id), response)


@router.patch("/year-closings/{closing_id}")
async def edit_year_closing(
    closing_id: UUID, body: ClosingPatch, version: IfMatch, principal: Preparer, uow: Uow, response: Response
) -> ClosingOut:
    """Указать приказы о переводе, выпуске, выбытии и дату выпуска."""
    return _out(await service.edit(uow, principal, closing_id, version, body), response)


@router.post("/year-closings/{closing_id}/refresh")
async def refresh_year_closing(
    closing_id: UUID, version: IfMatch, principal: Preparer, uow: Uow, response: Response
) -> ClosingOut:
    """Обновить предварительные итоги: кто прибыл и выбыл, новые отметки и классы; решённое остаётся."""
    return _out(await service.refresh(uow, principal, closing_id, version), response)


@router.get("/year-closings/{closing_id}/summary")
async def get_year_summary(closing_id: UUID, principal: Reader, uow: Uow) -> SummaryOut:
    """Сводка итогов года и того, что мешает его завершить."""
    counted, conflicts = await service.summary(uow, principal, closing_id)
    return SummaryOut(
        outcomes=[
            OutcomeCountOut(outcome=Outcome(one), students=total, done=done)
            for one, (total, done) in sorted(counted.items())
        ],
        conflicts=[
            ConflictCountOut(code=Conflict(code), title=CONFLICTS[Conflict(code)], students=number)
            for code, number in sorted(conflicts.items())
        ],
    )


@router.get("/year-closings/{closing_id}/outcomes")
async def list_year_outcomes(
    closing_id: UUID,
    principal: Reader,
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    outcome: Outcome | None = None,
    group_id: UUID | None = None,
    in_conflict: bool = False,
) -> Page[OutcomeOut]:
    """Предварительные итоги года: что станет с каждым обучающимся, почему и что этому мешает."""
    closing = await service.get_closing(uow, principal, closing_id)
    conflicts: dict[UUID, list[str]] = {}
    if in_conflict and closing.state == "draft":
        conflicts = dict(await repository.conflicts(uow.session, closing_id, UNSATISFACTORY))
    rows = await repository.page_of_outcomes(
        uow.session,
        closing_id,
        outcome=outcome,
        group_id=group_id,
        among=list(conflicts) if in_conflict else None,
        limit=limit,
        after=after_id(after),
    )
    if not in_conflict and closing.state == "draft" and rows:
        students = [row.YearOutcome.student_id for row in rows]
        conflicts = dict(await repository.conflicts(uow.session, closing_id, UNSATISFACTORY, students))
    audience = audience_of(principal)
    page = paginate([_line(row, conflicts, audience) for row in rows], limit, lambda one: one.student_id)
    await audit.record(uow, principal, "year-outcomes.read", [one.student_id for one in page.items])
    return page


def _line(row: Any, conflicts: dict[UUID, list[str]], audience: Audience) -> OutcomeOut:
    one = row.YearOutcome
    plain = {name: plain_value(_FIELDS[name], getattr(row, name)) for name in _LISTED}
    values, masked = shown(CardKind.STUDENT, plain, audience, closed=())
    stored = {name: getattr(one, name) for name in OutcomeOut.model_fields if hasattr(one, name)}
    stored |= withheld(audience, "year_outcome")
    return OutcomeOut.model_validate(
        {
            **stored,
            "values": values,
            "masked": masked,
            "basis_title": BASES[Basis(one.basis)][0],
            "conflicts": conflicts.get(one.student_id, []),
        }
    )


async def _decided(
    uow: UnitOfWork, principal: Principal, closing_id: UUID, decision: Decision, response: Response, **whom: Any
) -> DecidedOut:
    closing = await service.locked(uow, principal, closing_id, None, service.DRAFT)
    author = Author(principal.account_id, "Решение об итогах года")
    found = await outcomes.decide(uow, closing, author, decision, **whom)
    service.unconfirm(closing, author, uow)
    await audit.record(uow, principal, "year-outcomes.decide", [one.student_id for one in found])
    version = found[0].version if "version" in whom else closing.version
    response.headers["ETag"] = etag(version)
    return DecidedOut(students=len(found), version=version)


@router.put("/year-closings/{closing_id}/outcomes/{student_id}")
async def decide_year_outcome(
    closing_id: UUID,
    student_id: UUID,
    body: Decision,
    version: IfMatch,
    principal: Preparer,
    uow: Uow,
    response: Response,
) -> DecidedOut:
    """Решить об итоге года обучающегося; прежние подтверждения снимаются."""
    return await _decided(uow, principal, closing_id, body, response, students=[student_id], version=version)


@router.post("/year-closings/{closing_id}/decisions")
async def decide_year_outcomes(
    closing_id: UUID, body: BulkDecision, principal: Preparer, uow: Uow, response: Response
) -> DecidedOut:
    """Решить об итоге года нескольких обучающихся или целого класса; прежние подтверждения снимаются."""
    whom = {"students": body.student_ids, "from_group_id": body.from_group_id}
    return await _decided(uow, principal, closing_id, body.decision, response, **whom)


@router.get("/year-closings/{closing_id}/next-classes")
async def list_next_classes(closing_id: UUID, principal: Reader, uow: Uow) -> NextClassesOut:
    """Предлагаемые классы и группы следующего года."""
    closing = await service.get_closing(uow, principal, closing_id)
    return NextClassesOut(
        items=[
            NextClassOut(
                from_group_id=one.source.id,
                from_name=one.source.name,
                name=one.name,
                grade=one.grade,
                age_from=one.age_from,
                age_to=one.age_to,
                capacity=capacity,
                group_id=one.existing,
            )
            for one, capacity in await outcomes.next_classes(uow, closing)
        ]
    )


@router.post("/year-closings/{closing_id}/next-classes")
async def open_next_classes(
    closing_id: UUID, body: NextClassesIn, version: IfMatch, principal: Preparer, uow: Uow, response: Response
) -> ClosingOut:
    """Открыть классы и группы следующего года и распределить по ним итоги, о которых ещё не решено."""
    closing = await service.locked(uow, principal, closing_id, version, service.DRAFT)
    await outcomes.open_classes(uow, principal, closing, body)
    await uow.session.flush()
    return _out(await service.refresh(uow, principal, closing_id, version), response)


@router.post("/year-closings/{closing_id}/confirmation")
async def confirm_year_closing(
    closing_id: UUID, version: IfMatch, principal: Confirmer, uow: Uow, response: Response, runtime: CurrentRuntime
) -> ConfirmedOut:
    """Подтвердить завершение года; после второго подтверждения (координатор и администратор) оно проводится."""
    closing, run = await service.confirm(uow, principal, closing_id, version)
    return _confirmed(closing, run, response, runtime)


@router.post("/year-closings/{closing_id}/reversal")
async def ask_year_reversal(
    closing_id: UUID, body: ReversalIn, version: IfMatch, principal: Preparer, uow: Uow, response: Response
) -> ClosingOut:
    """Указать приказы об отмене завершения года и причину; отмену подтверждают двое."""
    return _out(await service.ask_reversal(uow, principal, closing_id, version, body), response)


@router.post("/year-closings/{closing_id}/reversal/confirmation")
async def confirm_year_reversal(
    closing_id: UUID, version: IfMatch, principal: Confirmer, uow: Uow, response: Response, runtime: CurrentRuntime
) -> ConfirmedOut:
    """Подтвердить отмену завершения года; после второго подтверждения она проводится."""
    closing, run = await service.confirm_reversal(uow, principal, closing_id, version)
    return _confirmed(closing, run, response, runtime)


@router.post("/year-closings/{closing_id}/opening")
async def open_next_year(
    closing_id: UUID, version: IfMatch, principal: Opener, uow: Uow, response: Response
) -> ClosingOut:
    """Открыть следующий учебный год: после этого завершение года не отменяется."""
    return _out(await service.open_next(uow, principal, closing_id, version), response)
