"""What may be wrong with a bundle of reports."""

from servicekit.errors import DomainError, Kind


class NothingToBundleError(DomainError):
    """No organization has a report of that form and day."""

    code = "bundle.nothing"
    title = "Ни у одной организации нет отчёта по этой форме на эту дату"


class BundleTooLargeError(DomainError):
    """More files than one archive may hold."""

    code = "bundle.too-large"
    kind = Kind.TOO_LARGE
    title = "Файлов слишком много для одного архива: выберите муниципальное образование или меньше форматов"


class BundleInProgressError(DomainError):
    """An account has one bundle made at a time."""

    code = "bundle.in-progress"
    kind = Kind.CONFLICT
    title = "Предыдущий комплект ещё составляется, дождитесь его окончания"


class BundleNotReadyError(DomainError):
    """There is no archive yet, or it could not be made."""

    code = "bundle.not-ready"
    kind = Kind.CONFLICT
    title = "Архив ещё не готов или составить его не удалось"


class BundleExpiredError(DomainError):
    """The archive has lived its time."""

    code = "bundle.expired"
    kind = Kind.GONE
    title = "Срок хранения архива истёк, закажите новый"


class BundleDamagedError(DomainError):
    """A part of an archive that is being made is lost."""

    code = "bundle.damaged"
    title = "Часть архива утрачена, закажите новый"
