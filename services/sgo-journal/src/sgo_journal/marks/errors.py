"""What may be wrong with cells of a journal."""

from servicekit.errors import DomainError, Kind


class CellsInvalidError(DomainError):
    """Some cells cannot be saved; none was."""

    code = "cells.invalid"
    kind = Kind.INVALID
    title = "Некоторые клетки нельзя сохранить, не сохранена ни одна"


class CellsChangedError(DomainError):
    """Others have changed some of the cells since they were read; none was saved. The member ``conflicts`` tells what stands there."""

    code = "cells.changed"
    kind = Kind.CONFLICT
    title = "Клетки уже изменены другим пользователем, не сохранена ни одна"


class PeriodClosedError(DomainError):
    """The period was closed meanwhile."""

    code = "cells.period-closed"
    kind = Kind.CONFLICT
    title = "Период закрыт"
    sqlstate = "ASJ01"


class NotOnRosterError(DomainError):
    """The student was taken off the roster of that day meanwhile."""

    code = "cells.not-on-roster"
    kind = Kind.CONFLICT
    title = "Ученик не состоит в классе (группе) на дату урока"
    sqlstate = "ASJ02"
