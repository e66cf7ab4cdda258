"""Errors of subjects' requests."""

from servicekit.errors import DomainError, Kind


class RequestFieldError(DomainError):
    """A request about a field that the card does not have, or about none where it must name some."""

    code = "subject-requests.fields"
    kind = Kind.INVALID
    title = "Укажите поля карточки, к которым относится обращение"


class RequestDateError(DomainError):
    """A paper received in the future or long ago."""

    code = "subject-requests.date"
    kind = Kind.INVALID
    title = "Неверная дата обращения"


class NotOperatorError(DomainError):
    """The organization does not hold the person's data, or does not keep the card that is to be changed."""

    code = "subject-requests.not-operator"
    kind = Kind.INVALID
    title = "Эта организация не ведёт карточку; обратитесь туда, где обучается ребёнок"


class AnsweredError(DomainError):
    """The request has been answered."""

    code = "subject-requests.answered"
    kind = Kind.CONFLICT
    title = "На обращение уже дан ответ"


class NoExtensionError(DomainError):
    """The term may not be made longer, or has been already."""

    code = "subject-requests.no-extension"
    kind = Kind.CONFLICT
    title = "Срок ответа на это обращение продлить нельзя"


class CannotGrantError(DomainError):
    """The law obliges to keep what the request is about."""

    code = "subject-requests.cannot-grant"
    kind = Kind.CONFLICT
    title = "Эти сведения закон обязывает хранить: откажите с указанием основания"


class NotBlockedError(DomainError):
    """Nothing is blocked by this request."""

    code = "subject-requests.not-blocked"
    kind = Kind.CONFLICT
    title = "По этому обращению ничего не заблокировано"
