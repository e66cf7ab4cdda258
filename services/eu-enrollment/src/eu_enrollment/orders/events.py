"""Orders as contract events: approved admissions, whose identity numbers travel encrypted, and annulled orders."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from asu_contracts.enrollment import (
    ADMISSION_CONTEXT,
    AdmissionApproved,
    AdmissionOrderAnnulled,
    Child,
    Consent,
    IdentityDocument,
    Order,
    Representative,
    RevokedAdmission,
)
from asu_contracts.people import Kinship, Sex
from eu_enrollment.applications.schemas import ApplicationIn
from servicekit.crypto import FieldCipher


def admission_approved(
    cipher: FieldCipher,
    *,
    admission_id: UUID,
    application_id: UUID,
    organization_id: UUID,
    group_id: UUID,
    order: Order,
    effective_date: date,
    from_organization_id: UUID | None,
    stated: ApplicationIn,
) -> AdmissionApproved:
    """The approval as the registry needs it; ``cipher`` is the transport's."""

    def sealed(value: str) -> str:
        return cipher.encrypt(value, ADMISSION_CONTEXT)

    child, document = stated.child, stated.child.document
    return AdmissionApproved(
        admission_id=admission_id,
        application_id=application_id,
        organization_id=organization_id,
        group_id=group_id,
        effective_date=effective_date,
        order=order,
        from_organization_id=from_organization_id,
        child=Child(
            last_name=child.last_name,
            first_name=child.first_name,
            middle_name=child.middle_name,
            birth_date=child.birth_date,
            sex=Sex(child.sex),
            citizenship=child.citizenship,
            snils=None if child.snils is None else sealed(child.snils),
            document=IdentityDocument(
                kind=document.kind,
                series=sealed(document.series),
                number=sealed(document.number),
                issued_on=document.issued_on,
            ),
        ),
        representatives=tuple(
            Representative(
                last_name=person.last_name,
                first_name=person.first_name,
                middle_name=person.middle_name,
                kinship=Kinship(person.kinship),
                phone=person.phone,
                email=person.email,
                snils=None if person.snils is None else sealed(person.snils),
            )
            for person in stated.representatives
        ),
        consent=Consent(
            given_at=stated.consent.given_at,
            operator=stated.consent.operator,
            purposes=tuple(stated.consent.purposes),
            valid_until=stated.consent.valid_until,
        ),
    )


def order_annulled(
    annulment_id: UUID, order_id: UUID, organization_id: UUID, admissions: Iterable[tuple[UUID, UUID]]
) -> AdmissionOrderAnnulled:
    """An annulled order with what it admitted: (admission, application)."""
    return AdmissionOrderAnnulled(
        annulment_id=annulment_id,
        order_id=order_id,
        organization_id=organization_id,
        admissions=tuple(
            RevokedAdmission(admission_id=admission_id, application_id=application_id)
            for admission_id, application_id in admissions
        ),
    )
