"""HTTP of transfers between organizations."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Concatenate, ParamSpec
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import JSONResponse

from asu_contracts.access import BODIES
from servicekit import audit
from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.audience import audience_of
from sgo_core.cards.fields import plain_value
from sgo_core.cards.fields import shown as seen
from sgo_core.cards.hints import hint
from sgo_core.cards.texts import withheld
from sgo_core.catalogue.definition import CATALOGUE, CardKind
from sgo_core.consents.standing import closed_fields
from sgo_core.http import after_id
from sgo_core.transfers import policies, service
from sgo_core.transfers.model import ON_THE_WAY, Transfer
from sgo_core.transfers.schemas import (
    AgreementIn,
    ClosingIn,
    FileIn,
    FileReceiptIn,
    OrderRef,
    RedirectionIn,
    RefusalIn,
    State,
    TransferCardOut,
    TransferInIn,
    TransferOut,
    TransferOutIn,
    TransferReferenceOut,
    WithdrawalIn,
)
from sgo_core.transfers.terms import OUTCOMES, REASONS, TERMS

P = ParamSpec("P")
router = APIRouter(tags=["transfers"])
Reader = Annotated[Principal, allow(policies.READ)]
Carrier = Annotated[Principal, allow(policies.CARRY)]
Overdue = Annotated[bool, Query(description="Только с истекшим сроком шага")]
Unaccepted = Annotated[bool, Query(description="Только отчисленные и ещё не принятые")]
Direction = Annotated[str | None, Query(pattern="^(in|out)$", description="in: прибывающие, out: выбывающие")]

_FIELDS = CATALOGUE.cards[CardKind.STUDENT].fields
_NAMES = ("last_name", "first_name", "middle_name")
_PLAIN = tuple(name for name in TransferOut.model_fields if hasattr(Transfer, name))


def _out(uow: UnitOfWork, principal: Principal, row: Any) -> dict[str, Any]:
    transfer: Transfer = row.Transfer
    known = _knows(principal, transfer)
    stored = {name: getattr(row, name) for name in (*_NAMES, "birth_date")}
    card = {name: plain_value(_FIELDS[name], value) for name, value in stored.items()}
    values, masked = seen(CardKind.STUDENT, card, audience_of(principal), closed=()) if known else ({}, [])
    return {
        **{name: getattr(transfer, name) for name in _PLAIN} | withheld(audience_of(principal), Transfer.__tablename__),
        "student_id": transfer.student_id if known else None,
        "values": values,
        "masked": masked,
        "hint": None if known else hint(stored),
        "from_name": row.from_name,
        "to_name": row.to_name,
        "release_order": _order(row.release_number, row.release_date),
        "acceptance_order": _order(row.acceptance_number, row.acceptance_date),
        "awaits": transfer.awaits,
        "overdue": transfer.due_on is not None and transfer.due_on < uow.clock.today(),
    }


def _order(number: str | None, day: Any) -> OrderRef | None:
    return None if number is None else OrderRef(number=number, date=day)


def _knows(principal: Principal, transfer: Transfer) -> bool:
    """Who asked for a child by a number learns the name when the child is released; whoever may read the child, at once."""
    return (
        principal.role in BODIES
        or principal.unit.organization_id == transfer.from_organization_id
        or transfer.asked_by == "sender"
        or transfer.state in {*ON_THE_WAY, "accepted"}
    )


async def _card(uow: UnitOfWork, principal: Principal, transfer_id: UUID) -> TransferCardOut:
    row = await service.shown(uow, principal, transfer_id)
    student_id = row.Transfer.student_id
    closed = await closed_fields(uow, principal, audience_of(principal), CardKind.STUDENT, [student_id])
    return TransferCardOut(**_out(uow, principal, row), closed=sorted(closed[student_id]))


async def _answer(
    uow: UnitOfWork, principal: Principal, action: str, transfer: Transfer, response: Response
) -> TransferCardOut:
    await audit.record(uow, principal, action, [transfer.student_id])
    response.headers["ETag"] = etag(transfer.version)
    return await _card(uow, principal, transfer.id)


@dataclass(frozen=True)
class _Step:
    """A step of one side on the transfer as it has read it, and the answer to it."""

    principal: Carrier
    version: IfMatch
    uow: Uow
    response: Response

    async def answer(
        self,
        action: str,
        take: Callable[Concatenate[UnitOfWork, Principal, UUID, int, P], Awaitable[Transfer]],
        transfer_id: UUID,
        *said: P.args,
        **named: P.kwargs,
    ) -> TransferCardOut:
        """What the transfer is after the step, with the trace of who took it."""
        transfer = await take(self.uow, self.principal, transfer_id, self.version, *said, **named)
        return await _answer(self.uow, self.principal, action, transfer, self.response)


Step = Annotated[_Step, Depends()]


def _made(
    uow: UnitOfWork, principal: Principal, make: Callable[[], Awaitable[Transfer]]
) -> Callable[[], Awaitable[tuple[int, dict[str, Any]]]]:
    async def create() -> tuple[int, dict[str, Any]]:
        transfer = await make()
        await audit.record(uow, principal, "transfer.ask", [transfer.student_id])
        out = await _card(uow, principal, transfer.id)
        kept = out.model_copy(update={"values": {}, "masked": [], "hint": None})  # stored answers hold ids only
        return 201, kept.model_dump(mode="json")

    return create


@router.get("/transfer-reference")
async def get_transfer_reference(_principal: Reader) -> TransferReferenceOut:
    """Сроки шагов перевода, причины отказа и исходы."""
    return TransferReferenceOut(
        terms=dict(TERMS),
        reasons=list(REASONS.values()),
        outcomes=list(OUTCOMES.values()),
    )


@router.post("/students/{student_id}/transfers", status_code=201, response_model=TransferCardOut)
async def ask_transfer_out(
    student_id: UUID, body: TransferOutIn, once: CreateOnce, principal: Carrier, uow: Uow
) -> JSONResponse:
    """Запросить перевод обучающегося в другую организацию по заявлению семьи."""
    return await once(_made(uow, principal, lambda: service.ask_out(uow, principal, student_id, body)))


@router.post("/organizations/{organization_id}/transfer-requests", status_code=201, response_model=TransferCardOut)
async def ask_transfer_in(
    organization_id: UUID, body: TransferInIn, once: CreateOnce, principal: Carrier, uow: Uow
) -> JSONResponse:
    """Запросить перевод ребёнка к себе: место есть, ребёнок назван номером и датой рождения."""
    return await once(_made(uow, principal, lambda: service.ask_in(uow, principal, organization_id, body)))


@router.get("/organizations/{organization_id}/transfers")
async def list_organization_transfers(
    organization_id: UUID,
    principal: Reader,
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    direction: Direction = None,
    state: State | None = None,
    overdue: Overdue = False,
    unaccepted: Unaccepted = False,
) -> Page[TransferOut]:
    """Переводы в организацию и из неё."""
    return await _page(uow, principal, organization_id, direction, state, overdue, unaccepted, limit, after)


@router.get("/transfers")
async def list_transfers(
    principal: Reader,
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    direction: Direction = None,
    state: State | None = None,
    overdue: Overdue = False,
    unaccepted: Unaccepted = False,
) -> Page[TransferOut]:
    """Переводы всех видимых организаций: просроченные, отчисленные и ещё не принятые."""
    return await _page(uow, principal, None, direction, state, overdue, unaccepted, limit, after)


async def _page(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID | None,
    direction: str | None,
    state: str | None,
    overdue: bool,
    unaccepted: bool,
    limit: int,
    after: str | None,
) -> Page[TransferOut]:
    found = await service.list_transfers(
        uow,
        principal,
        organization_id,
        direction,
        state,
        overdue=overdue,
        unaccepted=unaccepted,
        limit=limit,
        after=after_id(after),
    )
    page = paginate([TransferOut(**_out(uow, principal, row)) for row in found], limit, lambda one: one.id)
    await audit.record(uow, principal, "transfers.list", [row.Transfer.student_id for row in found[:limit]])
    return page


@router.get("/transfers/{transfer_id}")
async def get_transfer(transfer_id: UUID, principal: Reader, uow: Uow, response: Response) -> TransferCardOut:
    """Перевод; поля карточки, на которые у читающего нет согласия или иного основания, названы."""
    row = await service.shown(uow, principal, transfer_id)
    return await _answer(uow, principal, "transfer.read", row.Transfer, response)


@router.post("/transfers/{transfer_id}/agreement")
async def agree_transfer(transfer_id: UUID, body: AgreementIn, step: Step) -> TransferCardOut:
    """Подтвердить место принимающей организации."""
    return await step.answer("transfer.agree", service.agree, transfer_id, body.group_id)


@router.post("/transfers/{transfer_id}/refusal")
async def refuse_transfer(transfer_id: UUID, body: RefusalIn, step: Step) -> TransferCardOut:
    """Отказать в переводе с причиной; после отчисления ребёнок остаётся на ответственности исходной организации."""
    return await step.answer("transfer.refuse", service.refuse, transfer_id, body.reason, body.remark)


@router.post("/transfers/{transfer_id}/withdrawal")
async def withdraw_transfer(transfer_id: UUID, body: WithdrawalIn, step: Step) -> TransferCardOut:
    """Отозвать свой запрос до приказа об отчислении."""
    return await step.answer("transfer.withdraw", service.withdraw, transfer_id, body.remark)


@router.post("/transfers/{transfer_id}/file")
async def hand_personal_file(transfer_id: UUID, body: FileIn, step: Step) -> TransferCardOut:
    """Передать личное дело."""
    return await step.answer("transfer.file.hand", service.hand_file, transfer_id, body.on, body.handed_to)


@router.post("/transfers/{transfer_id}/file-receipt")
async def receive_personal_file(transfer_id: UUID, body: FileReceiptIn, step: Step) -> TransferCardOut:
    """Подтвердить получение личного дела."""
    return await step.answer("transfer.file.receive", service.receive_file, transfer_id, body.on)


@router.post("/transfers/{transfer_id}/notice")
async def notify_sender(transfer_id: UUID, step: Step) -> TransferCardOut:
    """Уведомить исходную организацию о номере и дате приказа о зачислении."""
    return await step.answer("transfer.notify", service.notify, transfer_id)


@router.post("/transfers/{transfer_id}/redirection")
async def redirect_transfer(transfer_id: UUID, body: RedirectionIn, step: Step) -> TransferCardOut:
    """Направить отчисленного ребёнка в другую организацию."""
    return await step.answer("transfer.redirect", service.redirect, transfer_id, body.to_organization_id, body.remark)


@router.post("/transfers/{transfer_id}/closing")
async def close_transfer(transfer_id: UUID, body: ClosingIn, step: Step) -> TransferCardOut:
    """Закрыть перевод ребёнка, который не придёт ни в одну организацию региона."""
    return await step.answer("transfer.close", service.close, transfer_id, body.outcome, body.remark)
