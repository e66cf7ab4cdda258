"""Acceptance of an application: one short transaction, answered with a signed receipt.

Register number, application, choices, first line of history, idempotency key and event are one statement: all of them
stand or none. Slow checks come after. It is the hot path, so it runs without a unit of work: a statement that looks up
and numbers, and the one that writes, each a transaction of its own; what was sent before takes the ordinary way.
"""

from datetime import date, datetime
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
from eu_enrollment.applications.schemas import ApplicationIn, ReceiptOut
from eu_enrollment.applications.statuses import Reason, state_machine
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.campaigns.errors import CampaignClosedError
from eu_enrollment.campaigns.rules import full_years
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.runtime import EnrollmentRuntime
from servicekit.crypto import KeyedHash
from servicekit.errors import FieldError, NotFoundError
from servicekit.http.idempotency import KeyReusedError
from servicekit.ids import new_id
from servicekit.outbox import Outbox
from servicekit.runtime import OUTBOX_CHANNEL
from servicekit.security import Principal
from servicekit.tables import idempotency

ROUTE = "POST /applications"
PAYLOAD_CONTEXT = "application.payload"
_OLDEST = 25
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
            child_key, child_key_version, payload, payload_hash, signature, benefit, age, of_age, desired_from, status,
            status_changed_at, version)
        VALUES (:id, :campaign_id, :municipality, :number, :seq, :at, :filed_at, :client, :child_key,
            :child_key_version, :payload, :payload_hash, :signature, :benefit, :age, :of_age, :desired_from, :status, :at, 1)
        ON CONFLICT (campaign_id, child_key) WHERE {LIVE_WHERE} DO NOTHING RETURNING id
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
    bindparam("child_key_version", type_=Text),
    bindparam("payload", type_=Text),
    bindparam("payload_hash", type_=Text),
    bindparam("signature", type_=Text),
    bindparam("benefit", type_=Text),
    bindparam("age", type_=SmallInteger),
    bindparam("of_age", type_=Boolean),
    bindparam("desired_from", type_=Date),
    bindparam("status", type_=Text),
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


def child_key(hasher: KeyedHash, snils: str | None, kind: str, series: str, number: str) -> bytes:
    """Keyed hash of a child's identity: СНИЛС, else the document. Values in their normal form."""
    if snils is not None:
        return hasher.digest(snils, "child.snils")
    return hasher.digest(f"{kind}\x00{series}\x00{number}", "child.document")


async def accept(
    runtime: EnrollmentRuntime, principal: Principal, key: str, raw: bytes, body: ApplicationIn
) -> tuple[bool, dict[str, Any]]:
    """Accept an application; (whether it is new, its receipt).

    The same child and payload again: the same receipt. Raises ``AlreadyAppliedError`` for another payload,
    ``KeyReusedError`` for another body under the key.
    """
    now = runtime.clock.now()
    chosen = [choice.organization_id for choice in body.choices]
    async with runtime.autocommit.connect() as connection:
        campaign = await campaigns.known_campaign(connection, runtime.campaigns, body.campaign_id)
        if principal.unit.municipality not in {None, campaign.municipality}:
            raise NotFoundError
        if not campaign.open_at(now):
            raise CampaignClosedError
        found = (
            await connection.execute(_LOOKUP, {"organizations": chosen, "municipality": campaign.municipality})
        ).one()
        _check(runtime.clock.date_of(now), campaign, body, frozenset(found.known))
        row = _row(runtime, principal, campaign, now, found.seq, body) | {"key": key, "body_hash": sha256(raw).digest()}
        try:
            if await connection.scalar(_ACCEPT, row):
                runtime.notify(OUTBOX_CHANNEL)
                return True, row["answer"]
        except IntegrityError:
            pass  # the key is taken: nothing was written
    return False, await _sent_before(runtime, row)


def _row(
    runtime: EnrollmentRuntime, principal: Principal, campaign: Campaign, now: datetime, seq: int, body: ApplicationIn
) -> dict[str, Any]:
    """Everything that is written about an application, but the key it was sent under."""
    payload = body.model_dump(mode="json")
    rules, child, document = campaign.rules, body.child, body.child.document
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
    return {
        "id": receipt.id,
        "campaign_id": campaign.id,
        "municipality": campaign.municipality,
        "client": principal.account_id,
        "route": ROUTE,
        "answer": receipt.fields() | {"signature": signature},
        "number": receipt.number,
        "seq": seq,
        "at": now,
        "filed_at": body.filed_at,
        "child_key": child_key(runtime.hasher, child.snils, document.kind, document.series, document.number),
        "child_key_version": runtime.hasher.key_id,
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
        "priorities": [
            rules.priority(kind, sibling=choice.organization_id in body.siblings_in) for choice in body.choices
        ],
    }


def _check(today: date, campaign: Campaign, body: ApplicationIn, known: frozenset[UUID]) -> None:
    """What only the campaign and the calendar can tell; raises ``ApplicationRefusedError`` naming each field."""
    found: list[FieldError] = []
    born = body.child.birth_date
    issued = body.child.document.issued_on
    if born > today or full_years(born, today) > _OLDEST:
        found.append(FieldError("/child/birth_date", "child.birth-date", "Невозможная дата рождения ребёнка"))
    if issued is not None and not born <= issued <= today:
        found.append(FieldError("/child/document/issued_on", "document.issued-on", "Невозможная дата выдачи документа"))
    if len(body.choices) > campaign.rules.max_choices:
        title = f"Можно выбрать не более {campaign.rules.max_choices} организаций"
        found.append(FieldError("/choices", "choices.too-many", title))
    if body.benefit is not None and campaign.rules.benefit(body.benefit) is None:
        found.append(FieldError("/benefit", "benefit.unknown", "Такой льготы нет в правилах кампании"))
    found.extend(
        FieldError(f"/choices/{index}/organization_id", "choice.unknown", "Организация не участвует в этой кампании")
        for index, choice in enumerate(body.choices)
        if choice.organization_id not in known
    )
    if found:
        raise errors.ApplicationRefusedError(errors=found)


async def _sent_before(runtime: EnrollmentRuntime, row: dict[str, Any]) -> dict[str, Any]:
    """The receipt of what was sent before: under this key, or for this child with this payload."""
    async with runtime.uow() as uow:
        under_key = select(idempotency).where(idempotency.c.principal == row["client"], idempotency.c.key == row["key"])
        known = (await uow.session.execute(under_key)).first()
        if known is None:
            live = select(application).where(
                application.c.campaign_id == row["campaign_id"],
                application.c.child_key == row["child_key"],
                text(LIVE_WHERE),
            )
            same = (await uow.session.execute(live)).first()
            if same is None or (same.payload_hash, same.client) != (row["payload_hash"], row["client"]):
                raise errors.AlreadyAppliedError
            receipt = Receipt(same.id, same.number, same.accepted_at, same.accepted_seq, same.payload_hash)
            answer = receipt.fields() | {"signature": same.signature}
            names = ("key", "route", "body_hash")
            await uow.session.execute(
                insert(idempotency)
                .values(principal=row["client"], status=200, answer=answer, **{name: row[name] for name in names})
                .on_conflict_do_nothing()
            )
            known = (await uow.session.execute(under_key)).one()
        if (known.route, known.body_hash) != (ROUTE, row["body_hash"]):
            raise KeyReusedError
        return ReceiptOut.model_validate(known.answer).model_dump(mode="json")
