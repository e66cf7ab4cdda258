"""Errors of the portal's feed."""

from servicekit.errors import DomainError, Kind


class FeedRestartedError(DomainError):
    """The cursor was given before the database was restored from a backup: its place means nothing any more."""

    code = "portal.feed-restarted"
    kind = Kind.GONE
    title = "Лента изменений начата заново: прочитайте её с начала"
