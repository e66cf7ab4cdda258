"""Organizations: what they are, where they teach, how whole their data are."""

from datetime import date
from uuid import UUID

from asu_contracts.base import Event, OpenEnum, Payload, Semantics
from asu_contracts.exchanges import Service


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


class OrganizationLicence(Payload):
    """The licence for educational activity as the public register has it."""

    number: str
    issued_on: date
    valid_until: date | None = None


class OrganizationChanged(
    Event,
    type="core.organization.changed.v1",
    semantics=Semantics.STATE,
    subject="organization_id",
    readers={Service.AUTH, Service.JOURNAL, Service.ENROLLMENT, Service.REPORTING},
):
    """An organization was registered or its card changed.

    ``municipality`` is ОКТМО, 8 digits; ``founder_id`` the governing body that founded it, empty for a private one; ``parent_id`` the
    head organization of a branch. Contacts and
    licence are what an organization must publish (273-ФЗ, art. 29); of a sole trader, whose address is a person's home, only
    the licence and the site are told.
    """

    organization_id: UUID
    kind: OrganizationKind
    short_name: str
    full_name: str
    municipality: str
    locality: Locality
    founder_id: UUID | None = None
    active: bool
    address: str | None = None
    phones: tuple[str, ...] = ()
    email: str | None = None
    site: str | None = None
    licence: OrganizationLicence | None = None
    parent_id: UUID | None = None


class GoverningBodyChanged(
    Event,
    type="core.governing-body.changed.v1",
    semantics=Semantics.STATE,
    subject="body_id",
    readers={Service.ENROLLMENT},
):
    """A governing body of education was entered, or its card changed: who it is and how to reach it, nobody's name.

    ``kind`` is core's code (``ministry``, ``department``, ``municipality``); ``municipality`` is the ОКТМО of a municipal one.
    """

    body_id: UUID
    kind: str
    full_name: str
    short_name: str
    municipality: str | None = None
    address: str | None = None
    phones: tuple[str, ...] = ()
    email: str | None = None
    site: str | None = None
    abolished_on: date | None = None


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
    readers={Service.JOURNAL},
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
    readers={Service.REPORTING},
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
    readers={Service.JOURNAL},
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
