"""Errors of orders."""

from servicekit.errors import DomainError, Kind


class NothingToOrderError(DomainError):
    """The organization has no accepted referrals."""

    code = "order.nothing-accepted"
    kind = Kind.CONFLICT
    title = "В организации нет принятых семьями направлений"


class OrderNumberUsedError(DomainError):
    """The organization has another order of this number and date."""

    code = "order.number-used"
    kind = Kind.CONFLICT
    title = "Приказ с таким номером и датой в организации уже есть"
