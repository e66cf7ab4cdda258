"""Machine clients: registration and tokens by client credentials."""

import hmac
import secrets
from dataclasses import dataclass, field
from uuid import UUID

from asu_contracts.access import UNIT_OF_ROLE, Role, Unit
from auth.clients.errors import WrongClientError
from auth.clients.model import Client
from auth.signing import Subject, TokenIssuer
from servicekit import audit
from servicekit.crypto import KeyedHash
from servicekit.ids import new_id
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


async def issue_token(uow: UnitOfWork, hasher: KeyedHash, tokens: TokenIssuer, client_id: str, secret: str) -> str:
    """An access token; raises ``WrongClientError``."""
    try:
        client = await uow.session.get(Client, UUID(client_id))
    except ValueError:
        client = None
    expected = client.secret_hash if client is not None else _NO_HASH
    if not hmac.compare_digest(hasher.digest(secret, _CONTEXT), expected) or client is None:
        raise WrongClientError
    role = Role(client.role)
    return tokens.issue(Subject(client.id, role, Unit(kind=UNIT_OF_ROLE[role])), uow.clock.now())
