"""Use cases of imports: queueing a table, reading what became of its rows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from servicekit import audit, runs, storing
from servicekit.acting import kept, unit_key
from servicekit.errors import ForbiddenError, NotFoundError
from servicekit.ids import new_id
from servicekit.runs import Run
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.imports import repository
from sgo_core.imports.errors import NotATableError, OrganizationClosedError, UnknownKindError, WrongTargetError
from sgo_core.imports.kinds import ImportKind
from sgo_core.imports.registry import KINDS
from sgo_core.imports.running import PENDING, run_import
from sgo_core.imports.tables import looks_readable
from sgo_core.organizations import service as organizations
from sgo_core.year_closing import service as years
from sgo_core.year_closing.errors import YearClosedError

__all__ = ["RUN_KIND", "Order", "queue_import", "run_import", "sweep_uploads"]

RUN_KIND = "core.import"
_ORPHANED_AFTER = timedelta(hours=1)
"""Far longer than a request takes to commit the run of its upload."""


@dataclass(frozen=True)
class Order:
    """What is to be imported where; ``matches`` are titles of the user's table by the kind's titles, None: as remembered."""

    kind: str
    organization_id: UUID | None
    academic_year: int | None
    dry_run: bool
    matches: Mapping[str, str] | None


def kind_of(name: str) -> ImportKind:
    """A kind by name; raises ``UnknownKindError``."""
    kind = KINDS.get(name)
    if kind is None:
        raise UnknownKindError
    return kind


async def queue_import(uow: UnitOfWork, runtime: Runtime, principal: Principal, order: Order, content: bytes) -> Run:
    """Keep the file and queue its run; raises ``YearClosedError`` for a year that the organization has closed, whoever uploads."""
    kind = kind_of(order.kind)
    if principal.role not in kind.roles:
        raise ForbiddenError
    if kind.of_organization != (order.organization_id is not None) or kind.of_year != (order.academic_year is not None):
        raise WrongTargetError
    if order.organization_id is not None:
        organization = await organizations.require_visible(uow, principal, order.organization_id)
        if not organization.active:
            raise OrganizationClosedError
        if order.academic_year is not None and await years.is_shut(uow, organization.id, order.academic_year):
            raise YearClosedError
    matches = await _matches(uow, principal, order)
    if not looks_readable(content):
        raise NotATableError
    upload_id = new_id()
    await storing.put(storing.store_of(runtime.settings), f"{PENDING}/{upload_id}", content)
    await audit.record(
        uow, principal, f"import.{kind.name}", [] if order.organization_id is None else [order.organization_id]
    )
    params = {
        "upload_id": str(upload_id),
        "kind": kind.name,
        "organization_id": None if order.organization_id is None else str(order.organization_id),
        "academic_year": order.academic_year,
        "dry_run": order.dry_run,
        "matches": matches,
        "principal": kept(principal),
    }
    return await runs.start(uow, principal, RUN_KIND, params)


async def _matches(uow: UnitOfWork, principal: Principal, order: Order) -> dict[str, str]:
    """The columns matched by hand now, or those the organization (of a body: the body) has matched before."""
    owner = unit_key(principal) if order.organization_id is None else f"organization:{order.organization_id}"
    if order.matches is None:
        return await repository.matches(uow.session, owner, order.kind)
    await repository.remember_matches(uow.session, owner, order.kind, order.matches)
    return dict(order.matches)


async def refused_rows(
    uow: UnitOfWork, principal: Principal, run_id: UUID, limit: int, after: int | None
) -> list[dict[str, Any]]:
    """One page of the rows of the caller's import that did not enter, in order, and one more."""
    await _require_own(uow, principal, run_id)
    parts = await repository.parts(uow.session, run_id)
    found = (row for part in parts for row in part.refused if after is None or row["row"] > after)
    return sorted(found, key=_number)[: limit + 1]


def _number(row: Mapping[str, Any]) -> int:
    number: int = row["row"]
    return number


async def _require_own(uow: UnitOfWork, principal: Principal, run_id: UUID) -> Mapping[str, Any]:
    params = await repository.own_run(uow.session, run_id, principal.account_id, RUN_KIND)
    if params is None:
        raise NotFoundError
    return params


async def report(uow: UnitOfWork, principal: Principal, run_id: UUID) -> tuple[ImportKind, list[dict[str, Any]]]:
    """The kind of the caller's import and what became of each row: number, status, errors."""
    params = await _require_own(uow, principal, run_id)
    parts = await repository.parts(uow.session, run_id)
    rows = [
        {"row": number, "status": status, "errors": []}
        for part in parts
        for status in ("created", "changed", "unchanged")
        for number in getattr(part, status)
    ]
    rows += [{"status": "refused", **row} for part in parts for row in part.refused]
    return KINDS[params["kind"]], sorted(rows, key=_number)


async def sweep_uploads(runtime: Runtime) -> None:
    """Remove uploads whose request was not committed or whose run has failed for good; a turn looks at a part of them.

    Raises ``StoreAwayError``.
    """

    async def wanted(_: Collection[UUID]) -> Collection[UUID]:
        async with runtime.uow() as uow:
            return {UUID(params["upload_id"]) for params in await runs.open_params(uow, RUN_KIND)}

    await storing.sweep(storing.store_of(runtime.settings), PENDING, runtime.clock.now() - _ORPHANED_AFTER, wanted)
