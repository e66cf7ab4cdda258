"""Errors of academic debts."""

from servicekit.errors import DomainError, Kind


class DebtClearedError(DomainError):
    """A debt that is cleared has nothing to attempt or to prolong."""

    code = "debts.cleared"
    kind = Kind.CONFLICT
    title = "Академическая задолженность уже ликвидирована"


class AttemptsSpentError(DomainError):
    """The law gives two attempts (273-FZ, article 58, part 5)."""

    code = "debts.attempts-spent"
    kind = Kind.CONFLICT
    title = "По задолженности проходят промежуточную аттестацию не более двух раз"


class AttemptDateError(DomainError):
    """The day of an attempt is out of the time that the law gives, before the former attempt, or has not come."""

    code = "debts.attempt-date"
    kind = Kind.INVALID
    title = (
        "Аттестация проходит после образования задолженности и прежней попытки, не позже сегодняшнего дня и в пределах года "
        "(не считая времени болезни и отпуска)"
    )


class DebtTermError(DomainError):
    """The last day to clear a debt is out of the time that the law gives."""

    code = "debts.term"
    kind = Kind.INVALID
    title = (
        "Срок ликвидации назначается в пределах года с образования задолженности (не считая времени болезни и отпуска)"
    )
