"""Errors of printed documents."""

from servicekit.errors import DomainError, Kind


class ColumnError(DomainError):
    """No such column of the student's card, or one that other records give."""

    code = "printouts.column"
    kind = Kind.INVALID
    title = "Такого столбца в списке класса (группы) быть не может"


class HiddenColumnError(DomainError):
    """A column that the reader may not see."""

    code = "printouts.column-hidden"
    kind = Kind.FORBIDDEN
    title = "Этот столбец вам недоступен"


class NotEnrolledError(DomainError):
    """A certificate for somebody who studies nowhere, or elsewhere."""

    code = "printouts.not-enrolled"
    kind = Kind.CONFLICT
    title = "Справку даёт организация, где ребёнок обучается"


class NotAcceptedError(DomainError):
    """A notice of an enrolment that has not taken place."""

    code = "printouts.not-accepted"
    kind = Kind.CONFLICT
    title = "Уведомление печатают после приказа о зачислении"


class UnknownReportError(DomainError):
    """There is no such report of a class, or of an organization."""

    code = "reports.unknown"
    kind = Kind.NOT_FOUND
    title = "Такого отчёта нет"


class ReportFormatError(DomainError):
    """The report is not made in this format."""

    code = "reports.format"
    kind = Kind.INVALID
    title = "В таком виде этот отчёт не составляется"
