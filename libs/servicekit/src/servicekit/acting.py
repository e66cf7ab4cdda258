"""A caller on whose behalf work goes on after the request: kept with the work, so that it acts in the same working position."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from asu_contracts.access import Role, Unit
from servicekit.security import Principal


def kept(principal: Principal) -> dict[str, Any]:
    """The caller as JSON."""
    return {
        "account_id": principal.account_id,
        "role": principal.role.value,
        "unit": principal.unit.model_dump(mode="json"),
        "person_id": None if principal.person_id is None else str(principal.person_id),
        "issued_at": principal.issued_at.isoformat(),
        "name": principal.name,
    }


def acting(stored: Mapping[str, Any]) -> Principal:
    """The caller again."""
    person = stored["person_id"]
    return Principal(
        account_id=stored["account_id"],
        role=Role(stored["role"]),
        unit=Unit.model_validate(stored["unit"]),
        person_id=None if person is None else UUID(person),
        session_id=None,
        issued_at=datetime.fromisoformat(stored["issued_at"]),
        name=stored["name"],
    )


def unit_key(principal: Principal) -> str:
    """The unit the caller works in, as one word: colleagues have the same."""
    unit = principal.unit
    place = unit.organization_id or unit.founder_id or unit.municipality or ""
    return f"{unit.kind.value}:{place}"
