"""Errors of class teachers."""

from servicekit.errors import DomainError, Kind


class NotEmployedError(DomainError):
    """Only a worker of the organization leads its groups."""

    code = "class-teachers.not-employed"
    kind = Kind.CONFLICT
    title = "Работник не занимает должности в организации на эту дату"


class LedAlreadyError(DomainError):
    """A class has one class teacher at a time, and nobody leads a group twice at once."""

    code = "class-teachers.led-already"
    kind = Kind.CONFLICT
    title = "У класса в это время уже есть классный руководитель, или работник уже ведёт эту группу"


class LeadingDatesError(DomainError):
    """Ends before it begins, or begins when the group is over."""

    code = "class-teachers.dates"
    kind = Kind.INVALID
    title = (
        "Неверные даты: назначение заканчивается раньше, чем начинается, или начинается после окончания учебного года"
    )
