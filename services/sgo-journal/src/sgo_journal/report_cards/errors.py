"""What may be wrong with asking how a student is doing."""

from servicekit.errors import DomainError, Kind


class MeansPeriodError(DomainError):
    """The days are in the wrong order or too many."""

    code = "report-card.period"
    kind = Kind.INVALID
    title = "Период задан неверно: от одного дня до года"


class ValueUnknownError(DomainError):
    """A mark that is tried is none of the scale of the subject."""

    code = "report-card.value-unknown"
    kind = Kind.INVALID
    title = "Такой отметки нет в шкале предмета"
