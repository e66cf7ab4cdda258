"""Machine clients over HTTP."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from servicekit.http import Body, Line


class ClientIn(Body):
    """A client to register."""

    name: Line
    role: Literal["portal"]


class ClientOut(BaseModel):
    """A registered client; the secret is shown once."""

    client_id: UUID
    client_secret: str


class ClientLine(BaseModel):
    """A client as a list shows it; ``ended_at`` is null while it is in force."""

    id: UUID
    name: str
    role: str
    created_at: datetime
    ended_at: datetime | None


class ClientToken(BaseModel):
    """An access token (RFC 6749, 5.1). ``expires_in`` is in seconds."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the scheme's name
    expires_in: int
