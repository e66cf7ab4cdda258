"""What the service hears of the places of the matrix of rights."""

from datetime import UTC, date, datetime

from asu_contracts.core import GroupChanged, GroupKind, Locality, OrganizationChanged, OrganizationKind
from servicekit.clock import FixedClock
from servicekit.ids import new_id
from servicekit.testing.matrix import Place, World

from .factories import Reporting

DAY = "2026-12-31"


async def tell_of(world: World, place: Place) -> None:
    """The service hears of the place's organization; it is a year after the days that are asked about."""
    world.service.runtime.clock = FixedClock(datetime(2028, 1, 10, tzinfo=UTC))
    organization = OrganizationChanged(
        organization_id=place.organization_id, kind=OrganizationKind.PRESCHOOL, short_name="Сад", full_name="Сад",
        municipality=place.municipality, founder_id=place.founder_id, locality=Locality.URBAN, active=True,
    )  # fmt: skip
    group = GroupChanged(
        group_id=new_id(), organization_id=place.organization_id, academic_year=2026, kind=GroupKind.PRESCHOOL_GROUP,
        name="А", capacity=25, occupied=0, starts_on=date(2026, 9, 1), ends_on=date(2027, 9, 1), active=True,
    )  # fmt: skip
    await Reporting(world.service).tell(organization, group)
