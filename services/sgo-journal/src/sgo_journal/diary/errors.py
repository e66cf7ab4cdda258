"""What may be wrong with asking for a diary."""

from servicekit.errors import DomainError, Kind


class NotMondayError(DomainError):
    """A week is named by its Monday."""

    code = "diary.week-not-monday"
    kind = Kind.INVALID
    title = "Неделя задаётся датой понедельника"


class WeekAheadError(DomainError):
    """A week that has not begun cannot have been looked through."""

    code = "diary.week-ahead"
    kind = Kind.INVALID
    title = "Неделя ещё не началась"


class DiaryPeriodError(DomainError):
    """The days are in the wrong order or too many."""

    code = "diary.period"
    kind = Kind.INVALID
    title = "Период задан неверно: от одного дня до года"
