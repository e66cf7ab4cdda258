"""What may be wrong with an assessment."""

from servicekit.errors import DomainError, Kind


class AssessmentInvalidError(DomainError):
    """The lesson or the kind of work is none that may be assessed."""

    code = "assessment.invalid"
    kind = Kind.INVALID
    title = "Контрольная работа заполнена неверно"


class AssessmentExistsError(DomainError):
    """The lesson has an assessment already."""

    code = "assessment.exists"
    kind = Kind.CONFLICT
    title = "На этом уроке контрольная работа уже назначена"


class TooManyAssessmentsError(DomainError):
    """A class would have more assessments than the organization allows."""

    code = "assessment.too-many"
    kind = Kind.CONFLICT
    title = "Контрольных работ у класса больше, чем допускается"


class AssessmentDaysError(DomainError):
    """The days of a printed schedule are none, or more than a year."""

    code = "assessment.days"
    kind = Kind.INVALID
    title = "График печатается за период от одного дня до года"


class AssessmentTookPlaceError(DomainError):
    """The day of the assessment has passed."""

    code = "assessment.took-place"
    kind = Kind.CONFLICT
    title = "Контрольная работа уже прошла"
