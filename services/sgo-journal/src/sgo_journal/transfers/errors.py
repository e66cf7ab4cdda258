"""What may be wrong with a statement from paper, or with saying which course a subject of one is."""

from servicekit.errors import DomainError, Kind


class StatementInvalidError(DomainError):
    """Some of the statement cannot be kept; nothing was."""

    code = "brought.invalid"
    kind = Kind.INVALID
    title = "Ведомость заполнена неверно, не сохранено ничего"


class StatementKnownError(DomainError):
    """The student has a statement with the number and date of this one."""

    code = "brought.statement-exists"
    kind = Kind.CONFLICT
    title = "Ведомость с этим номером и датой у ученика уже есть"


class StatementFollowsError(DomainError):
    """The statement came by a transfer within the region: the school that was left keeps it."""

    code = "brought.by-transfer"
    kind = Kind.CONFLICT
    title = "Эти отметки пришли по переводу, их ведёт прежняя школа"


class CountedElsewhereError(DomainError):
    """The subject counts in another course here; a teacher may not take it from there."""

    code = "brought.counted-elsewhere"
    kind = Kind.CONFLICT
    title = "Этот предмет ведомости уже отнесён к другому журналу, изменить это может администрация"
