"""Opening a student's card without an order, and adding guardians to one: by the office that answers for it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.errors import FieldError, NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.catalogue.definition import CATALOGUE, CardKind
from sgo_core.catalogue.values import Document
from sgo_core.consents.errors import ConsentRequiredError
from sgo_core.consents.standing import signed_at
from sgo_core.history.recorded import Author
from sgo_core.organizations import service as organizations
from sgo_core.people import service
from sgo_core.people.errors import (
    BirthDateError,
    CardDiffersError,
    GuardianDiffersError,
    IdentityTakenError,
    NoIdentityError,
)
from sgo_core.people.identity import IdentityRaceError
from sgo_core.people.records import (
    ConsentRecord,
    DocumentRecord,
    FamilyRecord,
    Found,
    GuardianRecord,
    Mismatch,
    Registered,
    StudentRecord,
)
from sgo_core.people.schemas import CardIn, GuardianAdd, GuardianIn

_PURPOSES = ("contingent", "communication", "safety", "support")


async def open_card(uow: UnitOfWork, principal: Principal, organization_id: UUID, body: CardIn) -> Registered:
    """Open a card, or find the one there is: then nothing on it is touched, for this office does not answer for it yet."""
    if principal.unit.organization_id != organization_id:
        raise NotFoundError
    values = dict(body.values)
    if values["birth_date"] > uow.clock.today():
        raise BirthDateError
    if values.get("snils") is None and values.get("document") is None:
        raise NoIdentityError
    _check_consent(CardKind.STUDENT, values, body.consented_at, "/body/values")
    for number, guardian in enumerate(body.guardians):
        _check_consent(CardKind.GUARDIAN, guardian.values, body.consented_at, f"/body/guardians/{number}/values")
    family = FamilyRecord(
        _student(values),
        tuple(_guardian(one) for one in body.guardians),
        await _consent(uow, organization_id, body.consented_at),
        valid_from=uow.clock.today(),
    )
    found = await _found(uow, family)
    if (known := await service.find_student(uow, found.student_id)) is not None:
        return Registered(known.id, known.statistical_id, created=False)
    return await _registered(uow, family, Author(principal.account_id, "Открытие карточки"), organization_id)


async def add_guardian(
    uow: UnitOfWork, principal: Principal, student_id: UUID, organization_id: UUID, body: GuardianAdd
) -> None:
    """Add a guardian to a child; one known by СНИЛС keeps the card there is."""
    _check_consent(CardKind.GUARDIAN, body.values, body.consented_at, "/body/values")
    consent = await _consent(uow, organization_id, body.consented_at)
    author = Author(principal.account_id, body.reason)
    try:
        await service.add_guardian(uow, student_id, _guardian(body), consent, author)
    except IdentityRaceError:
        raise GuardianDiffersError from None


async def _found(uow: UnitOfWork, family: FamilyRecord) -> Found:
    (found,) = await service.find_families(uow, [family])
    match found.mismatch:
        case Mismatch.CHILD:
            raise CardDiffersError
        case Mismatch.GUARDIAN:
            raise GuardianDiffersError
    return found


async def _registered(uow: UnitOfWork, family: FamilyRecord, author: Author, kept_by: UUID | None) -> Registered:
    try:
        (registered,) = await service.register_families(uow, [family], author, kept_by=kept_by)
    except IdentityRaceError:
        raise IdentityTakenError from None
    return registered


async def _consent(uow: UnitOfWork, organization_id: UUID, given_at: datetime | None) -> ConsentRecord | None:
    if given_at is None:
        return None
    organization = (await organizations.by_ids(uow, [organization_id]))[organization_id]
    return ConsentRecord(signed_at(uow, given_at), organization.full_name, _PURPOSES, organization_id=organization_id)


def _check_consent(kind: CardKind, values: Mapping[str, Any], given_at: datetime | None, pointer: str) -> None:
    wanted = sorted(name for name in CATALOGUE.cards[kind].on_consent if values.get(name) is not None)
    if wanted and given_at is None:
        code, title = ConsentRequiredError.code, ConsentRequiredError.title
        raise ConsentRequiredError(errors=[FieldError(f"{pointer}/{name}", code, title) for name in wanted])


def _student(values: dict[str, Any]) -> StudentRecord:
    document: Document | None = values.pop("document", None)
    return StudentRecord(
        last_name=values.pop("last_name"),
        first_name=values.pop("first_name"),
        middle_name=values.pop("middle_name", None),
        birth_date=values.pop("birth_date"),
        sex=values.pop("sex"),
        citizenship=values.pop("citizenship"),
        snils=values.pop("snils", None),
        document=None if document is None else DocumentRecord.of(document),
        more=values,
    )


def _guardian(sent: GuardianIn) -> GuardianRecord:
    values = dict(sent.values)
    return GuardianRecord(
        last_name=values.pop("last_name"),
        first_name=values.pop("first_name"),
        middle_name=values.pop("middle_name", None),
        kinship=sent.kinship,
        phone=values.pop("mobile_phone", None),
        email=values.pop("email", None),
        snils=values.pop("snils", None),
        more=values,
    )
