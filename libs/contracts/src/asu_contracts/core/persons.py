"""Students, guardians, workers: what their readers are told of them."""

from datetime import date
from typing import Annotated
from uuid import UUID

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
