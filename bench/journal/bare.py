"""The yardstick: a bare FastAPI and asyncpg handler that sends the statements ours sends, and nothing else.

No token, no validation, no verdicts on cells, no versions told apart, no right but what a statement judges.
``python -m bench.journal.bare <port> <dsn>``.
"""

import datetime as dt
import json
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import asyncpg
import uvicorn
from fastapi import FastAPI, Header
from fastapi.responses import JSONResponse, Response
from sqlalchemy import TextClause

from bench.journal.ground import ORGANIZATION, YEAR
from servicekit.ids import new_id
from servicekit.memory import settle
from sgo_journal.diary.week import BESIDE, LESSONS, Asked
from sgo_journal.lessons.repository import COUNT
from sgo_journal.marks.judging import JUDGE
from sgo_journal.marks.saving import MARKS

_KEY = "INSERT INTO idempotency (principal, key, route, body_hash) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING key"
_ANSWERED = "UPDATE idempotency SET status = 200, answer = $3 WHERE principal = $1 AND key = $2"
_AUDIT = "INSERT INTO audit (id, at, account_id, role, action, subjects) VALUES ($1, $2, $3, 'teacher', 'journal.cells.save', $4)"
_OUTBOX = """
    INSERT INTO outbox (event_id, type, subject, epoch, version, occurred_at, payload)
    VALUES ($1, 'journal.lesson.recorded.v1', $2, (SELECT epoch FROM producer_epoch), $3, $4, $5)
"""


class Statement:
    """A statement of ours as the driver takes it: named parameters by number."""

    def __init__(self, ours: TextClause) -> None:
        self._names = list(dict.fromkeys(re.findall(r"(?<!:):(\w+)", ours.text)))
        numbers = {name: f"${place}" for place, name in enumerate(self._names, 1)}
        self.text = re.sub(r"(?<!:):(\w+)", lambda found: numbers[found[1]], ours.text)

    def values(self, **named: Any) -> list[Any]:
        """Values in the order of their numbers."""
        return [named[name] for name in self._names]


_JUDGE, _MARKS, _COUNT = Statement(JUDGE), Statement(MARKS), Statement(COUNT)
_LESSONS, _BESIDE = Statement(LESSONS), Statement(BESIDE)


def create_app(dsn: str) -> FastAPI:
    """The application."""
    pools: list[asyncpg.Pool[asyncpg.Record]] = []

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with asyncpg.create_pool(dsn, min_size=10, max_size=10) as pool:
            pools.append(pool)
            yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/api/journal/v1/journals/{journal_id}/cells")
    async def save(
        journal_id: UUID,
        body: dict[str, Any],
        key: Annotated[str, Header(alias="Idempotency-Key")],
        teacher: Annotated[UUID, Header(alias="X-Teacher")],
    ) -> JSONResponse:
        now, cells = datetime.now(UTC), body["marks"]
        lessons, students = ([UUID(cell[name]) for cell in cells] for name in ("lesson_id", "student_id"))
        codes, works = [cell["value"] for cell in cells], [1] * len(cells)
        key_ = {"organization": ORGANIZATION, "year": YEAR}
        judged = _JUDGE.values(
            organization=ORGANIZATION, journal=journal_id, person=teacher, teacher=True, today=now.date(),
            lesson_ids=sorted(set(lessons)), lessons=lessons, students=students, works=works, codes=codes,
        )  # fmt: skip
        marks = _MARKS.values(
            **key_, scale=1, author=teacher, now=now, reason=None, ids=[new_id() for _ in cells], lessons=lessons, works=works,
            students=students, values=codes, comments=[None] * len(cells), versions=[cell["version"] for cell in cells],
            debts=[False] * len(cells), due=[None] * len(cells), keep=[False] * len(cells),
        )  # fmt: skip
        async with pools[0].acquire() as connection, connection.transaction():
            await connection.fetch(_KEY, str(teacher), key, "POST", bytes(32))
            await connection.fetch(_JUDGE.text, *judged)
            written = await connection.fetch(_MARKS.text, *marks)
            await connection.execute(_AUDIT, new_id(), now, str(teacher), students)
            for row in await connection.fetch(
                _COUNT.text, *_COUNT.values(**key_, now=now, lessons=sorted(set(lessons)))
            ):
                told = {"lesson_id": str(row["id"]), "organization_id": str(ORGANIZATION), "learners": row["learners"]}
                await connection.execute(_OUTBOX, new_id(), str(row["id"]), row["told_version"], now, json.dumps(told))
            answer = {"marks": [row["version"] for row in written], "attendance": []}
            await connection.execute(_ANSWERED, str(teacher), key, json.dumps(answer))
        return JSONResponse(answer)

    @app.get("/api/journal/v1/students/{student_id}/diary")
    async def diary(student_id: UUID, week: dt.date, reader: UUID) -> Response:
        today = datetime.now(UTC).date()
        asked = Asked(student_id, week, week + dt.timedelta(days=7), today, guardian=reader)
        ahead = asked.beside(today + dt.timedelta(days=14))
        async with pools[0].acquire() as connection, connection.transaction():
            [lessons] = await connection.fetch(_LESSONS.text, *_LESSONS.values(**asked.lessons))
            beside = await connection.fetchval(_BESIDE.text, *_BESIDE.values(**ahead))
        written = f'{{"student_id":"{student_id}","week":"{week}","days":{lessons["days"]},{beside[1:]}'
        return Response(written, media_type="application/json")

    return app


def serve(app: FastAPI, port: int) -> None:
    """Serve as the services do."""
    settle()
    uvicorn.run(
        app, host="127.0.0.1", port=port, loop="uvloop", http="httptools", log_level="error", access_log=False
    )  # fmt: skip


if __name__ == "__main__":
    serve(create_app(sys.argv[2]), int(sys.argv[1]))
