"""Errors of the log."""

from servicekit.errors import DomainError, Kind


class NotSealedError(DomainError):
    """No block holds such a leaf: a receipt just given is sealed within seconds, one never given is in none."""

    code = "acceptance-log.not-sealed"
    kind = Kind.NOT_FOUND
    title = "Такой расписки в журнале приёма нет; новая расписка входит в него в течение минуты"
