"""What may be wrong with a class event."""

from servicekit.errors import DomainError, Kind


class ClassEventInvalidError(DomainError):
    """The days, the classes, the room or the responsible worker cannot be so; nothing was saved."""

    code = "class-event.invalid"
    kind = Kind.INVALID
    title = "Мероприятие заполнено неверно, ничего не сохранено"


class ClassEventTookPlaceError(DomainError):
    """The event is over: what took place is not planned otherwise any more."""

    code = "class-event.took-place"
    kind = Kind.CONFLICT
    title = "Мероприятие уже прошло, изменить или отменить его нельзя"


class ClassEventConflictsError(DomainError):
    """The room, the classes or the responsible worker are taken at that time."""

    code = "class-event.conflicts"
    kind = Kind.CONFLICT
    title = "В это время кабинет, класс или ответственный заняты"


class ClassEventCancelledError(DomainError):
    """A cancelled event is not changed any more."""

    code = "class-event.cancelled"
    kind = Kind.CONFLICT
    title = "Мероприятие отменено"
