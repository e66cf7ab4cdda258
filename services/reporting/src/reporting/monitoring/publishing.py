"""What anybody may read of an organization: values that are about nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from orgdirectory import Organization
from reporting.facts import service as facts
from reporting.monitoring import repository
from reporting.monitoring.catalog import indicators
from reporting.monitoring.definition import Indicator
from reporting.monitoring.peers import LEAST
from servicekit.errors import NotFoundError


@dataclass(frozen=True)
class Published:
    """A public indicator's last value of an organization beside those of its municipality and the region, where these are shown.

    ``names`` are those of its classes, by id.
    """

    indicator: Indicator
    value: Any
    municipality: Any
    region: Any
    classes: Sequence[Any]
    names: Mapping[UUID, str]


async def published(session: AsyncSession, organization_id: UUID) -> list[Published]:
    """Public indicators of an organization, but for those about fewer people than five.

    Raises ``NotFoundError`` for one that is not there or is closed.
    """
    organization = await session.get(Organization, organization_id)
    if organization is None or not organization.active:
        raise NotFoundError
    found = [await _last(session, one, organization) for one in indicators().values() if one.public]
    return [one for one in found if one is not None]


async def _last(session: AsyncSession, one: Indicator, organization: Organization) -> Published | None:
    value = await repository.newest(session, one.code, repository.series(organization.id))
    if value is None or value.people < LEAST:
        return None
    around, region = repository.series(None, organization.municipality), repository.series()
    hidden = await repository.hidden_people(session, one.code, value.period)
    wholes = repository.of_series(*_wholes_shown(organization.municipality, hidden))
    beside = {row.series: row for row in await repository.standing(session, one.code, value.period, wholes)}
    classes: Sequence[Any] = ()
    if any("group_id" in together for together in one.by):
        classes = shown(await repository.classes(session, one.code, value.period, organization.id))
    names = await facts.group_names(session, [row.group_id for row in classes], value.last_day)
    return Published(one, value, beside.get(around), beside.get(region), classes, names)


def _wholes_shown(municipality: str, hidden: Mapping[str, int]) -> list[str]:
    """Series of the municipality and the region that may be shown beside all others; ``hidden``: people of hidden values by municipality.

    Less what is shown of its organizations, a municipality tells of those that are hidden; less the municipalities that are shown, so does
    the region of the others. Where these are fewer than five people, it is not shown.
    """
    few = {name: people for name, people in hidden.items() if people < LEAST}
    own = () if municipality in few else (repository.series(None, municipality),)
    whole = () if few and sum(few.values()) < LEAST else (repository.series(),)
    return [*own, *whole]


def shown(classes: Sequence[Any]) -> list[Any]:
    """Classes of which something may be said: not those of too few, nor one more if these could be told by what is left of the whole."""
    enough = sorted((one for one in classes if one.people >= LEAST), key=lambda one: one.people)
    hidden = sum(one.people for one in classes if one.people < LEAST)
    return enough[1:] if 0 < hidden < LEAST else enough
