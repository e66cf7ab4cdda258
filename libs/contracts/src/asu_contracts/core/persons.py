"""Students, guardians, workers: what their readers are told of them."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import WithJsonSchema

from asu_contracts.base import PII, Event, OpenEnum, Payload, Semantics
from asu_contracts.exchanges import Service
from asu_contracts.people import Sex


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


class SpecialNeeds(OpenEnum):
    """What limits a student's health abilities (ОВЗ), by the conclusion of a commission."""

    HEARING = "hearing"
    SIGHT = "sight"
    SPEECH = "speech"
    MOTOR = "motor"
    MENTAL_DELAY = "mental_delay"
    INTELLECTUAL = "intellectual"
    AUTISM = "autism"
    MULTIPLE = "multiple"
    OTHER = "other"
    UNKNOWN = "unknown"


class StudentStatisticsChanged(
    Event,
    type="core.student.statistics-changed.v1",
    semantics=Semantics.STATE,
    subject="statistical_id",
    readers={Service.REPORTING},
    private=True,
):
    """What federal forms count a student by, under the reporting pseudonym, each on the ground of education or of statistics.

    ``citizenship`` and ``second_citizenship`` are ОКСМ, 3 digits; languages are their names as the card has them, ``foreign_languages``
    those studied. ``special_needs`` is the disorder by the conclusion of a commission (ПМПК), ``adapted_programme`` the variant of the
    adapted programme it names (``5.1``); numbers of papers are told to nobody. ``…_until`` is the last day a conclusion or a disability
    is in force, None: without a term. Nothing told of a field is None, or the empty value.
    """

    statistical_id: UUID
    birth_date: Annotated[date, PII]
    sex: Annotated[Sex, PII]
    citizenship: Annotated[str, PII]
    second_citizenship: Annotated[str | None, PII] = None
    native_language: Annotated[str | None, PII] = None
    instruction_language: Annotated[str | None, PII] = None
    foreign_languages: Annotated[tuple[str, ...], PII] = ()
    special_needs: Annotated[SpecialNeeds | None, PII] = None
    adapted_programme: Annotated[str | None, PII] = None
    special_needs_until: Annotated[date | None, PII] = None
    disability: Annotated[bool, PII] = False
    disability_until: Annotated[date | None, PII] = None
    extended_day: Annotated[bool | None, PII] = None
    boarding: Annotated[bool | None, PII] = None
    distance_learning: Annotated[bool | None, PII] = None


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
    readers={Service.JOURNAL, Service.REPORTING},
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
    readers={Service.AUTH, Service.JOURNAL},
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


class EducationLevel(OpenEnum):
    """Level of an education."""

    HIGHER = "higher"
    SECONDARY_SPECIAL = "secondary_special"
    SECONDARY = "secondary"
    BASIC = "basic"
    UNKNOWN = "unknown"


class QualificationCategory(OpenEnum):
    """What an attestation gave a pedagogical worker."""

    HIGHEST = "highest"
    FIRST = "first"
    FITS_POST = "fits_post"
    METHODIST = "methodist"
    MENTOR = "mentor"
    NONE = "none"
    UNKNOWN = "unknown"


class StaffCategory(OpenEnum):
    """What part of the staff a worker or a post belongs to."""

    HEAD = "head"
    TEACHING = "teaching"
    SUPPORT = "support"
    SERVICE = "service"
    CIVIL = "civil"
    UNKNOWN = "unknown"


class WorkerEducation(Payload):
    """An education a worker has."""

    level: Annotated[EducationLevel, PII]
    pedagogical: Annotated[bool, PII] = False


class EmploymentCounted(Payload):
    """A post held in an organization over [valid_from, valid_to): ``rate`` of a full position, ``category`` of the post.

    ``employment_id`` is a pseudonym that tells a worker's posts apart. ``main``: the main place of work, of which there is one at a time;
    any other post is a combined one, within the organization of the main one or not.
    """

    employment_id: UUID
    organization_id: UUID
    code: str
    category: StaffCategory
    main: bool
    rate: Annotated[Decimal, WithJsonSchema({"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?$"})]
    valid_from: date
    valid_to: date | None = None


class WorkerStatisticsChanged(
    Event,
    type="core.worker.statistics-changed.v1",
    semantics=Semantics.STATE,
    subject="statistical_id",
    readers={Service.REPORTING},
    private=True,
):
    """What federal forms count a worker by, under a pseudonym that no other event names.

    ``posts`` are all in organizations, those over and those to begin among them. ``qualification_until`` is the last day the category is
    in force, None: without a term. ``service_since`` and ``teaching_since`` are the days the length of service is counted from;
    ``degree``: whether there is an academic degree or title.
    """

    statistical_id: UUID
    birth_date: Annotated[date | None, PII] = None
    sex: Annotated[Sex | None, PII] = None
    education: tuple[WorkerEducation, ...] = ()
    qualification: Annotated[QualificationCategory | None, PII] = None
    qualification_until: Annotated[date | None, PII] = None
    staff_category: Annotated[StaffCategory | None, PII] = None
    service_since: Annotated[date | None, PII] = None
    teaching_since: Annotated[date | None, PII] = None
    degree: Annotated[bool, PII] = False
    posts: tuple[EmploymentCounted, ...] = ()


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
