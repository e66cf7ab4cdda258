"""Acceptance of an application, by whichever door it came: judged, entered in the register, answered with a signed receipt.

It is the hot path, so it runs without a unit of work: the register writes what is new together with its neighbours. What was
sent before, and what is refused, takes the ordinary way.
"""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select, text
from sqlalchemy.dialects.postgresql import insert

from eu_enrollment.applications import errors, families, repository
from eu_enrollment.applications.entering import Entry
from eu_enrollment.applications.model import LIVE_WHERE, SEEKING_WHERE, application
from eu_enrollment.applications.receipts import Receipt
from eu_enrollment.applications.refusals import refusal, unknown_choices
from eu_enrollment.applications.registration import Prepared, Registration, Sending, prepare, registration_of
from eu_enrollment.applications.schemas import ApplicationIn, ReceiptOut
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.campaigns.errors import CampaignClosedError
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.runtime import EnrollmentRuntime
from servicekit.errors import DomainError, FieldError, NotFoundError
from servicekit.http.idempotency import KeyReusedError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.tables import idempotency
from servicekit.uow import UnitOfWork

_ATTEMPTS = 3


async def accept(runtime: EnrollmentRuntime, sending: Sending, body: ApplicationIn) -> tuple[bool, dict[str, Any]]:
    """Accept an application; (whether it is new, its receipt).

    The same child and payload again: the same receipt. Raises ``AlreadyAppliedError`` for another payload,
    ``KeyReusedError`` for another body under the key, ``ApplicationRefusedError`` or ``CampaignClosedError`` for what the
    campaign does not take, ``AcceptanceBusyError`` when it cannot be told now: the same request may be sent again.
    """
    now = runtime.clock.now()
    today = runtime.clock.date_of(now)
    campaign = await campaign_for(runtime, sending.principal, body.campaign_id)
    strangers = await _strangers(runtime, sending.principal, body)
    judge = partial(refusal, today, now, campaign, sending.principal, body, strangers=strangers)
    new = None
    if judge() is None:
        prepared = prepare(runtime.cipher, runtime.hasher, campaign, sending.principal, today, body)
        new = registration_of(prepared, sending, new_id(), now)
    choices = [choice.organization_id for choice in body.choices]
    return await _enter(runtime, sending, new, campaign, choices, judge)


async def accept_prepared(
    runtime: EnrollmentRuntime, sending: Sending, prepared: Prepared, id_: UUID, draft_version: int
) -> tuple[bool, dict[str, Any]]:
    """Accept what was judged and made ready before, as :func:`accept` does, under the id of its draft.

    Raises ``AcceptanceBusyError`` too where the draft is of another version by now.
    """
    now = runtime.clock.now()
    campaign = await campaign_for(runtime, sending.principal, prepared.campaign_id)
    new = registration_of(prepared, sending, id_, now, draft_version) if campaign.open_at(now) else None

    def judge(known: Collection[UUID]) -> DomainError | None:
        return CampaignClosedError() if new is None else unknown_choices(prepared.organizations, known)

    return await _enter(runtime, sending, new, campaign, prepared.organizations, judge)


async def _enter(
    runtime: EnrollmentRuntime,
    sending: Sending,
    new: Registration | None,
    campaign: Campaign,
    choices: Sequence[UUID],
    judge: Callable[[Collection[UUID]], DomainError | None],
) -> tuple[bool, dict[str, Any]]:
    """Enter what nothing stands against (``new``), or give again the receipt that was given before.

    ``judge`` tells why the campaign does not take it, by those of the choices that take part.
    """
    for _ in range(_ATTEMPTS):
        if new is not None:
            entry = await runtime.register.enter(new)
            if entry is not None:
                return entry.new, _receipt(sending, entry)
        async with runtime.uow() as uow:
            answer = await _answered(uow, sending)
            if answer is None:  # a receipt once given is given again, whatever has been closed or changed since
                refused = judge(await repository.participants(uow.session, campaign.municipality, choices))
                if refused is not None:
                    raise refused
                answer = None if new is None else await _same_child(uow, new)
        if answer is not None:
            return False, answer
    raise errors.AcceptanceBusyError(retry_after=1)


async def campaign_for(runtime: EnrollmentRuntime, principal: Principal, campaign_id: UUID) -> Campaign:
    """The campaign that the principal sends to; raises ``NotFoundError``."""
    campaign = runtime.campaigns.get(campaign_id)
    if campaign is None:
        async with runtime.autocommit.connect() as connection:
            campaign = await campaigns.known_campaign(connection, runtime.campaigns, campaign_id)
    if principal.unit.municipality not in {None, campaign.municipality}:
        raise NotFoundError
    return campaign


async def _strangers(runtime: EnrollmentRuntime, principal: Principal, body: ApplicationIn) -> Sequence[FieldError]:
    if not body.together_with:  # the way of almost everybody asks nothing
        return ()
    async with runtime.uow() as uow:
        return await families.strangers(uow.session, principal, body)


def _receipt(sending: Sending, entry: Entry) -> dict[str, Any]:
    """The receipt given under the key; raises ``KeyReusedError``."""
    if (entry.route, entry.body_hash) != (sending.route, sending.body_hash):
        raise KeyReusedError
    return ReceiptOut.model_validate(entry.answer).model_dump(mode="json")


async def _answered(uow: UnitOfWork, sending: Sending) -> dict[str, Any] | None:
    """The answer given under this key; raises ``KeyReusedError``."""
    under_key = select(idempotency).where(idempotency.c.principal == sending.client, idempotency.c.key == sending.key)
    known = (await uow.session.execute(under_key)).first()
    return None if known is None else _receipt(sending, Entry(known.route, known.body_hash, known.answer, new=False))


async def _same_child(uow: UnitOfWork, new: Registration) -> dict[str, Any] | None:
    """The receipt of the child's live application, if it is this one sent under another key; ``None`` when there is none.

    An application entered under this very id was this one, whatever has become of it.
    """
    own = application.c.id == new.id
    of_child = or_(application.c.child_key == new.child_key, application.c.document_key == new.document_key)
    here = and_(application.c.campaign_id == new.campaign_id, text(LIVE_WHERE))
    beside = and_(application.c.live_among == new.derived.live_among, text(SEEKING_WHERE))
    live = and_(of_child, or_(here, beside))
    same = (await uow.session.execute(select(application).where(or_(own, live)).order_by(own.desc()))).first()
    if same is None:
        return None
    sending = new.sending
    if same.id != new.id and (same.payload_hash, same.client) != (new.payload_hash, sending.client):
        raise errors.AlreadyAppliedError
    receipt = Receipt(same.id, same.number, same.accepted_at, same.accepted_seq, same.payload_hash)
    answer = receipt.fields() | {"signature": same.signature}
    taken = insert(idempotency).values(
        principal=sending.client,
        key=sending.key,
        route=sending.route,
        body_hash=sending.body_hash,
        status=200,
        answer=answer,
    )
    if (await uow.session.execute(taken.on_conflict_do_nothing())).rowcount == 0:  # type: ignore[attr-defined]  # a cursor result
        return await _answered(uow, sending) or answer
    return answer
