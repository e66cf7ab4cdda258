"""Errors of workers' cards and employments."""

from servicekit.errors import DomainError, Kind


class WorkerDiffersError(DomainError):
    """The СНИЛС or document is another worker's by name or birth date."""

    code = "staff.worker-differs"
    kind = Kind.CONFLICT
    title = "Такой СНИЛС или документ указан в карточке работника с другим именем или датой рождения"


class NoIdentityError(DomainError):
    """Without СНИЛС and document a worker would not be found again."""

    code = "staff.no-identity"
    kind = Kind.INVALID
    title = "В карточке должен быть СНИЛС или документ"


class IdentityTakenError(DomainError):
    """Another card has this СНИЛС or document."""

    code = "staff.identity-taken"
    kind = Kind.CONFLICT
    title = "СНИЛС или документ уже указан в карточке другого работника"


class PostError(DomainError):
    """No such post, or not of this kind of employer."""

    code = "staff.post"
    kind = Kind.INVALID
    title = "Нет такой должности у этого работодателя"


class MainElsewhereError(DomainError):
    """A worker has one main employment at a time in the whole region."""

    code = "staff.main-elsewhere"
    kind = Kind.CONFLICT
    title = "У работника уже есть основное место работы в это время"


class DirectorTakenError(DomainError):
    """An organization has one director at a time."""

    code = "staff.director-taken"
    kind = Kind.CONFLICT
    title = "В организации в это время уже есть руководитель"


class EmploymentDatesError(DomainError):
    """Dismissed before hired, without an order, or days that cannot be."""

    code = "staff.employment-dates"
    kind = Kind.INVALID
    title = "Неверные даты приёма или увольнения; увольнение указывается вместе с приказом"
