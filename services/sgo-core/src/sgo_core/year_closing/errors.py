"""Errors of the closing of an academic year."""

from servicekit.errors import DomainError, Kind


class YearClosedError(DomainError):
    """The academic year of the organization is closed, being closed or being taken back: nothing in it changes."""

    code = "years.closed"
    kind = Kind.CONFLICT
    title = "Учебный год организации завершён (или завершается): изменить в нём ничего нельзя"
    sqlstate = "AS001"


class ClosingStateError(DomainError):
    """The step does not fit the state of the closing."""

    code = "years.state"
    kind = Kind.CONFLICT
    title = "Завершение года не в том состоянии для этого действия"
    sqlstate = "AS002"


class YearNotOverError(DomainError):
    """A year is closed in its last months, not before."""

    code = "years.too-early"
    kind = Kind.CONFLICT
    title = "Завершать учебный год можно не раньше мая"


class AlreadyPreparedError(DomainError):
    """The organization has begun to close this year."""

    code = "years.already-prepared"
    kind = Kind.CONFLICT
    title = "Завершение этого учебного года уже готовится"


class UnknownYearError(DomainError):
    """The region has no such academic year, or none that follows it."""

    code = "years.unknown"
    kind = Kind.INVALID
    title = "Нет такого учебного года или следующего за ним"


class SamePersonError(DomainError):
    """Both confirmations come from one person."""

    code = "years.same-person"
    kind = Kind.FORBIDDEN
    title = "Завершение года подтверждают два разных человека: координатор и сетевой системный администратор"


class ConflictsError(DomainError):
    """Outcomes cannot be carried out as they are; ``errors`` name what is wrong, the list of outcomes says with whom."""

    code = "years.conflicts"
    kind = Kind.CONFLICT
    title = "Год нельзя завершить: устраните противоречия в предварительных итогах"


class OrdersMissingError(DomainError):
    """Outcomes need an order that was not named, or the day of graduation."""

    code = "years.orders-missing"
    kind = Kind.CONFLICT
    title = "Укажите приказы (и дату выпуска), по которым проводятся эти итоги года"


class LaterMovementError(DomainError):
    """After the closing students were moved again: that is undone first."""

    code = "years.later-movement"
    kind = Kind.CONFLICT
    title = "Завершение года нельзя отменить: после него движение обучающихся менялось; сначала отмените те приказы"


class CertificatesEnteredError(DomainError):
    """Certificates of the year's graduates stand in the issue book."""

    code = "years.certificates-entered"
    kind = Kind.CONFLICT
    title = "Завершение года нельзя отменить: аттестаты его выпускников внесены в книгу регистрации"


class UnknownStudentError(DomainError):
    """The student has no outcome in this closing."""

    code = "years.student-unknown"
    kind = Kind.INVALID
    title = "Среди предварительных итогов нет такого обучающегося"


class OutcomeError(DomainError):
    """The outcome lacks what it needs; ``errors`` say what."""

    code = "years.outcome"
    kind = Kind.INVALID
    title = "Итог года заполнен не полностью"


class ClassesError(DomainError):
    """A class to open stands on no class of the year that ends."""

    code = "years.classes"
    kind = Kind.INVALID
    title = "Класс (группа) следующего года образуется из класса (группы) завершаемого года этой организации"


class ResultsRefusedError(DomainError):
    """Some of the results cannot be entered; ``errors`` say which, nothing was written."""

    code = "year-results.refused"
    kind = Kind.CONFLICT
    title = "Итоговые отметки не внесены"
