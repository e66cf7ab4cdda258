"""HTTP shapes of packages."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from servicekit.http import ABSENT, Body, Line, Text
from sgo_core.catalogue.values import Day

Format = Literal["ndjson", "xml"]
Pem = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=100, max_length=20_000, pattern=r"^[\x0a\x0d\x20-\x7e]*$")
]
Oktmo = Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$")]
Code = Annotated[Line, StringConstraints(max_length=60)]


class ReceiverIn(Body):
    """An outer system: by what act it gets the data, its certificate in PEM."""

    name: Annotated[Line, Field(title="Наименование системы и её оператора")]
    basis: Annotated[Text, Field(title="Основание передачи: акт, соглашение")]
    format: Format = "ndjson"
    certificate: Pem


class ReceiverPatch(Body):
    """What changes in a receiver, and why."""

    reason: Text
    name: Line = ABSENT
    basis: Text = ABSENT
    format: Format = ABSENT
    certificate: Pem = ABSENT
    active: bool = ABSENT


class ReceiverOut(Body):
    """A receiver; ``fingerprint`` is SHA-256 of its certificate."""

    id: UUID
    name: str
    basis: str
    format: Format
    fingerprint: str
    valid_until: datetime
    active: bool
    version: int


class ReceiversOut(Body):
    """All receivers."""

    items: list[ReceiverOut]


class PackageIn(Body):
    """A package to make: of a municipality, of an organization, or of the whole region, as of a day (today)."""

    receiver_id: UUID
    municipality: Oktmo | None = None
    organization_id: UUID | None = None
    as_of: Day | None = None


class Rejection(Body):
    """A person whom the receiver did not take: the id in the package, the receiver's code and words."""

    id: UUID
    code: Code
    title: Text


class ReceiptIn(Body):
    """The receiver's answer; accepted and rejected together are the people of the package."""

    number: Line
    received_at: AwareDatetime
    accepted: Annotated[int, Field(ge=0, le=10_000_000)]
    rejected: Annotated[list[Rejection], Field(max_length=100_000)] = Field(default_factory=list)


class ReceiptOut(Body):
    """A receipt on record."""

    number: str
    received_at: datetime
    accepted: int
    rejected: int
    recorded_at: datetime
    recorded_by: str


class PackageOut(Body):
    """A package. Counts are there when it is ready; what is in it only the receiver can read."""

    id: UUID
    receiver_id: UUID
    municipality: str | None
    organization_id: UUID | None
    number: int
    previous_id: UUID | None
    as_of: date
    format: Format
    basis: str
    fingerprint: str
    account_id: str
    ordered_at: datetime
    run_id: UUID
    ready_at: datetime | None
    persons: int | None
    added: int | None
    changed: int | None
    removed: int | None
    content_sha256: str | None
    file_sha256: str | None
    file_size: int | None
    signer_fingerprint: str | None
    receipt: ReceiptOut | None = None


class RejectionOut(Body):
    """A rejected person, and whose organization has to mend the card."""

    id: UUID
    organization_id: UUID
    code: str
    title: str


class LogLine(Body):
    """A line of the log of technical exports."""

    id: UUID
    package_id: UUID
    receiver_id: UUID
    number: int
    at: datetime
    action: Literal["ordered", "made", "downloaded", "receipt"]
    account_id: str
    role: str
    persons: int | None
