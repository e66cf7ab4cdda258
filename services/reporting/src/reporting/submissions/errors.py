"""What may be wrong with a step of a form that is handed in."""

from servicekit.errors import DomainError, Kind


class NotDueError(DomainError):
    """The report is as of another day than the form is handed in as of."""

    code = "submission.another-day"
    title = "Отчёт построен не на ту дату, на которую форма сдаётся"


class StateError(DomainError):
    """The step does not follow from where the submission is."""

    code = "submission.state"
    kind = Kind.CONFLICT
    title = "В этом состоянии отчёта такое действие невозможно"


class FailingError(DomainError):
    """Controls that forbid handing in do not hold: ``members.controls`` names them."""

    code = "submission.errors"
    kind = Kind.CONFLICT
    title = "Контроли с ошибками не выполнены, отчёт не сдаётся"


class UnexplainedError(DomainError):
    """Controls that ask for an explanation do not hold: ``members.controls`` names those without one."""

    code = "submission.unexplained"
    kind = Kind.CONFLICT
    title = "К предупреждениям контролей нужны пояснения"


class UnsignedError(DomainError):
    """The edition wants an outside signature under the report before anybody approves it."""

    code = "submission.unsigned"
    kind = Kind.CONFLICT
    title = "Форма утверждается с электронной подписью: приложите подпись к отчёту"


class ConsolidatedError(DomainError):
    """What is part of a form handed in above changes only after that one is returned."""

    code = "submission.consolidated"
    kind = Kind.CONFLICT
    title = "Отчёт вошёл в сводный, который уже сдаётся: сначала должен быть возвращён сводный"


class NotConsolidatedError(DomainError):
    """Above organizations a form is made of what was taken from below, so that each figure opens to who answers for it."""

    code = "submission.not-consolidated"
    title = "Территория сдаёт свод принятых отчётов, а не форму, построенную по сведениям: составьте свод"


class PartsChangedError(DomainError):
    """A consolidated report is made of reports that are not those taken now: one was returned or another put in its place."""

    code = "submission.parts-changed"
    kind = Kind.CONFLICT
    title = "Отчёты, из которых составлен сводный, возвращены или заменены: составьте сводный заново"


class PastKnowledgeError(DomainError):
    """A report of what was known at an earlier instant is for explaining figures, not for handing in."""

    code = "submission.known-at"
    title = "Сдаётся отчёт по всем сведениям, а не по известным на прошлый момент"


class NothingTakenError(DomainError):
    """There is nothing to consolidate yet."""

    code = "submission.nothing-taken"
    kind = Kind.CONFLICT
    title = "Ещё не принят ни один отчёт, сводить нечего"
