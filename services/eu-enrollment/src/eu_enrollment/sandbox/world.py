"""Test campaigns: open now, of the rules in force, over organizations and groups made for each."""

from datetime import date, datetime, time
from uuid import UUID

from asu_contracts.core import GroupKind, Locality, OrganizationKind
from asu_contracts.envelope import Sequence
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.campaigns.kinds import Line
from eu_enrollment.lottery import service as lottery
from eu_enrollment.offers import service as offers
from eu_enrollment.runtime import EnrollmentRuntime
from eu_enrollment.sandbox.errors import TooManyCampaignsError
from eu_enrollment.sandbox.schemas import KINDS
from eu_enrollment.sandbox.service import MUNICIPALITY, authority
from orgdirectory import Group, Organization
from servicekit.clock import Clock
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_ORGANIZATIONS = 2
_MOST = 100
_WAVE_OPENS, _CLOSES = (4, 1), (7, 1)
"""The first wave into schools opens by 1 April and ends with 30 June (order 458, item 17)."""
_NEW_YEAR = (9, 1)
_SEQUENCE = str(Sequence(epoch=1, version=1))
"""A sandbox has no registry to hear of organizations from: their rows are the first and last ones."""


async def open_campaign(
    uow: UnitOfWork, runtime: EnrollmentRuntime, principal: Principal, line: Line, places: int
) -> tuple[UUID, list[UUID]]:
    """Open a test campaign with so many places in each of its organizations; (campaign, organizations)."""
    if len(await campaigns.opened_by(uow, principal.account_id)) >= _MOST:
        raise TooManyCampaignsError
    year, opens_at, closes_at = _period(uow.clock, uow.now)
    campaign = await campaigns.open_campaign(
        uow,
        authority(principal),
        municipality=MUNICIPALITY,
        kind=KINDS[line],
        academic_year=year,
        title="Тестовая кампания",
        rules=None,
        opens_at=opens_at,
        closes_at=closes_at,
        freeze_on=None,
        boarding=(),
        first_wave_over=False,
    )
    await lottery.commit(uow, runtime.cipher, campaign.id, None)
    organizations = [_organization(line, number) for number in range(1, _ORGANIZATIONS + 1)]
    groups = [_group(line, one.id, year, places) for one in organizations]
    uow.session.add_all([*organizations, *groups])
    await uow.session.flush()
    await offers.offer_places(uow, campaign, 1, [(one.id, places) for one in groups], {})
    return campaign.id, [one.id for one in organizations]


def _period(clock: Clock, now: datetime) -> tuple[int, datetime, datetime]:
    """The nearest academic year that a first wave can still be held for, and a period open now: (year, opens, closes)."""
    today = clock.date_of(now)
    year = today.year if (today.month, today.day) < _CLOSES else today.year + 1
    latest, closes = (datetime.combine(date(year, *day), time(), clock.zone) for day in (_WAVE_OPENS, _CLOSES))
    return year, min(now, latest), closes


def _organization(line: Line, number: int) -> Organization:
    preschool = line is Line.PRESCHOOL
    return Organization(
        id=new_id(),
        kind=(OrganizationKind.PRESCHOOL if preschool else OrganizationKind.SCHOOL).value,
        short_name=f"Тестовая организация № {number}",
        full_name=f"Тестовая организация № {number}",
        municipality=MUNICIPALITY,
        locality=Locality.URBAN.value,
        founder_id=None,
        active=True,
        sequence=_SEQUENCE,
    )


def _group(line: Line, organization_id: UUID, year: int, places: int) -> Group:
    preschool = line is Line.PRESCHOOL
    return Group(
        id=new_id(),
        organization_id=organization_id,
        academic_year=year,
        kind=(GroupKind.PRESCHOOL_GROUP if preschool else GroupKind.CLASS).value,
        name="Тестовая группа" if preschool else "1 Т",
        grade=None if preschool else 1,
        age_from=0 if preschool else None,
        age_to=8 if preschool else None,
        capacity=places,
        occupied=0,
        starts_on=date(year, *_NEW_YEAR),
        ends_on=date(year + 1, *_NEW_YEAR),
        active=True,
        orientation="general" if preschool else None,
        stay_mode="full_day" if preschool else None,
        sequence=_SEQUENCE,
    )
