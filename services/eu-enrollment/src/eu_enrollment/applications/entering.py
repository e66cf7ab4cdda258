"""Statements that enter applications in the register, many at once, over the driver's own connection.

Everything about them (application, choices, first line of history, idempotency key, event) is one statement: of each
application all stands or none.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from eu_enrollment.applications import derived
from eu_enrollment.applications.model import REGISTER_LOCK
from eu_enrollment.applications.receipts import ReceiptSigner
from eu_enrollment.applications.registration import Registration, Sending

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

_CREATED = 201
_ANSWERED = """
    SELECT i.principal, i.key, i.route, i.body_hash, i.answer::text
      FROM unnest($1::text[], $2::text[]) AS sent (principal, key) JOIN idempotency i USING (principal, key)
"""
_PARTICIPANTS = "SELECT municipality, id FROM directory_organization WHERE id = ANY ($1::uuid[]) AND active"
_UNCHANGED = """
    SELECT d.id FROM draft d JOIN unnest($1::uuid[], $2::integer[]) AS sent (id, version) USING (id, version)
       FOR SHARE OF d SKIP LOCKED
"""
_NUMBERS = f"""
    WITH held AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared({REGISTER_LOCK}))
    SELECT nextval('application_accepted_seq') FROM held, generate_series(1, $1)
"""  # noqa: S608 - constants of this program
_APPLICATION = {
    "id": "uuid",
    "campaign_id": "uuid",
    "municipality": "text",
    "line": "text",
    "number": "text",
    "accepted_seq": "bigint",
    "accepted_at": "timestamptz",
    "filed_at": "timestamptz",
    "client": "text",
    "external_id": "uuid",
    "child_key": "bytea",
    "document_key": "bytea",
    "key_version": "text",
    "payload": "text",
    "payload_hash": "text",
    "signature": "text",
    "channel": "text",
    "status": "text",
    **derived.COLUMNS,
}
_SENT = _APPLICATION | {
    "key": "text",
    "route": "text",
    "body_hash": "bytea",
    "answer": "text",
    "actor": "text",
    "reason": "text",
    "event_id": "uuid",
    "type": "text",
    "subject": "text",
    "traceparent": "text",
    "event": "text",
}
_CHOICE = {"application_id": "uuid", "rank": "smallint", "organization_id": "uuid", "priority": "integer"}


def _arrays(columns: dict[str, str], first: int) -> str:
    """``unnest`` of parameters from number ``first``, one array a column."""
    typed = ", ".join(f"${number}::{type_}[]" for number, type_ in enumerate(columns.values(), first))
    return f"unnest({typed}) AS t ({', '.join(columns)})"


_COLUMNS = ", ".join(_APPLICATION)
_ENTER = f"""
    WITH sent AS MATERIALIZED (
        SELECT * FROM {_arrays(_SENT, 1)}
    ), entered AS (
        INSERT INTO application ({_COLUMNS}, queue_seq, status_changed_at, version)
        SELECT {_COLUMNS}, accepted_seq, accepted_at, 1 FROM sent
        ON CONFLICT DO NOTHING RETURNING id
    ), key AS (
        INSERT INTO idempotency (principal, key, route, body_hash, status, answer)
        SELECT client, key, route, body_hash, {_CREATED}, answer::jsonb FROM sent JOIN entered USING (id)
    ), chosen AS (
        INSERT INTO application_choice (application_id, rank, campaign_id, organization_id, priority)
        SELECT sent.id, t.rank, sent.campaign_id, t.organization_id, t.priority
          FROM sent JOIN entered USING (id) JOIN {_arrays(_CHOICE, len(_SENT) + 1)} ON t.application_id = sent.id
    ), history AS (
        INSERT INTO application_history (application_id, version, at, actor, account_id, reason, to_status)
        SELECT id, 1, accepted_at, actor, client, reason, status FROM sent JOIN entered USING (id) ORDER BY accepted_seq
    ), event AS (
        INSERT INTO outbox (event_id, type, subject, epoch, version, occurred_at, traceparent, payload)
        SELECT event_id, type, subject, (SELECT epoch FROM producer_epoch), 1, accepted_at, traceparent, event
          FROM sent JOIN entered USING (id) ORDER BY accepted_seq
    )
    SELECT id FROM entered
"""  # noqa: S608 - constants of this program


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands under a key: what was sent there and answered, now (``new``) or before."""

    route: str
    body_hash: bytes
    answer: dict[str, Any]
    new: bool


class Row:
    """A registration under its number, signed."""

    def __init__(self, what: Registration, seq: int, signer: ReceiptSigner) -> None:
        receipt = what.receipt(seq)
        signature = signer.sign(receipt)
        self.what = what
        self.answer: dict[str, Any] = receipt.fields() | {"signature": signature}
        self._values = {
            "number": receipt.number,
            "accepted_seq": seq,
            "accepted_at": what.at,
            "client": what.sending.client,
            "key": what.sending.key,
            "route": what.sending.route,
            "body_hash": what.sending.body_hash,
            "signature": signature,
            "answer": json.dumps(self.answer),
            "event_id": what.event["event_id"],
            "type": what.event["type"],
            "subject": what.event["subject"],
            "traceparent": what.event["traceparent"],
            "event": what.event["payload"],
        }

    def value(self, column: str) -> Any:
        """Value of a column."""
        if column in self._values:
            return self._values[column]
        return getattr(self.what.derived if column in derived.COLUMNS else self.what, column)


async def answered(connection: Connection, sendings: Sequence[Sending]) -> dict[tuple[str, str], Entry]:
    """What stands under the keys: (client, key) → entry."""
    rows = await connection.fetch(_ANSWERED, [one.client for one in sendings], [one.key for one in sendings])
    return {
        (row["principal"], row["key"]): Entry(row["route"], row["body_hash"], json.loads(row["answer"]), new=False)
        for row in rows
    }


async def participants(connection: Connection, ids: Collection[UUID]) -> frozenset[tuple[str, UUID]]:
    """Those of the organizations that children may choose, each with its municipality."""
    return frozenset((row["municipality"], row["id"]) for row in await connection.fetch(_PARTICIPANTS, list(ids)))


async def unchanged(connection: Connection, drafts: Sequence[tuple[UUID, int]]) -> frozenset[UUID]:
    """Those of the drafts that are of the versions named, kept so until the transaction ends.

    One that is being changed is none of them: nobody waits here for whoever changes it.
    """
    rows = await connection.fetch(_UNCHANGED, [id_ for id_, _ in drafts], [version for _, version in drafts])
    return frozenset(row["id"] for row in rows)


async def take_numbers(connection: Connection, count: int) -> list[int]:
    """The next numbers of the register, held with :data:`REGISTER_LOCK` until the transaction ends."""
    return sorted(row[0] for row in await connection.fetch(_NUMBERS, count))


async def enter(connection: Connection, rows: Sequence[Row]) -> frozenset[UUID]:
    """Enter what does not meet a live application of the same child; ids of what was entered.

    Processes that enter the same children at once meet in one order, so that none waits for another in a circle. Raises
    ``UniqueViolationError`` when a key was used in this moment: then nothing is entered.
    """
    ordered = sorted(rows, key=lambda row: row.what.child_key)
    choices = [
        (row.what.id, rank, organization_id, priority)
        for row in ordered
        for rank, (organization_id, priority) in enumerate(
            zip(row.what.organizations, row.what.derived.priorities, strict=True), 1
        )
    ]
    columns = [[row.value(name) for row in ordered] for name in _SENT]
    return frozenset(row["id"] for row in await connection.fetch(_ENTER, *columns, *zip(*choices, strict=True)))
