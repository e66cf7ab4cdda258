"""What may be wrong with a switch."""

from servicekit.errors import DomainError, Kind


class SwitchInvalidError(DomainError):
    """The days or the classes of a switch are none, unknown or too many."""

    code = "switch.invalid"
    kind = Kind.INVALID
    title = "Переключение заполнено неверно"


class NothingToSwitchError(DomainError):
    """No lesson lies in the days and classes named."""

    code = "switch.nothing"
    kind = Kind.CONFLICT
    title = "В эти дни у выбранных классов нет уроков, которые можно переключить"


class SwitchUndoneError(DomainError):
    """The switch was undone already."""

    code = "switch.undone"
    kind = Kind.CONFLICT
    title = "Переключение уже отменено"
