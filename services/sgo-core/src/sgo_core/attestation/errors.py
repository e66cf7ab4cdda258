"""Errors of methodical works and attestation."""

from servicekit.errors import DomainError, Kind


class WorkDateError(DomainError):
    """A work that is not made yet, or of another age."""

    code = "methodical-works.date"
    kind = Kind.INVALID
    title = "Дата работы ещё не наступила или слишком давняя"


class WorkRemovedError(DomainError):
    """A work that was taken out."""

    code = "methodical-works.removed"
    kind = Kind.CONFLICT
    title = "Запись удалена"


class NotTeachingError(DomainError):
    """Only who holds a pedagogical post in the organization is attested there."""

    code = "attestation.not-teaching"
    kind = Kind.INVALID
    title = "Работник не занимает педагогической должности в этой организации"


class AttestationOpenError(DomainError):
    """The worker is being attested for the category in this post already."""

    code = "attestation.open"
    kind = Kind.CONFLICT
    title = "Аттестация работника по этой должности на эту категорию уже начата"


class AttestationStateError(DomainError):
    """The attestation is past that step, or not there yet."""

    code = "attestation.state"
    kind = Kind.CONFLICT
    title = "На этом этапе аттестации действие невозможно"


class AttestationDateError(DomainError):
    """A day that does not follow the one before it."""

    code = "attestation.date"
    kind = Kind.INVALID
    title = "Дата не согласуется с предыдущим этапом аттестации"
