"""Errors of portfolios."""

from servicekit.errors import DomainError, Kind


class EmptyEntryError(DomainError):
    """An entry with neither text nor link."""

    code = "portfolios.empty"
    kind = Kind.INVALID
    title = "Заполните текст или укажите ссылку"


class EntryRemovedError(DomainError):
    """An entry that was taken out."""

    code = "portfolios.removed"
    kind = Kind.CONFLICT
    title = "Запись удалена из портфолио"
