"""Bodies of ends and suspensions."""

from datetime import date

from pydantic import BaseModel, Field

from servicekit.http import Body, Text


class RefusalIn(Body):
    """A refusal: ``ground`` is a code of the campaign's rules; ``note`` says more in words, without personal data."""

    ground: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    note: Text | None = None


class NeedIn(Body):
    """A confirmation has no content of its own."""


class NeedOut(BaseModel):
    """The day on which the family has confirmed its need."""

    confirmed_on: date
