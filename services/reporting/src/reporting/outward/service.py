"""Keeps the registry: what leaves is recorded in the transaction that hands it out, with what is needed to make it again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

from reporting.builds.canonical import digest
from reporting.outward import repository
from reporting.outward.errors import NotHandedOutError, NotReplayableError
from reporting.outward.repository import Wanted
from reportkit.footer import Footer
from servicekit.crypto import FieldCipher
from servicekit.errors import NotFoundError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_EXECUTOR = "outward.executor"
_EVERYBODY = "открытый доступ"
_HANDED_OUT = frozenset({"download", "bundle", "table"})
_COPIED = (
    *("title", "organization_id", "municipality", "founder_id", "format", "persons", "sha256", "size"),
    *("report_id", "blank_id", "content_sha256", "printed_at", "executor"),
)


@dataclass(frozen=True)
class Handed:
    """A report as it was handed out: the bytes' digest (hex) and size, and what they were made of beside the record."""

    report_id: UUID
    title: str
    organization_id: UUID | None
    municipality: str | None
    content_sha256: str
    format: str
    sha256: str
    size: int
    blank_id: UUID | None

    @classmethod
    def of(cls, report: Any, form: str, content: bytes, blank_id: UUID | None) -> "Handed":
        """A stored report as a file of a format (``form``); ``blank_id``: the blank it was written into, if into one."""
        return cls(
            report.id,
            title_of(report),
            report.organization_id,
            report.municipality,
            digest(report),
            form,
            sha256(content).hexdigest(),
            len(content),
            blank_id,
        )


@dataclass(frozen=True)
class Replay:
    """What the same file is made of: the report, the format, the footer's inputs, the blank; and what it was."""

    report_id: UUID
    format: str
    printed_at: datetime
    executor: str
    blank_id: UUID | None
    sha256: str
    content_sha256: str


def title_of(report: Any) -> str:
    """What a report, or a bundle of reports, is called in the registry."""
    return f"{report.form} на {report.as_of:%d.%m.%Y}"


async def record(
    uow: UnitOfWork,
    cipher: FieldCipher,
    principal: Principal,
    kind: Literal["download", "bundle"],
    footer: Footer,
    handed: Sequence[Handed],
) -> list[UUID]:
    """Record reports that are handed out to the caller with one footer; ids of the exchanges.

    The executor is a worker's name: it is kept encrypted, for the footer alone.
    """
    rows = [
        {
            "id": new_id(),
            "at": uow.now,
            "service": "reporting",
            "kind": kind,
            "role": principal.role.value,
            "account_id": principal.account_id,
            "printed_at": footer.printed_at,
            "executor": cipher.encrypt(footer.executor, _EXECUTOR),
            **vars(one),
        }
        for one in handed
    ]
    await repository.add(uow.session, rows)
    return [row["id"] for row in rows]


async def record_table(
    uow: UnitOfWork,
    principal: Principal,
    title: str,
    organization_id: UUID | None,
    municipality: str | None,
    form: str,
    content: bytes,
    kind: Literal["table", "publication", "withdrawal"] = "table",
) -> UUID:
    """Record a table of figures that is handed out as a file of a format (``form``); the exchange's id.

    ``kind``: or is published for everybody, or no longer, on the basis of its title. Of an organization, a municipality or, without
    both, all that the caller sees. Facts change under it: the same file is not made again.
    """
    exchange_id = new_id()
    row = {
        "id": exchange_id,
        "at": uow.now,
        "service": "reporting",
        "kind": kind,
        "title": title,
        "receiver": None if kind == "table" else _EVERYBODY,
        "basis": None if kind == "table" else title,
        "organization_id": organization_id,
        "municipality": municipality,
        "founder_id": principal.unit.founder_id if organization_id is None and municipality is None else None,
        "format": form,
        "sha256": sha256(content).hexdigest(),
        "size": len(content),
        "role": principal.role.value,
        "account_id": principal.account_id,
    }
    await repository.add(uow.session, [row])
    return exchange_id


async def hand_on(
    uow: UnitOfWork,
    principal: Principal,
    exchange_id: UUID,
    kind: Literal["handover", "publication"],
    receiver: str,
    basis: str,
) -> UUID:
    """Say that a file taken out before was handed over to a receiver, or published; the id of that exchange.

    Raises ``NotFoundError`` outside the principal's view, ``NotHandedOutError`` for what no person took out here.
    """
    taken = await get(uow, principal, exchange_id)
    if taken.service != "reporting" or taken.kind not in _HANDED_OUT:
        raise NotHandedOutError
    made = new_id()
    row = {
        **{name: getattr(taken, name) for name in _COPIED},
        "id": made,
        "at": uow.now,
        "service": "reporting",
        "kind": kind,
        "role": principal.role.value,
        "account_id": principal.account_id,
        "receiver": receiver,
        "basis": basis,
        "handed_on": taken.id,
    }
    await repository.add(uow.session, [row])
    return made


async def get(uow: UnitOfWork, principal: Principal, exchange_id: UUID) -> Any:
    """An exchange in the principal's view; raises ``NotFoundError``."""
    found = await repository.find(uow.session, principal, exchange_id)
    if found is None:
        raise NotFoundError
    return found


async def page(uow: UnitOfWork, principal: Principal, wanted: Wanted, after: UUID | None, limit: int) -> Sequence[Any]:
    """Exchanges in the principal's view, newest first, after a key."""
    return await repository.page(uow.session, principal, wanted, after, limit)


async def replayed(uow: UnitOfWork, cipher: FieldCipher, principal: Principal, exchange_id: UUID) -> Replay:
    """What the file of an exchange is made of; raises ``NotFoundError``, ``NotReplayableError``."""
    found = await get(uow, principal, exchange_id)
    if found.report_id is None:
        raise NotReplayableError
    return Replay(
        found.report_id,
        found.format,
        found.printed_at,
        cipher.decrypt(found.executor, _EXECUTOR),
        found.blank_id,
        found.sha256,
        found.content_sha256,
    )


async def told(uow: UnitOfWork, rows: Sequence[dict[str, Any]]) -> None:
    """Take exchanges of other services into the registry, each once."""
    await repository.add(uow.session, rows)
