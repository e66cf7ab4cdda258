"""Access tokens for tests, signed by a key of the test session."""

import time
from uuid import UUID

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from asu_contracts.access import UNIT_OF_ROLE, Role, Unit, UnitKind
from servicekit.ids import new_id
from servicekit.security import TokenVerifier

ISSUER = "asu-so"
WORKER = "Образцова Мария Ивановна"


class TokenFactory:
    """Issues tokens for any role and unit."""

    def __init__(self) -> None:
        self._key = ECKey.generate_key("P-256", {"kid": "test", "use": "sig", "alg": "ES256"})
        self.keys = KeySet([self._key])

    def verifier(self) -> TokenVerifier:
        """A verifier that trusts this factory."""
        return TokenVerifier(ISSUER, "", self.keys)

    def issue(
        self,
        role: Role,
        *,
        municipality: str | None = None,
        organization_id: UUID | None = None,
        founder_id: UUID | None = None,
        account_id: UUID | str | None = None,
        person_id: UUID | None = None,
        lifetime: int = 600,
    ) -> str:
        """A token. ``lifetime`` in seconds, negative for an expired one. The unit's kind follows from the role."""
        now = int(time.time())
        account = str(account_id or new_id())
        unit = Unit(
            kind=UNIT_OF_ROLE[role], municipality=municipality, organization_id=organization_id, founder_id=founder_id
        )
        if unit.kind is UnitKind.MUNICIPALITY and municipality is None:
            raise ValueError("a municipal position needs its municipality")
        if unit.kind is UnitKind.DEPARTMENT and founder_id is None:
            raise ValueError("a department's position needs its founder_id")
        person = person_id or (account if role is not Role.PORTAL else None)
        claims = {
            "iss": ISSUER,
            "sub": account,
            "sid": str(new_id()),
            "role": role.value,
            "unit": unit.model_dump(mode="json"),
            "person_id": str(person) if person else None,
            "name": None if role in {Role.PORTAL, Role.GUARDIAN, Role.STUDENT} else WORKER,
            "iat": now if lifetime > 0 else now + lifetime - 60,
            "exp": now + lifetime,
        }
        return jwt.encode({"alg": "ES256", "kid": "test"}, claims, self._key)

    def headers(self, role: Role, **unit: object) -> dict[str, str]:
        """``Authorization`` header; the same arguments as ``issue``."""
        return {"Authorization": f"Bearer {self.issue(role, **unit)}"}  # type: ignore[arg-type]  # passed through
