"""Machine clients: registration, tokens by client credentials, another secret, their end."""

import hmac
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.access import UNIT_OF_ROLE, Role, Unit
from auth.clients import events, repository
from auth.clients.errors import ClientEndedError, WrongClientError
from auth.clients.model import Client
from auth.signing import Subject, TokenIssuer
from servicekit import audit
from servicekit.crypto import KeyedHash
from servicekit.errors import NotFoundError
from servicekit.ids import new_id
from servicekit.messaging import Aggregate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_CONTEXT = "client.secret"
_NO_HASH = bytes(32)


@dataclass(frozen=True)
class Credentials:
    """What a client signs in with; the secret is 256 random bits, so guessing it needs no throttle."""

    client_id: UUID
    secret: str = field(repr=False)


async def register(uow: UnitOfWork, hasher: KeyedHash, principal: Principal, name: str, role: Role) -> Credentials:
    """A new client and its secret, known to nobody after it is handed over."""
    credentials = _credentials(new_id())
    uow.session.add(
        Client(
            id=credentials.client_id,
            name=name,
            role=role.value,
            secret_hash=hasher.digest(credentials.secret, _CONTEXT),
            created_at=uow.now,
            created_by=principal.account_id,
            access_version=0,
        )
    )
    await audit.record(uow, principal, "client.registered", [credentials.client_id])
    return credentials


async def of_page(uow: UnitOfWork, *, after: UUID | None, limit: int) -> Sequence[Client]:
    """Clients in id order, ended ones too."""
    return await repository.page(uow.session, after, limit)


async def renew(uow: UnitOfWork, hasher: KeyedHash, principal: Principal, client_id: UUID) -> Credentials:
    """Another secret for a client, an ended one too: it is in force again, what it did before is still its own.

    The secret before it opens nothing any more, and the tokens got by it are cut off everywhere.
    """
    client = await _locked(uow, client_id)
    credentials = _credentials(client.id)
    client.secret_hash = hasher.digest(credentials.secret, _CONTEXT)
    client.ended_at = client.ended_by = None
    _cut_off(uow, client)
    await audit.record(uow, principal, "client.secret-renewed", [client.id])
    return credentials


async def end(uow: UnitOfWork, principal: Principal, client_id: UUID) -> None:
    """End a client: its secret opens nothing any more, its tokens are cut off everywhere."""
    client = await _locked(uow, client_id)
    if client.ended_at is not None:
        raise ClientEndedError
    client.ended_at = _cut_off(uow, client)
    client.ended_by = principal.account_id
    await audit.record(uow, principal, "client.ended", [client.id])


async def is_cut_off(uow: UnitOfWork, client_id: UUID, issued_at: datetime) -> bool:
    """Whether a token of the client issued then is refused; false for an id that is no client's."""
    return await repository.is_cut_off(uow.session, client_id, issued_at)


async def republish_cut_offs(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """The last cut-off of every client that ever was, for a reader that is rebuilt."""
    if found := await repository.cut_off(session):
        yield [Aggregate((event := events.revoked(one)), event.not_before, one.access_version) for one in found]


async def issue_token(uow: UnitOfWork, hasher: KeyedHash, tokens: TokenIssuer, client_id: str, secret: str) -> str:
    """An access token; raises ``WrongClientError``."""
    try:
        client = await repository.lock(uow.session, UUID(client_id), shared=True)
    except ValueError:
        client = None
    expected = client.secret_hash if client is not None else _NO_HASH
    if not hmac.compare_digest(hasher.digest(secret, _CONTEXT), expected) or client is None:
        raise WrongClientError
    if client.ended_at is not None:
        raise WrongClientError
    role = Role(client.role)
    return tokens.issue(Subject(client.id, role, Unit(kind=UNIT_OF_ROLE[role])), uow.clock.now())


def _credentials(client_id: UUID) -> Credentials:
    return Credentials(client_id, secrets.token_urlsafe(32))


async def _locked(uow: UnitOfWork, client_id: UUID) -> Client:
    client = await repository.lock(uow.session, client_id)
    if client is None:
        raise NotFoundError
    return client


def _cut_off(uow: UnitOfWork, client: Client) -> datetime:
    """End every token issued until now; the moment is read under the lock, so it is later than any of them."""
    moment = max(uow.clock.now(), client.tokens_not_before or client.created_at)
    client.tokens_not_before = moment
    client.access_version += 1
    uow.publish(events.revoked(client), version=client.access_version)
    return moment
