"""Errors of machine clients."""

from servicekit.errors import DomainError, Kind


class WrongClientError(DomainError):
    """Unknown client or wrong secret."""

    code = "clients.wrong-credentials"
    kind = Kind.UNAUTHENTICATED
    title = "Неверный идентификатор или ключ клиента"
