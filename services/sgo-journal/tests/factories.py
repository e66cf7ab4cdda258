"""A school as the journal hears of it, and its people as callers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import httpx

from asu_contracts.access import Role
from asu_contracts.base import Event
from asu_contracts.core import (
    GroupChanged,
    GroupKind,
    GuardianshipChanged,
    Locality,
    MovementKind,
    MovementRecorded,
    OrganizationChanged,
    OrganizationKind,
    Placement,
    StudentProfiled,
)
from servicekit.ids import new_id
from servicekit.messaging import Received
from servicekit.testing import ServiceUnderTest, deliver, received

KRASNODAR, SOCHI = "03701000", "03726000"
SEPTEMBER = date(2026, 9, 1)
MONDAY = date(2026, 9, 7)
YEAR = 2026


async def hear(service: ServiceUnderTest, *heard: Event | Received[Any]) -> None:
    """Deliver events to the journal's handlers, each queue in one batch."""
    messages = [item if isinstance(item, Received) else received(item) for item in heard]
    for concern, handlers in service.definition.handlers.items():
        mine = [message for message in messages if type(message.event) in handlers.events]
        if mine:
            await deliver(service.runtime, handlers, mine, f"journal.{concern}")


def organization(
    organization_id: UUID, municipality: str = KRASNODAR, founder_id: UUID | None = None
) -> OrganizationChanged:
    return OrganizationChanged(
        organization_id=organization_id,
        kind=OrganizationKind.SCHOOL,
        short_name="МБОУ СОШ № 1",
        full_name="Средняя школа № 1",
        municipality=municipality,
        locality=Locality.URBAN,
        founder_id=founder_id,
        active=True,
    )


def group(group_id: UUID, organization_id: UUID, name: str = "1 «А»", year: int = YEAR) -> GroupChanged:
    return GroupChanged(
        group_id=group_id,
        organization_id=organization_id,
        academic_year=year,
        kind=GroupKind.CLASS,
        name=name,
        grade=1,
        capacity=25,
        occupied=0,
        starts_on=date(year, 9, 1),
        ends_on=date(year + 1, 9, 1),
        active=True,
    )


def placement(organization_id: UUID, group_id: UUID, *, main: bool = True, year: int = YEAR) -> Placement:
    return Placement(
        placement_id=new_id(),
        organization_id=organization_id,
        group_id=group_id,
        academic_year=year,
        grade=1,
        main=main,
    )


def movement(
    student_id: UUID,
    on: date,
    *,
    opened: Placement | None = None,
    closed: Placement | None = None,
    kind: MovementKind | None = None,
) -> MovementRecorded:
    kinds = {
        (True, False): MovementKind.ENROLLED,
        (True, True): MovementKind.TRANSFERRED_BETWEEN_GROUPS,
        (False, True): MovementKind.DEPARTED,
    }
    return MovementRecorded(
        movement_id=new_id(),
        student_id=student_id,
        statistical_id=new_id(),
        kind=kind or kinds[opened is not None, closed is not None],
        effective_date=on,
        recorded_at=datetime(2026, 8, 20, tzinfo=UTC),
        opened=opened,
        closed=closed,
    )


def profile(student_id: UUID, last: str, first: str = "Алиса", middle: str | None = None) -> StudentProfiled:
    return StudentProfiled(student_id=student_id, last_name=last, first_name=first, middle_name=middle)


def guardianship(
    guardian_id: UUID,
    student_id: UUID,
    *,
    since: date = SEPTEMBER,
    until: date | None = None,
    may_see: bool = True,
    guardianship_id: UUID | None = None,
) -> GuardianshipChanged:
    return GuardianshipChanged(
        guardianship_id=guardianship_id or new_id(),
        guardian_id=guardian_id,
        student_id=student_id,
        may_see=may_see,
        valid_from=since,
        valid_to=until,
    )


@dataclass(eq=False)
class School:
    """One school with one class, its administrator and a teacher."""

    service: ServiceUnderTest
    organization_id: UUID = field(default_factory=new_id)
    group_id: UUID = field(default_factory=new_id)
    teacher_id: UUID = field(default_factory=new_id)
    municipality: str = KRASNODAR
    founder_id: UUID | None = None
    placements: dict[UUID, Placement] = field(default_factory=dict)

    async def open(self) -> "School":
        """Let the journal hear of the school and its class."""
        await hear(
            self.service,
            organization(self.organization_id, self.municipality, self.founder_id),
            group(self.group_id, self.organization_id),
        )
        return self

    async def enrol(self, *last_names: str, on: date = SEPTEMBER) -> list[UUID]:
        """Enrol students into the class; their ids in the given order."""
        students = [new_id() for _ in last_names]
        events: list[Event] = []
        for student_id, last_name in zip(students, last_names, strict=True):
            self.placements[student_id] = placement(self.organization_id, self.group_id)
            events += [
                profile(student_id, last_name),
                movement(student_id, on, opened=self.placements[student_id]),
            ]
        await hear(self.service, *events)
        return students

    async def depart(self, student_id: UUID, on: date) -> None:
        """Let a student leave the class."""
        await hear(self.service, movement(student_id, on, closed=self.placements[student_id]))

    def headers(self, role: Role, person_id: UUID | None = None) -> dict[str, str]:
        """Token of a position in the school, or of a guardian."""
        if role is Role.GUARDIAN:
            return self.service.tokens.headers(role, person_id=person_id)
        unit = {"municipality": self.municipality, "organization_id": self.organization_id}
        return self.service.tokens.headers(role, **unit, account_id=person_id, person_id=person_id)

    @property
    def admin(self) -> dict[str, str]:
        return self.headers(Role.ORGANIZATION_ADMIN)

    @property
    def teacher(self) -> dict[str, str]:
        return self.headers(Role.TEACHER, self.teacher_id)

    def planned(self, on: date = MONDAY, number: int = 1, **more: Any) -> dict[str, Any]:
        """A lesson to be set."""
        return {
            "group_id": str(self.group_id),
            "date": on.isoformat(),
            "number": number,
            "subject": "Окружающий мир",
            "teacher_id": str(self.teacher_id),
            **more,
        }

    async def set_lessons(self, *planned: dict[str, Any]) -> list[dict[str, Any]]:
        """Set lessons as the administrator."""
        answer = await self.service.client.post(
            f"/organizations/{self.organization_id}/lessons", json={"lessons": planned}, headers=self.admin
        )
        assert answer.status_code == 201, answer.text
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    async def lesson(self, on: date = MONDAY, number: int = 1, **more: Any) -> str:
        """Id of a lesson set for the teacher."""
        [lesson] = await self.set_lessons(self.planned(on, number, **more))
        return str(lesson["id"])

    async def record(
        self,
        lesson_id: str,
        version: int = 1,
        *,
        marks: Sequence[dict[str, Any]] = (),
        attendance: Sequence[dict[str, Any]] = (),
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> httpx.Response:
        """Save a lesson's record, as its teacher unless told otherwise."""
        return await self.service.client.put(
            f"/lessons/{lesson_id}/record",
            json={"marks": list(marks), "attendance": list(attendance), **more},
            headers={**(headers or self.teacher), "If-Match": f'"{version}"'},
        )

    async def roster(self, on: date) -> list[dict[str, Any]]:
        """The class on a date, as its administrator sees it."""
        answer = await self.service.client.get(
            f"/groups/{self.group_id}/roster", params={"date": on.isoformat()}, headers=self.admin
        )
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["students"]
        return found


def mark(student_id: UUID, value: str, comment: str | None = None) -> dict[str, Any]:
    return {"student_id": str(student_id), "value": value} | ({"comment": comment} if comment else {})


def noted(student_id: UUID, code: str) -> dict[str, Any]:
    return {"student_id": str(student_id), "code": code}


async def audited(school: School) -> list[tuple[str, str, list[UUID]]]:
    connection = await school.service.database.connect()
    rows = await connection.fetch("SELECT role, action, subjects FROM audit ORDER BY id")
    await connection.close()
    return [(row["role"], row["action"], row["subjects"]) for row in rows]
