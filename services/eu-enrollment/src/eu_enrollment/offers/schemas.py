"""Bodies of offers."""

from uuid import UUID

from pydantic import BaseModel, Field

from eu_enrollment.offers.model import Offer
from servicekit.http import Body


class OfferIn(Body):
    """Places of one group."""

    group_id: UUID
    places: int = Field(ge=0, le=1000)


class OffersPut(Body):
    """All offers of a campaign."""

    offers: list[OfferIn] = Field(max_length=10_000)


class OrganizationRef(BaseModel):
    """An organization by id and short name."""

    id: UUID
    name: str


class GroupRef(BaseModel):
    """A group by id, name and the ages it takes."""

    id: UUID
    name: str
    age_from: int | None
    age_to: int | None


class OfferOut(BaseModel):
    """Offered and taken places of one group."""

    organization: OrganizationRef
    group: GroupRef
    places: int
    taken: int

    @classmethod
    def of(cls, offer: Offer) -> "OfferOut":
        """From the model."""
        return cls(
            organization=OrganizationRef(id=offer.organization_id, name=offer.organization),
            group=GroupRef(id=offer.group_id, name=offer.group, age_from=offer.age_from, age_to=offer.age_to),
            places=offer.places,
            taken=offer.taken,
        )
