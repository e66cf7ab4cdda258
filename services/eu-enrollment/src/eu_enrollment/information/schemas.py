"""Answers of public information."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel

from asu_contracts.core import GroupKind, GroupOrientation, OrganizationKind, StayMode
from eu_enrollment.campaigns.rules import CampaignKind, RuleSet
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.information.service import GroupKey, Places
from eu_enrollment.offers.service import Offer


class LicenceOut(BaseModel):
    """The licence for educational activity."""

    number: str
    issued_on: date
    valid_until: date | None = None


class OrganizationOut(BaseModel):
    """An organization as everyone may know it. ``municipality`` is ОКТМО; ``updated_at`` is when the registry last told of it."""

    id: UUID
    kind: OrganizationKind
    short_name: str
    full_name: str
    municipality: str
    locality: str
    address: str | None
    phones: list[str]
    email: str | None
    site: str | None
    licence: LicenceOut | None
    updated_at: datetime | None

    @classmethod
    def of(cls, row: Any) -> Self:
        """From a row; what is left out is filled by who calls."""
        names = OrganizationOut.model_fields.keys() - {"phones"}
        return cls(phones=row.phones or [], **{name: getattr(row, name) for name in names})


class PlacesOut(BaseModel):
    """Places: ``occupied`` study there, ``held`` are promised by referrals, ``free`` nobody has."""

    groups: int
    capacity: int
    occupied: int
    held: int
    free: int

    @classmethod
    def of(cls, places: Places) -> "PlacesOut":
        """From the service's answer."""
        return cls(**{name: getattr(places, name) for name in cls.model_fields})


class AgePlaces(PlacesOut):
    """Places of groups of one year, kind and grade or ages (full years on 1 September, inclusive).

    ``orientation``, ``disorder`` and ``stay_mode`` tell preschool groups apart.
    """

    academic_year: int
    kind: GroupKind
    grade: int | None
    age_from: int | None
    age_to: int | None
    orientation: GroupOrientation | None
    disorder: str | None
    stay_mode: StayMode | None

    @classmethod
    def of_key(cls, key: GroupKey, places: Places) -> "AgePlaces":
        """From the service's answer."""
        return cls.model_validate(asdict(key) | asdict(places))


class OrganizationPlaces(BaseModel):
    """Places of an organization by age group and kind."""

    organization_id: UUID
    organization: str
    kind: OrganizationKind
    municipality: str
    ages: list[AgePlaces]


class ProgrammeOut(BaseModel):
    """A programme of additional education. Ages in full years, inclusive; ``hours`` of the whole programme."""

    id: UUID
    organization_id: UUID
    organization: str
    municipality: str
    title: str
    orientation: str
    age_from: int
    age_to: int
    hours: int
    duration_months: int
    funding: str
    adapted: bool


class GroupOut(BaseModel):
    """A group of a programme with its places."""

    id: UUID
    name: str
    academic_year: int
    starts_on: date
    ends_on: date
    places: PlacesOut


class ProgrammeCard(ProgrammeOut):
    """A programme with its groups."""

    groups: list[GroupOut]


class OrganizationCardOut(OrganizationOut):
    """An organization with its places by age group and its programmes (the first 500; all by ``/public/programmes``)."""

    ages: list[AgePlaces] = []
    programmes: list[ProgrammeOut] = []


class BodyOut(BaseModel):
    """A governing body of education and how to reach it."""

    id: UUID
    kind: str
    full_name: str
    short_name: str
    municipality: str | None
    address: str | None
    phones: list[str]
    email: str | None
    site: str | None


class BodiesOut(BaseModel):
    """Governing bodies in force."""

    items: list[BodyOut]


class PublicCampaign(BaseModel):
    """A campaign: when applications are accepted, and by which rules (``/public/rules``)."""

    id: UUID
    municipality: str
    kind: CampaignKind
    academic_year: int
    title: str
    rules: str
    opens_at: datetime
    closes_at: datetime
    open: bool

    @classmethod
    def of(cls, campaign: Campaign, now: datetime) -> "PublicCampaign":
        """From the model."""
        names = cls.model_fields.keys() - {"rules", "open"}
        values = {name: getattr(campaign, name) for name in names}
        return cls(rules=campaign.rules.id, open=campaign.open_at(now), **values)


class RulesListOut(BaseModel):
    """Rule sets whole: every rule with its legal reference; ``confirm`` is what the authority has yet to confirm."""

    items: list[RuleSet]


class CampaignPlaces(BaseModel):
    """Places a campaign offers in a group: so many, of them referred, and still to be given."""

    group_id: UUID
    group: str
    organization_id: UUID
    organization: str
    age_from: int | None
    age_to: int | None
    orientation: GroupOrientation | None
    disorder: str | None
    stay_mode: StayMode | None
    places: int
    taken: int
    free: int

    @classmethod
    def of(cls, offer: Offer, owed: int) -> "CampaignPlaces":
        """From an offer; the registry may have fewer places than were offered."""
        return cls(
            group_id=offer.group_id,
            group=offer.group,
            organization_id=offer.organization_id,
            organization=offer.organization,
            age_from=offer.age_from,
            age_to=offer.age_to,
            orientation=None if offer.orientation is None else GroupOrientation(offer.orientation),
            disorder=offer.disorder,
            stay_mode=None if offer.stay_mode is None else StayMode(offer.stay_mode),
            places=offer.places,
            taken=offer.taken,
            free=offer.free(owed),
        )
