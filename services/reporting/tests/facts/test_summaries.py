from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from asu_contracts.core import OrganizationKind
from asu_contracts.enrollment import ApplicationStatus, ApplicationStatusChanged
from asu_contracts.journal import LessonRecorded
from servicekit.testing import received

from ..factories import KRASNODAR, SOCHI, Region, Reporting


def status(application: UUID, campaign: UUID, status: ApplicationStatus, municipality: str = KRASNODAR) -> Any:
    return ApplicationStatusChanged(
        application_id=application, campaign_id=campaign, municipality=municipality, status=status,
        changed_at=datetime(2026, 4, 1, tzinfo=UTC),
    )  # fmt: skip


async def test_applications_are_counted_by_their_newest_status(reporting: Reporting, region: Region) -> None:
    campaign, first, second = region.id(), region.id(), region.id()
    await reporting.deliver(
        [
            received(status(first, campaign, ApplicationStatus.QUEUED), version=2),
            received(status(first, campaign, ApplicationStatus.REGISTERED), version=1),
            received(status(second, campaign, ApplicationStatus.REGISTERED), version=1),
            received(status(region.id(), region.id(), ApplicationStatus.REGISTERED), version=1),
        ]
    )
    await reporting.deliver([received(status(second, campaign, ApplicationStatus.REGISTERED), version=1)])
    found = (await reporting.get("/applications/summary", campaign_id=str(campaign))).json()
    assert found == {"campaign_id": str(campaign), "counts": {"queued": 1, "registered": 1}, "total": 2}


async def test_a_municipality_sees_its_campaigns_alone(reporting: Reporting, region: Region) -> None:
    campaign = region.id()
    await reporting.deliver([received(status(region.id(), campaign, ApplicationStatus.QUEUED))])
    seen = {}
    for municipality in (KRASNODAR, SOCHI):
        operator = reporting.headers(Role.MUNICIPALITY_OPERATOR, municipality=municipality)
        seen[municipality] = (
            await reporting.get("/applications/summary", operator, campaign_id=str(campaign))
        ).status_code
    assert seen == {KRASNODAR: 200, SOCHI: 404}
    admin = reporting.headers(Role.ORGANIZATION_ADMIN, municipality=KRASNODAR, organization_id=region.id())
    assert (await reporting.get("/applications/summary", admin, campaign_id=str(campaign))).status_code == 403


async def test_lessons_are_summed_over_a_period(reporting: Reporting, region: Region) -> None:
    school = region.organization(OrganizationKind.SCHOOL)

    def lesson(day: int, marks: int, of: UUID | None = None) -> LessonRecorded:
        return LessonRecorded(
            lesson_id=of or region.id(), organization_id=school.organization_id, group_id=region.id(),
            academic_year=2026, date=date(2026, 9, day), subject_name="Математика", learners=25, absent=2, marks=marks,
        )  # fmt: skip

    corrected = region.id()
    await reporting.deliver(
        [
            received(school),
            received(lesson(7, 9, corrected), version=2),
            received(lesson(7, 4, corrected), version=1),
            received(lesson(8, 3)),
            received(lesson(20, 5)),
        ]
    )
    of = str(school.organization_id)
    period = {"organization_id": of, "from": "2026-09-07", "to": "2026-09-13"}
    found = (await reporting.get("/lessons/summary", **period)).json()
    assert found == {"organization_id": of, "lessons": 2, "marks": 12, "absences": 4}
    reversed_period = await reporting.get("/lessons/summary", **{**period, "to": "2026-09-01"})
    assert (reversed_period.status_code, reversed_period.json()["code"]) == (422, "period.reversed")
    foreign = reporting.headers(Role.TEACHER, municipality=KRASNODAR, organization_id=region.id())
    assert (await reporting.get("/lessons/summary", foreign, **period)).status_code == 404
