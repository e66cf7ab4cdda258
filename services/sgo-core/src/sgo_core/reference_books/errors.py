"""Errors of reference books."""

from servicekit.errors import DomainError, Kind


class EntryExistsError(DomainError):
    """The level has an entry of this code, or one in use of this title."""

    code = "reference-books.exists"
    kind = Kind.CONFLICT
    title = "Такая запись в справочнике уже есть"


class RegionalBookError(DomainError):
    """The book is the region's alone, or lets its entries not be replaced."""

    code = "reference-books.regional"
    kind = Kind.FORBIDDEN
    title = "Этот справочник ведёт регион: организация не меняет его записи"


class EntryCodeError(DomainError):
    """The region names its codes; an organization's own entry gets one, or takes the code of the entry it replaces."""

    code = "reference-books.code"
    kind = Kind.INVALID
    title = "Код задаёт регион; организация указывает код только заменяемой записи"


class EntryIntervalError(DomainError):
    """The last day would come before the first."""

    code = "reference-books.interval"
    kind = Kind.INVALID
    title = "Дата окончания должна быть позже даты начала"


class BookFullError(DomainError):
    """A book is read whole, so it has an end."""

    code = "reference-books.full"
    kind = Kind.CONFLICT
    title = "В справочнике слишком много записей"


class UnknownEntryError(DomainError):
    """The book offers no such entry to this organization."""

    code = "reference-books.entry-unknown"
    kind = Kind.INVALID
    title = "В справочнике нет такой действующей записи"
