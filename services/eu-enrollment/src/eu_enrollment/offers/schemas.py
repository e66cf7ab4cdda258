"""Bodies of offers."""

from uuid import UUID

from pydantic import BaseModel, Field

from asu_contracts.core import GroupOrientation, StayMode
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
    """A group by id, name, the ages it takes, and what a preschool group is for."""

    id: UUID
    name: str
    age_from: int | None
    age_to: int | None
    orientation: GroupOrientation | None
    disorder: str | None
    stay_mode: StayMode | None


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
            group=GroupRef(
                id=offer.group_id,
                name=offer.group,
                age_from=offer.age_from,
                age_to=offer.age_to,
                orientation=None if offer.orientation is None else GroupOrientation(offer.orientation),
                disorder=offer.disorder,
                stay_mode=None if offer.stay_mode is None else StayMode(offer.stay_mode),
            ),
            places=offer.places,
            taken=offer.taken,
        )
