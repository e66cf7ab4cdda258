"""Acceptance of applications over HTTP, against a bare FastAPI and asyncpg handler doing the same inserts.

Ours is the service's own ``api`` process: token, validation, idempotency, child's key, encryption, receipt, history and
outbox. Both sides: one process, ten connections, the same bodies, the same load generator, no gateway. pgbench of the same
inserts is printed as the ceiling.
"""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from asu_contracts.access import Role
from bench.acceptance import bare
from bench.acceptance.bodies import CAMPAIGN, MUNICIPALITY, ORGANIZATIONS, PLACE, application
from bench.acceptance.load import CONNECTIONS, request, send_all
from bench.acceptance.serving import environment, key_server, process
from bench.runner import Comparison, compare
from bench.servers import migrated
from eu_enrollment.bootstrap import SERVICE
from servicekit.testing import Database, TokenFactory, find
from servicekit.testing.servers import free_port, postgres_server

WORK = 800
PATH = "/api/enrollment/v1/applications"
_CEILING_SECONDS = 5
_CEILING_GOAL = 0.3


async def _prepare(database: Database) -> None:
    connection = await database.connect()
    await connection.execute(PLACE)
    await connection.close()


async def _round(port: int, database: Database, token: str) -> float:
    """One round on fresh ground; every application must be there afterwards."""
    connection = await database.connect()
    try:
        await connection.execute(
            "TRUNCATE idempotency, application_choice, application_history, application, outbox CASCADE"
        )
        requests = [request(PATH, token, *application()) for _ in range(WORK)]
        seconds = await send_all(port, requests)
        counts = await connection.fetchrow(
            "SELECT (SELECT count(*) FROM application) AS applications, (SELECT count(*) FROM outbox) AS events"
        )
        if counts is None or set(counts) != {WORK}:
            raise RuntimeError(f"{WORK} receipts, but {counts}")
    finally:
        await connection.close()
    return seconds


async def _ceiling(database: Database, folder: Path, rate: float) -> None:
    """Print what the database alone does with the same inserts, and how much of it ``rate`` is."""
    binaries = find.postgres()
    pgbench = shutil.which("pgbench", path=str(binaries)) if binaries else shutil.which("pgbench")
    if pgbench is None:
        print("accept: pgbench is not installed, no ceiling", flush=True)
        return
    payload = "x" * 1500
    place = dict(zip(("$1", "$2", "$3", "$4"), ("gen_random_uuid()::text", "'POST'", "'\\x00'", "'{}'"), strict=True))
    idempotency = bare.IDEMPOTENCY
    for name, value in place.items():
        idempotency = idempotency.replace(name, value)
    script = f"""
        BEGIN;
        SELECT nextval('application_accepted_seq') AS seq, gen_random_uuid() AS id \\gset
        {idempotency};
        INSERT INTO application ({bare.COLUMNS}) VALUES (':id', '{CAMPAIGN}', '{MUNICIPALITY}', 'preschool', ':id', :seq, :seq, now(),
            now(), 'bare', ':id', 'portal', sha256(':id'::text::bytea), sha256(':id'::text::bytea), 'k', '{payload}', '{bare.HASH}',
            '{bare.SIGNATURE}', NULL, 3, true, '2026-09-01', 'registered', now(), 1, 'general', '["full_day"]', '["general/full_day"]');
        INSERT INTO application_choice SELECT ':id', rank, '{CAMPAIGN}', organization, 1 FROM
            unnest(ARRAY[{", ".join(f"'{id_}'::uuid" for id_ in ORGANIZATIONS)}]) WITH ORDINALITY AS t (organization, rank);
        INSERT INTO application_history (application_id, version, at, actor, account_id, reason, to_status)
            VALUES (':id', 1, now(), 'applicant', 'bare', 'submitted', 'registered');
        INSERT INTO outbox (event_id, type, subject, epoch, version, occurred_at, payload) VALUES (':id', 'x', ':id', 1, 1,
            now(), '{payload[:250]}');
        COMMIT;
    """
    path = folder / "ceiling.sql"
    path.write_text("\n".join(" ".join(part.split()) for part in _statements(script)), encoding="utf-8")
    address = urlsplit(database.owner_url)
    command = [
        pgbench, "-n", "-h", address.hostname or "", "-p", str(address.port), "-U", address.username or "",
        "-c", str(CONNECTIONS), "-j", "1", "-T", str(_CEILING_SECONDS), "-f", str(path), database.name,
    ]  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        *command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PGPASSWORD": address.password or ""},
    )
    out, errors = (part.decode() for part in await process.communicate())
    line = next((line for line in out.splitlines() if line.startswith("tps")), None)
    if line is None:
        print(f"accept: no ceiling: {errors.strip()[-200:]}", flush=True)
        return
    ceiling = float(line.split()[2])
    print(f"accept: ceiling, pgbench of the same inserts, {CONNECTIONS} clients: {ceiling:,.0f} a second", flush=True)
    print(f"accept: {rate / ceiling:.2f} of the ceiling (goal {_CEILING_GOAL})", flush=True)


def _statements(script: str) -> Iterator[str]:
    """One statement a line: pgbench ends a statement at a line's ``;`` and a meta command at the line."""
    for part in script.replace("\\gset\n", "\\gset;\n").split(";\n"):
        if text := part.strip():
            yield text if text.endswith("\\gset") else f"{text};"


async def run() -> Comparison:
    """Compare."""
    tokens = TokenFactory()
    token = tokens.issue(Role.PORTAL, account_id="bench", lifetime=3600)
    with postgres_server(durable=True) as postgres, TemporaryDirectory() as name, key_server(tokens) as keys:
        template, folder = await migrated(postgres, SERVICE), Path(name)
        async with template.clone() as ours, template.clone() as theirs:
            await _prepare(ours)
            await _prepare(theirs)
            ports = free_port(), free_port()
            async with (
                process(["eu_enrollment", "api"], environment(ours.url, folder, keys, ports[0]), ports[0]),
                process(["bench.acceptance.bare", str(ports[1]), theirs.url], {}, ports[1]),
            ):
                comparison = await compare(
                    "accept",
                    lambda: _round(ports[0], ours, token),
                    lambda: _round(ports[1], theirs, token),
                    work=WORK,
                    unit="applications",
                )
            await _ceiling(theirs, folder, WORK / comparison.ours)
            return comparison
