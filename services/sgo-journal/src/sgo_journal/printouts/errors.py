"""What may be wrong with a report that is asked for."""

from servicekit.errors import DomainError, Kind


class UnknownReportError(DomainError):
    """There is no such report of a class, or of an organization."""

    code = "reports.unknown"
    kind = Kind.NOT_FOUND
    title = "Такого отчёта нет"


class ReportPeriodError(DomainError):
    """The period ends before it begins, or is longer than the report takes: a school year, of an attendance sheet a month."""

    code = "reports.period"
    kind = Kind.INVALID
    title = "Период отчёта указан неверно: в пределах учебного года, для табеля не больше месяца"


class ReportFormatError(DomainError):
    """The report is not made in this format."""

    code = "reports.format"
    kind = Kind.INVALID
    title = "В таком виде этот отчёт не составляется"


class TeacherNotNamedError(DomainError):
    """The report is of one teacher, and none is named."""

    code = "reports.teacher"
    kind = Kind.INVALID
    title = "Укажите учителя, о котором отчёт"
