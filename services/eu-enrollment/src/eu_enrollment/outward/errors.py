"""Errors of sending an exchange again."""

from servicekit.errors import DomainError, Kind


class NoticesNotKeptError(DomainError):
    """The exchange has no notices that could be sent again: they are forgotten after a month, or in turn already."""

    code = "outward.not-kept"
    kind = Kind.CONFLICT
    title = "Уведомления этой передачи уже не хранятся или отправляются повторно"
