"""Giving and withdrawing consents, holds on erasure."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from servicekit.errors import ForbiddenError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.catalogue.definition import CATALOGUE, Audience, CardKind
from sgo_core.consents import repository
from sgo_core.consents.destroying import due_today
from sgo_core.consents.errors import (
    ConsentDateError,
    ConsentFieldError,
    ConsentGiverError,
    ConsentKnownError,
    ConsentWithdrawnError,
    HeldError,
    HoldLiftedError,
)
from sgo_core.consents.model import Consent, Erasure, FieldBlock, FieldGround, LegalHold
from sgo_core.consents.schemas import ConsentIn, HoldIn
from sgo_core.consents.standing import GivenConsent, signed_at, told_to
from sgo_core.consents.subjects import erase, require_subject
from sgo_core.history.recorded import Author, signature
from sgo_core.organizations import service as organizations
from sgo_core.people import service as people

ERASED_AFTER = timedelta(days=30)
"""What rested on a withdrawn consent alone is erased within thirty days (152-ФЗ, article 21, part 5)."""
_ADULT_IN_DATA = 14
"""From this age a child's own signature is asked for, beside or instead of the guardian's."""
_ERASER = Author("core", "Уничтожение сведений: нет основания хранить")


async def standing_of(
    uow: UnitOfWork, principal: Principal, kind: CardKind, subject_id: UUID
) -> tuple[Sequence[Consent], Sequence[FieldGround]]:
    """Consents and other grounds of a subject, as far as the caller is told of them."""
    audience = await require_subject(uow, principal, kind, subject_id)
    return (
        told_to(principal, audience, await repository.consents_of(uow.session, [subject_id])),
        told_to(principal, audience, await repository.grounds_of(uow.session, subject_id)),
    )


async def give_consent(uow: UnitOfWork, principal: Principal, body: ConsentIn) -> Consent:
    """Record a consent to an organization: by its office from paper, or by the guardian electronically."""
    kind = CardKind(body.subject_kind)
    audience = await require_subject(uow, principal, kind, body.subject_id, decide=True)
    electronic = audience is Audience.SUBJECT
    organization = (await organizations.by_ids(uow, [body.organization_id])).get(body.organization_id)
    if organization is None or (not electronic and principal.unit.organization_id != organization.id):
        raise NotFoundError
    on_consent = CATALOGUE.cards[kind].on_consent
    fields = on_consent if body.fields is None else frozenset(body.fields)
    if not fields <= on_consent:
        raise ConsentFieldError
    given_at = uow.now if electronic or body.given_at is None else signed_at(uow, body.given_at)
    if (body.valid_until or date.max) < uow.clock.date_of(given_at):
        raise ConsentDateError
    giver = principal.person_id if electronic and kind is CardKind.STUDENT else body.given_by
    await _check_giver(uow, kind, body.subject_id, giver, given_at)
    given = GivenConsent(
        kind=kind,
        subject_id=body.subject_id,
        organization_id=organization.id,
        operator=organization.full_name,
        purposes=tuple(body.purposes),
        fields=fields,
        method="electronic" if electronic else "paper",
        given_at=given_at,
        valid_until=body.valid_until,
        given_by=giver,
    )
    row = given.row(Author(principal.account_id, "Согласие на обработку персональных данных"), uow.now)
    if not await repository.insert_consents(uow.session, [row]):
        raise ConsentKnownError
    consent = await repository.get_consent(uow.session, row["id"])
    assert consent is not None
    return consent


async def _check_giver(
    uow: UnitOfWork, kind: CardKind, subject_id: UUID, giver: UUID | None, given_at: datetime
) -> None:
    if kind is not CardKind.STUDENT:
        if giver is not None:
            raise ConsentGiverError
    elif giver is None:
        born = (await people.get_student(uow, subject_id)).birth_date
        if uow.clock.date_of(given_at) < _birthday(born, _ADULT_IN_DATA):
            raise ConsentGiverError
    else:
        tie = await people.tie_in_force(uow, giver, subject_id)
        if tie is None or not tie.may_decide:
            raise ConsentGiverError


def _birthday(born: date, age: int) -> date:
    """The day somebody comes of an age; who was born on 29 February does so on 1 March."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


async def withdraw_consent(
    uow: UnitOfWork, principal: Principal, consent_id: UUID, version: int, reason: str
) -> tuple[Consent, Erasure | None]:
    """Withdraw a consent; what rested on it alone is closed at once and scheduled for erasure."""
    consent = await repository.get_consent(uow.session, consent_id)
    if consent is None:
        raise NotFoundError
    kind = CardKind(consent.subject_kind)
    audience = await require_subject(uow, principal, kind, consent.subject_id, decide=True)
    if audience is not Audience.SUBJECT and consent.organization_id != principal.unit.organization_id:
        raise ForbiddenError
    if consent.version != version:
        raise VersionMismatchError
    if consent.withdrawn_at is not None:
        raise ConsentWithdrawnError
    change(consent, {"withdrawn_at": uow.now}, Author(principal.account_id, reason), uow.now)
    await uow.session.flush()
    return consent, await schedule_erasure(uow, consent, "withdrawal")


async def schedule_erasure(uow: UnitOfWork, consent: Consent, cause: str) -> Erasure | None:
    """Schedule what nothing supports any more now that this consent is gone; None if all of it has another ground."""
    found = await repository.open_fields(uow.session, [consent.subject_id], None, uow.clock.today())
    if not (lost := set(consent.fields) - found.get(consent.subject_id, set())):
        return None
    erasure = Erasure(
        id=new_id(),
        subject_kind=consent.subject_kind,
        subject_id=consent.subject_id,
        organization_id=consent.organization_id,
        fields=sorted(lost),
        cause=cause,
        consent_id=consent.id,
        scheduled_at=uow.now,
        due_on=uow.clock.today() + ERASED_AFTER,
    )
    uow.session.add(erasure)
    return erasure


async def withdraw_all(
    uow: UnitOfWork, kind: CardKind, subject_id: UUID, organization_id: UUID, author: Author
) -> None:
    """Withdraw every consent in force to an organization."""
    for consent in await repository.in_force(uow.session, subject_id, organization_id, uow.clock.today()):
        assert consent.subject_kind == kind.value
        change(consent, {"withdrawn_at": uow.now}, author, uow.now)
        await uow.session.flush()
        await schedule_erasure(uow, consent, "withdrawal")


def block(
    uow: UnitOfWork, request_id: UUID, kind: CardKind, subject_id: UUID, fields: Collection[str], author: Author
) -> None:
    """Close fields to everybody while a request is looked into."""
    uow.session.add(
        FieldBlock(
            id=new_id(),
            subject_kind=kind.value,
            subject_id=subject_id,
            request_id=request_id,
            fields=sorted(fields),
            version=1,
            **signature(author, uow.now),
        )
    )


async def unblock(uow: UnitOfWork, request_id: UUID, author: Author) -> bool:
    """Lift the block of a request; whether one stood."""
    found = await repository.block_of(uow.session, request_id)
    return found is not None and bool(change(found, {"lifted_on": uow.clock.today()}, author, uow.now))


async def blocked_by(uow: UnitOfWork, request_ids: Collection[UUID]) -> Mapping[UUID, list[str]]:
    """Fields that requests keep blocked."""
    return await repository.blocked_by(uow.session, request_ids)


async def erased_since(uow: UnitOfWork, subject_ids: Collection[UUID], instant: datetime) -> bool:
    """Whether anything of the subjects' cards was erased since an instant."""
    return await repository.erased_since(uow.session, subject_ids, instant)


async def erase_at_once(
    uow: UnitOfWork, kind: CardKind, subject_id: UUID, organization_id: UUID, fields: Collection[str]
) -> None:
    """Erase what the subject asked to, unless a hold stands."""
    if await repository.held(uow.session, subject_id):
        raise HeldError
    await carry_out(uow, due_today(uow, kind, subject_id, organization_id, fields, "request"))


async def carry_out(uow: UnitOfWork, erasure: Erasure) -> None:
    """Empty the fields of an erasure that has come due, in the card and in its history."""
    names = set(erasure.fields)
    if erasure.cause != "request":  # who asked for it has been answered: no ground brings the value back
        found = await repository.open_fields(uow.session, [erasure.subject_id], None, uow.clock.today())
        names -= found.get(erasure.subject_id, set())
    await erase(uow, CardKind(erasure.subject_kind), erasure.subject_id, names, _ERASER)
    await uow.session.flush()
    await repository.erase_history(uow.session, erasure.id, names)
    erasure.erased, erasure.done_at = sorted(names), uow.now


async def place_hold(uow: UnitOfWork, principal: Principal, body: HoldIn) -> LegalHold:
    """Stop every erasure of a subject's data until the hold is lifted."""
    kind = CardKind(body.subject_kind)
    await require_subject(uow, principal, kind, body.subject_id)
    assert principal.unit.organization_id is not None
    hold = LegalHold(
        id=new_id(),
        subject_kind=kind.value,
        subject_id=body.subject_id,
        organization_id=principal.unit.organization_id,
        document=body.document,
        placed_on=uow.clock.today(),
        version=1,
        **signature(Author(principal.account_id, body.reason), uow.now),
    )
    uow.session.add(hold)
    return hold


async def lift_hold(uow: UnitOfWork, principal: Principal, hold_id: UUID, version: int, reason: str) -> LegalHold:
    """Lift a hold of the caller's organization; what has come due meanwhile is erased at the next turn."""
    hold = await repository.get_hold(uow.session, hold_id)
    if hold is None or hold.organization_id != principal.unit.organization_id:
        raise NotFoundError
    if hold.version != version:
        raise VersionMismatchError
    if hold.lifted_on is not None:
        raise HoldLiftedError
    change(hold, {"lifted_on": uow.clock.today()}, Author(principal.account_id, reason), uow.now)
    return hold


async def list_holds(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, limit: int, after: UUID | None
) -> Sequence[LegalHold]:
    """One page of an organization's holds, and one more."""
    await organizations.require_visible(uow, principal, organization_id)
    return await repository.holds(uow.session, organization_id, limit, after)


async def list_erasures(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, done: bool | None, limit: int, after: UUID | None
) -> Sequence[tuple[Erasure, bool]]:
    """One page of an organization's erasures with whether a hold stops each, and one more."""
    await organizations.require_visible(uow, principal, organization_id)
    return await repository.erasures(uow.session, organization_id, done, limit, after)
