"""Errors of territories."""

from servicekit.errors import DomainError, Kind


class LinesRefusedError(DomainError):
    """Some lines of the act cannot stand; the errors name each, and nothing is stored."""

    code = "territory.lines-refused"
    title = "Акт не принят: исправьте строки"


class TableError(DomainError):
    """The uploaded file is no table of an act; ``detail`` says what is wrong."""

    code = "territory.table"
    title = "Таблица не принята"


class TableTooLargeError(DomainError):
    """The uploaded file is over the limit."""

    code = "territory.table-too-large"
    kind = Kind.TOO_LARGE
    title = "Файл слишком большой"


class ValidityError(DomainError):
    """The act ends before it begins."""

    code = "territory.validity"
    title = "Действие акта должно заканчиваться позже, чем начинается"


class ActRacedError(DomainError):
    """Another act of the same day was published at the same moment."""

    code = "territory.raced"
    kind = Kind.CONFLICT
    title = "Одновременно опубликован другой акт с той же датой, проверьте его и повторите"


class AddressError(DomainError):
    """The asked address names no street or has no readable house."""

    code = "territory.address"
    title = "Адрес не разобран"
