"""Errors of the queue."""

from servicekit.errors import DomainError, Kind


class TooManyLookUpsError(DomainError):
    """Too many wrong codes for one number; ``retry_after`` says when another may be tried."""

    code = "lookup.too-many"
    kind = Kind.TOO_MANY
    title = "Слишком много неверных кодов для этого номера, попробуйте позже"


class NotAllocatedError(DomainError):
    """No allocation has decided about the application: there is nothing to certify."""

    code = "certificate.not-allocated"
    kind = Kind.NOT_FOUND
    title = "Распределение по этому заявлению ещё не проводилось"


class NotForecastError(DomainError):
    """No forecast knows the application."""

    code = "forecast.none"
    kind = Kind.NOT_FOUND
    title = "Прогноз по этому заявлению ещё не рассчитан"
