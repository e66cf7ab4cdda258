"""Who is calling: access tokens verified offline, principals, what a position sees."""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import ValidationError
from sqlalchemy import ColumnElement, false, func, select, true
from sqlalchemy.ext.asyncio import AsyncEngine

from asu_contracts.access import Role, Unit, UnitKind
from servicekit.errors import DomainError, Kind, UnauthenticatedError
from servicekit.tables import revocation

log = structlog.get_logger(__name__)

_REFRESH_SECONDS = 5.0
_CACHE_LIMIT = 20_000
_ALGORITHM = "ES256"
_LONGEST_TOKEN = timedelta(hours=1)
"""No access token lives longer: a cut-off before that concerns none."""
_LEEWAY_SECONDS = 5
"""Clocks of hosts differ a little, and ``iat`` has fractions: a token made this very second must not look made later."""


@dataclass(frozen=True)
class Principal:
    """A verified caller in one working position.

    ``account_id`` is the account's UUID, or the client id of a machine; ``person_id`` the person behind the account; ``name``
    a worker's name, for the documents the worker prints.
    """

    account_id: str
    role: Role
    unit: Unit
    person_id: UUID | None
    session_id: str | None
    issued_at: datetime
    name: str | None = None

    def sees(self, organization_id: UUID, municipality: str, founder_id: UUID | None) -> bool:
        """Whether the organization stands on or below the position's unit: by territory, or by founder for a department."""
        match self.unit.kind:
            case UnitKind.REGION:
                return True
            case UnitKind.DEPARTMENT:
                return founder_id is not None and founder_id == self.unit.founder_id
            case UnitKind.MUNICIPALITY:
                return municipality == self.unit.municipality
            case UnitKind.ORGANIZATION:
                return organization_id == self.unit.organization_id
            case UnitKind.PERSON:
                return False

    def visible(
        self,
        organization_id: ColumnElement[UUID] | Any,
        municipality: ColumnElement[str] | Any,
        founder_id: ColumnElement[UUID] | Any,
    ) -> ColumnElement[bool]:
        """The same as a condition of a query."""
        match self.unit.kind:
            case UnitKind.REGION:
                return true()
            case UnitKind.DEPARTMENT if self.unit.founder_id is None or founder_id is None:
                return false()
            case UnitKind.DEPARTMENT:
                return founder_id == self.unit.founder_id
            case UnitKind.MUNICIPALITY:
                return municipality == self.unit.municipality
            case UnitKind.ORGANIZATION:
                return organization_id == self.unit.organization_id
            case UnitKind.PERSON:
                return false()


class KeysMissingError(DomainError):
    """The issuer has not answered since the process began: no token can be told good or bad."""

    code = "unavailable"
    kind = Kind.UNAVAILABLE
    title = "Сервис временно недоступен, повторите позже"


class TokenVerifier:
    """Verifies access tokens by the issuer's public keys, fetched once and again when an unknown key appears."""

    def __init__(self, issuer: str, jwks_url: str, keys: KeySet | None = None) -> None:
        self._issuer = issuer
        self._url = jwks_url
        self._keys = keys
        self._fetched_at = 0.0
        self._lock = asyncio.Lock()
        self._verified: dict[str, tuple[float, Principal]] = {}
        self._claims = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )

    @property
    def ready(self) -> bool:
        """Whether keys are at hand."""
        return self._keys is not None

    async def refresh(self) -> None:
        """Fetch the keys, at most once in five seconds; a failure keeps the old ones."""
        async with self._lock:
            if not self._url or time.monotonic() - self._fetched_at < _REFRESH_SECONDS:
                return
            self._fetched_at = time.monotonic()
            try:
                async with httpx.AsyncClient(timeout=3, trust_env=False) as client:
                    answer = await client.get(self._url)
                    answer.raise_for_status()
                    self._keys = KeySet.import_key_set(answer.json())
            except (httpx.HTTPError, ValueError, JoseError) as error:
                log.warning("jwks_unavailable", error=type(error).__name__)

    async def verify(self, token: str) -> Principal:
        """The principal of a good token; raises ``UnauthenticatedError`` for any other, ``KeysMissingError`` where nobody can tell."""
        now = time.time()
        cached = self._verified.get(token)
        if cached and cached[0] > now:
            return cached[1]
        if self._keys is None:
            await self.refresh()
        try:
            principal, expires = self._decode(token)
        except UnauthenticatedError:
            await self.refresh()
            principal, expires = self._decode(token)
        if len(self._verified) >= _CACHE_LIMIT:
            self._verified = {key: value for key, value in self._verified.items() if value[0] > now}
            if len(self._verified) >= _CACHE_LIMIT:
                self._verified.clear()
        self._verified[token] = (expires, principal)
        return principal

    def _decode(self, token: str) -> tuple[Principal, float]:
        if self._keys is None:
            raise KeysMissingError(retry_after=2)
        try:
            decoded = jwt.decode(token, self._keys, algorithms=[_ALGORITHM])
            self._claims.validate(decoded.claims)
            return _principal(decoded.claims), float(decoded.claims["exp"])
        except (JoseError, ValidationError, ValueError, OverflowError, KeyError, TypeError, AttributeError):
            raise UnauthenticatedError from None


def _principal(claims: dict[str, Any]) -> Principal:
    person = claims.get("person_id")
    return Principal(
        account_id=str(claims["sub"]),
        role=Role(claims["role"]),
        unit=Unit.model_validate(claims["unit"]),
        person_id=UUID(person) if person else None,
        session_id=claims.get("sid"),
        issued_at=datetime.fromtimestamp(float(claims["iat"]), UTC),
        name=claims.get("name"),
    )


class Revocations:
    """Accounts whose older tokens are no longer good, re-read every second from the service's own copy."""

    def __init__(self, engine: AsyncEngine, interval: float = 1.0) -> None:
        self._engine = engine
        self._interval = interval
        self._not_before: dict[str, datetime] = {}
        self.loaded = False

    def refuses(self, principal: Principal) -> bool:
        """Whether the principal's token was issued before its account was cut off."""
        limit = self._not_before.get(principal.account_id)
        return limit is not None and principal.issued_at < limit

    async def reload(self) -> None:
        """Read the cut-offs that a token still in force may be older than."""
        recent = revocation.c.not_before > func.now() - _LONGEST_TOKEN
        async with self._engine.connect() as connection:
            rows = await connection.execute(select(revocation.c.account_id, revocation.c.not_before).where(recent))
            self._not_before = {str(row.account_id): row.not_before for row in rows}
        self.loaded = True

    async def run(self) -> None:
        """Reload until cancelled; a database that is away leaves the last known state in force."""
        while True:
            try:
                await self.reload()
            except Exception as error:  # noqa: BLE001 - the loop must outlive any fault of the database
                log.warning("revocations_unavailable", error=type(error).__name__)
            await asyncio.sleep(self._interval)
