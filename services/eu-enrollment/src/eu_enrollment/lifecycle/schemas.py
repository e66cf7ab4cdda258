"""Bodies of ends and suspensions."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from servicekit.http import Body, Text

Ground = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""A code of a ground of refusal by the campaign's rules."""


class RefusalIn(Body):
    """A refusal: ``note`` says more in words, without personal data."""

    ground: Ground
    note: Text | None = None


class NeedIn(Body):
    """A confirmation has no content of its own."""


class NeedOut(BaseModel):
    """The day on which the family has confirmed its need."""

    confirmed_on: date
