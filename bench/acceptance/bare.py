"""The yardstick: a bare FastAPI and asyncpg handler that does the same inserts for the same body, and nothing else.

No token, no validation, no hash, no encryption, no signature: values that ours computes are constants of the same size.
The garbage collector is settled as ours is.
``python -m bench.acceptance.bare <port> <dsn>``.
"""

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

import asyncpg
import uvicorn
from fastapi import FastAPI, Header, Request
from fastapi.responses import JSONResponse

from bench.acceptance.bodies import MUNICIPALITY
from servicekit.ids import new_id
from servicekit.memory import settle

SIGNATURE = "x" * 164
HASH = "0" * 64
DAY = date(2026, 9, 1)
IDEMPOTENCY = (
    "INSERT INTO idempotency (principal, key, route, body_hash, status, answer) VALUES ('bare', $1, $2, $3, 201, $4)"
)
COLUMNS = """
    id, campaign_id, municipality, line, number, accepted_seq, queue_seq, accepted_at, filed_at, client, external_id, channel, child_key,
    document_key, key_version, payload, payload_hash, signature, benefit, age, of_age, desired_from, status, status_changed_at, version,
    orientation, stay_modes, kinds
"""
APPLICATION = f"""
    INSERT INTO application ({COLUMNS})
    VALUES ($1, $2, $3, 'preschool', $4, $5, $5, $6, $6, 'bare', $1, 'portal', $7, $7, 'k', $8, $9, $10, 'large_family', 3, true, $11,
        'registered', $6, 1, 'general', '["full_day"]', '["general/full_day"]')
"""
CHOICE = """
    INSERT INTO application_choice (application_id, rank, campaign_id, organization_id, priority) VALUES ($1, $2, $3, $4, 1)
"""
HISTORY = """
    INSERT INTO application_history (application_id, version, at, actor, account_id, reason, to_status)
    VALUES ($1, 1, $2, 'applicant', 'bare', 'submitted', 'registered')
"""
OUTBOX = """
    INSERT INTO outbox (event_id, type, subject, epoch, version, occurred_at, payload)
    VALUES ($1, 'enrollment.application.status-changed.v1', $2, 1, 1, $3, $4)
"""


def create_app(dsn: str) -> FastAPI:
    """The application."""
    pools: list[asyncpg.Pool[asyncpg.Record]] = []

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with asyncpg.create_pool(dsn, min_size=10, max_size=10) as pool:
            pools.append(pool)
            yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/api/enrollment/v1/applications")
    async def submit(
        request: Request, body: dict[str, Any], key: Annotated[str, Header(alias="Idempotency-Key")]
    ) -> JSONResponse:
        raw = await request.body()
        id_, now, campaign = new_id(), datetime.now(UTC), UUID(body["campaign_id"])
        event = {
            "application_id": str(id_),
            "campaign_id": str(campaign),
            "municipality": MUNICIPALITY,
            "changed_at": str(now),
        }
        async with pools[0].acquire() as connection, connection.transaction():
            seq = await connection.fetchval("SELECT nextval('application_accepted_seq')")
            number = f"{MUNICIPALITY[:5]}-2026-{seq:08d}"
            answer = {
                "id": str(id_),
                "number": number,
                "accepted_at": str(now),
                "accepted_seq": seq,
                "payload_hash": HASH,
                "signature": SIGNATURE,
            }
            await connection.execute(IDEMPOTENCY, key, "POST /applications", bytes(32), json.dumps(answer))
            await connection.execute(
                APPLICATION, id_, campaign, MUNICIPALITY, number, seq, now,
                sha256(body["child"]["snils"].encode()).digest(), raw.decode(), HASH, SIGNATURE, DAY,
            )  # fmt: skip
            await connection.executemany(
                CHOICE,
                [
                    (id_, rank, campaign, UUID(choice["organization_id"]))
                    for rank, choice in enumerate(body["choices"], 1)
                ],
            )
            await connection.execute(HISTORY, id_, now)
            await connection.execute(OUTBOX, new_id(), str(id_), now, json.dumps(event))
        return JSONResponse(answer, status_code=201)

    return app


if __name__ == "__main__":
    bare = create_app(sys.argv[2])
    settle()
    uvicorn.run(
        bare, host="127.0.0.1", port=int(sys.argv[1]), loop="uvloop", http="httptools", log_level="error", access_log=False
    )  # fmt: skip
