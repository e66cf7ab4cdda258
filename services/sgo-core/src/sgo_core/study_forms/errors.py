"""Errors of forms of study."""

from servicekit.errors import DomainError, Kind


class NotAStudentError(DomainError):
    """The student's main place is not in the caller's organization on that day."""

    code = "study-forms.not-a-student"
    kind = Kind.CONFLICT
    title = "Обучающийся не числится в организации по основной программе на эту дату"


class StudyFormFieldsError(DomainError):
    """A place is told of a temporary stay and of the network form, and of those alone."""

    code = "study-forms.fields"
    kind = Kind.INVALID
    title = "Место указывается для временного пребывания (с его видом) и сетевой формы и только для них"


class StudyFormTakenError(DomainError):
    """Another form, or the same once more, stands in that time."""

    code = "study-forms.taken"
    kind = Kind.CONFLICT
    title = "В это время у обучающегося уже указана другая форма обучения или та же самая"


class StudyFormDatesError(DomainError):
    """Ends before it begins."""

    code = "study-forms.dates"
    kind = Kind.INVALID
    title = "Форма обучения заканчивается раньше, чем начинается"
