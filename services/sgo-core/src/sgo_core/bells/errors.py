"""Errors of shifts and lesson times."""

from servicekit.errors import DomainError, Kind


class ShiftExistsError(DomainError):
    """The organization has this shift."""

    code = "bells.shift-exists"
    kind = Kind.CONFLICT
    title = "Такая смена уже есть"


class ShiftTimesError(DomainError):
    """A shift ends before it begins."""

    code = "bells.shift-times"
    kind = Kind.INVALID
    title = "Смена заканчивается раньше, чем начинается"


class UnknownShiftError(DomainError):
    """The organization has no such shift in use."""

    code = "bells.shift-unknown"
    kind = Kind.INVALID
    title = "В организации нет такой смены"


class OutsideShiftError(DomainError):
    """A lesson lies outside its shift."""

    code = "bells.outside-shift"
    kind = Kind.CONFLICT
    title = "Урок выходит за время смены"


class LessonOrderError(DomainError):
    """Lessons overlap, stand in the wrong order, or end before they start."""

    code = "bells.order"
    kind = Kind.INVALID
    title = "Уроки идут не по порядку или пересекаются"


class BellIntervalError(DomainError):
    """Grades or days of validity end before they begin."""

    code = "bells.interval"
    kind = Kind.INVALID
    title = "Класс или дата «с» больше, чем «по»"


class BellsTakenError(DomainError):
    """Other lesson times in use fit the same shift, weekday, kind of day, grade and date."""

    code = "bells.taken"
    kind = Kind.CONFLICT
    title = "Для этих смены, дней недели, вида дня, классов и дат звонки уже заданы"
