"""Errors of working lists."""

from servicekit.errors import DomainError, Kind


class PageKeyError(DomainError):
    """The key of the next page was not given by this list."""

    code = "worklists.page-key"
    kind = Kind.INVALID
    title = "Неверный ключ следующей страницы"
