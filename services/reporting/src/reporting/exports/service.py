"""Handing reports out as files, each on record, and making a file again that was handed out before."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from reporting.blanks import service as blanks
from reporting.builds import service as builds
from reporting.builds.canonical import digest
from reporting.exports import files
from reporting.exports.files import Format
from reporting.outward import service as outward
from reporting.outward.service import Handed
from reportkit.footer import Footer
from servicekit import audit
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork


@dataclass(frozen=True)
class Replayed:
    """A file made again: whether it is the same to the byte, and whether the report it was made of is.

    A file may differ because files are laid out otherwise since; a report never does, unless somebody altered the record.
    """

    sha256: str
    recorded_sha256: str
    equal: bool
    content_equal: bool


async def hand_out(
    uow: UnitOfWork, runtime: Runtime, principal: Principal, report_id: UUID, form: Format
) -> tuple[Any, bytes]:
    """A report of the principal's view and its file, which leaves on record; raises ``NotFoundError``."""
    row = await builds.get(uow, principal, report_id)
    footer = Footer.by(principal, uow.now.astimezone(runtime.clock.zone))
    blank = await blanks.standing(uow.session, row.form, row.edition) if form is Format.XLSX else None
    content, blank_id = await files.make(row, form, footer, blank)
    handed = Handed.of(row, form, content, blank_id)
    await outward.record(uow, runtime.cipher, principal, "download", footer, [handed])
    await audit.record(uow, principal, "report.exported", [report_id])
    return row, content


async def replay(uow: UnitOfWork, runtime: Runtime, principal: Principal, exchange_id: UUID) -> Replayed:
    """Make the file of an exchange again from the immutable record; raises ``NotFoundError``, ``NotReplayableError``."""
    taken = await outward.replayed(uow, runtime.cipher, principal, exchange_id)
    row = await builds.get(uow, principal, taken.report_id)
    footer = Footer(taken.printed_at.astimezone(runtime.clock.zone), taken.executor)
    blank = None if taken.blank_id is None else await blanks.whole(uow.session, taken.blank_id)
    content, _ = await files.make(row, Format(taken.format), footer, blank)
    found = sha256(content).hexdigest()
    await audit.record(uow, principal, "outward-exchange.replayed", [exchange_id])
    return Replayed(found, taken.sha256, found == taken.sha256, digest(row) == taken.content_sha256)
