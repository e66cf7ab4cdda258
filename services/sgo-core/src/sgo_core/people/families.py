"""Families as they come from admissions, class lists and offices: found, registered, given guardians, with their consent."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from servicekit.errors import NotFoundError
from servicekit.uow import UnitOfWork
from sgo_core.catalogue.definition import CATALOGUE, CardKind
from sgo_core.consents.standing import GivenConsent, record_consents, withdrawn
from sgo_core.history.recorded import Author
from sgo_core.people import repository
from sgo_core.people.errors import GuardianDiffersError
from sgo_core.people.guardians import check_guardians, register_guardians
from sgo_core.people.records import (
    ConsentRecord,
    FamilyRecord,
    Found,
    GuardianRecord,
    Registered,
    StudentRecord,
)
from sgo_core.people.registration import find_students, register_students


async def find_families(uow: UnitOfWork, families: Sequence[FamilyRecord]) -> list[Found]:
    """What is known of each family, the rows of known children locked."""
    found = await find_students(uow, [family.student for family in families])
    found = await check_guardians(uow, families, found)
    named = {
        one.student_id: (family.consent.operator, family.consent.given_at)
        for family, one in zip(families, found, strict=True)
        if family.consent is not None
    }
    gone = await withdrawn(uow, named)
    return [replace(one, withdrawn=one.student_id in gone) for one in found]


async def register_families(
    uow: UnitOfWork,
    families: Sequence[FamilyRecord],
    author: Author,
    *,
    overwrite: bool = False,
    kept_by: UUID | None = None,
) -> list[Registered]:
    """Find or create each family's child, guardians and consent; the children in the order given.

    Cards found get what they lack; with ``overwrite``, for those who answer for the cards, also what differs.
    """
    registered = await register_students(uow, families, author, overwrite=overwrite, kept_by=kept_by)
    news, guardians = await register_guardians(uow, families, registered, author, overwrite=overwrite)
    consents = [
        given
        for family, one in zip(families, registered, strict=True)
        if family.consent is not None
        for given in _given(family.consent, one.student_id, guardians[one.student_id])
    ]
    await record_consents(uow, consents, author)
    return [replace(one, changed=one.changed or one.student_id in news) for one in registered]


def _given(consent: ConsentRecord, student_id: UUID, guardian_ids: Sequence[UUID]) -> list[GivenConsent]:
    """A family's consent as the child's and, on the same paper, each guardian's own."""
    with_application = consent.organization_id is None
    subjects = [(CardKind.STUDENT, student_id)]
    if not with_application:
        subjects += [(CardKind.GUARDIAN, one) for one in guardian_ids]
    return [
        GivenConsent(
            kind=kind,
            subject_id=subject_id,
            organization_id=consent.organization_id,
            operator=consent.operator,
            purposes=consent.purposes,
            fields=frozenset() if with_application else CATALOGUE.cards[kind].on_consent,
            method="application" if with_application else "paper",
            given_at=consent.given_at,
            valid_until=consent.valid_until,
            given_by=next(iter(guardian_ids), None) if kind is CardKind.STUDENT else None,
        )
        for kind, subject_id in subjects
    ]


async def add_guardian(
    uow: UnitOfWork, student_id: UUID, guardian: GuardianRecord, consent: ConsentRecord | None, author: Author
) -> None:
    """Tie a guardian to a child; one known by СНИЛС keeps the card there is, a tie that stands stays as it is."""
    student = await repository.get_student(uow.session, student_id, lock=True)
    if student is None:
        raise NotFoundError
    child = StudentRecord(
        last_name=student.last_name,
        first_name=student.first_name,
        middle_name=student.middle_name,
        birth_date=student.birth_date,
        sex=student.sex,
        citizenship=student.citizenship,
        snils=None,
        document=None,
    )
    family = FamilyRecord(child, (guardian,), consent, valid_from=uow.clock.today())
    (found,) = await check_guardians(uow, [family], [Found(student_id)])
    if found.mismatch is not None:
        raise GuardianDiffersError
    known = Registered(student_id, student.statistical_id, created=False)
    _, guardians = await register_guardians(uow, [family], [known], author)
    if consent is not None:
        mine = [one for one in _given(consent, student_id, guardians[student_id]) if one.kind is CardKind.GUARDIAN]
        await record_consents(uow, mine, author)
