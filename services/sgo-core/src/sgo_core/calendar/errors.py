"""Errors of calendars."""

from servicekit.errors import DomainError, Kind


class CalendarYearError(DomainError):
    """The region has no such academic year."""

    code = "calendar.academic-year-unknown"
    kind = Kind.INVALID
    title = "Нет такого учебного года"


class PeriodNumberError(DomainError):
    """Quarters are four, trimesters three, half-years two, a year one."""

    code = "calendar.number"
    kind = Kind.INVALID
    title = "Число периодов не соответствует их виду: четвертей четыре, триместров три, полугодий два, год один"


class DatesOrderError(DomainError):
    """Intervals overlap, stand in the wrong order, or end before they begin."""

    code = "calendar.order"
    kind = Kind.INVALID
    title = "Даты идут не по порядку или пересекаются"


class OutsideYearError(DomainError):
    """A date lies outside the academic year."""

    code = "calendar.outside-year"
    kind = Kind.INVALID
    title = "Дата вне учебного года"


class GradesError(DomainError):
    """The first grade of the range comes after the last."""

    code = "calendar.grades"
    kind = Kind.INVALID
    title = "Класс «с» больше класса «по»"


class GradesTakenError(DomainError):
    """The level has dates of this kind, or this special day, for one of the grades."""

    code = "calendar.grades-taken"
    kind = Kind.CONFLICT
    title = "Для одного из этих классов такие даты уже заданы: измените их"


class SpecialDayError(DomainError):
    """A day of rest names no timetable and no kind of day; a Sunday of study names the weekday it stands for."""

    code = "calendar.special-day"
    kind = Kind.INVALID
    title = "День недели и вид дня указываются для учебного дня; для воскресенья день недели обязателен"


class TooManyDaysError(DomainError):
    """More days are asked for than a year has, or none."""

    code = "calendar.too-many-days"
    kind = Kind.INVALID
    title = "Запрашивается от одного дня до года"
