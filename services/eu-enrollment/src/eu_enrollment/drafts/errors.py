"""Errors of drafts."""

from servicekit.errors import DomainError, Kind


class DraftTooLargeError(DomainError):
    """More than any application takes."""

    code = "draft.too-large"
    kind = Kind.TOO_LARGE
    title = "Черновик больше 64 КБ"


class DraftNotReadyError(DomainError):
    """There are remarks: the errors name them."""

    code = "draft.not-ready"
    kind = Kind.INVALID
    title = "Черновик заполнен неверно, отправить его нельзя"


class DraftSentError(DomainError):
    """The draft is an application already: neither edited nor deleted."""

    code = "draft.sent"
    kind = Kind.CONFLICT
    title = "Черновик уже отправлен"
