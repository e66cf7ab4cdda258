"""What the service hears of the places of the matrix of rights."""

from datetime import UTC, date, datetime
from typing import Any

from asu_contracts.access import UNIT_OF_ROLE, UnitKind
from asu_contracts.core import GroupChanged, GroupKind, Locality, OrganizationChanged, OrganizationKind
from servicekit.clock import FixedClock
from servicekit.ids import new_id
from servicekit.testing.matrix import Place, Target, World

from .factories import Reporting

DAY = "2026-12-31"
OWN_LEVEL = {
    role: frozenset(Target) if kind is UnitKind.REGION else frozenset({Target.OWN, Target.SIBLING})
    for role, kind in UNIT_OF_ROLE.items()
    if kind in {UnitKind.REGION, UnitKind.MUNICIPALITY}
}
"""Whose reports of the own level each role sees around a place."""


def level_unit(world: World, place: Place) -> dict[str, Any]:
    """The unit of the caller's level around a place, as a report is ordered for it."""
    units: dict[UnitKind, dict[str, Any]] = {
        UnitKind.REGION: {"region": True},
        UnitKind.MUNICIPALITY: {"municipality": place.municipality},
    }
    return units.get(UNIT_OF_ROLE[world.role], {"organization_id": str(place.organization_id)})


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
