"""What may be wrong with calendars to subscribe to."""

from servicekit.errors import DomainError, Kind


class TooManyFeedsError(DomainError):
    """The caller has as many as one may."""

    code = "feeds.too-many"
    kind = Kind.CONFLICT
    title = "Подписок на календарь слишком много, удалите ненужные"


class FeedOfWhomError(DomainError):
    """A guardian names no child, or somebody else names one."""

    code = "feeds.of-whom"
    kind = Kind.INVALID
    title = "Родитель указывает ребёнка, учитель — никого: его календарь — его уроки"
