"""Acceptance of an application: one short transaction, answered with a signed receipt.

Register number, application, choices, first line of history, idempotency key and event are one statement: all of them
stand or none. Slow checks come after. It is the hot path, so it runs without a unit of work: a statement that looks up
and numbers, and the one that writes, each a transaction of its own; what was sent before takes the ordinary way.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    LargeBinary,
    SmallInteger,
    Text,
    Uuid,
    bindparam,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.exc import IntegrityError

from eu_enrollment.applications import errors
from eu_enrollment.applications.events import status_changed
from eu_enrollment.applications.model import LIVE_WHERE, application
from eu_enrollment.applications.policies import actor_of
from eu_enrollment.applications.receipts import Receipt, canonical, payload_hash
from eu_enrollment.applications.schemas import ApplicationIn, ChildIn, ReceiptOut
from eu_enrollment.applications.statuses import Reason, state_machine
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.campaigns.errors import CampaignClosedError
from eu_enrollment.campaigns.rules import BenefitClass, full_years
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.runtime import EnrollmentRuntime
from identifiers import DocumentKind, normal_name
from servicekit.crypto import KeyedHash
from servicekit.errors import DomainError, FieldError, NotFoundError
from servicekit.http.idempotency import KeyReusedError
from servicekit.ids import new_id
from servicekit.outbox import Outbox
from servicekit.runtime import OUTBOX_CHANNEL
from servicekit.security import Principal
from servicekit.tables import idempotency
from servicekit.uow import UnitOfWork

ROUTE = "POST /applications"
PAYLOAD_CONTEXT = "application.payload"
RIGHTS_STATED = "rights_stated"
"""Why an operator must look: the family states a right to go before others, which documents must bear out."""
_OLDEST = 25
_CLOCKS_DIFFER = timedelta(minutes=5)
_CREATED = 201
_LOOKUP = text(
    """
    SELECT nextval('application_accepted_seq') AS seq,
           ARRAY(SELECT id FROM directory_organization
                  WHERE id = ANY (:organizations) AND municipality = :municipality AND active) AS known
    """
).bindparams(bindparam("organizations", type_=ARRAY(Uuid)), bindparam("municipality", type_=Text))
_ACCEPT = text(
    f"""
    WITH accepted AS (
        INSERT INTO application (id, campaign_id, municipality, number, accepted_seq, accepted_at, filed_at, client,
            child_key, document_key, key_version, payload, payload_hash, signature, benefit, age, of_age, desired_from, status,
            status_changed_at, version, attention)
        VALUES (:id, :campaign_id, :municipality, :number, :seq, :at, :filed_at, :client, :child_key,
            :document_key, :key_version, :payload, :payload_hash, :signature, :benefit, :age, :of_age, :desired_from, :status, :at, 1,
            :attention)
        ON CONFLICT DO NOTHING RETURNING id
    ), key AS (
        INSERT INTO idempotency (principal, key, route, body_hash, status, answer)
        SELECT :client, :key, :route, :body_hash, {_CREATED}, :answer FROM accepted
    ), chosen AS (
        INSERT INTO application_choice (application_id, rank, campaign_id, organization_id, priority)
        SELECT accepted.id, t.rank, :campaign_id, t.organization_id, t.priority
          FROM accepted, unnest(:organizations, :priorities) WITH ORDINALITY AS t (organization_id, priority, rank)
    ), history AS (
        INSERT INTO application_history (application_id, version, at, actor, account_id, reason, to_status)
        SELECT id, 1, :at, :actor, :client, :reason, :status FROM accepted
    ), event AS (
        INSERT INTO outbox (event_id, type, subject, epoch, version, occurred_at, traceparent, payload)
        SELECT :event_id, :event_type, :event_subject, (SELECT epoch FROM producer_epoch), 1, :at, :traceparent, :event
          FROM accepted
    )
    SELECT EXISTS (SELECT FROM accepted)
    """  # noqa: S608 - constants of this program
).bindparams(
    bindparam("id", type_=Uuid),
    bindparam("campaign_id", type_=Uuid),
    bindparam("municipality", type_=Text),
    bindparam("client", type_=Text),
    bindparam("key", type_=Text),
    bindparam("route", type_=Text),
    bindparam("body_hash", type_=LargeBinary),
    bindparam("answer", type_=JSONB),
    bindparam("number", type_=Text),
    bindparam("seq", type_=BigInteger),
    bindparam("at", type_=DateTime(timezone=True)),
    bindparam("filed_at", type_=DateTime(timezone=True)),
    bindparam("child_key", type_=LargeBinary),
    bindparam("document_key", type_=LargeBinary),
    bindparam("key_version", type_=Text),
    bindparam("payload", type_=Text),
    bindparam("payload_hash", type_=Text),
    bindparam("signature", type_=Text),
    bindparam("benefit", type_=Text),
    bindparam("age", type_=SmallInteger),
    bindparam("of_age", type_=Boolean),
    bindparam("desired_from", type_=Date),
    bindparam("status", type_=Text),
    bindparam("attention", type_=Text),
    bindparam("actor", type_=Text),
    bindparam("reason", type_=Text),
    bindparam("event_id", type_=Uuid),
    bindparam("event_type", type_=Text),
    bindparam("event_subject", type_=Text),
    bindparam("traceparent", type_=Text),
    bindparam("event", type_=Text),
    bindparam("organizations", type_=ARRAY(Uuid)),
    bindparam("priorities", type_=ARRAY(SmallInteger)),
)


@dataclass(frozen=True)
class Sent:
    """Who sent a request, under which key, with which body."""

    client: str
    key: str
    body_hash: bytes


def child_keys(hasher: KeyedHash, child: ChildIn) -> tuple[bytes, bytes]:
    """Keyed hashes of a child's identity: СНИЛС, else the document; and the document, which is always stated.

    A document of no known kind may be numbered «Б/Н» like many others: whose it is belongs to its key.
    """
    document = child.document
    parts = [document.kind, document.series, document.number]
    if document.kind is DocumentKind.OTHER:
        parts += [normal_name(child.last_name), normal_name(child.first_name), child.birth_date.isoformat()]
    by_document = hasher.digest("\x00".join(parts), "child.document")
    return by_document if child.snils is None else hasher.digest(child.snils, "child.snils"), by_document


async def accept(
    runtime: EnrollmentRuntime, principal: Principal, key: str, raw: bytes, body: ApplicationIn
) -> tuple[bool, dict[str, Any]]:
    """Accept an application; (whether it is new, its receipt).

    The same child and payload again: the same receipt. Raises ``AlreadyAppliedError`` for another payload,
    ``KeyReusedError`` for another body under the key.
    """
    now = runtime.clock.now()
    sent = Sent(principal.account_id, key, sha256(raw).digest())
    chosen = [choice.organization_id for choice in body.choices]
    async with runtime.autocommit.connect() as connection:
        campaign = await campaigns.known_campaign(connection, runtime.campaigns, body.campaign_id)
        if principal.unit.municipality not in {None, campaign.municipality}:
            raise NotFoundError
        found = (
            await connection.execute(_LOOKUP, {"organizations": chosen, "municipality": campaign.municipality})
        ).one()
        refusal = _refusal(runtime.clock.date_of(now), now, campaign, body, frozenset(found.known))
        if refusal is None:
            row = _row(runtime, principal, campaign, now, found.seq, body) | asdict(sent)
            try:
                if await connection.scalar(_ACCEPT, row):
                    runtime.notify(OUTBOX_CHANNEL)
                    return True, row["answer"]
            except IntegrityError:
                pass  # the key is taken: nothing was written
    async with runtime.uow() as uow:
        answer = await _answered(uow, sent)
        if answer is None:  # a receipt once given is given again, whatever has been closed or changed since
            if refusal is not None:
                raise refusal
            answer = await _same_child(uow, sent, row)
    return False, ReceiptOut.model_validate(answer).model_dump(mode="json")


def _row(
    runtime: EnrollmentRuntime, principal: Principal, campaign: Campaign, now: datetime, seq: int, body: ApplicationIn
) -> dict[str, Any]:
    """Everything that is written about an application, but the key it was sent under."""
    payload = body.model_dump(mode="json")
    rules, child = campaign.rules, body.child
    child_key, document_key = child_keys(runtime.hasher, child)
    receipt = Receipt(
        id=new_id(),
        number=f"{campaign.municipality[:5]}-{campaign.academic_year}-{seq:08d}",
        accepted_at=now,
        accepted_seq=seq,
        payload_hash=payload_hash(payload),
    )
    signature = runtime.signer.sign(receipt)
    step = state_machine().step(Reason.SUBMITTED)
    outbox = Outbox()
    outbox.add(status_changed(receipt.id, campaign.id, campaign.municipality, step.to, now, None), now=now, version=1)
    (event,) = outbox.pending
    kind = rules.class_of(body.benefit)
    priorities = [rules.priority(kind, sibling=choice.organization_id in body.siblings_in) for choice in body.choices]
    return {
        "id": receipt.id,
        "campaign_id": campaign.id,
        "municipality": campaign.municipality,
        "route": ROUTE,
        "answer": receipt.fields() | {"signature": signature},
        "number": receipt.number,
        "seq": seq,
        "at": now,
        "filed_at": body.filed_at,
        "child_key": child_key,
        "document_key": document_key,
        "key_version": runtime.hasher.key_id,
        "payload": runtime.cipher.encrypt(canonical(payload).decode(), PAYLOAD_CONTEXT),
        "payload_hash": receipt.payload_hash,
        "signature": signature,
        "benefit": body.benefit,
        "age": full_years(child.birth_date, rules.eligibility.day(campaign.academic_year)),
        "of_age": rules.eligibility.allows(child.birth_date, campaign.academic_year),
        "desired_from": body.desired_from,
        "status": step.to,
        "actor": actor_of(principal),
        "reason": step.reason,
        "event_id": event["event_id"],
        "event_type": event["type"],
        "event_subject": event["subject"],
        "traceparent": event["traceparent"],
        "event": event["payload"],
        "organizations": [choice.organization_id for choice in body.choices],
        "priorities": priorities,
        "attention": RIGHTS_STATED if min(priorities) < rules.priority(BenefitClass.GENERAL, sibling=False) else None,
    }


def _refusal(
    today: date, now: datetime, campaign: Campaign, body: ApplicationIn, known: frozenset[UUID]
) -> DomainError | None:
    """Why the campaign does not take this application: what only its rules and the calendar can tell."""
    if not campaign.open_at(now):
        return CampaignClosedError()
    found: list[FieldError] = []
    born = body.child.birth_date
    issued = body.child.document.issued_on
    if born > today or full_years(born, today) > _OLDEST:
        found.append(FieldError("/body/child/birth_date", "child.birth-date", "Невозможная дата рождения ребёнка"))
    if body.consent.given_at > now + _CLOCKS_DIFFER:
        found.append(FieldError("/body/consent/given_at", "consent.given-at", "Согласие не может быть дано в будущем"))
    if body.consent.valid_until is not None and body.consent.valid_until < today:
        found.append(FieldError("/body/consent/valid_until", "consent.expired", "Срок согласия уже истёк"))
    if issued is not None and not born <= issued <= today:
        found.append(
            FieldError("/body/child/document/issued_on", "document.issued-on", "Невозможная дата выдачи документа")
        )
    if len(body.choices) > campaign.rules.max_choices:
        title = f"Можно выбрать не более {campaign.rules.max_choices} организаций"
        found.append(FieldError("/body/choices", "choices.too-many", title))
    if body.benefit is not None and campaign.rules.benefit(body.benefit) is None:
        found.append(FieldError("/body/benefit", "benefit.unknown", "Такой льготы нет в правилах кампании"))
    found.extend(
        FieldError(
            f"/body/choices/{index}/organization_id", "choice.unknown", "Организация не участвует в этой кампании"
        )
        for index, choice in enumerate(body.choices)
        if choice.organization_id not in known
    )
    return errors.ApplicationRefusedError(errors=found) if found else None


async def _answered(uow: UnitOfWork, sent: Sent) -> dict[str, Any] | None:
    """The answer given under this key; raises ``KeyReusedError``."""
    under_key = select(idempotency).where(idempotency.c.principal == sent.client, idempotency.c.key == sent.key)
    known = (await uow.session.execute(under_key)).first()
    if known is None:
        return None
    if (known.route, known.body_hash) != (ROUTE, sent.body_hash):
        raise KeyReusedError
    answer: dict[str, Any] = known.answer
    return answer


async def _same_child(uow: UnitOfWork, sent: Sent, row: dict[str, Any]) -> dict[str, Any]:
    """The receipt of the child's live application, if it is this one sent under another key."""
    live = select(application).where(
        application.c.campaign_id == row["campaign_id"],
        or_(
            application.c.child_key == row["child_key"],
            application.c.document_key == row["document_key"],
        ),
        text(LIVE_WHERE),
    )
    same = (await uow.session.execute(live)).first()
    if same is None or (same.payload_hash, same.client) != (row["payload_hash"], sent.client):
        raise errors.AlreadyAppliedError
    receipt = Receipt(same.id, same.number, same.accepted_at, same.accepted_seq, same.payload_hash)
    answer = receipt.fields() | {"signature": same.signature}
    taken = insert(idempotency).values(
        principal=sent.client, key=sent.key, route=ROUTE, body_hash=sent.body_hash, status=200, answer=answer
    )
    if (await uow.session.execute(taken.on_conflict_do_nothing())).rowcount == 0:  # type: ignore[attr-defined]  # a cursor result
        return await _answered(uow, sent) or answer
    return answer
