"""Rows of one person out of several kinds: a foreign key to each kind of card, exactly one of them set (a constraint).

So a merge, an extract and an act of destruction find them by their keys.
"""

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement


class Owned:
    """A row whose owner is of one of the kinds ``owners``, each with its column."""

    owners: ClassVar[tuple[str, ...]]

    @property
    def owner_kind(self) -> str:
        """Of what kind the owner is."""
        return next(kind for kind in self.owners if getattr(self, f"{kind}_id") is not None)

    @property
    def owner_id(self) -> UUID:
        """The owner's card."""
        found: UUID = getattr(self, f"{self.owner_kind}_id")
        return found

    @classmethod
    def owned_by(cls, kind: str, owner_id: UUID) -> ColumnElement[bool]:
        """Whether a row is the owner's, as a condition."""
        found: ColumnElement[bool] = getattr(cls, f"{kind}_id") == owner_id
        return found


def owner(kind: str, owner_id: UUID) -> dict[str, Any]:
    """Values of the columns that say whose a row is."""
    return {f"{kind}_id": owner_id}
