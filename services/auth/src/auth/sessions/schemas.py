"""Sessions over HTTP."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from auth.grants.schemas import PositionOut
from auth.passwords import MAX_LENGTH
from auth.sessions.service import SignedIn
from servicekit.http import Body, Text

_TYPED_PASSWORD = 2 * MAX_LENGTH

TypedPassword = Annotated[str, StringConstraints(min_length=1, max_length=_TYPED_PASSWORD)]


class SignInIn(Body):
    """``position_id`` chooses the working position; without it the oldest one is taken."""

    login: Annotated[Text, StringConstraints(max_length=100)]
    password: TypedPassword = Field(repr=False)
    position_id: UUID | None = None


class RefreshIn(Body):
    """A refresh token."""

    refresh_token: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(repr=False)


class PasswordIn(Body):
    """Both passwords as typed."""

    old_password: TypedPassword = Field(repr=False)
    new_password: TypedPassword = Field(repr=False)


class SignedInOut(BaseModel):
    """Tokens of a session. ``expires_in`` is the access token's life in seconds; ``position_id`` the position it works in.

    While ``must_change_password`` is true the access token is good only for ``POST /password`` and signing out.
    """

    access_token: str
    refresh_token: str
    expires_in: int
    position_id: UUID
    positions: list[PositionOut]
    must_change_password: bool

    @classmethod
    def of(cls, signed_in: SignedIn) -> "SignedInOut":
        """As answered."""
        return cls(
            access_token=signed_in.access_token,
            refresh_token=signed_in.refresh_token,
            expires_in=signed_in.expires_in,
            position_id=signed_in.position.id,
            positions=[PositionOut.of(position) for position in signed_in.positions],
            must_change_password=signed_in.must_change_password,
        )
