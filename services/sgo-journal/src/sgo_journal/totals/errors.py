"""What may be wrong with the rules of totals."""

from servicekit.errors import DomainError, Kind


class ThresholdsInvalidError(DomainError):
    """Thresholds do not fall, name a mark twice, or leave means without a mark."""

    code = "totals.thresholds-invalid"
    kind = Kind.INVALID
    title = "Пороги среднего балла должны убывать до нуля, каждой отметке — один порог"


class NoCalendarError(DomainError):
    """The organization has no calendar of that year for the grade: it is not known what periods there are."""

    code = "totals.no-calendar"
    kind = Kind.CONFLICT
    title = "Не задан календарь учебного года: неизвестно, какие в нём периоды"


class PeriodUnknownError(DomainError):
    """The calendar has no such period."""

    code = "totals.period-unknown"
    kind = Kind.INVALID
    title = "В календаре нет такого периода"


class TotalsInvalidError(DomainError):
    """Some totals cannot be saved; none was."""

    code = "totals.invalid"
    kind = Kind.INVALID
    title = "Некоторые итоговые отметки нельзя сохранить, не сохранена ни одна"


class TotalsChangedError(DomainError):
    """Others have changed some of the totals since they were read; none was saved. ``conflicts`` tells what stands there."""

    code = "totals.changed"
    kind = Kind.CONFLICT
    title = "Итоговые отметки уже изменены другим пользователем, не сохранена ни одна"
