"""Errors of sample checks."""

from servicekit.errors import DomainError, Kind


class NothingToCheckError(DomainError):
    """The organization keeps no cards of the kind, or fewer than were asked for."""

    code = "sample-checks.too-few-cards"
    kind = Kind.CONFLICT
    title = "В организации нет столько карточек этого вида"


class CheckStateError(DomainError):
    """The check is past that step."""

    code = "sample-checks.state"
    kind = Kind.CONFLICT
    title = "Проверка уже завершена или ещё не завершена"


class OtherBodyError(DomainError):
    """Another body has drawn the sample."""

    code = "sample-checks.other-body"
    kind = Kind.FORBIDDEN
    title = "Эту проверку проводит другой орган управления"


class UncheckedError(DomainError):
    """Some of the drawn cards have no verdict."""

    code = "sample-checks.unchecked"
    kind = Kind.CONFLICT
    title = "Не все карточки выборки проверены"


class VerdictFieldsError(DomainError):
    """A difference names no field that the body sees of the card, or a verdict without one names some."""

    code = "sample-checks.fields"
    kind = Kind.INVALID
    title = "При расхождении назовите поля карточки, в остальных случаях поля не указываются"


class MendDateError(DomainError):
    """The day to mend by is past, or left out though something differs."""

    code = "sample-checks.mend-by"
    kind = Kind.INVALID
    title = "Укажите срок устранения расхождений, не раньше сегодняшнего дня"
