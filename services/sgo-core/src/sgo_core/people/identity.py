"""Who is who: the keys people are found by, and what beside a number must agree before it joins two mentions of a person.

A number may be mistyped, a sibling's, or somebody else's on purpose. So a child found by СНИЛС or document must have the same
birth date, a guardian found by СНИЛС the same last and first name; otherwise nobody is joined and a person has to look.
"""

from datetime import date

from identifiers import DocumentKind, normal_name
from sgo_core.people.model import Guardian, Student
from sgo_core.people.records import DocumentRecord, GuardianRecord, StudentRecord
from sgo_core.vault import Vault


class IdentityRaceError(Exception):
    """Another transaction stored a different person under the number since it was looked up; the next try will see whom."""


def document_key(vault: Vault, document: DocumentRecord, last_name: str, first_name: str, birth_date: date) -> bytes:
    """Key of a child's document. One of no known kind may be numbered «Б/Н» like many others: whose it is belongs to the key."""
    parts = [document.kind, document.series, document.number]
    if document.kind == DocumentKind.OTHER:
        parts += [normal_name(last_name), normal_name(first_name), birth_date.isoformat()]
    return vault.document_key(*parts)


def same_child(student: Student, record: StudentRecord) -> bool:
    """Whether a child found by a number can be the one of the record."""
    return student.birth_date == record.birth_date


def guardian_name(guardian: Guardian | GuardianRecord) -> tuple[str, str]:
    """What must agree of guardians with one СНИЛС."""
    return normal_name(guardian.last_name), normal_name(guardian.first_name)


def search_name(last_name: str, first_name: str, middle_name: str | None) -> str:
    """Normal form of a full name, for search."""
    return normal_name(" ".join(part for part in (last_name, first_name, middle_name) if part))
