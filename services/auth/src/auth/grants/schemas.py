"""Positions over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from asu_contracts.access import MAY_GRANT, ROLE_TITLES, Role, Unit, UnitKind
from auth.accounts.schemas import AccountName, Login, SlipOut
from auth.accounts.service import Slip
from auth.grants.service import Holder, Position
from servicekit.http import Body, Line
from servicekit.http.problems import Problem

_MAX_GRANTS = 20

Municipality = Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$")]


class UnitIn(Body):
    """Where the position stands. An organization's ``municipality`` (ОКТМО, 8 digits) may be left out.

    ``founder_id`` is the governing body of a department's position.
    """

    kind: UnitKind
    municipality: Municipality | None = None
    organization_id: UUID | None = None
    founder_id: UUID | None = None


class GrantIn(Body):
    """A position to give."""

    role: Role
    unit: UnitIn


class AccountIn(Body):
    """A new account with its positions."""

    login: Login
    display_name: Annotated[Line, StringConstraints(max_length=200)]
    grants: list[GrantIn] = Field(min_length=1, max_length=_MAX_GRANTS)


class PositionOut(BaseModel):
    """A working position."""

    id: UUID
    role: Role
    unit: Unit

    @classmethod
    def of(cls, position: Position) -> "PositionOut":
        """As answered."""
        return cls(id=position.id, role=position.role, unit=position.unit)


class AccountOut(AccountName):
    """An account with the positions the caller sees."""

    must_change_password: bool
    grants: list[PositionOut]

    @classmethod
    def of(cls, holder: Holder) -> "AccountOut":
        """As answered."""
        account = holder.account
        return cls(
            id=account.id,
            login=account.login,
            display_name=account.display_name,
            must_change_password=account.must_change_password,
            grants=[PositionOut.of(position) for position in holder.positions],
        )


class AccountWithSlip(BaseModel):
    """An account and the one-time password to hand over."""

    account: AccountOut
    slip: SlipOut

    @classmethod
    def of(cls, holder: Holder, slip: Slip) -> "AccountWithSlip":
        """As answered, once."""
        return cls(account=AccountOut.of(holder), slip=SlipOut.of(slip))


_GRANTS = "; ".join(
    f"{ROLE_TITLES[role]} — {', '.join(ROLE_TITLES[one] for one in Role if one in granted)}"
    for role, granted in MAY_GRANT.items()
    if granted
)
REFUSED: dict[int | str, dict[str, Any]] = {
    403: {"model": Problem, "description": f"Недостаточно прав: такие права выдаёт другой. Кто какие выдаёт: {_GRANTS}"}
}
"""What whoever gives positions is answered about one that others give: a coordinator is appointed by the head, not by an administrator."""
