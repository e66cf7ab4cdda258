"""What may be wrong with the attendance of a preschool group."""

from servicekit.errors import DomainError, Kind


class DaysInvalidError(DomainError):
    """Some cells or days cannot be saved; nothing was."""

    code = "daycare.invalid"
    kind = Kind.INVALID
    title = "Некоторые отметки нельзя сохранить, не сохранена ни одна"


class DaysChangedError(DomainError):
    """Others have changed some cells since they were read; none was saved. The member ``conflicts`` tells what stands there."""

    code = "daycare.changed"
    kind = Kind.CONFLICT
    title = "Отметки уже изменены другим пользователем, не сохранена ни одна"


class NotDaycareError(DomainError):
    """Attendance by days is of preschool groups."""

    code = "daycare.not-preschool"
    kind = Kind.INVALID
    title = "Посещаемость по дням ведётся только в группах детского сада"


class MonthOutsideYearError(DomainError):
    """The group does not exist in that month."""

    code = "daycare.outside-year"
    kind = Kind.INVALID
    title = "Месяц вне учебного года группы"


class NoCalendarError(DomainError):
    """Without a calendar no day is a working one."""

    code = "daycare.no-calendar"
    kind = Kind.CONFLICT
    title = "Нет календаря работы детского сада на этот учебный год"


class MonthClosedError(DomainError):
    """The month was closed meanwhile."""

    code = "daycare.month-closed"
    kind = Kind.CONFLICT
    title = "Месяц закрыт"
    sqlstate = "ASJ20"


class GroupClosedError(DomainError):
    """The group was closed for the day meanwhile."""

    code = "daycare.group-closed"
    kind = Kind.CONFLICT
    title = "В этот день группа не работает"
    sqlstate = "ASJ21"


class NotInGroupError(DomainError):
    """The child was taken off the roster of that day meanwhile."""

    code = "daycare.not-on-roster"
    kind = Kind.CONFLICT
    title = "Ребёнок не состоит в группе в этот день"
    sqlstate = "ASJ22"


class DaysNotedError(DomainError):
    """A group is closed on no day that children are noted of."""

    code = "daycare.days-noted"
    kind = Kind.CONFLICT
    title = "В эти дни посещаемость уже отмечена: сначала уберите отметки"
    sqlstate = "ASJ23"


class ClosureDaysError(DomainError):
    """A closure lasts from one day to two months within the school year of the group."""

    code = "daycare.closure-days"
    kind = Kind.INVALID
    title = "Группа закрывается на срок от одного дня до двух месяцев в пределах её учебного года"


class ClosureWithdrawnError(DomainError):
    """The closure was withdrawn before."""

    code = "daycare.closure-withdrawn"
    kind = Kind.CONFLICT
    title = "Закрытие группы уже отменено"


class MonthNotOverError(DomainError):
    """Days on which the group would work are still to come, be they days of rest or not."""

    code = "daycare.month-not-over"
    kind = Kind.CONFLICT
    title = "Месяц ещё не закончился"


class DaysLeftError(DomainError):
    """Child-days without a note are left; the members ``unmarked`` and ``days`` tell how many and on which days."""

    code = "daycare.days-left"
    kind = Kind.CONFLICT
    title = "Не все дни отмечены, месяц закрыть нельзя"
