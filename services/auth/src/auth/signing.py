"""Keys of access tokens, and the tokens themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from asu_contracts.access import Role, Unit
from servicekit.errors import UnauthenticatedError
from servicekit.security import Principal, TokenVerifier

_ALGORITHM = "ES256"
_CURVE = "P-256"


@dataclass(frozen=True)
class Subject:
    """Whom a token speaks for. ``restricted`` is someone who must set a password of one's own before anything else.

    ``name`` is a worker's, for documents printed with the token; a family's stays here.
    """

    id: UUID
    role: Role
    unit: Unit
    person_id: UUID | None = None
    session_id: UUID | None = None
    restricted: bool = False
    name: str | None = None


def restricted_issuer(issuer: str) -> str:
    """Issuer of tokens that are good for nothing but a change of password: other services do not know it."""
    return f"{issuer}/password"


class SigningKeys:
    """The key that signs, and beside it the previous one, whose tokens are still verified after a rotation."""

    def __init__(self, current: ECKey, previous: ECKey | None = None) -> None:
        self._current = current
        self.public = KeySet([_public(key) for key in (current, previous) if key is not None])

    @classmethod
    def load(cls, current: Path, previous: Path | None) -> "SigningKeys":
        """Read PEM files. Raises ``ValueError`` for anything that is not an EC P-256 key, private where it must sign."""
        key = _load(current)
        if not key.is_private:
            raise ValueError("the signing key file holds no private key")
        return cls(key, _load(previous) if previous is not None else None)

    def jwks(self) -> dict[str, Any]:
        """The public keys as a JWKS document."""
        return {"keys": [key.as_dict(private=False) for key in self.public.keys]}

    def sign(self, claims: dict[str, Any]) -> str:
        """A compact token; ``kid`` is the thumbprint of the key (RFC 7638)."""
        return jwt.encode({"alg": _ALGORITHM, "kid": self._current.thumbprint()}, claims, self._current)


def _load(file: Path) -> ECKey:
    try:
        key = ECKey.import_key(file.read_bytes())
    except (JoseError, ValueError):
        raise ValueError("the key file is not a PEM of an EC key") from None
    if key.curve_name != _CURVE:
        raise ValueError(f"the key is not on curve {_CURVE}")
    return key


def _public(key: ECKey) -> ECKey:
    parameters = {"kid": key.thumbprint(), "use": "sig", "alg": _ALGORITHM}
    return ECKey.import_key({**key.as_dict(private=False), **parameters})


class TokenIssuer:
    """Makes access tokens."""

    def __init__(self, keys: SigningKeys, issuer: str, lifetime: timedelta) -> None:
        self._keys = keys
        self._issuer = issuer
        self.lifetime = lifetime

    def issue(self, subject: Subject, now: datetime) -> str:
        """A token good from ``now``. ``iat`` keeps its fraction: a revocation and a new token may share a second."""
        return self._keys.sign(
            {
                "iss": restricted_issuer(self._issuer) if subject.restricted else self._issuer,
                "sub": str(subject.id),
                "sid": str(subject.session_id) if subject.session_id else None,
                "role": subject.role.value,
                "unit": subject.unit.model_dump(mode="json"),
                "person_id": str(subject.person_id) if subject.person_id else None,
                "name": subject.name,
                "iat": now.timestamp(),
                "exp": int((now + self.lifetime).timestamp()),
            }
        )


class OwnVerifier(TokenVerifier):
    """Verifies auth's tokens by auth's own keys, without HTTP; knows restricted tokens too.

    That a restricted caller does nothing but change the password is held by ``auth.dependencies``.
    """

    def __init__(self, issuer: str, keys: KeySet | None) -> None:
        super().__init__(issuer, "", keys)
        self._restricted = TokenVerifier(restricted_issuer(issuer), "", keys)

    async def refresh(self) -> None:
        """Nothing to fetch; raises ``RuntimeError`` if the process was given no key."""
        if not self.ready:
            raise RuntimeError("ASU_SIGNING_KEY_FILE is not set")

    async def verify(self, token: str) -> Principal:
        """The principal of a good token of either kind; raises ``UnauthenticatedError``."""
        try:
            return await super().verify(token)
        except UnauthenticatedError:
            return await self._restricted.verify(token)
