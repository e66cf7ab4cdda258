"""A small region with something of everything that reports count."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from asu_contracts.core import (
    EducationLevel,
    MovementKind,
    OrganizationKind,
    QualificationCategory,
    SpecialNeeds,
    StaffCategory,
    StudyFormChanged,
    StudyFormKind,
    WorkerEducation,
)
from asu_contracts.enrollment import ApplicationStatus, ApplicationStatusChanged
from asu_contracts.people import Sex
from servicekit.testing import received

from ..factories import KRASNODAR, SOCHI, Region, Reporting

START, DAY = date(2026, 9, 1), date(2026, 10, 1)
PERIOD = {"from": "2026-09-02", "to": "2026-10-31"}
UTC_NOON = datetime(2026, 9, 7, 9, tzinfo=UTC)


class Told:
    """A school of two classes and a kindergarten in Krasnodar, a school in Sochi."""

    def __init__(self, reporting: Reporting, region: Region) -> None:
        self.reporting = reporting
        self.region = region
        self.school = region.organization(OrganizationKind.SCHOOL, name="Школа 1")
        self.garden = region.organization(OrganizationKind.PRESCHOOL, name="Сад 1")
        self.far = region.organization(OrganizationKind.SCHOOL, SOCHI, name="Школа Сочи")
        self.third = region.group(self.school, 3).model_copy(update={"shift": 1, "capacity": 4})
        self.tenth = region.group(self.school, 10).model_copy(update={"shift": 2, "name": "Б"})
        self.kids = region.group(self.garden).model_copy(update={"age_from": 5, "age_to": 6})
        self.distant = region.group(self.far, 3)
        self.closing, self.month = region.period(self.third, with_gaps=True), region.month(self.kids)

    async def everything(self) -> None:
        await self.reporting.tell(
            self.school, self.garden, self.far, self.third, self.tenth, self.kids, self.distant
        )  # fmt: skip
        await self.learners()
        await self.staff()
        await self.applications()
        await self.journal()

    async def learners(self) -> None:
        region, born = self.region, date(2017, 5, 5)
        told: list[Any] = []
        for group, number in ((self.third, 4), (self.tenth, 2), (self.kids, 3), (self.distant, 5)):
            for _ in range(number):
                child = region.id()
                told += [region.statistics(born, of=child), region.movement(child, START, opened=region.stay(group))]
        limited, gone, moved = region.id(), region.id(), region.id()
        stay, first, second = region.stay(self.third), region.stay(self.third), region.stay(self.tenth)
        told += [
            region.statistics(
                born, Sex.FEMALE, "112", of=limited, special_needs=SpecialNeeds.SPEECH, disability=True, boarding=True,
                instruction_language="Адыгейский",
            ),
            region.movement(limited, date(2026, 9, 10), opened=region.stay(self.third)),
            StudyFormChanged(
                study_form_id=region.id(), student_id=region.id(), statistical_id=limited,
                organization_id=self.school.organization_id, kind=StudyFormKind.AT_HOME, valid_from=START,
            ),
            region.movement(gone, START, opened=stay), region.movement(gone, date(2026, 9, 20), closed=stay),
            region.movement(moved, START, opened=first),
            region.movement(
                moved, date(2026, 9, 15), opened=second, closed=first, kind=MovementKind.TRANSFERRED_BETWEEN_GROUPS
            ),
        ]  # fmt: skip
        await self.reporting.tell(*told)

    async def staff(self) -> None:
        region = self.region
        higher = (WorkerEducation(level=EducationLevel.HIGHER, pedagogical=True),)
        head = region.post(self.school, START, code="director", category=StaffCategory.HEAD)
        full, elsewhere = region.post(self.school, START), region.post(self.far, START)
        lesson = region.post(self.school, START, main=False, rate=Decimal("0.5"))
        await self.reporting.tell(
            region.worker(
                full, sex=Sex.FEMALE, birth_date=date(1990, 1, 1), education=higher,
                qualification=QualificationCategory.FIRST, teaching_since=date(2024, 9, 1), service_since=date(2010, 1, 1),
            ),
            region.worker(head, lesson, sex=Sex.MALE, birth_date=date(1960, 1, 1), education=higher),
            region.load(full, 17.5), region.load(full, 3, subject_title="Алгебра", grade=10),
            region.load(full, 4, valid_to=DAY), region.load(lesson, 18, grade=3),
            region.load(head, 2, subject_title="Алгебра", grade=None), region.load(elsewhere, 40), region.worker(elsewhere),
        )  # fmt: skip

    async def applications(self) -> None:
        given = {"campaign_id": self.region.id(), "municipality": KRASNODAR, "changed_at": UTC_NOON}
        waiting = {"status": ApplicationStatus.QUEUED, "line": "preschool", "age": 5, **given}
        placed = {
            "status": ApplicationStatus.REFERRED, "line": "school", "grade": 1, "age": 7,
            "organization_id": self.school.organization_id, **given,
        }  # fmt: skip
        await self.reporting.deliver(
            [
                received(ApplicationStatusChanged(application_id=self.region.id(), **one), at=UTC_NOON)
                for one in (waiting, waiting, placed, {**placed, "status": ApplicationStatus.ENROLLED})
            ]
        )

    async def journal(self) -> None:
        region, day = self.region, date(2026, 9, 7)
        late = datetime(2026, 9, 7, 21, 30, tzinfo=UTC)  # half past midnight of the next day
        await self.reporting.deliver(
            [
                received(region.lesson(self.third, day, attendance_checked=True), at=UTC_NOON),
                received(region.lesson(self.third, day, marks=0), at=late),
                received(region.lesson(self.tenth, day), at=datetime(2026, 9, 20, tzinfo=UTC)),
                received(self.closing, at=datetime(2026, 11, 3, tzinfo=UTC)),
                received(region.period(self.tenth, learners=10, standings={"good": 5, "unmarked": 5})),
                received(self.month),
                received(region.quality(self.school, date(2026, 9, 1), missing=100), version=1),
                received(region.quality(self.school, date(2026, 9, 20)), version=2),
                received(region.quality(self.school, date(2026, 11, 20), missing=0), version=3),
                received(region.visits(self.school, date(2026, 9, 7))),
                received(region.visits(self.school, date(2026, 9, 8), visitors=5, sessions=6)),
            ]
        )

    async def later(self, at: datetime) -> None:
        """Something more of everything that is kept with two times."""
        region, child = self.region, self.region.id()
        enrolled = region.movement(child, date(2026, 9, 12), opened=region.stay(self.third), recorded_at=at)
        application = ApplicationStatusChanged(
            application_id=region.id(), campaign_id=region.id(), municipality=KRASNODAR, changed_at=UTC_NOON,
            status=ApplicationStatus.REFERRED, line="school", grade=1, age=7,
            organization_id=self.school.organization_id,
        )  # fmt: skip
        await self.reporting.deliver(
            [
                received(self.third.model_copy(update={"capacity": 20}), version=2, at=at),
                received(region.statistics(date(2017, 5, 5), of=child), at=at),
                received(enrolled, at=at),
                received(application, at=at),
                received(region.worker(region.post(self.school, START)), at=at),
                received(region.lesson(self.third, date(2026, 9, 7)), at=at),
                received(self.closing.model_copy(update={"learners": 19, "closed": False}), version=2, at=at),
                received(self.month.model_copy(update={"attended": 390}), version=2, at=at),
            ]
        )

    async def report(self, code: str, headers: dict[str, str] | None = None, /, **params: Any) -> dict[str, Any]:
        found = await self.reporting.get(f"/counted-reports/{code}", headers, **params)
        assert found.status_code == 200, found.text
        answer: dict[str, Any] = found.json()
        return {"unit": answer["organization"], **{one["title"]: one["rows"] for one in answer["sections"]}}

    @property
    def of_school(self) -> dict[str, str]:
        return {"organization_id": str(self.school.organization_id)}
