"""Reading an approved admission: what travelled encrypted is opened, identifiers are brought to normal form."""

from pydantic import TypeAdapter, ValidationError

from asu_contracts.enrollment import ADMISSION_CONTEXT, AdmissionApproved, IdentityDocument, Representative
from asu_contracts.people import Kinship, Sex
from identifiers import DocumentKind, InvalidIdentifier, parse_snils
from servicekit.crypto import UndecryptableError
from servicekit.http import Line
from sgo_core.catalogue.definition import CATALOGUE, CardKind
from sgo_core.catalogue.values import Document
from sgo_core.people.records import ConsentRecord, DocumentRecord, FamilyRecord, GuardianRecord, StudentRecord
from sgo_core.vault import Vault

_LINE: TypeAdapter[str] = TypeAdapter(Line)
_CITIZENSHIP = CATALOGUE.cards[CardKind.STUDENT].fields["citizenship"].adapter


class UnreadableError(Exception):
    """The admission cannot be understood; the text never holds its data."""


def read_family(vault: Vault, admission: AdmissionApproved, traceparent: str | None) -> FamilyRecord:
    """The child, the guardians and the consent; raises ``UnreadableError``."""
    child = admission.child
    if child.sex is Sex.UNKNOWN:
        raise UnreadableError
    if child.birth_date > admission.effective_date or not admission.consent.purposes:
        raise UnreadableError
    try:
        student = StudentRecord(
            last_name=_text(child.last_name),
            first_name=_text(child.first_name),
            middle_name=_optional(child.middle_name),
            birth_date=child.birth_date,
            sex=child.sex.value,
            citizenship=_CITIZENSHIP.validate_python(child.citizenship),
            snils=_snils(vault, child.snils),
            document=_document(vault, child.document),
        )
        guardians = tuple(_guardian(vault, one) for one in admission.representatives)
        _text(admission.order.number)
        consent = admission.consent
        purposes = tuple(_text(purpose) for purpose in consent.purposes)
        operator = _text(consent.operator)
    except (UndecryptableError, InvalidIdentifier, ValidationError):
        raise UnreadableError from None
    return FamilyRecord(
        student=student,
        guardians=guardians,
        consent=ConsentRecord(consent.given_at, operator, purposes, consent.valid_until),
        valid_from=admission.effective_date,
        traceparent=traceparent,
    )


def _guardian(vault: Vault, one: Representative) -> GuardianRecord:
    kinship = Kinship.OTHER if one.kinship is Kinship.UNKNOWN else one.kinship
    return GuardianRecord(
        last_name=_text(one.last_name),
        first_name=_text(one.first_name),
        middle_name=_optional(one.middle_name),
        kinship=kinship.value,
        phone=_optional(one.phone),
        email=_optional(one.email),
        snils=_snils(vault, one.snils),
    )


def _snils(vault: Vault, sealed: str | None) -> str | None:
    return None if sealed is None else parse_snils(vault.receive(sealed, ADMISSION_CONTEXT))


def _document(vault: Vault, document: IdentityDocument) -> DocumentRecord:
    try:
        kind = DocumentKind(document.kind)
    except ValueError:
        raise UnreadableError from None
    series = vault.receive(document.series, ADMISSION_CONTEXT)
    number = vault.receive(document.number, ADMISSION_CONTEXT)
    read = Document(kind=kind, series=series, number=number, issued_on=document.issued_on)
    return DocumentRecord.of(read)


def _text(value: str) -> str:
    return _LINE.validate_python(value)


def _optional(value: str | None) -> str | None:
    return _text(value) if value is not None and value.strip() else None
