"""What may be wrong with absences and substitutions."""

from servicekit.errors import DomainError, Kind


class AbsenceInvalidError(DomainError):
    """The teacher is not the organization's, or the days are none or outside the school year."""

    code = "absence.invalid"
    kind = Kind.INVALID
    title = "Отсутствие учителя заполнено неверно"


class AbsenceWithdrawnError(DomainError):
    """The absence was withdrawn: nothing is arranged for it any more."""

    code = "absence.withdrawn"
    kind = Kind.CONFLICT
    title = "Отсутствие учителя отменено"


class SubstitutionsInvalidError(DomainError):
    """Some of the lessons cannot be given to others so; none was."""

    code = "substitution.invalid"
    kind = Kind.INVALID
    title = "Замены заполнены неверно, ни одна не назначена"


class SubstitutionsChangedError(DomainError):
    """Some of the lessons were changed since they were read; nothing was arranged."""

    code = "substitution.changed"
    kind = Kind.CONFLICT
    title = "Уроки уже изменены другим пользователем, ни одна замена не назначена"


class ReportDaysError(DomainError):
    """The days of a report are none, or more than a year."""

    code = "substitution.days"
    kind = Kind.INVALID
    title = "Период отчёта: от одного дня до года"
