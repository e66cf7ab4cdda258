"""Errors about visits."""

from servicekit.errors import DomainError, Kind


class PeriodError(DomainError):
    """The period is not of days that are over and still known."""

    code = "visits.period"
    kind = Kind.INVALID
    title = "Период составляют прошедшие дни, не старше четырёхсот дней, от первого до последнего"
