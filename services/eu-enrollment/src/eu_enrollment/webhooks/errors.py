"""Errors of webhooks."""

from servicekit.errors import DomainError, Kind


class WebhookUrlError(DomainError):
    """The address is not https, names a user, or lies inside a private network."""

    code = "webhook.url"
    kind = Kind.INVALID
    title = "Адрес не подходит для уведомлений"


class TooManyWebhooksError(DomainError):
    """The client has as many subscriptions as it may."""

    code = "webhook.too-many"
    kind = Kind.CONFLICT
    title = "Подписок больше, чем разрешено"
