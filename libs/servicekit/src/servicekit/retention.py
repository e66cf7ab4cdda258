"""How long the runtime's own rows are kept; the worker removes older ones daily."""

from sqlalchemy import text

from servicekit.runtime import Runtime

_CHUNK = 5_000
_OLD = {
    "outbox": "published_at < now() - interval '14 days'",
    "inbox": "received_at < now() - interval '60 days'",
    "idempotency": "created_at < now() - interval '180 days'",
    "run": "updated_at < now() - interval '180 days' AND status IN ('succeeded', 'failed')",
    "revocation": "not_before < now() - interval '1 day'",  # every token issued before it has expired
}


async def prune(runtime: Runtime) -> None:
    """Remove what is older than its term, in short transactions."""
    for table, old in _OLD.items():
        chunk = f"DELETE FROM {table} WHERE ctid IN (SELECT ctid FROM {table} WHERE {old} LIMIT {_CHUNK})"  # noqa: S608 - constants
        removed = _CHUNK
        while removed == _CHUNK:
            async with runtime.uow() as uow:
                removed = (await uow.session.execute(text(chunk))).rowcount  # type: ignore[attr-defined]  # a cursor result
