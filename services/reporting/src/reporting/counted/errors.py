"""What may be wrong with a question for a counted report."""

from servicekit.errors import DomainError, Kind


class UnknownCountedReportError(DomainError):
    """There is no such report."""

    code = "counted.unknown"
    kind = Kind.NOT_FOUND
    title = "Такого отчёта нет: перечень — GET /counted-reports"


class CountedPeriodError(DomainError):
    """The period ends before it begins, or is too long."""

    code = "counted.period"
    title = "Конец периода раньше начала, или период длиннее двух лет"


class TwoUnitsError(DomainError):
    """Both an organization and a municipality were named."""

    code = "counted.two-units"
    title = "Укажите организацию или муниципальное образование, не то и другое"


class LongerThanMonthError(DomainError):
    """The period is longer than what lessons of many organizations are counted over."""

    code = "counted.longer-than-month"
    title = "Об уроках нескольких организаций отчёт составляется не больше чем за 31 день"
