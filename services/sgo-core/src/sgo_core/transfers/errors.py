"""Errors of transfers."""

from servicekit.errors import DomainError, Kind


class ChildNotFoundError(DomainError):
    """No student of another organization has this number and birth date."""

    code = "transfers.child-not-found"
    kind = Kind.INVALID
    title = "Обучающийся с такими СНИЛС или документом и датой рождения в организациях региона не числится"


class NotInOrganizationError(DomainError):
    """The student does not study in the organization that asks for the transfer."""

    code = "transfers.not-a-student"
    kind = Kind.CONFLICT
    title = "Обучающийся сегодня не числится в организации"


class SameOrganizationError(DomainError):
    """The student studies there already."""

    code = "transfers.same-organization"
    kind = Kind.INVALID
    title = "Обучающийся уже числится в этой организации"


class DestinationError(DomainError):
    """No such organization, it is closed or of another kind."""

    code = "transfers.destination"
    kind = Kind.INVALID
    title = "Принимающая организация не найдена, закрыта или другого типа"


class OpenTransferError(DomainError):
    """Another transfer of the student is open."""

    code = "transfers.open"
    kind = Kind.CONFLICT
    title = "По обучающемуся уже открыт перевод"


class TransferStateError(DomainError):
    """The step does not fit the state of the transfer."""

    code = "transfers.state"
    kind = Kind.CONFLICT
    title = "Этот шаг сейчас невозможен: перевод в другом состоянии"


class OtherSideError(DomainError):
    """The step belongs to the other organization."""

    code = "transfers.other-side"
    kind = Kind.FORBIDDEN
    title = "Этот шаг делает другая сторона перевода"


class ReasonUnknownError(DomainError):
    """No such reason for this side."""

    code = "transfers.reason"
    kind = Kind.INVALID
    title = "Нет такой причины в справочнике переводов"


class GroupOfferedError(DomainError):
    """The group offered is not the organization's or has no place."""

    code = "transfers.group"
    kind = Kind.CONFLICT
    title = "В организации нет такого класса (группы) или в нём нет свободных мест"


class TransferDateError(DomainError):
    """A date of a step before the former one or after today."""

    code = "transfers.date"
    kind = Kind.INVALID
    title = "Неверная дата: она не раньше предыдущего шага и не позже сегодняшнего дня"
