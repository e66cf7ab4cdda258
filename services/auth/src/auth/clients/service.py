"""Machine clients: registration, tokens by client credentials, their end."""

import hmac
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
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
    credentials = Credentials(new_id(), secrets.token_urlsafe(32))
    uow.session.add(
        Client(
            id=credentials.client_id,
            name=name,
            role=role.value,
            secret_hash=hasher.digest(credentials.secret, _CONTEXT),
            created_at=uow.now,
            created_by=principal.account_id,
        )
    )
    await audit.record(uow, principal, "client.registered", [credentials.client_id])
    return credentials


async def of_page(uow: UnitOfWork, *, after: UUID | None, limit: int) -> Sequence[Client]:
    """Clients in id order, ended ones too."""
    return await repository.page(uow.session, after, limit)


async def end(uow: UnitOfWork, principal: Principal, client_id: UUID) -> None:
    """End a client: its secret opens nothing any more, its tokens are cut off everywhere."""
    client = await repository.lock(uow.session, client_id)
    if client is None:
        raise NotFoundError
    if client.ended_at is not None:
        raise ClientEndedError
    # Read under the lock: later than any token issued, and nothing is issued after it.
    client.ended_at = max(uow.clock.now(), client.created_at)
    client.ended_by = principal.account_id
    uow.publish(events.revoked(client), version=events.VERSION)
    await audit.record(uow, principal, "client.ended", [client.id])


async def is_ended(uow: UnitOfWork, client_id: UUID) -> bool:
    """Whether tokens of the client are refused; false for an id that is no client's."""
    return await repository.is_ended(uow.session, client_id)


async def republish_ends(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """The end of every client that was ended, for a reader that is rebuilt."""
    if ended := await repository.ended(session):
        yield [Aggregate((event := events.revoked(one)), event.not_before, events.VERSION) for one in ended]


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
