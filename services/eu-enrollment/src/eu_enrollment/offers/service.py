"""Use cases of offers."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.database import Record
from eu_enrollment.offers import repository
from eu_enrollment.offers.errors import OffersRefusedError, PlacesTakenError
from eu_enrollment.offers.model import UNKNOWN_KIND, Offer
from servicekit.errors import FieldError
from servicekit.uow import UnitOfWork

__all__ = ["Offer", "by_name", "free", "in_session", "offer_places", "page", "places_of", "take", "until"]


async def offer_places(
    uow: UnitOfWork,
    campaign: Campaign,
    version: int,
    wanted: Sequence[tuple[UUID, int]],
    counted: Mapping[UUID, int],
) -> int:
    """Make the campaign's offers, which were at ``version``, exactly these (group, places); their new version.

    All campaigns together offer at most the places free in the registry; ``counted`` are, by group, the occupants whose places are
    among the offered ones: they took one of any campaign, or are to leave for a better one. A group that can take nobody more stays with
    the places that are referred.
    """
    changed = await campaigns.change_offers(uow, campaign.id, version)
    groups = await repository.groups(uow.session, [group_id for group_id, _ in wanted])
    taken = await repository.taken(uow.session, campaign.id)
    elsewhere = await repository.elsewhere(uow.session, campaign.id, list(groups))
    named = {group_id for group_id, _ in wanted}
    if any(count and group_id not in named for group_id, count in taken.items()):
        raise PlacesTakenError
    errors: list[FieldError] = []
    seen: Counter[UUID] = Counter()
    for index, (group_id, places) in enumerate(wanted):
        seen[group_id] += 1
        group = groups.get(group_id)
        if seen[group_id] > 1:
            errors.append(FieldError(f"/body/offers/{index}/group_id", "offer.repeated", "Группа указана дважды"))
        elif group is not None and places == taken.get(group_id):
            continue
        elif group is None or not _fits(campaign, group):
            errors.append(
                FieldError(f"/body/offers/{index}/group_id", "offer.group", "Группа не подходит для этой кампании")
            )
        elif group.place_kind == UNKNOWN_KIND:
            title = "Направленность или режим пребывания группы неизвестны"
            errors.append(FieldError(f"/body/offers/{index}/group_id", "offer.kind", title))
        elif places > group.capacity - group.occupied + counted.get(group_id, 0) - elsewhere.get(group_id, 0):
            errors.append(
                FieldError(f"/body/offers/{index}/places", "offer.no-room", "Мест больше, чем свободно в группе")
            )
        elif places < taken.get(group_id, 0):
            errors.append(
                FieldError(f"/body/offers/{index}/places", "offer.taken", "Мест меньше, чем выдано направлений")
            )
    if errors:
        raise OffersRefusedError(errors=errors)
    await repository.replace(
        uow.session,
        campaign.id,
        {group_id: (groups[group_id].organization_id, places) for group_id, places in wanted},
    )
    return changed


def _fits(campaign: Campaign, group: Record) -> bool:
    """Whether a group known here can take children of the campaign."""
    grades = campaign.kind.grades
    right_kind = group.kind == campaign.kind.group_kind and (not grades or group.grade in grades)
    own = (campaign.municipality, campaign.academic_year)
    return right_kind and group.active and (group.municipality, group.academic_year) == own


async def places_of(uow: UnitOfWork, campaign_id: UUID, organizations: Sequence[UUID] | None = None) -> list[Offer]:
    """Offers of a campaign (of some organizations there) whose group takes children: it works, and has not been left out since."""
    offers = await repository.of_campaign(uow.session, campaign_id, organizations)
    return [offer for offer in offers if offer.active and offer.places]


async def by_name(uow: UnitOfWork, campaign_id: UUID, organization_id: UUID | None) -> list[Offer]:
    """Offers of a campaign (of one organization there) that have not been left out, by names of organizations and groups."""
    return await repository.by_name(uow.session, campaign_id, organization_id)


async def page(uow: UnitOfWork, campaign_id: UUID, after: UUID | None, limit: int) -> list[Offer]:
    """Offers of a campaign by group, one more than asked for."""
    return await repository.page(uow.session, campaign_id, after, limit)


async def in_session(uow: UnitOfWork, groups: Sequence[UUID], day: date) -> bool:
    """Whether a day falls within the academic year of every group."""
    known = await repository.groups(uow.session, groups)
    return all(id_ in known and known[id_].starts_on <= day < known[id_].ends_on for id_ in groups)


async def until(uow: UnitOfWork, campaign_id: UUID) -> date:
    """The day after the academic year of the groups that a campaign offers; the end of time when it offers none."""
    return await repository.last_day(uow.session, campaign_id) or date.max


async def take(uow: UnitOfWork, campaign_id: UUID, groups: Iterable[UUID]) -> None:
    """Take one place in each named group (a group may stand several times)."""
    await repository.change_taken(uow.session, campaign_id, Counter(groups))


async def free(uow: UnitOfWork, campaign_id: UUID, groups: Iterable[UUID]) -> None:
    """Give one place of each named group back."""
    counted = Counter(groups)
    await repository.change_taken(uow.session, campaign_id, {group: -count for group, count in counted.items()})


async def vacate(uow: UnitOfWork, campaign_id: UUID, groups: Iterable[UUID]) -> None:
    """Offer one place more of each named group: its child is going to leave it for a better one. The campaign is locked."""
    more = Counter(groups)
    if more:
        await repository.add_places(uow.session, campaign_id, more)
        await campaigns.offers_changed(uow, campaign_id)


async def stay(uow: UnitOfWork, campaign_id: UUID, groups: Iterable[UUID]) -> None:
    """Take such places back: the child stays. One that has been promised to another meanwhile stays promised."""
    await repository.drop_places(uow.session, campaign_id, Counter(groups))
