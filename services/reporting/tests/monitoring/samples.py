"""Sample calls of the routes of indicators and alerts."""

from datetime import date
from itertools import count
from uuid import UUID

from asu_contracts.access import UNIT_OF_ROLE, UnitKind
from servicekit.ids import new_id
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..telling import tell_of

_SUBJECTS = count()
"""There is one open alert a series: each sample's is about a subject of its own."""


async def value(world: World, place: Place, level: UnitKind = UnitKind.ORGANIZATION, subject: str | None = None) -> int:
    """A value of a place, as a count would have left it; its id."""
    await tell_of(world, place)
    count_id, service = new_id(), world.service
    organization = place.organization_id if level is UnitKind.ORGANIZATION else None
    municipality = place.municipality if level is UnitKind.MUNICIPALITY else None
    series = f"{organization or municipality or ''}|{subject or ''}||"
    await service.fetch(
        """INSERT INTO indicator_count VALUES
        ($1, 'absence', 1, '', '{}', '2026-09', '09.2026', '2026-09-01', '2026-09-30', 1, NULL, now())""",
        count_id,
    )
    await service.fetch(
        """INSERT INTO indicator_period VALUES
        ('absence', '2026-09', '09.2026', '2026-09-01', '2026-09-30', '', 1, NULL, now()) ON CONFLICT DO NOTHING"""
    )
    rows = await service.fetch(
        """INSERT INTO indicator_value (count_id, indicator, period, last_day, series, organization_id, municipality, subject,
            revision, value, people)
        SELECT $1, 'absence', '2026-09', $2, $3, $4, $5, $6, count(*) + 1, 20, 20
        FROM indicator_value WHERE indicator = 'absence' AND series = $3 RETURNING id""",
        *(count_id, date(2026, 9, 30), series, organization, municipality, subject),
    )
    return int(rows[0][0])


async def alert(world: World, place: Place, level: UnitKind = UnitKind.ORGANIZATION) -> UUID:
    """An open alert of a place; its id."""
    subject, alert_id = f"Предмет {next(_SUBJECTS)}", new_id()
    value_id = await value(world, place, level, subject)
    await world.service.fetch(
        """INSERT INTO quality_alert (id, indicator, series, organization_id, municipality, subject, value_id, opened_at, version)
        SELECT $1, indicator, series, organization_id, municipality, subject, id, now(), 1 FROM indicator_value WHERE id = $2""",
        *(alert_id, value_id),
    )
    return alert_id


async def indicators(_world: World, _place: Place) -> Call:
    return Call("/indicators")


async def periods(world: World, place: Place) -> Call:
    await value(world, place)
    return Call("/indicators/absence/periods")


async def of_organizations(world: World, place: Place) -> Listed:
    await value(world, place)
    call = Call("/indicators/absence/organizations", {"params": {"period": "2026-09"}})
    return Listed(call, place.organization_id)


async def of_municipalities(world: World, place: Place) -> Listed:
    await value(world, place, UnitKind.MUNICIPALITY)
    call = Call("/indicators/absence/municipalities", {"params": {"period": "2026-09"}})
    return Listed(call, place.municipality)


async def history(world: World, place: Place) -> Call:
    await value(world, place)
    return Call("/indicators/absence/history", {"params": {"organization_id": str(place.organization_id)}})


async def comparison(world: World, place: Place) -> Call:
    await value(world, place)
    return Call("/indicators/absence/comparison", {"params": {"organization_id": str(place.organization_id)}})


async def parts(world: World, place: Place) -> Call:
    await value(world, place)
    return Call("/indicators/absence/parts", {"params": {"organization_id": str(place.organization_id)}})


async def count_now(_world: World, _place: Place) -> Call:
    return Call("/indicator-counts")


async def alerts(world: World, place: Place) -> Listed:
    return Listed(Call("/quality-alerts"), await alert(world, place))


async def one_alert(world: World, place: Place) -> Call:
    return Call(f"/quality-alerts/{await alert(world, place)}")


async def acknowledge(world: World, place: Place) -> Call:
    found = await alert(world, place, UNIT_OF_ROLE[world.role])
    options = {"json": {"words": "Разбираемся"}, "headers": {"If-Match": '"1"'}}
    return Call(f"/quality-alerts/{found}/acknowledgement", options)


async def public_quality(world: World, place: Place) -> Call:
    await tell_of(world, place)
    return Call(f"/public/quality/{place.organization_id}")


SAMPLES: dict[str, Sample | Listing] = {
    "list_indicators": Sample(indicators, scoped=False),
    "list_indicator_periods": Sample(periods, scoped=False),
    "list_indicator_values": Listing(of_organizations, key="organization_id"),
    "list_municipality_values": Listing(of_municipalities, key="municipality"),
    "list_indicator_history": Sample(history),
    "list_indicator_parts": Sample(parts),
    "compare_indicator": Sample(comparison),
    "count_indicators": Sample(count_now, scoped=False),
    "list_alerts": Listing(alerts),
    "get_alert": Sample(one_alert),
    "acknowledge_alert": Sample(acknowledge),
    "get_public_quality": Sample(public_quality),
}
