"""Classes and groups, who leads them, how they are divided, programmes of additional education."""

from datetime import date
from uuid import UUID

from asu_contracts.base import Event, OpenEnum, Payload, Semantics
from asu_contracts.exchanges import Service


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
    readers={Service.ENROLLMENT},
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
    readers={Service.JOURNAL},
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
    """A subgroup of a class, or a group across classes and what for; ``home_teaching``: of those taught at home, often one child."""

    SUBGROUP = "subgroup"
    INDIVIDUAL_PLAN = "individual_plan"
    ELECTIVE = "elective"
    EXTENDED_DAY = "extended_day"
    EXTRACURRICULAR = "extracurricular"
    HOME_TEACHING = "home_teaching"
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
    readers={Service.JOURNAL},
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
