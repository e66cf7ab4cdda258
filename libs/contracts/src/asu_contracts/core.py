"""Events of sgo-core: the registry and the movement of students."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime

from asu_contracts.base import PII, Event, OpenEnum, Payload, Semantics
from asu_contracts.exchanges import Service
from asu_contracts.people import Sex


class OrganizationKind(OpenEnum):
    """What an organization is to its learners."""

    SCHOOL = "school"
    PRESCHOOL = "preschool"
    ADDITIONAL = "additional"
    UNKNOWN = "unknown"


class Locality(OpenEnum):
    """Urban or rural place: federal forms split by it."""

    URBAN = "urban"
    RURAL = "rural"
    UNKNOWN = "unknown"


class GroupKind(OpenEnum):
    """A school class, a preschool group, a group of additional education (never anybody's main place of study)."""

    CLASS = "class"
    PRESCHOOL_GROUP = "preschool_group"
    ADDITIONAL_GROUP = "additional_group"
    UNKNOWN = "unknown"


class ClassType(OpenEnum):
    """What a school class is by its programme; ``adapted``: for students with special needs."""

    ORDINARY = "ordinary"
    ADAPTED = "adapted"
    IN_DEPTH = "in_depth"
    GYMNASIUM = "gymnasium"
    LYCEUM = "lyceum"
    CADET = "cadet"
    UNKNOWN = "unknown"


class PlanType(OpenEnum):
    """Whether a class has one curriculum, or each of its students an individual one."""

    CLASSICAL = "classical"
    INDIVIDUAL = "individual"
    UNKNOWN = "unknown"


class GroupOrientation(OpenEnum):
    """Orientation of a preschool group, as 85-К counts it."""

    GENERAL = "general"
    COMPENSATING = "compensating"
    COMBINED = "combined"
    WELLNESS = "wellness"
    CARE = "care"
    EARLY = "early"
    FAMILY = "family"
    UNKNOWN = "unknown"


class StayMode(OpenEnum):
    """How long children of a preschool group stay: 12 hours, 8 to 10, 13 to 14, 3 to 5, day and night."""

    FULL_DAY = "full_day"
    SHORTENED_DAY = "shortened_day"
    EXTENDED_DAY = "extended_day"
    SHORT_STAY = "short_stay"
    ROUND_THE_CLOCK = "round_the_clock"
    UNKNOWN = "unknown"


class MovementKind(OpenEnum):
    """Why a placement opened or closed (regulation 2.2.1, movement book).

    ``promoted`` and ``repeated`` close a placement of a closed academic year and open one of the next, ``graduated`` ends the stay.
    """

    ENROLLED = "enrolled"
    TRANSFERRED_BETWEEN_GROUPS = "transferred_between_groups"
    TRANSFERRED_BETWEEN_ORGANIZATIONS = "transferred_between_organizations"
    PROMOTED = "promoted"
    REPEATED = "repeated"
    RESTORED = "restored"
    ACADEMIC_LEAVE_STARTED = "academic_leave_started"
    ACADEMIC_LEAVE_ENDED = "academic_leave_ended"
    GRADUATED = "graduated"
    DEPARTED = "departed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class YearState(OpenEnum):
    """How far an organization is with closing an academic year; ``opened``: the next one is open, the closing stands for good."""

    DRAFT = "draft"
    CLOSING = "closing"
    CLOSED = "closed"
    REVERSING = "reversing"
    OPENED = "opened"
    UNKNOWN = "unknown"


class RejectionReason(OpenEnum):
    """Why an approved admission could not become a membership."""

    GROUP_NOT_FOUND = "group_not_found"
    GROUP_FULL = "group_full"
    ALREADY_MEMBER = "already_member"
    ORGANIZATION_CLOSED = "organization_closed"
    UNREADABLE = "unreadable"
    CHILD_DIFFERS = "child_differs"
    GUARDIAN_DIFFERS = "guardian_differs"
    UNKNOWN = "unknown"


class OrganizationChanged(
    Event,
    type="core.organization.changed.v1",
    semantics=Semantics.STATE,
    subject="organization_id",
    readers={Service.AUTH, Service.JOURNAL, Service.ENROLLMENT, Service.REPORTING},
):
    """An organization was registered or its card changed.

    ``municipality`` is ОКТМО, 8 digits; ``founder_id`` the governing body that founded it, empty for a private one.
    """

    organization_id: UUID
    kind: OrganizationKind
    short_name: str
    full_name: str
    municipality: str
    locality: Locality
    founder_id: UUID | None = None
    active: bool


class OrganizationReorganized(
    Event,
    type="core.organization.reorganized.v1",
    semantics=Semantics.FACT,
    subject="reorganization_id",
    readers=frozenset(),
):
    """An act on organizations was carried out: who succeeds whom since ``effective_date``.

    ``kind`` is core's code (``merger``, ``accession``, ``division``, ``separation``, ``transformation``, ``rename``,
    ``liquidation``, ``founder_change``, ``branch_transfer``). ``successors`` of a liquidation take children in and succeed to
    nothing. What became of students, groups and cards is told by events of their own.
    """

    reorganization_id: UUID
    kind: str
    effective_date: date
    document_number: str
    document_date: date
    predecessors: tuple[UUID, ...]
    successors: tuple[UUID, ...]


class BuildingChanged(
    Event,
    type="core.building.changed.v1",
    semantics=Semantics.STATE,
    subject="building_id",
    readers=frozenset(),
):
    """A building of an organization was entered or changed, [used_from, used_to). ``purpose`` is core's code."""

    building_id: UUID
    organization_id: UUID
    name: str
    purpose: str
    address: str
    lessons: bool
    capacity: int | None = None
    used_from: date
    used_to: date | None = None


class GroupChanged(
    Event,
    type="core.group.changed.v1",
    semantics=Semantics.STATE,
    subject="group_id",
    readers={Service.JOURNAL, Service.ENROLLMENT, Service.REPORTING},
):
    """A class, a preschool group or a group of additional education was opened, or something of it changed.

    ``academic_year`` is the calendar year it begins in; ``grade`` is 1..11 for a class; ``age_from`` and ``age_to`` are
    full years on 1 September for a preschool group, both inclusive. ``ends_on`` is exclusive. ``letter`` tells a class from the
    others of its grade; classes of one ``combined_set`` are taught together; ``disorder`` is the one a compensating or
    combined preschool group is for; ``programme_id`` is the programme of a group of additional education.
    """

    group_id: UUID
    organization_id: UUID
    academic_year: int
    kind: GroupKind
    name: str
    grade: int | None = None
    age_from: int | None = None
    age_to: int | None = None
    capacity: int
    occupied: int
    starts_on: date
    ends_on: date
    active: bool
    letter: str | None = None
    class_type: ClassType | None = None
    plan_type: PlanType | None = None
    profile: str | None = None
    combined_set: str | None = None
    orientation: GroupOrientation | None = None
    disorder: str | None = None
    stay_mode: StayMode | None = None
    programme_id: UUID | None = None
    shift: int | None = None


class ProgrammeOrientation(OpenEnum):
    """Orientation of a programme of additional education, as 1-ДОП counts it."""

    TECHNICAL = "technical"
    SCIENCE = "science"
    SPORTS = "sports"
    ARTS = "arts"
    TOURISM = "tourism"
    SOCIAL = "social"
    UNKNOWN = "unknown"


class ProgrammeFunding(OpenEnum):
    """Who pays: the budget, a family's social certificate, the family."""

    BUDGET = "budget"
    CERTIFICATE = "certificate"
    PAID = "paid"
    UNKNOWN = "unknown"


class ProgrammeChanged(
    Event,
    type="core.programme.changed.v1",
    semantics=Semantics.STATE,
    subject="programme_id",
    readers=frozenset(),
):
    """A programme of additional education was started, changed or put out of use.

    Ages in full years, both inclusive; ``hours`` of the whole programme; ``adapted``: for children with special needs.
    """

    programme_id: UUID
    organization_id: UUID
    title: str
    orientation: ProgrammeOrientation
    age_from: int
    age_to: int
    hours: int
    duration_months: int
    funding: ProgrammeFunding
    adapted: bool
    active: bool


class SubjectChanged(
    Event,
    type="core.subject.changed.v1",
    semantics=Semantics.STATE,
    subject="subject_id",
    readers=frozenset(),
):
    """A subject was entered, renamed or put out of use: of the region's list, or (``organization_id``) an organization's own.

    ``area`` is the code of the subject area; ``counts_as`` the region's subject that an own one stands for; taught over
    [valid_from, valid_to).
    """

    subject_id: UUID
    organization_id: UUID | None = None
    code: str
    title: str
    short_title: str
    area: str
    grade_from: int
    grade_to: int
    counts_as: UUID | None = None
    valid_from: date
    valid_to: date | None = None


class CurriculumSubject(Payload):
    """A line of a curriculum: hours a week, and by period where they differ. ``level``: base or advanced."""

    subject_id: UUID
    component: str
    level: str
    hours_week: float
    period_hours: tuple[float, ...] | None = None
    subgroups: bool


class CurriculumForClass(Payload):
    """A class that studies by a curriculum over [valid_from, valid_to)."""

    group_id: UUID
    valid_from: date
    valid_to: date | None = None


class CurriculumChanged(
    Event,
    type="core.curriculum.changed.v1",
    semantics=Semantics.STATE,
    subject="curriculum_id",
    readers=frozenset(),
):
    """A curriculum was approved, or another took its place for a class. Its lines never change: a new edition has its own id.

    ``kind``: ``classical``, or ``individual``, of which the students choose; ``profile`` is the code of a profile.
    """

    curriculum_id: UUID
    organization_id: UUID
    academic_year: int
    grade: int
    title: str
    kind: str
    profile: str | None = None
    week_days: int
    edition: int
    replaces: UUID | None = None
    lines: tuple[CurriculumSubject, ...]
    classes: tuple[CurriculumForClass, ...]


class LoadChanged(
    Event,
    type="core.load.changed.v1",
    semantics=Semantics.STATE,
    subject="load_id",
    readers=frozenset(),
):
    """A worker teaches a subject to a class or to a teaching group, ``hours_week`` hours, over [valid_from, valid_to).

    A line that was ended before it began has an empty interval.
    """

    load_id: UUID
    organization_id: UUID
    academic_year: int
    group_id: UUID | None = None
    teaching_group_id: UUID | None = None
    subject_id: UUID
    worker_id: UUID
    hours_week: float
    valid_from: date
    valid_to: date


class Placement(Payload):
    """One stay of a student in one class or group: the interval [from, to) that a movement opens or closes."""

    placement_id: UUID
    organization_id: UUID
    group_id: UUID
    academic_year: int
    grade: int | None = None
    main: bool


class MovementRecorded(
    Event,
    type="core.movement.recorded.v1",
    semantics=Semantics.FACT,
    subject="movement_id",
    readers={Service.JOURNAL, Service.ENROLLMENT, Service.REPORTING},
):
    """A line of the movement book: a placement opened, closed, or one closed and another opened; an academic leave moves neither.

    Both take effect on ``effective_date``: an opened placement counts from that day, a closed one no longer does. A leave begins or
    ends on that day, the student stays in the contingent; ``leave_until`` is the day it is meant to end, exclusive.
    ``statistical_id`` is the reporting pseudonym of the student; ``application_id`` names the application it fulfils.
    """

    movement_id: UUID
    student_id: UUID
    statistical_id: UUID
    kind: MovementKind
    effective_date: date
    recorded_at: AwareDatetime
    opened: Placement | None = None
    closed: Placement | None = None
    application_id: UUID | None = None
    leave_until: date | None = None


class TransferAccepted(
    Event,
    type="core.transfer.accepted.v1",
    semantics=Semantics.FACT,
    subject="acceptance_id",
    readers=frozenset(),
):
    """A student came from another organization of the region: what was current there, such as marks, follows.

    ``acceptance_id`` is the movement that enrolled the student in the new organization, on ``effective_date``. If that movement is
    cancelled, the student is on the way again.
    """

    acceptance_id: UUID
    transfer_id: UUID
    student_id: UUID
    from_organization_id: UUID
    to_organization_id: UUID
    effective_date: date


class AcademicYearClosed(
    Event,
    type="core.academic-year.closed.v1",
    semantics=Semantics.STATE,
    subject="closing_id",
    readers=frozenset(),
):
    """An organization has closed an academic year, has taken that back, or has opened the next one.

    What happened in a closed year is read only. ``academic_year`` is the calendar year it begins in.
    """

    closing_id: UUID
    organization_id: UUID
    academic_year: int
    state: YearState
    closed_at: AwareDatetime | None = None


class AdmissionRejected(
    Event,
    type="core.admission.rejected.v1",
    semantics=Semantics.FACT,
    subject="rejection_id",
    readers={Service.ENROLLMENT},
):
    """An approved admission could not be carried out; an operator decides what next."""

    rejection_id: UUID
    admission_id: UUID
    application_id: UUID
    reason: RejectionReason


class GroupTeacherRole(OpenEnum):
    """Whether a worker is the one class teacher, an educator of a preschool group, a leader of additional education."""

    CLASS_TEACHER = "class_teacher"
    EDUCATOR = "educator"
    LEADER = "leader"
    UNKNOWN = "unknown"


class GroupTeacherChanged(
    Event,
    type="core.group-teacher.changed.v1",
    semantics=Semantics.STATE,
    subject="appointment_id",
    readers=frozenset(),
):
    """A worker leads a class or group over [valid_from, valid_to); an interval that is empty never was."""

    appointment_id: UUID
    organization_id: UUID
    group_id: UUID
    worker_id: UUID
    role: GroupTeacherRole
    valid_from: date
    valid_to: date | None = None


class TeachingGroupKind(OpenEnum):
    """A subgroup of a class, or a group across classes and what for."""

    SUBGROUP = "subgroup"
    INDIVIDUAL_PLAN = "individual_plan"
    ELECTIVE = "elective"
    EXTENDED_DAY = "extended_day"
    EXTRACURRICULAR = "extracurricular"
    UNKNOWN = "unknown"


class TeachingGroupMember(Payload):
    """A student in a teaching group over [valid_from, valid_to)."""

    student_id: UUID
    valid_from: date
    valid_to: date | None = None


class TeachingGroupChanged(
    Event,
    type="core.teaching-group.changed.v1",
    semantics=Semantics.STATE,
    subject="teaching_group_id",
    readers=frozenset(),
):
    """Students who are taught together beside their class: a subgroup of a division, or a group across classes.

    ``division_id`` and ``group_id`` (the class) are of a subgroup: a student is in one subgroup of a division at a time.
    ``subject_ids`` names the subjects it is for, none for any. ``members`` are all of its stays, past and future ones too.
    """

    teaching_group_id: UUID
    organization_id: UUID
    academic_year: int
    kind: TeachingGroupKind
    name: str
    division_id: UUID | None = None
    group_id: UUID | None = None
    grade_from: int | None = None
    grade_to: int | None = None
    subject_ids: tuple[UUID, ...]
    starts_on: date
    ends_on: date
    active: bool
    members: tuple[TeachingGroupMember, ...]


class StudentProfiled(
    Event,
    type="core.student.profiled.v1",
    semantics=Semantics.STATE,
    subject="student_id",
    readers={Service.JOURNAL},
    private=True,
):
    """The name under which a student stands in the journal."""

    student_id: UUID
    last_name: Annotated[str, PII]
    first_name: Annotated[str, PII]
    middle_name: Annotated[str | None, PII] = None


class StudentMerged(
    Event,
    type="core.student.merged.v1",
    semantics=Semantics.STATE,
    subject="student_id",
    readers={Service.JOURNAL},
):
    """Two cards were found to be one child's: what is told of this one is the other's (``merged_into``), until it is empty again.

    ``merged_into`` was itself merged into none. Facts keep the id they were recorded under, whoever the child is found to be;
    statistics of both cards are those of the one that lives on. Guardianships are told anew.
    """

    student_id: UUID
    merged_into: UUID | None = None


class StudentStatisticsChanged(
    Event,
    type="core.student.statistics-changed.v1",
    semantics=Semantics.STATE,
    subject="statistical_id",
    readers={Service.REPORTING},
    private=True,
):
    """What federal forms count a student by, under the reporting pseudonym. ``citizenship`` is ОКСМ, 3 digits."""

    statistical_id: UUID
    birth_date: Annotated[date, PII]
    sex: Annotated[Sex, PII]
    citizenship: Annotated[str, PII]


class StudyFormKind(OpenEnum):
    """A form of study, one at a time, or (the last three) what goes beside it."""

    FULL_TIME = "full_time"
    PART_TIME = "part_time"
    EXTRAMURAL = "extramural"
    AT_HOME = "at_home"
    FAMILY = "family"
    SELF_EDUCATION = "self_education"
    EXTERNAL = "external"
    INDIVIDUAL_PLAN = "individual_plan"
    NETWORK = "network"
    TEMPORARY_STAY = "temporary_stay"
    UNKNOWN = "unknown"


class StudyFormChanged(
    Event,
    type="core.study-form.changed.v1",
    semantics=Semantics.STATE,
    subject="study_form_id",
    readers=frozenset(),
    private=True,
):
    """How a student studies over [valid_from, valid_to); who has no form on a day studies full time.

    ``statistical_id`` is the reporting pseudonym of the student.
    """

    study_form_id: UUID
    student_id: UUID
    statistical_id: UUID
    organization_id: UUID
    kind: Annotated[StudyFormKind, PII]
    valid_from: date
    valid_to: date | None = None


class GuardianProfiled(
    Event,
    type="core.guardian.profiled.v1",
    semantics=Semantics.STATE,
    subject="guardian_id",
    readers={Service.AUTH},
    private=True,
):
    """A guardian may be offered an account by the organizations where the children study."""

    guardian_id: UUID
    last_name: Annotated[str, PII]
    first_name: Annotated[str, PII]
    middle_name: Annotated[str | None, PII] = None
    organization_ids: tuple[UUID, ...]


class StudentOffered(
    Event,
    type="core.student.offered.v1",
    semantics=Semantics.STATE,
    subject="student_id",
    readers={Service.AUTH},
    private=True,
):
    """A student may be offered an account by the organization of the main membership in force today, if there is one.

    Only that one: it is one in the whole region, so no other organization comes by a student's account.
    """

    student_id: UUID
    last_name: Annotated[str, PII]
    first_name: Annotated[str, PII]
    middle_name: Annotated[str | None, PII] = None
    organization_id: UUID | None = None


class WorkerPost(Payload):
    """A post a worker holds in an organization today. ``code`` is core's code of the post; ``teaching``: a pedagogical one."""

    organization_id: UUID
    code: str
    teaching: bool


class WorkerProfiled(
    Event,
    type="core.worker.profiled.v1",
    semantics=Semantics.STATE,
    subject="worker_id",
    readers={Service.AUTH},
    private=True,
):
    """A worker may be offered an account by the organizations where the worker holds a post.

    ``posts`` are those in force today: core tells again on the day one begins or ends, and rights in an organization that
    they name no longer are taken away. So they are of a worker whose card is not ``active``.
    """

    worker_id: UUID
    last_name: Annotated[str, PII]
    first_name: Annotated[str, PII]
    middle_name: Annotated[str | None, PII] = None
    posts: tuple[WorkerPost, ...]
    active: bool


class GuardianshipChanged(
    Event,
    type="core.guardianship.changed.v1",
    semantics=Semantics.STATE,
    subject="guardianship_id",
    readers={Service.JOURNAL},
    private=True,
):
    """Who is whose guardian and may see the child's data, from and to (exclusive)."""

    guardianship_id: UUID
    guardian_id: UUID
    student_id: UUID
    may_see: bool
    valid_from: date
    valid_to: date | None = None


class ReferenceEntryChanged(
    Event,
    type="core.reference-entry.changed.v1",
    semantics=Semantics.STATE,
    subject="entry_id",
    readers=frozenset(),
):
    """An entry of a reference book was added or changed.

    ``organization_id`` is empty for the region's entries, which every organization inherits; an organization's entry of the
    same ``book`` and ``code`` stands there in their place. ``valid_to`` is exclusive.
    """

    entry_id: UUID
    book: str
    organization_id: UUID | None = None
    code: str
    title: str
    abbreviation: str | None = None
    position: int
    valid_from: date | None = None
    valid_to: date | None = None
    active: bool


class CalendarDates(Payload):
    """A study period or a vacation, both days included; ``additional``: a vacation of some grades besides those of all."""

    first_day: date
    last_day: date
    title: str | None = None
    additional: bool = False


class StudyWeek(Payload):
    """From a day on a week has so many days of study, 5 or 6."""

    first_day: date
    days: int


class SpecialStudyDay(Payload):
    """A day of study whatever the rule says, by the timetable of a weekday (1 to 7), of a kind that lesson times go by."""

    day: date
    weekday: int
    day_kind: str | None = None


class GradeCalendar(Payload):
    """The calendar of some grades, both included; empty for groups that have no grade.

    A day is one of study when ``special_days`` name it, or when it lies in one of ``periods``, its weekday is within the week
    of that day, and ``rests`` do not name it: they hold holidays, vacations and other days of rest inside the periods.
    ``period_kind`` is quarters, trimesters, half_years or year; the periods are numbered from 1 as they stand.
    """

    grade_from: int | None = None
    grade_to: int | None = None
    period_kind: str | None = None
    periods: tuple[CalendarDates, ...]
    vacations: tuple[CalendarDates, ...]
    weeks: tuple[StudyWeek, ...]
    rests: tuple[date, ...]
    special_days: tuple[SpecialStudyDay, ...]


class CalendarChanged(
    Event,
    type="core.calendar.changed.v1",
    semantics=Semantics.STATE,
    subject="calendar_id",
    readers=frozenset(),
):
    """The calendar in force of an organization over an academic year, its own and what it inherits from the region.

    ``first_day`` and ``last_day`` are the year's, both included. Preschool groups and those of additional education have one
    calendar, in a school the grades have theirs besides.
    """

    calendar_id: UUID
    organization_id: UUID
    academic_year: int
    first_day: date
    last_day: date
    grades: tuple[GradeCalendar, ...]


class CardQuality(Payload):
    """How whole the cards of a kind are: numbers of cards, of mandatory fields, and of doubts nobody has explained.

    ``kind``: organization, worker, student, guardian. ``missing`` are empty fields, of them ``overdue`` longer than the term;
    ``without_ground`` are empty for want of consent and nobody's fault.
    """

    kind: str
    cards: int
    mandatory: int
    missing: int
    without_ground: int
    overdue: int
    contradictions: int
    suspicious: int
    stale: int
    duplicates: int


class QualityMeasured(
    Event,
    type="core.quality.measured.v1",
    semantics=Semantics.STATE,
    subject="organization_id",
    readers=set(),
):
    """How whole and true an organization's data are (regulation 3.3, 3.4, 5.5, 5.6); told when a number changes.

    ``confirmed_on`` is when a responsible person last confirmed them.
    """

    organization_id: UUID
    measured_on: date
    confirmed_on: date | None = None
    cards: tuple[CardQuality, ...]


class RoomChanged(
    Event,
    type="core.room.changed.v1",
    semantics=Semantics.STATE,
    subject="room_id",
    readers=frozenset(),
):
    """A room of an organization. ``kind`` is a code of the reference book ``room_kinds``, ``capacity`` learners at a time."""

    room_id: UUID
    organization_id: UUID
    building_id: UUID | None = None
    number: str
    title: str | None = None
    kind: str
    capacity: int | None = None
    floor: int | None = None
    active: bool


class LessonTime(Payload):
    """When a lesson starts and ends, ``HH:MM``."""

    number: int
    starts_at: str
    ends_at: str


class BellScheduleChanged(
    Event,
    type="core.bell-schedule.changed.v1",
    semantics=Semantics.STATE,
    subject="schedule_id",
    readers=frozenset(),
):
    """Lesson times of a shift of an organization.

    They are for weekdays (1 to 7) of a kind of day, a code of the reference book ``day_kinds``, ``regular`` where a calendar names
    none; for grades, both included, 0 for groups without one; for days of [valid_from, valid_to). Of those ``active`` at most one
    fits a lesson.
    """

    schedule_id: UUID
    organization_id: UUID
    title: str
    shift: int
    day_kind: str
    weekdays: tuple[int, ...]
    grade_from: int
    grade_to: int
    valid_from: date
    valid_to: date | None = None
    lessons: tuple[LessonTime, ...]
    active: bool
