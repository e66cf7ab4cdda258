"""What may be wrong with an outward exchange."""

from servicekit.errors import DomainError, Kind


class NotReplayableError(DomainError):
    """The bytes were made by another service, or of facts as they stood: what they were made of is not kept here."""

    code = "outward.not-replayable"
    kind = Kind.CONFLICT
    title = "Файл составлен не из сохранённого отчёта или в другой подсистеме: воспроизвести его здесь нельзя"


class NotHandedOutError(DomainError):
    """Only a file that a person took out can be said to have been handed on."""

    code = "outward.not-handed-out"
    kind = Kind.CONFLICT
    title = "Передать или опубликовать можно только файл, выгруженный из этой подсистемы"


class PeriodError(DomainError):
    """The period ends before it begins."""

    code = "outward.period"
    title = "Конец периода раньше начала"
