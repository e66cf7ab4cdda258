"""What may be wrong with asking for a diary."""

from servicekit.errors import DomainError, Kind


class NotMondayError(DomainError):
    """A week is named by its Monday."""

    code = "diary.week-not-monday"
    kind = Kind.INVALID
    title = "Неделя задаётся датой понедельника"
