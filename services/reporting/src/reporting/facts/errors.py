"""What may be wrong with a question about counts."""

from servicekit.errors import DomainError


class PeriodError(DomainError):
    """The period ends before it begins."""

    code = "period.reversed"
    title = "Конец периода раньше его начала"
