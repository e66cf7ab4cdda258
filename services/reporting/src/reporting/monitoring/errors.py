"""What may be wrong with a question about indicators, or with an answer to an alert."""

from servicekit.errors import DomainError, Kind


class UnknownIndicatorError(DomainError):
    """No indicator of that code is declared."""

    code = "indicator.unknown"
    kind = Kind.NOT_FOUND
    title = "Нет такого показателя"


class NotCountedError(DomainError):
    """The indicator was not counted for that period."""

    code = "indicator.not-counted"
    kind = Kind.NOT_FOUND
    title = "За этот период показатель не рассчитан"


class PartError(DomainError):
    """The indicator is not counted by these dimensions."""

    code = "indicator.part"
    title = "В таком разрезе показатель не рассчитывается"


class AlertClosedError(DomainError):
    """Nothing is left to be acknowledged."""

    code = "quality-alert.closed"
    kind = Kind.CONFLICT
    title = "Значение вернулось в границы, сигнал уже закрыт"
