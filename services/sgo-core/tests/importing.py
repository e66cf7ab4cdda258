"""Tables of any kind, uploaded and carried out."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from .world import Registry, xlsx


async def import_table(
    registry: Registry,
    kind: str,
    rows: Sequence[Mapping[str, Any]] | bytes,
    headers: dict[str, str],
    organization_id: UUID | None = None,
    **form: str,
) -> dict[str, Any]:
    """The result of the run, with ``errors``: what was wrong in the rows refused."""
    content = (
        rows if isinstance(rows, bytes) else xlsx(rows, tuple(dict.fromkeys(name for row in rows for name in row)))
    )
    data = {"kind": kind, **form} | ({} if organization_id is None else {"organization_id": str(organization_id)})
    client = registry.service.client
    answer = await client.post("/imports", files={"file": ("table", content)}, data=data, headers=headers)
    assert answer.status_code == 202, answer.text
    run = await registry.run(answer.json()["id"], headers)
    assert run["status"] == "succeeded", run
    refused = await client.get(f"/imports/{run['id']}/refused", params={"limit": 500}, headers=headers)
    result: dict[str, Any] = run["result"]
    return {**result, "errors": [error for row in refused.json()["items"] for error in row["errors"]]}


def counts(result: Mapping[str, Any]) -> tuple[int, int, int, int]:
    """Rows created, changed, unchanged, refused."""
    return result["created"], result["changed"], result["unchanged"], result["refused"]
