"""People as contract events: private ones, for the readers named in the contract."""

from collections.abc import Collection
from uuid import UUID

from asu_contracts.core import (
    GuardianProfiled,
    GuardianshipChanged,
    StudentMerged,
    StudentOffered,
    StudentProfiled,
    StudentStatisticsChanged,
)
from asu_contracts.people import Sex
from sgo_core.cards.fields import to_plain
from sgo_core.catalogue.definition import CATALOGUE, CardKind
from sgo_core.people.model import Guardian, Guardianship, Student
from sgo_core.vault import Vault


def student_profiled(student: Student) -> StudentProfiled:
    """The student's name."""
    return StudentProfiled(
        student_id=student.id,
        last_name=student.last_name,
        first_name=student.first_name,
        middle_name=student.middle_name,
    )


def student_offered(student: Student, organization_id: UUID | None) -> StudentOffered:
    """Who may give the student an account."""
    return StudentOffered(
        student_id=student.id,
        last_name=student.last_name,
        first_name=student.first_name,
        middle_name=student.middle_name,
        organization_id=organization_id,
    )


def student_merged(student: Student) -> StudentMerged:
    """Into which card a student's was merged, if it is."""
    return StudentMerged(student_id=student.id, merged_into=student.merged_into)


STATISTICS = StudentStatisticsChanged.model_fields.keys() & CATALOGUE.cards[CardKind.STUDENT].fields.keys()
"""Fields of the card that forms count by: once one changes, readers are told."""


def student_statistics_changed(
    student: Student, vault: Vault, pseudonym: UUID | None = None
) -> StudentStatisticsChanged:
    """What forms count the student by, under its pseudonym or that of a card merged into it."""
    sealed = to_plain(CardKind.STUDENT, student, vault, dict.fromkeys(("special_needs", "disability")))
    needs, disability = sealed["special_needs"] or {}, sealed["disability"]
    return StudentStatisticsChanged(
        statistical_id=pseudonym or student.statistical_id,
        birth_date=student.birth_date,
        sex=Sex(student.sex),
        citizenship=student.citizenship,
        second_citizenship=student.second_citizenship,
        native_language=student.native_language,
        instruction_language=student.instruction_language,
        foreign_languages=tuple(student.foreign_languages or ()),
        special_needs=needs.get("disorder"),
        adapted_programme=needs.get("programme_variant"),
        special_needs_until=needs.get("valid_until"),
        disability=disability is not None,
        disability_until=(disability or {}).get("valid_until"),
        extended_day=student.extended_day,
        boarding=student.boarding,
        distance_learning=student.distance_learning,
    )


def guardian_profiled(guardian: Guardian, organization_ids: Collection[UUID]) -> GuardianProfiled:
    """The guardian's name and the organizations of the children."""
    return GuardianProfiled(
        guardian_id=guardian.id,
        last_name=guardian.last_name,
        first_name=guardian.first_name,
        middle_name=guardian.middle_name,
        organization_ids=tuple(sorted(organization_ids)),
    )


def guardianship_changed(tie: Guardianship) -> GuardianshipChanged:
    """Who is whose guardian."""
    return GuardianshipChanged(
        guardianship_id=tie.id,
        guardian_id=tie.guardian_id,
        student_id=tie.student_id,
        may_see=tie.may_see,
        valid_from=tie.valid_from,
        valid_to=tie.valid_to,
    )
