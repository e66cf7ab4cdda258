"""Errors of amendments."""

from servicekit.errors import DomainError, Kind


class AmendmentRefusedError(DomainError):
    """The rules do not take the change, on this day or at all; the errors name the fields."""

    code = "application.change-refused"
    title = "Изменение не принимается по правилам кампании"


class NotAmendableError(DomainError):
    """The application does not stand where it can be changed."""

    code = "application.not-amendable"
    kind = Kind.CONFLICT
    title = "В нынешнем статусе заявление изменить нельзя"


class HeldByBirthDateError(DomainError):
    """A place is held that was given by the birth date that is to be put right."""

    code = "correction.place-held"
    kind = Kind.CONFLICT
    title = "Место предоставлено по прежней дате рождения: исправить её можно, когда место освобождено"


class LotDrawnError(DomainError):
    """The child's lot follows from its document and is drawn: another document would be another lot."""

    code = "correction.lot-drawn"
    kind = Kind.CONFLICT
    title = "Жребий по реквизитам документа ребёнка уже проведён: исправить их до конца кампании нельзя"
