"""Every route in every position, compared with its policy."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from asu_contracts.core import GroupChanged, GroupKind
from asu_contracts.enrollment import ApplicationStatus, ApplicationStatusChanged
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World, check_matrix

from .additional_forms.samples import SAMPLES as ADDITIONAL_FORMS
from .blanks.samples import SAMPLES as BLANKS
from .bundles.samples import SAMPLES as BUNDLES
from .catalogue.samples import SAMPLES as CATALOGUE
from .constructor.samples import SAMPLES as CONSTRUCTOR
from .counted.samples import SAMPLES as COUNTED
from .exams.samples import SAMPLES as EXAMS
from .factories import Region, Reporting
from .monitoring.samples import SAMPLES as MONITORING
from .outward.samples import SAMPLES as OUTWARD
from .signatures.samples import SAMPLES as SIGNATURES
from .submissions.samples import SAMPLES as SUBMISSIONS
from .telling import DAY, OWN_LEVEL, level_unit, tell_of


async def contingent(world: World, place: Place) -> Listed:
    await tell_of(world, place)
    return Listed(Call("/contingent", {"params": {"date": DAY}}), place.organization_id)


async def forms(_world: World, _place: Place) -> Call:
    return Call("/forms")


async def applications(world: World, place: Place) -> Call:
    campaign = new_id()
    event = ApplicationStatusChanged(
        application_id=new_id(), campaign_id=campaign, municipality=place.municipality,
        status=ApplicationStatus.QUEUED, changed_at=datetime(2026, 4, 1, tzinfo=UTC),
    )  # fmt: skip
    await Reporting(world.service).tell(event)
    return Call("/applications/summary", {"params": {"campaign_id": str(campaign)}})


async def lessons(world: World, place: Place) -> Call:
    await tell_of(world, place)
    period = {"organization_id": str(place.organization_id), "from": "2026-09-01", "to": "2026-09-07"}
    return Call("/lessons/summary", {"params": period})


def order(place: Place) -> dict[str, Any]:
    return {"form": "85-k", "organization_id": str(place.organization_id), "as_of": DAY}


async def order_report(world: World, place: Place) -> Call:
    await tell_of(world, place)
    return Call("/reports", {"json": order(place)})


async def built(world: World, place: Place) -> UUID:
    await tell_of(world, place)
    return UUID(await Reporting(world.service).build(**order(place)))


async def report(world: World, place: Place) -> Call:
    return Call(f"/reports/{await built(world, place)}")


async def xlsx(world: World, place: Place) -> Call:
    return Call(f"/reports/{await built(world, place)}/xlsx")


async def difference(world: World, place: Place) -> Call:
    old, new = await built(world, place), await built(world, place)
    return Call(f"/reports/{new}/difference", {"params": {"with": str(old)}})


async def members(world: World, place: Place) -> Call:
    cell = {"section": "7", "row": "701", "column": "3"}
    return Call(f"/reports/{await built(world, place)}/members", {"params": cell})


async def member_events(world: World, place: Place) -> Call:
    await tell_of(world, place)
    region, child = Region(place.organization_id.int), new_id()
    group = GroupChanged(
        group_id=new_id(), organization_id=place.organization_id, academic_year=2026, kind=GroupKind.PRESCHOOL_GROUP,
        name="Б", capacity=25, occupied=0, starts_on=date(2026, 9, 1), ends_on=date(2027, 9, 1), active=True,
    )  # fmt: skip
    stay = region.stay(group)
    await Reporting(world.service).tell(
        group, region.statistics(date(2022, 5, 5), of=child), region.movement(child, date(2026, 9, 1), opened=stay)
    )
    report_id = await Reporting(world.service).build(**order(place))
    return Call(f"/reports/{report_id}/members/{stay.placement_id}/events")


async def correction(world: World, place: Place) -> Call:
    cells = [{"section": "7", "row": "703", "column": "3", "value": 1}]
    await tell_of(world, place)
    own = await Reporting(world.service).build(form="85-k", as_of=DAY, **level_unit(world, place))
    return Call(f"/reports/{own}/corrections", {"json": {"cells": cells}})


async def pdf(world: World, place: Place) -> Call:
    return Call(f"/reports/{await built(world, place)}/pdf")


async def csv(world: World, place: Place) -> Call:
    return Call(f"/reports/{await built(world, place)}/csv")


async def xml(world: World, place: Place) -> Call:
    return Call(f"/reports/{await built(world, place)}/xml")


async def ingest(_world: World, _place: Place) -> Call:
    return Call("/ingest/state")


SAMPLES: dict[str, Sample | Listing] = {
    **SUBMISSIONS,
    **CONSTRUCTOR,
    **OUTWARD,
    **BLANKS,
    **BUNDLES,
    **SIGNATURES,
    **MONITORING,
    **EXAMS,
    **COUNTED,
    **CATALOGUE,
    **ADDITIONAL_FORMS,
    "get_contingent": Listing(contingent, key="organization_id"),
    "get_ingest_state": Sample(ingest, scoped=False),
    "list_forms": Sample(forms, scoped=False),
    "get_applications_summary": Sample(applications),
    "get_lessons_summary": Sample(lessons),
    "order_report": Sample(order_report),
    "get_report": Sample(report),
    "export_report": Sample(xlsx),
    "correct_report": Sample(correction, visible=OWN_LEVEL),
    "compare_reports": Sample(difference),
    "list_members": Sample(members),
    "list_member_events": Sample(member_events),
    "export_report_pdf": Sample(pdf),
    "export_report_csv": Sample(csv),
    "export_report_xml": Sample(xml),
}


async def test_every_route_in_every_position(service: ServiceUnderTest) -> None:
    (unsampled,) = await check_matrix(service, SAMPLES)
    assert unsampled.startswith("get_run: no sample")


async def test_a_run_is_seen_by_the_account_that_started_it(service: ServiceUnderTest) -> None:
    world = World(service)
    place = next(iter(world.places.values()))
    await tell_of(world, place)
    mine = service.tokens.headers(Role.REGION_ADMIN)
    run = (await service.client.post("/reports", json=order(place), headers=mine)).json()
    assert (await service.client.get(f"/runs/{run['id']}", headers=mine)).status_code == 200
    other = service.tokens.headers(Role.REGION_ADMIN)
    assert (await service.client.get(f"/runs/{run['id']}", headers=other)).status_code == 404
