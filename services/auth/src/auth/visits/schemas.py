"""Visits over HTTP."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel

from asu_contracts.access import Role
from auth.visits.service import Worked


class WorkedOut(BaseModel):
    """A position and on how many days of the period its holder worked in it; without ``last_day`` never, as far as is known."""

    grant_id: UUID
    account_id: UUID
    display_name: str
    role: Role
    given_on: date
    ended_on: date | None
    days: int
    last_day: date | None

    @classmethod
    def of(cls, one: Worked) -> "WorkedOut":
        """As answered."""
        return cls.model_validate(one, from_attributes=True)
