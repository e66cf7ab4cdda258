"""What may be wrong with closing a period."""

from servicekit.errors import DomainError, Kind


class PeriodNotOverError(DomainError):
    """The last day of the period is still to come."""

    code = "closings.not-over"
    kind = Kind.CONFLICT
    title = "Период ещё не закончился"


class GapsLeftError(DomainError):
    """The check list is not clean; the member ``gaps`` counts what is left. It is closed so only with a reason."""

    code = "closings.gaps-left"
    kind = Kind.CONFLICT
    title = "В журналах есть незаполненное; чтобы закрыть период так, укажите причину"


class AlreadyClosedError(DomainError):
    """The period of these learners is closed."""

    code = "closings.already"
    kind = Kind.CONFLICT
    title = "Период уже закрыт"


class RevokedError(DomainError):
    """The closing was taken back: there is nothing to open."""

    code = "closings.revoked"
    kind = Kind.CONFLICT
    title = "Закрытие периода уже отменено"


class UnlockTimeError(DomainError):
    """A period is opened until an instant to come, by an order that is not of the future."""

    code = "closings.unlock-time"
    kind = Kind.INVALID
    title = "Срок открытия должен быть в будущем, а приказ — не позднее сегодняшнего дня"


class JournalUnknownError(DomainError):
    """The learners of the closed period have no such journal."""

    code = "closings.journal-unknown"
    kind = Kind.INVALID
    title = "У этого класса (группы) нет такого журнала"
