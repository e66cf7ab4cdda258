"""Use cases of campaigns."""

from collections.abc import Collection, MutableMapping
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, true
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from eu_enrollment.campaigns import errors, repository
from eu_enrollment.campaigns.model import Campaign, campaign
from eu_enrollment.campaigns.policies import visible
from eu_enrollment.campaigns.rules import CampaignKind, RuleSet, in_force, rule_sets
from servicekit.errors import FieldError, ForbiddenError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

__all__ = [
    "Campaign",
    "campaign_by_id",
    "change_offers",
    "elsewhere",
    "every",
    "first_wave",
    "known_campaign",
    "lock",
    "offers_changed",
    "offers_version",
    "open_campaign",
    "opened_by",
    "page",
    "visible_campaign",
]

_INSTANT = timedelta(microseconds=1)
_POINTERS = {"intake.opens": "/body/opens_at", "intake.closes": "/body/closes_at"}


async def open_campaign(
    uow: UnitOfWork,
    principal: Principal,
    *,
    municipality: str,
    kind: CampaignKind,
    academic_year: int,
    title: str,
    rules: str | None,
    opens_at: datetime,
    closes_at: datetime,
    freeze_on: date | None,
    boarding: Collection[UUID],
    first_wave_over: bool,
) -> Campaign:
    """Open a campaign in the principal's own municipality (anywhere for the region).

    Without a named rule set it goes by the one in force on its first day. ``first_wave_over``: nobody waits by the first wave.
    """
    if principal.unit.municipality not in {None, municipality}:
        raise ForbiddenError
    if closes_at <= opens_at:
        raise errors.PeriodError
    first, last = uow.clock.date_of(opens_at), uow.clock.date_of(closes_at - _INSTANT)
    rule_set = _rules(kind, rules, first)
    if rule_set.intake is not None:
        breaches = rule_set.intake.breaches(academic_year, first, last, first_wave_over=first_wave_over)
        wrong = [FieldError(_POINTERS[code.rpartition("-")[0]], code, title) for code, title in breaches]
        if wrong:
            raise errors.IntakeError(errors=wrong)
    return await repository.add(
        uow.session,
        {
            "id": new_id(),
            "municipality": municipality,
            "kind": kind.value,
            "academic_year": academic_year,
            "title": title,
            "rules": rule_set.id,
            "opens_at": opens_at.astimezone(UTC),
            "closes_at": closes_at.astimezone(UTC),
            "freeze_on": freeze_on,
            "boarding": sorted(boarding),
            "created_at": uow.now,
            "created_by": principal.account_id,
        },
    )


def _rules(kind: CampaignKind, named: str | None, day: date) -> RuleSet:
    """The named rule set, or the one in force on a day."""
    if named is None:
        found = in_force(kind, day)
        if len(found) > 1:
            raise errors.SeveralRulesError
        if not found:
            raise errors.RulesNotInForceError
        return found[0]
    rule_set = rule_sets().get(named)
    if rule_set is None or rule_set.kind is not kind:
        raise errors.UnknownRulesError
    if not rule_set.in_force(day):
        raise errors.RulesNotInForceError
    return rule_set


async def first_wave(uow: UnitOfWork, municipality: str, academic_year: int) -> list[UUID]:
    """Campaigns of the first wave of a municipality and a year."""
    return await repository.of_kind(uow.session, CampaignKind.SCHOOL_FIRST_GRADE, municipality, academic_year)


async def opened_by(uow: UnitOfWork, account_id: str) -> list[UUID]:
    """Campaigns that an account has opened."""
    return await repository.opened_by(uow.session, account_id)


async def visible_campaign(uow: UnitOfWork, principal: Principal, campaign_id: UUID) -> Campaign:
    """A campaign the principal sees; raises ``NotFoundError``."""
    found = await repository.get(uow.session, campaign_id, visible(principal))
    if found is None:
        raise NotFoundError
    return found


async def page(
    session: AsyncSession,
    after: UUID | None,
    limit: int,
    *,
    municipality: str | None = None,
    kind: CampaignKind | None = None,
    open_at: datetime | None = None,
) -> list[Campaign]:
    """Campaigns whoever asks, by id, one more than asked for; ``open_at``: only those that accept applications then."""
    wanted: list[ColumnElement[bool]] = [true()]
    if municipality is not None:
        wanted.append(campaign.c.municipality == municipality)
    if kind is not None:
        wanted.append(campaign.c.kind == kind.value)
    if open_at is not None:
        wanted += [campaign.c.opens_at <= open_at, campaign.c.closes_at > open_at]
    return await repository.page(session, and_(*wanted), after, limit)


async def known_campaign(
    session: AsyncSession | AsyncConnection, known: MutableMapping[UUID, Campaign], campaign_id: UUID
) -> Campaign:
    """A campaign, read once per process: campaigns never change. Raises ``NotFoundError``."""
    found = known.get(campaign_id) or await repository.get(session, campaign_id)
    if found is None:
        raise NotFoundError
    known[campaign_id] = found
    return found


async def every(uow: UnitOfWork) -> list[Campaign]:
    """All campaigns, for what the calendar does to their applications."""
    return await repository.every(uow.session)


async def elsewhere(uow: UnitOfWork, campaign: Campaign) -> list[UUID]:
    """Campaigns of the same line and year in other municipalities: who applies there too wants two places."""
    return await repository.elsewhere(uow.session, campaign)


async def lock(uow: UnitOfWork, campaign_id: UUID) -> None:
    """Serialise what changes the places of a campaign, and of those that may offer the same groups."""
    await repository.lock(uow.session, campaign_id)


async def offers_changed(uow: UnitOfWork, campaign_id: UUID) -> None:
    """The offers of a locked campaign are others than anybody has seen."""
    await change_offers(uow, campaign_id, await repository.offers_version(uow.session, campaign_id))


async def campaign_by_id(uow: UnitOfWork, campaign_id: UUID) -> Campaign:
    """A campaign, whoever asks; raises ``NotFoundError``."""
    found = await repository.get(uow.session, campaign_id)
    if found is None:
        raise NotFoundError
    return found


async def offers_version(uow: UnitOfWork, campaign_id: UUID) -> int:
    """Version of a campaign's offers."""
    return await repository.offers_version(uow.session, campaign_id)


async def change_offers(uow: UnitOfWork, campaign_id: UUID, version: int) -> int:
    """The next version of a campaign's offers, locked as :func:`lock` does; raises ``VersionMismatchError``."""
    await lock(uow, campaign_id)
    if not await repository.next_offers_version(uow.session, campaign_id, version):
        raise VersionMismatchError
    return version + 1
