"""Keys of the slices' pages."""

from uuid import UUID

from servicekit.errors import DomainError, Kind


class PageKeyError(DomainError):
    """``after`` is not a key of this list."""

    code = "page-key-invalid"
    kind = Kind.INVALID
    title = "Неверный ключ страницы"


def after_id(after: str | None) -> UUID | None:
    """Key of a list that pages by id."""
    try:
        return None if after is None else UUID(after)
    except ValueError:
        raise PageKeyError from None
