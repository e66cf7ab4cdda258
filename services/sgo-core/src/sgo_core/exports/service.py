"""Use cases of exports: ordering, approving, taking the file."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from asu_contracts.access import Role
from asu_contracts.core import OutwardExchangeRecorded
from asu_contracts.outward import OutwardKind
from servicekit import audit, runs
from servicekit.acting import acting, kept, unit_key
from servicekit.errors import ForbiddenError, NotFoundError
from servicekit.ids import new_id
from servicekit.outward import recording as outward
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.audience import audience_of
from sgo_core.exports import files, repository
from sgo_core.exports.errors import (
    ExportDecidedError,
    ExportNotReadyError,
    ExportTooLargeError,
    FieldsError,
    OwnExportError,
    ScopeError,
    TooManyExportsError,
    UnknownKindError,
)
from sgo_core.exports.kinds import ExportKind, Scope
from sgo_core.exports.model import Export
from sgo_core.exports.registry import KINDS, WHOLE
from sgo_core.exports.schemas import ExportIn
from sgo_core.exports.students import count_students
from sgo_core.organizations import service as organizations

RUN_KIND = "core.export"
FOLDER = "exports"
ALONE = 1_000
"""People in one export, and in all of an account's within a day, above which another person has to approve."""
MOST = 60_000
"""People in one file."""
A_DAY = 30
"""Exports that an account may order within a day."""
LIFE = timedelta(hours=24)


def kinds_for(principal: Principal) -> list[ExportKind]:
    """Kinds that the caller may order."""
    return [one for one in KINDS.values() if principal.role in one.roles]


async def order_export(uow: UnitOfWork, principal: Principal, sent: ExportIn) -> Export:
    """Order an export: it is made at once, or waits for another person of the unit."""
    whole = sent.kind == WHOLE
    if whole and principal.role is not Role.HEAD:
        raise ForbiddenError
    if (sent.format == "zip") != whole or (whole and (sent.organization_id is None or sent.fields)):
        raise ScopeError
    if sent.organization_id is not None:
        await organizations.require_visible(uow, principal, sent.organization_id)
    fields = [] if whole else _fields(principal, sent)
    scope = Scope(principal, sent.organization_id, sent.day or uow.clock.today(), frozenset(fields))
    subjects = await (count_students if whole else KINDS[sent.kind].count)(uow, scope)
    if subjects > MOST:
        raise ExportTooLargeError
    await repository.lock_account(uow.session, principal.account_id)
    count, people = await repository.recent(uow.session, principal.account_id, uow.now - LIFE)
    if count >= A_DAY:
        raise TooManyExportsError(retry_after=int(LIFE.total_seconds()))
    export = Export(
        id=new_id(),
        account_id=principal.account_id,
        unit=unit_key(principal),
        principal=kept(principal),
        kind=sent.kind,
        format=sent.format,
        organization_id=sent.organization_id,
        day=scope.day,
        fields=fields,
        purpose=sent.purpose,
        subjects=subjects,
        state="waiting",
        ordered_at=uow.now,
        downloads=0,
    )
    uow.session.add(export)
    await uow.session.flush()
    await audit.record(uow, principal, f"export.order.{export.kind}", [])
    if not whole and (subjects == 0 or subjects + people <= ALONE):
        await _begin(uow, export)
    return export


def _fields(principal: Principal, sent: ExportIn) -> list[str]:
    kind = KINDS.get(sent.kind)
    if kind is None or principal.role not in kind.roles:
        raise UnknownKindError
    offered = [one.name for one in kind.offered(audience_of(principal))]
    if not set(sent.fields) <= set(offered):
        raise FieldsError
    return [name for name in offered if not sent.fields or name in sent.fields]


async def _begin(uow: UnitOfWork, export: Export) -> None:
    author = acting(export.principal)
    run = await runs.start(uow, author, RUN_KIND, {"export_id": str(export.id)})
    export.run_id, export.state = run.id, "making"
    await uow.session.flush()


async def decide(uow: UnitOfWork, principal: Principal, export_id: UUID, *, approved: bool) -> Export:
    """Let another's export be made, or not: a colleague of the unit, or the regional administrator."""
    export = await _require_seen(uow, principal, export_id, lock=True)
    if export.account_id == principal.account_id:
        raise OwnExportError
    if export.state != "waiting":
        raise ExportDecidedError
    export.decided_by, export.decided_at = principal.account_id, uow.now
    await audit.record(uow, principal, "export.approve" if approved else "export.decline", [])
    if approved:
        await uow.session.flush()
        await _begin(uow, export)
    else:
        export.state = "declined"
    return export


async def _require_seen(uow: UnitOfWork, principal: Principal, export_id: UUID, *, lock: bool = False) -> Export:
    export = await repository.get(uow.session, export_id, lock=lock)
    if export is None or not (
        principal.role is Role.REGION_ADMIN
        or export.account_id == principal.account_id
        or export.unit == unit_key(principal)
    ):
        raise NotFoundError
    return export


async def get_export(uow: UnitOfWork, principal: Principal, export_id: UUID) -> Export:
    """An export of the caller's or of its unit; raises ``NotFoundError``."""
    return await _require_seen(uow, principal, export_id)


async def list_exports(uow: UnitOfWork, principal: Principal, limit: int, after: UUID | None) -> Sequence[Export]:
    """One page of the exports of the caller and its unit (of the regional administrator: of all), newest first, and one more."""
    units = None if principal.role is Role.REGION_ADMIN else [unit_key(principal)]
    return await repository.page(uow.session, principal.account_id, units, limit, after)


async def take_file(uow: UnitOfWork, runtime: Runtime, principal: Principal, export_id: UUID) -> tuple[Export, bytes]:
    """The file, for its author in the position it was ordered in."""
    export = await _require_seen(uow, principal, export_id, lock=True)
    if export.account_id != principal.account_id or export.unit != unit_key(principal):
        raise NotFoundError
    if export.state != "ready" or export.ready_at is None or export.ready_at < uow.now - LIFE:
        raise ExportNotReadyError
    found = await files.load(runtime, FOLDER, export.id)
    if found is None:
        raise ExportNotReadyError
    export.downloads += 1
    await audit.record(uow, principal, f"export.download.{export.kind}", [])
    await outward.hand_out(
        uow,
        OutwardExchangeRecorded,
        principal,
        found,
        kind=OutwardKind.WHOLE if export.kind == WHOLE else OutwardKind.TABLE,
        form=export.format,
        persons=export.subjects,
        organization_id=export.organization_id,
        municipality=None,
    )
    return export, found


async def sweep_exports(runtime: Runtime) -> None:
    """Remove files that have lived their day, and say of what could not be made that it failed."""
    async with runtime.uow() as uow:
        await repository.note_failed(uow.session)
        expired = await repository.expire(uow.session, uow.now - LIFE)
    await files.remove(runtime, FOLDER, expired)
