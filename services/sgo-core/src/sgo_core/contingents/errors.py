"""Errors of counts and lists of students."""

from servicekit.errors import DomainError, Kind


class PeriodError(DomainError):
    """The period ends before it begins, or is longer than ten years."""

    code = "contingents.period"
    kind = Kind.INVALID
    title = "Неверный период: начало позже конца или он длиннее десяти лет"
