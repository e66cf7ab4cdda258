"""Errors of machine clients."""

from servicekit.errors import DomainError, Kind


class WrongClientError(DomainError):
    """Unknown or ended client, or wrong secret."""

    code = "clients.wrong-credentials"
    kind = Kind.UNAUTHENTICATED
    title = "Неверный идентификатор или ключ клиента"


class ClientEndedError(DomainError):
    """The client is ended already."""

    code = "clients.already-ended"
    kind = Kind.CONFLICT
    title = "Клиент уже отключён"
