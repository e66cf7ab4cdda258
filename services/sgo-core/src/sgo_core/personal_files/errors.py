"""Errors of personal files."""

from servicekit.errors import DomainError, Kind


class PaperDateError(DomainError):
    """A paper received after today, or handed over before it was received."""

    code = "personal-files.date"
    kind = Kind.INVALID
    title = "Неверная дата: бумага получена не позже сегодняшнего дня, выдана не раньше получения"


class PaperHandedError(DomainError):
    """To whom a paper was handed is said together with the day."""

    code = "personal-files.handed"
    kind = Kind.INVALID
    title = "Укажите и дату выдачи, и кому выдана бумага"
