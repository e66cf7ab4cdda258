"""Offered places of a campaign: so many in a group, of which so many are taken by referrals."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table, Uuid

from eu_enrollment.database import metadata

offer = Table(
    "offer",
    metadata,
    Column("campaign_id", ForeignKey("campaign.id"), primary_key=True),
    Column("group_id", Uuid, primary_key=True),
    Column("organization_id", Uuid, nullable=False),
    Column("places", Integer, nullable=False),
    Column("taken", Integer, nullable=False, server_default="0", comment="Live referrals; kept with them"),
    CheckConstraint("taken BETWEEN 0 AND places", name="taken_within_places"),
    Index("ix_offer_organization_id", "campaign_id", "organization_id"),
)


UNKNOWN_KIND = "unknown"
"""Kind of place of a preschool group of which the registry has not said enough: no child can take it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Places of one group: ages are full years on the day of measurement, inclusive; ``None`` is no bound.

    ``kind`` is the kind of place of a preschool group, none of a class. ``vacant`` is how many the registry could still seat,
    ``active`` whether it seats any at all.
    """

    group_id: UUID
    organization_id: UUID
    organization: str
    group: str
    age_from: int | None
    age_to: int | None
    grade: int | None
    orientation: str | None
    disorder: str | None
    stay_mode: str | None
    kind: str | None
    places: int
    taken: int
    vacant: int
    active: bool

    def admits(self, age: int, grade: int | None, kinds: Sequence[str] | None) -> bool:
        """Whether the group takes a child of this age, and of this grade if it is a class and a grade is asked for.

        ``kinds``: of places that the child can take in preschool groups.
        """
        if self.kind is not None and self.kind not in (kinds or ()):
            return False
        if self.grade is not None and grade is not None:
            return self.grade == grade
        return (self.age_from is None or age >= self.age_from) and (self.age_to is None or age <= self.age_to)

    def free(self, owed: int) -> int:
        """Places to give: what the campaign offers and has not given, at most what the registry could seat; none where nobody may sit.

        ``owed`` is how many hold a place of any campaign that the registry does not know of yet: a class list or a smaller capacity
        may have come after the offer.
        """
        return max(0, self.room(owed)) if self.active and self.kind != UNKNOWN_KIND else 0

    def room(self, owed: int) -> int:
        """The same of a group that takes children; below zero, how many places less it has than are held there."""
        return min(self.places - self.taken, self.vacant - owed)
