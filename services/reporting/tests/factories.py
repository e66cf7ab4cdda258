"""A small region told in events, and the service spoken to in its own words."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from httpx import Response

from asu_contracts.access import Role
from asu_contracts.auth import VisitsCounted
from asu_contracts.base import Event
from asu_contracts.core import (
    CardQuality,
    EmploymentCounted,
    GroupChanged,
    GroupKind,
    LoadChanged,
    Locality,
    MovementKind,
    MovementRecorded,
    OrganizationChanged,
    OrganizationKind,
    Placement,
    QualityMeasured,
    StaffCategory,
    StudentStatisticsChanged,
    WorkerStatisticsChanged,
)
from asu_contracts.journal import DaycareMonthCounted, LessonRecorded, PeriodResultsCounted, SubjectResults
from asu_contracts.people import Sex
from reporting.bootstrap import SERVICE
from servicekit.messaging import Handlers, Received
from servicekit.runs import RunContext
from servicekit.testing import ServiceUnderTest, deliver, received

KRASNODAR, SOCHI = "03701000", "03726000"
NOON = datetime(2026, 9, 1, 9, tzinfo=UTC)


class Region:
    """Events of a small region, made with a fixed seed."""

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)

    def id(self) -> UUID:
        return UUID(int=self._random.getrandbits(128), version=4)

    def organization(
        self, kind: OrganizationKind, municipality: str = KRASNODAR, name: str = "Организация"
    ) -> OrganizationChanged:
        return OrganizationChanged(
            organization_id=self.id(), kind=kind, short_name=name, full_name=name, municipality=municipality,
            locality=Locality.URBAN, active=True,
        )  # fmt: skip

    def group(self, organization: OrganizationChanged, grade: int | None = None) -> GroupChanged:
        return GroupChanged(
            group_id=self.id(), organization_id=organization.organization_id, academic_year=2026,
            kind=GroupKind.PRESCHOOL_GROUP if grade is None else GroupKind.CLASS, name="А", grade=grade,
            capacity=25, occupied=0, starts_on=date(2026, 9, 1), ends_on=date(2027, 9, 1), active=True,
        )  # fmt: skip

    def statistics(
        self, born: date, sex: Sex = Sex.MALE, citizenship: str = "643", of: UUID | None = None, **more: Any
    ) -> StudentStatisticsChanged:
        return StudentStatisticsChanged(
            statistical_id=of or self.id(), birth_date=born, sex=sex, citizenship=citizenship, **more
        )

    def post(
        self, organization: OrganizationChanged, since: date, until: date | None = None, **more: Any
    ) -> EmploymentCounted:
        given = {"code": "teacher", "category": StaffCategory.TEACHING, "main": True, "rate": Decimal(1), **more}
        return EmploymentCounted(
            employment_id=self.id(), organization_id=organization.organization_id, valid_from=since, valid_to=until,
            **given,
        )  # fmt: skip

    def worker(self, *posts: EmploymentCounted, of: UUID | None = None, **more: Any) -> WorkerStatisticsChanged:
        given = {"birth_date": date(1985, 4, 12), "sex": Sex.FEMALE, "posts": posts, **more}
        return WorkerStatisticsChanged(statistical_id=of or self.id(), **given)

    def load(self, post: EmploymentCounted, hours: float, of: UUID | None = None, **more: Any) -> LoadChanged:
        """Hours that are taught in a post from its first day to the end of the academic year."""
        given = {
            "subject_title": "Математика", "grade": 5, "valid_from": post.valid_from, "valid_to": date(2027, 9, 1), **more
        }  # fmt: skip
        return LoadChanged(
            load_id=of or self.id(), organization_id=post.organization_id, academic_year=2026, group_id=self.id(),
            subject_id=self.id(), worker_id=self.id(), employment_id=post.employment_id, hours_week=hours, **given,
        )  # fmt: skip

    def lesson(self, group: GroupChanged, day: date, **more: Any) -> LessonRecorded:
        given = {"subject_name": "Чтение", "learners": 20, "absent": 1, "marks": 5, **more}
        return LessonRecorded(
            lesson_id=self.id(), organization_id=group.organization_id, group_id=group.group_id,
            academic_year=group.academic_year, date=day, **given,
        )  # fmt: skip

    def period(self, group: GroupChanged, **more: Any) -> PeriodResultsCounted:
        """A first quarter that was closed."""
        subject = SubjectResults(
            subject_title="Математика", students=20, marks={"5": 6, "4": 8, "3": 5, "2": 1}, mean=3.95, success=95.0,
            quality=70.0, learning=66.4,
        )  # fmt: skip
        given = {
            "period": 1, "title": "1 четверть", "first_day": date(2026, 9, 1), "last_day": date(2026, 10, 31),
            "closed": True, "with_gaps": False, "learners": 20, "success": 95.0, "quality": 70.0, "subjects": (subject,),
            "standings": {"excellent": 4, "good": 10, "satisfactory": 5, "failing": 1}, "lessons": 200,
            "student_lessons": 4000, "absences": {"sick": 120, "unexcused": 10}, "absent_days": 26, **more,
        }  # fmt: skip
        return PeriodResultsCounted(
            closing_id=self.id(), organization_id=group.organization_id, group_id=group.group_id,
            academic_year=group.academic_year, **given,
        )  # fmt: skip

    def month(self, group: GroupChanged, month: date = date(2026, 9, 1), **more: Any) -> DaycareMonthCounted:
        """A month of a preschool group that was closed."""
        given = {
            "working_days": 22, "planned": 440, "attended": 400, "missed_illness": 30, "missed_other": 10,
            "by_code": {"present": 400, "sick": 30, "vacation": 10}, **more,
        }  # fmt: skip
        return DaycareMonthCounted(
            daycare_month_id=self.id(), organization_id=group.organization_id, group_id=group.group_id,
            academic_year=group.academic_year, month=month, **given,
        )  # fmt: skip

    def quality(self, organization: OrganizationChanged, day: date, **more: Any) -> QualityMeasured:
        """Cards of students, measured on a day."""
        given = {
            "kind": "student", "cards": 20, "mandatory": 400, "missing": 40, "without_ground": 5, "overdue": 10,
            "contradictions": 2, "suspicious": 1, "stale": 3, "duplicates": 0, **more,
        }  # fmt: skip
        return QualityMeasured(
            organization_id=organization.organization_id, measured_on=day, confirmed_on=None,
            cards=(CardQuality(**given),),
        )  # fmt: skip

    def visits(self, organization: OrganizationChanged, day: date, **more: Any) -> VisitsCounted:
        """Teachers of an organization on a day."""
        given = {"role": "teacher", "holders": 20, "visitors": 15, "sessions": 18, **more}
        return VisitsCounted(
            visits_id=self.id(), day=day, municipality=organization.municipality,
            organization_id=organization.organization_id, **given,
        )  # fmt: skip

    def stay(self, group: GroupChanged, *, main: bool = True) -> Placement:
        return Placement(
            placement_id=self.id(), organization_id=group.organization_id, group_id=group.group_id,
            academic_year=group.academic_year, grade=group.grade, main=main,
        )  # fmt: skip

    def movement(
        self,
        statistical_id: UUID,
        day: date,
        *,
        opened: Placement | None = None,
        closed: Placement | None = None,
        recorded_at: datetime | None = None,
        kind: MovementKind | None = None,
    ) -> MovementRecorded:
        kinds = {(True, False): MovementKind.ENROLLED, (False, True): MovementKind.DEPARTED}
        kind = kind or kinds.get((opened is not None, closed is not None), MovementKind.TRANSFERRED_BETWEEN_GROUPS)
        return MovementRecorded(
            movement_id=self.id(), student_id=self.id(), statistical_id=statistical_id, kind=kind, effective_date=day,
            recorded_at=recorded_at or NOON + timedelta(days=(day - date(2026, 9, 1)).days), opened=opened, closed=closed,
        )  # fmt: skip


def all_handlers() -> Handlers:
    """Handlers of every queue together."""
    merged = Handlers()
    for handlers in SERVICE.handlers.values():
        for event, handler in handlers._handlers.items():
            merged.on(event, handler)
    return merged


class Reporting:
    """The service under test, spoken to in its own words."""

    def __init__(self, service: ServiceUnderTest) -> None:
        self.service = service
        self.handlers = all_handlers()

    async def tell(self, *events: Event, consumer: str = "test") -> None:
        await self.deliver([received(event) for event in events], consumer)

    async def deliver(self, messages: Sequence[Received[Event]], consumer: str = "test") -> int:
        return await deliver(self.service.runtime, self.handlers, messages, consumer)

    def headers(self, role: Role = Role.REGION_ADMIN, **unit: object) -> dict[str, str]:
        return self.service.tokens.headers(role, **unit)

    async def get(self, path: str, headers: dict[str, str] | None = None, /, **params: object) -> Response:
        return await self.service.client.get(path, headers=headers or self.headers(), params=params)  # type: ignore[arg-type]  # anything that prints

    async def order(self, headers: dict[str, str] | None = None, /, **body: object) -> Response:
        return await self.service.client.post("/reports", headers=headers or self.headers(), json=body)

    def head_of(self, organization_id: object) -> dict[str, str]:
        """The head of an organization; without one, the region's administrator."""
        if organization_id is None:
            return self.headers()
        return self.headers(Role.HEAD, municipality=KRASNODAR, organization_id=organization_id)

    async def build(self, headers: dict[str, str] | None = None, /, **body: object) -> str:
        """Order a report, do the run, give the report's id. An organization's is ordered by its head, if nobody else is named."""
        headers = headers or self.head_of(body.get("organization_id"))
        ordered = await self.order(headers, **body)
        assert ordered.status_code == 202, ordered.text
        run = ordered.json()
        async with self.service.runtime.engine.connect() as connection:
            params = (
                await connection.exec_driver_sql("SELECT params FROM run WHERE id = $1", (UUID(run["id"]),))
            ).scalar_one()
        await SERVICE.runs[run["kind"]](RunContext(self.service.runtime, UUID(run["id"]), params))
        done = await self.get(f"/runs/{run['id']}", headers)
        assert done.json()["status"] == "succeeded", done.text
        return str(done.json()["result"]["report_id"])

    async def report(
        self, headers: dict[str, str] | None = None, /, **body: object
    ) -> dict[str, dict[str, dict[str, int | None]]]:
        """Cells of a report just built, by section and row."""
        headers = headers or self.head_of(body.get("organization_id"))
        report_id = await self.build(headers, **body)
        answer = (await self.get(f"/reports/{report_id}", headers)).json()
        return {one["code"]: {row["code"]: row["cells"] for row in one["rows"]} for one in answer["sections"]}

    async def section(
        self, report_id: str, code: str, headers: dict[str, str] | None = None, /
    ) -> dict[str, dict[str, Any]]:
        """Cells of a section of a built report, by row."""
        answer = (await self.get(f"/reports/{report_id}", headers)).json()
        (found,) = (one for one in answer["sections"] if one["code"] == code)
        return {row["code"]: row["cells"] for row in found["rows"]}

    async def contingent(self, day: date, headers: dict[str, str] | None = None) -> dict[str, int]:
        answer = await self.get("/contingent", headers, date=day.isoformat(), limit=500)
        assert answer.status_code == 200, answer.text
        return {item["organization_id"]: item["total"] for item in answer.json()["items"]}
