"""The movement of students: lines of the movement book, transfers, closed years, refused admissions."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime

from asu_contracts.base import Event, OpenEnum, Payload, Semantics
from asu_contracts.exchanges import Service


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
    """Why an approved admission could not become a membership.

    ``not_released``: the transfer is asked for and waits for its sender. ``revoked``: the order was annulled before it was carried out.
    """

    GROUP_NOT_FOUND = "group_not_found"
    GROUP_FULL = "group_full"
    ALREADY_MEMBER = "already_member"
    NOT_RELEASED = "not_released"
    ORGANIZATION_CLOSED = "organization_closed"
    YEAR_CLOSED = "year_closed"
    UNREADABLE = "unreadable"
    CHILD_DIFFERS = "child_differs"
    GUARDIAN_DIFFERS = "guardian_differs"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


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
    readers={Service.JOURNAL},
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
