"""HTTP shapes of transfers."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from identifiers import Snils
from servicekit.http import Body, Line, Text
from sgo_core.cards.schemas import Closed, Masked, Values
from sgo_core.finding.schemas import SoughtDocument
from sgo_core.transfers.terms import Outcome, Reason, Term

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]
Wish = Annotated[Line, StringConstraints(max_length=200)]
Remark = Annotated[Text, StringConstraints(max_length=1000)]
State = Literal["asked", "agreed", "released", "declined", "accepted", "refused", "withdrawn", "closed"]
Side = Literal["sender", "receiver"]


class TransferOutIn(Body):
    """The family's application to the organization where the child studies: where to, from what day the application is."""

    to_organization_id: UUID
    applied_on: Day
    wish: Annotated[Wish | None, Field(title="Класс (группа), профиль")] = None


class TransferInIn(Body):
    """The family's application to the organization that is to take the child, who is found by a number and the birth date."""

    snils: Snils | None = None
    document: SoughtDocument | None = None
    birth_date: Day
    applied_on: Day
    group_id: Annotated[UUID | None, Field(title="Класс (группа), где есть место")] = None
    wish: Annotated[Wish | None, Field(title="Класс (группа), профиль")] = None


class AgreementIn(Body):
    """The receiver has a place."""

    group_id: Annotated[UUID | None, Field(title="Класс (группа), где есть место")] = None


class RefusalIn(Body):
    """Why a side does not go on: a code of the reference book."""

    reason: Line
    remark: Remark | None = None


class WithdrawalIn(Body):
    """Why the asking side takes the request back."""

    remark: Remark


class FileIn(Body):
    """When and to whom the personal file was handed."""

    on: Day
    handed_to: Literal["family", "organization"]


class FileReceiptIn(Body):
    """When the receiver got the personal file."""

    on: Day


class RedirectionIn(Body):
    """Another organization for a child whom the receiver has declined."""

    to_organization_id: UUID
    remark: Remark | None = None


class ClosingIn(Body):
    """Where a released child went instead of another organization: a code of the reference book."""

    outcome: Line
    remark: Remark | None = None


class OrderRef(Body):
    """Number and date of an order."""

    number: str
    date: date


class TransferOut(Body):
    """A transfer as the caller may see it. ``hint`` stands for the name while the receiver that asked may not read it.

    ``awaits`` is the side whose step is next, until ``due_on``.
    """

    id: UUID
    student_id: UUID | None
    values: Values
    masked: Masked
    hint: Annotated[str | None, Field(title="Начальные буквы имени и год рождения")]
    from_organization_id: UUID
    from_name: str
    to_organization_id: UUID
    to_name: str
    asked_by: Side
    state: State
    applied_on: date
    wish: str | None
    group_id: UUID | None
    agreed_on: date | None
    release_order: OrderRef | None
    released_on: date | None
    file_handed_on: date | None
    file_handed_to: str | None
    file_received_on: date | None
    acceptance_order: OrderRef | None
    accepted_on: date | None
    notice_on: date | None
    end_reason: str | None
    remark: str | None
    awaits: Side | None
    due_on: date | None
    overdue: bool
    version: int


class TransferCardOut(TransferOut):
    """A transfer with the fields of the child's card that its reader has no ground to use: a new operator asks for its own consent."""

    closed: Closed


class TransferReferenceOut(Body):
    """Terms of the steps, reasons not to go on, outcomes."""

    terms: dict[str, Term]
    reasons: list[Reason]
    outcomes: list[Outcome]
