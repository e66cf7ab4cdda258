"""After the crowd: what must agree, and what does not."""

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

import asyncpg
import httpx

from bench.surge.crowd import Sender
from eu_enrollment.acceptance_log import service as acceptance_log
from eu_enrollment.acceptance_log.chain import entry_hash, receipt_doubts
from eu_enrollment.applications.receipts import Receipt, signed_by
from eu_enrollment.runtime import EnrollmentRuntime

CONFLICT = 409
CREATED = 201
_TAKEN = "application.already-applied"
_PROVEN = 100
"""Receipts whose place in the log is asked for and proven one by one."""
_ROWS = "SELECT id, number, accepted_at, accepted_seq, payload_hash, signature FROM application ORDER BY accepted_seq"
_TWICE = """
    SELECT count(*) FROM (SELECT FROM application WHERE status NOT IN ('refused', 'withdrawn')
     GROUP BY campaign_id, {key} HAVING count(*) > 1) AS twice
"""
_BESIDE = {
    "событие": "SELECT subject::uuid AS id, count(*) FROM outbox WHERE version = 1 GROUP BY subject",
    "запись истории": "SELECT application_id AS id, count(*) FROM application_history GROUP BY application_id",
    "выбор": "SELECT application_id AS id, count(*) / 3 AS count FROM application_choice GROUP BY application_id",
}
"""What stands beside every application exactly once; each has three choices."""

Receipts = dict[str, dict[str, Any]]


def receipts_of(senders: Sequence[Sender]) -> tuple[Receipts, list[str]]:
    """Every receipt given, by number; and where what senders were told does not agree."""
    children: dict[int, list[Sender]] = defaultdict(list)
    for sender in senders:
        children[sender.child].append(sender)
    given: Receipts = {}
    doubts = []
    for child, computers in children.items():
        told = {answer.content for sender in computers for answer in sender.answers if answer.status != CONFLICT}
        if len(told) != 1:
            doubts.append(f"ребёнок {child}: расписок {len(told)}")
        for content in told:
            receipt = json.loads(content)
            if given.setdefault(receipt["number"], receipt) != receipt:
                doubts.append(f"расписка {receipt['number']} выдана на двух детей")
        for sender in computers:
            refused = [answer for answer in sender.answers if answer.status == CONFLICT]
            if len(refused) not in {0, len(sender.answers)}:
                doubts.append(f"ребёнок {child}: то расписка, то отказ")
            if refused and not any(one.other for one in computers):
                doubts.append(f"ребёнок {child}: отказ без причины")
            doubts += [
                f"ребёнок {child}: неожиданный отказ" for one in refused if json.loads(one.content)["code"] != _TAKEN
            ]
    return given, doubts


def order_doubts(senders: Sequence[Sender], given: Receipts) -> list[str]:
    """Who sent after another had a receipt in hand stands in the register after the other."""
    answers = sorted(
        (answer.answered_at, json.loads(answer.content)["accepted_seq"])
        for sender in senders
        for answer in sender.answers
        if answer.status != CONFLICT
    )
    moments = [moment for moment, _ in answers]
    highest = list(accumulate((seq for _, seq in answers), max))
    began: dict[int, float] = {}
    for sender in senders:
        for answer in sender.answers:
            if answer.status != CONFLICT and sender.first_sent_at is not None:
                seq = json.loads(answer.content)["accepted_seq"]
                began[seq] = min(began.get(seq, sender.first_sent_at), sender.first_sent_at)
    doubts = []
    for seq, moment in began.items():
        before = bisect_left(moments, moment)
        if before and highest[before - 1] > seq:
            doubts.append(f"номер {seq} меньше номера, выданного до его отправки")
    by_number = sorted(given.values(), key=lambda one: one["number"])
    if [one["accepted_seq"] for one in by_number] != sorted(one["accepted_seq"] for one in given.values()):
        doubts.append("номера расписок идут не в порядке реестра")
    return doubts


async def register_doubts(
    connection: "asyncpg.Connection[asyncpg.Record]", given: Receipts, keys: Mapping[str, Any]
) -> list[str]:
    """Where the database does not agree with the receipts given."""
    doubts = []
    rows = await connection.fetch(_ROWS)
    if len(rows) != len(given):
        doubts.append(f"строк {len(rows)}, расписок {len(given)}")
    for row in rows:
        signed = Receipt(
            row["id"], row["number"], row["accepted_at"], row["accepted_seq"], row["payload_hash"]
        ).fields()
        if given.get(row["number"]) != signed | {"signature": row["signature"]}:
            doubts.append(f"строка {row['number']} не равна расписке")
        elif not signed_by(keys, signed, row["signature"]):
            doubts.append(f"подпись расписки {row['number']} не сходится")
    twice = {key: await connection.fetchval(_TWICE.format(key=key)) for key in ("child_key", "document_key")}
    doubts += [f"детей с двумя заявлениями ({key}): {count}" for key, count in twice.items() if count]
    ids = {row["id"] for row in rows}
    for name, statement in _BESIDE.items():
        counts = {row["id"]: row["count"] for row in await connection.fetch(statement)}
        if counts != dict.fromkeys(ids, 1):
            doubts.append(f"{name} не при каждом заявлении ровно один раз")
    return doubts


async def log_doubts(runtime: EnrollmentRuntime, given: Receipts, api: str, keys: Mapping[str, Any]) -> list[str]:
    """Seal the rest; where the log does not agree with the register, or does not prove a receipt."""
    await acceptance_log.seal(runtime)
    async with runtime.uow() as uow:
        _, sealed, doubts = await acceptance_log.doubts(uow, keys)
    if sealed != len(given):
        doubts.append(f"в журнале {sealed}, расписок {len(given)}")
    step = max(1, len(given) // _PROVEN)
    async with httpx.AsyncClient(base_url=api, trust_env=False) as client:
        for receipt in list(given.values())[::step]:
            answer = await client.get("/receipts/log/proof", params={"leaf": entry_hash(receipt).hex()})
            doubts += receipt_doubts(receipt, answer.raise_for_status().json(), keys)
    return doubts
