"""Accounts over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, StringConstraints

from auth.accounts.service import Slip

Login = Annotated[
    str,
    BeforeValidator(lambda value: value.strip().lower() if isinstance(value, str) else value),
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9._@-]{2,63}$"),
]
"""Latin letters, digits and ``._@-``, 3 to 64; case does not matter."""


class SlipOut(BaseModel):
    """A one-time password to hand over; shown once."""

    login: str
    password: str
    expires_at: datetime

    @classmethod
    def of(cls, slip: Slip) -> "SlipOut":
        """As answered, once."""
        return cls(login=slip.login, password=slip.password, expires_at=slip.expires_at)


class AccountName(BaseModel):
    """An account as a list shows it."""

    id: UUID
    login: str
    display_name: str
