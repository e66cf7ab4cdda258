"""Errors of verifications."""

from servicekit.errors import DomainError, Kind


class VerificationClosedError(DomainError):
    """Another decision has been taken, or nothing is to be decided any more."""

    code = "verification.closed"
    kind = Kind.CONFLICT
    title = "По этой проверке решать уже нечего: решение принято или заявление завершено"


class MeasureError(DomainError):
    """A distance is confirmed by its metres, anything else without."""

    code = "verification.metres"
    kind = Kind.INVALID
    title = "Расстояние подтверждается числом метров, остальные проверки — без него"
