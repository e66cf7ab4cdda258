"""What may be wrong with a class event."""

from servicekit.errors import DomainError, Kind


class ClassEventInvalidError(DomainError):
    """The days, the classes, the room or the responsible worker cannot be so; nothing was saved."""

    code = "class-event.invalid"
    kind = Kind.INVALID
    title = "Мероприятие заполнено неверно, ничего не сохранено"


class ClassEventCancelledError(DomainError):
    """A cancelled event is not changed any more."""

    code = "class-event.cancelled"
    kind = Kind.CONFLICT
    title = "Мероприятие отменено"
