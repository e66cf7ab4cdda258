"""Errors of the lots."""

from servicekit.errors import DomainError, Kind


class OutcomeNeededError(DomainError):
    """The campaign has announced a public draw, and its outcome is not there."""

    code = "lottery.outcome-needed"
    kind = Kind.CONFLICT
    title = "Для жребия объявлен открытый розыгрыш: укажите его результат"


class OutcomeUnannouncedError(DomainError):
    """An outcome of a draw that nobody announced before the applications."""

    code = "lottery.outcome-unannounced"
    kind = Kind.CONFLICT
    title = "Открытый розыгрыш для этой кампании не объявлялся: добавить его после начала приёма нельзя"


class OutcomeEarlyError(DomainError):
    """Applications are still accepted: who knows the lots could still file."""

    code = "lottery.outcome-early"
    kind = Kind.CONFLICT
    title = "Результат розыгрыша указывают после окончания приёма заявлений"


class OutcomeFixedError(DomainError):
    """The lots were drawn with another outcome."""

    code = "lottery.outcome-fixed"
    kind = Kind.CONFLICT
    title = "Жребий уже определён с другим результатом розыгрыша"
