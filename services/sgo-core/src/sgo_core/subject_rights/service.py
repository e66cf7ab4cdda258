"""What subjects ask of the organizations that keep their data, and the answers."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from asu_contracts.access import OFFICE, Role
from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from servicekit.workdays import add_workdays
from sgo_core.cards.changing import change
from sgo_core.catalogue.definition import CATALOGUE, Audience, CardKind
from sgo_core.consents import service as consents
from sgo_core.consents.subjects import is_kept_by, operators_of, require_subject
from sgo_core.history.recorded import Author, signature
from sgo_core.organizations import service as organizations
from sgo_core.people import service as people
from sgo_core.subject_rights import repository
from sgo_core.subject_rights.errors import (
    AnsweredError,
    CannotGrantError,
    NoExtensionError,
    NotBlockedError,
    NotOperatorError,
    RequestDateError,
    RequestFieldError,
)
from sgo_core.subject_rights.model import SubjectRequest
from sgo_core.subject_rights.schemas import ChildOut, MineOut, RequestIn
from sgo_core.subject_rights.terms import OF_KEEPER, TERMS, RequestKind, may_be_given_up
from sgo_core.vault import vault_of

TEXT = "subject_request.text"
"""What the ciphertext of a request's texts is bound to."""
_OLDEST = timedelta(days=366)


async def mine(uow: UnitOfWork, principal: Principal) -> MineOut:
    """The cards a person may open."""
    if principal.person_id is None:
        raise NotFoundError
    if principal.role is not Role.GUARDIAN:
        own = CardKind.STUDENT if principal.role is Role.STUDENT else CardKind.WORKER
        return MineOut(subject_kind=own, subject_id=principal.person_id, children=[])
    children = [
        ChildOut(
            student_id=student.id,
            last_name=student.last_name,
            first_name=student.first_name,
            kinship=tie.kinship,
            may_decide=tie.may_decide,
            may_collect=tie.may_collect,
        )
        for tie, student in await people.family(uow, principal.person_id)
        if tie.may_see
    ]
    return MineOut(subject_kind=CardKind.GUARDIAN, subject_id=principal.person_id, children=children)


async def ask(uow: UnitOfWork, principal: Principal, body: RequestIn) -> SubjectRequest:
    """Take a request: from the subject or a guardian who may decide, or by an office from paper.

    The named fields are blocked at once by whoever keeps the card.
    """
    kind, asked = CardKind(body.subject_kind), RequestKind(body.kind)
    term = TERMS[asked]
    audience = await require_subject(uow, principal, kind, body.subject_id, decide=term.blocks)
    own = audience is Audience.SUBJECT
    if not own and principal.unit.organization_id != body.organization_id:
        raise NotFoundError
    keeps = await is_kept_by(uow, kind, body.subject_id, body.organization_id)
    if not keeps and (asked in OF_KEEPER or body.organization_id not in await operators_of(uow, kind, body.subject_id)):
        raise NotOperatorError
    fields = frozenset(body.fields)
    if not fields <= CATALOGUE.cards[kind].fields.keys() or (term.blocks and not fields):
        raise RequestFieldError
    today = uow.clock.today()
    received = today if own or body.received_on is None else body.received_on
    if not today - _OLDEST <= received <= today:
        raise RequestDateError
    author = Author(principal.account_id, "Обращение субъекта персональных данных")
    request = SubjectRequest(
        id=new_id(),
        subject_kind=kind.value,
        subject_id=body.subject_id,
        organization_id=body.organization_id,
        kind=asked.value,
        asked_by=principal.person_id if own else None,
        on_paper=not own,
        received_on=received,
        fields=sorted(fields),
        text=vault_of(uow).seal(body.text, TEXT),
        due_on=add_workdays(received, term.days),
        version=1,
        **signature(author, uow.now),
    )
    uow.session.add(request)
    await uow.session.flush()
    if keeps and term.blocks and (blocked := fields & may_be_given_up(kind)):
        consents.block(uow, request.id, kind, body.subject_id, blocked, author)
    return request


async def extend(uow: UnitOfWork, principal: Principal, request_id: UUID, version: int, reason: str) -> SubjectRequest:
    """Give the organization more time, once, where the law lets it; the subject is told why."""
    request = await _open_request(uow, principal, request_id, version)
    more = TERMS[RequestKind(request.kind)].extension
    if not more or request.extension is not None:
        raise NoExtensionError
    values = {"due_on": add_workdays(request.due_on, more), "extension": vault_of(uow).seal(reason, TEXT)}
    change(request, values, Author(principal.account_id, "Продление срока ответа"), uow.now)
    return request


async def answer(
    uow: UnitOfWork, principal: Principal, request_id: UUID, version: int, decision: str, text: str
) -> SubjectRequest:
    """Answer a request. Granted erasure empties the fields at once, granted cessation ends every consent to the organization.

    The block is lifted, but for a granted blocking.
    """
    request = await _open_request(uow, principal, request_id, version)
    author = Author(principal.account_id, "Ответ на обращение субъекта")
    values = {"decision": decision, "answer": vault_of(uow).seal(text, TEXT), "answered_on": uow.clock.today()}
    change(request, values, author, uow.now)
    kept_blocked = False
    if decision == "granted":
        kept_blocked = await _grant(uow, request, author)
    if not kept_blocked:
        await consents.unblock(uow, request.id, author)
    return request


async def _grant(uow: UnitOfWork, request: SubjectRequest, author: Author) -> bool:
    """Do what was asked; whether the fields stay blocked. Who kept the card when it was asked may have passed it on since."""
    kind = CardKind(request.subject_kind)
    fields = set(request.fields) & may_be_given_up(kind)
    if request.kind in OF_KEEPER and not await is_kept_by(uow, kind, request.subject_id, request.organization_id):
        raise NotOperatorError
    match RequestKind(request.kind):
        case RequestKind.ERASURE:
            if not fields:
                raise CannotGrantError
            await consents.erase_at_once(uow, kind, request.subject_id, request.organization_id, fields)
        case RequestKind.CESSATION:
            await consents.withdraw_all(uow, kind, request.subject_id, request.organization_id, author)
        case RequestKind.BLOCKING:
            if not fields:
                raise CannotGrantError
            return True
    return False


async def unblock(uow: UnitOfWork, principal: Principal, request_id: UUID, reason: str) -> SubjectRequest:
    """Lift a block that was granted: its reason has gone."""
    request = await repository.get(uow.session, request_id)
    if request is None or request.organization_id != principal.unit.organization_id:
        raise NotFoundError
    if request.decision is None or not await consents.unblock(uow, request.id, Author(principal.account_id, reason)):
        raise NotBlockedError
    return request


async def _open_request(uow: UnitOfWork, principal: Principal, request_id: UUID, version: int) -> SubjectRequest:
    request = await repository.get(uow.session, request_id, lock=True)
    if request is None or request.organization_id != principal.unit.organization_id:
        raise NotFoundError
    if request.version != version:
        raise VersionMismatchError
    if request.decision is not None:
        raise AnsweredError
    return request


async def get_request(uow: UnitOfWork, principal: Principal, request_id: UUID) -> SubjectRequest:
    """A request to the caller's organization, made by the caller or about it."""
    request = await repository.get(uow.session, request_id)
    if request is None:
        raise NotFoundError
    to_us = principal.role in OFFICE and request.organization_id == principal.unit.organization_id
    ours = principal.person_id is not None and principal.person_id in {request.asked_by, request.subject_id}
    if not (to_us or ours):
        raise NotFoundError
    return request


async def list_requests(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    *,
    only_open: bool,
    overdue: bool,
    limit: int,
    after: UUID | None,
) -> Sequence[SubjectRequest]:
    """One page of an organization's requests, and one more."""
    await organizations.require_visible(uow, principal, organization_id)
    today: date | None = uow.clock.today() if overdue else None
    return await repository.of_organization(
        uow.session, organization_id, today, only_open=only_open, limit=limit, after=after
    )


async def list_mine(uow: UnitOfWork, principal: Principal, limit: int, after: UUID | None) -> Sequence[SubjectRequest]:
    """One page of the caller's own requests, and one more."""
    if principal.person_id is None:
        raise NotFoundError
    return await repository.of_person(uow.session, principal.person_id, limit, after)
