"""What the journal hears of a school, as events."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from asu_contracts.base import Event
from asu_contracts.core import (
    BellScheduleChanged,
    BuildingChanged,
    CalendarChanged,
    CalendarDates,
    GradeCalendar,
    GroupChanged,
    GroupKind,
    GroupTeacherChanged,
    GroupTeacherRole,
    GuardianshipChanged,
    LessonTime,
    LoadChanged,
    Locality,
    MovementKind,
    MovementRecorded,
    OrganizationChanged,
    OrganizationKind,
    Placement,
    ReferenceEntryChanged,
    RoomChanged,
    SpecialStudyDay,
    StudentProfiled,
    StudyFormChanged,
    StudyFormKind,
    StudyWeek,
    SubjectChanged,
    TeachingGroupChanged,
    TeachingGroupKind,
    TeachingGroupMember,
    WorkerPost,
    WorkerProfiled,
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


def group(group_id: UUID, organization_id: UUID, name: str = "5 «А»", year: int = YEAR) -> GroupChanged:
    return GroupChanged(
        group_id=group_id,
        organization_id=organization_id,
        academic_year=year,
        kind=GroupKind.CLASS,
        name=name,
        grade=5,
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
        grade=5,
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


QUARTERS = (
    (date(2026, 9, 1), date(2026, 10, 23)),
    (date(2026, 11, 2), date(2026, 12, 25)),
    (date(2027, 1, 11), date(2027, 3, 19)),
    (date(2027, 3, 29), date(2027, 5, 26)),
)
HOLIDAYS = tuple(date(*day) for day in ((2026, 11, 4), (2027, 2, 23), (2027, 3, 8), (2027, 5, 3), (2027, 5, 10)))


def quarters(
    grade_from: int | None = 1,
    grade_to: int | None = 11,
    *,
    week: int = 5,
    rests: Sequence[date] = HOLIDAYS,
    moved: Sequence[tuple[date, int]] = (),
) -> GradeCalendar:
    """The calendar of some grades by quarters; ``moved``: days of study and the weekday whose timetable they keep."""
    return GradeCalendar(
        grade_from=grade_from,
        grade_to=grade_to,
        period_kind="quarters",
        periods=tuple(CalendarDates(first_day=first, last_day=last) for first, last in QUARTERS),
        vacations=(CalendarDates(first_day=date(2026, 10, 24), last_day=date(2026, 11, 1), title="Осенние"),),
        weeks=(StudyWeek(first_day=SEPTEMBER, days=week),),
        rests=tuple(rests),
        special_days=tuple(SpecialStudyDay(day=day, weekday=weekday) for day, weekday in moved),
    )


def calendar(organization_id: UUID, *grades: GradeCalendar, calendar_id: UUID | None = None) -> CalendarChanged:
    """A calendar of an organization, by quarters and weeks of five days unless told otherwise."""
    return CalendarChanged(
        calendar_id=calendar_id or new_id(),
        organization_id=organization_id,
        academic_year=YEAR,
        first_day=SEPTEMBER,
        last_day=date(YEAR + 1, 8, 31),
        grades=grades or (quarters(),),
    )


def bells(organization_id: UUID, *, lessons: int = 7, shift: int = 1, **more: Any) -> BellScheduleChanged:
    """Lesson times of a shift: lessons of 40 minutes with breaks of 10, from 8:30 or, in the second shift, from 14:00."""
    start = 8 * 60 + 30 if shift == 1 else 14 * 60
    times = [(start + 50 * index, start + 50 * index + 40) for index in range(lessons)]
    told: dict[str, Any] = {
        "schedule_id": new_id(),
        "title": "Звонки",
        "day_kind": "regular",
        "weekdays": (1, 2, 3, 4, 5, 6),
        "grade_from": 0,
        "grade_to": 11,
        "valid_from": SEPTEMBER,
        "active": True,
        "lessons": tuple(
            LessonTime(
                number=number,
                starts_at=f"{starts // 60:02}:{starts % 60:02}",
                ends_at=f"{ends // 60:02}:{ends % 60:02}",
            )
            for number, (starts, ends) in enumerate(times, 1)
        ),
    }
    return BellScheduleChanged(organization_id=organization_id, shift=shift, **(told | more))


def subject(title: str, *, subject_id: UUID | None = None, **more: Any) -> SubjectChanged:
    """A subject of the region's list."""
    told: dict[str, Any] = {
        "code": "subject",
        "short_title": title,
        "area": "sciences",
        "grade_from": 1,
        "grade_to": 11,
        "valid_from": date(2020, 9, 1),
    }
    return SubjectChanged(subject_id=subject_id or new_id(), title=title, **(told | more))


def building(
    organization_id: UUID, name: str = "Главный корпус", *, building_id: UUID | None = None
) -> BuildingChanged:
    return BuildingChanged(
        building_id=building_id or new_id(),
        organization_id=organization_id,
        name=name,
        purpose="academic",
        address="350000, г. Краснодар, ул. Образцовая, д. 1",
        lessons=True,
        used_from=date(2020, 9, 1),
    )


def room(
    organization_id: UUID, number: str = "21", *, room_id: UUID | None = None, kind: str = "classroom", **more: Any
) -> RoomChanged:
    told: Mapping[str, Any] = {"active": True} | more
    return RoomChanged(room_id=room_id or new_id(), organization_id=organization_id, number=number, kind=kind, **told)


def entry(
    code: str, title: str, *, book: str = "work_kinds", organization_id: UUID | None = None, **more: Any
) -> ReferenceEntryChanged:
    """An entry of a reference book, the region's unless an organization is named."""
    told: dict[str, Any] = {"entry_id": new_id(), "position": 1, "active": True}
    return ReferenceEntryChanged(book=book, code=code, title=title, organization_id=organization_id, **(told | more))


def worker(
    worker_id: UUID, last: str, *organization_ids: UUID, first: str = "Мария", teaching: bool = True
) -> WorkerProfiled:
    """A worker with a post in each of the organizations."""
    posts = tuple(WorkerPost(organization_id=one, code="teacher", teaching=teaching) for one in organization_ids)
    return WorkerProfiled(worker_id=worker_id, last_name=last, first_name=first, posts=posts, active=bool(posts))


def load(
    organization_id: UUID,
    learners_id: UUID,
    subject_id: UUID,
    worker_id: UUID,
    *,
    of_teaching_group: bool = False,
    since: date = SEPTEMBER,
    until: date = date(YEAR + 1, 6, 1),
    load_id: UUID | None = None,
    year: int = YEAR,
) -> LoadChanged:
    """A worker teaches a subject to a class, or to a teaching group."""
    return LoadChanged(
        load_id=load_id or new_id(),
        organization_id=organization_id,
        academic_year=year,
        group_id=None if of_teaching_group else learners_id,
        teaching_group_id=learners_id if of_teaching_group else None,
        subject_id=subject_id,
        worker_id=worker_id,
        hours_week=2,
        valid_from=since,
        valid_to=until,
    )


def group_teacher(
    group_id: UUID,
    worker_id: UUID,
    organization_id: UUID,
    *,
    since: date = SEPTEMBER,
    until: date | None = None,
    appointment_id: UUID | None = None,
) -> GroupTeacherChanged:
    return GroupTeacherChanged(
        appointment_id=appointment_id or new_id(),
        organization_id=organization_id,
        group_id=group_id,
        worker_id=worker_id,
        role=GroupTeacherRole.CLASS_TEACHER,
        valid_from=since,
        valid_to=until,
    )


def member(student_id: UUID, since: date = SEPTEMBER, until: date | None = None) -> TeachingGroupMember:
    return TeachingGroupMember(student_id=student_id, valid_from=since, valid_to=until)


def teaching_group(
    organization_id: UUID,
    *members: TeachingGroupMember,
    teaching_group_id: UUID | None = None,
    kind: TeachingGroupKind = TeachingGroupKind.ELECTIVE,
    name: str = "Астрономия",
    **more: Any,
) -> TeachingGroupChanged:
    """A group across classes; of a subgroup name the ``division_id`` and the class, ``group_id``."""
    told: dict[str, Any] = {
        "academic_year": YEAR,
        "subject_ids": (),
        "starts_on": SEPTEMBER,
        "ends_on": date(YEAR + 1, 9, 1),
        "active": True,
    }
    return TeachingGroupChanged(
        teaching_group_id=teaching_group_id or new_id(),
        organization_id=organization_id,
        kind=kind,
        name=name,
        members=members,
        **(told | more),
    )


def study_form(
    student_id: UUID,
    organization_id: UUID,
    *,
    kind: StudyFormKind = StudyFormKind.AT_HOME,
    since: date = SEPTEMBER,
    until: date | None = None,
    study_form_id: UUID | None = None,
) -> StudyFormChanged:
    return StudyFormChanged(
        study_form_id=study_form_id or new_id(),
        student_id=student_id,
        statistical_id=new_id(),
        organization_id=organization_id,
        kind=kind,
        valid_from=since,
        valid_to=until,
    )
