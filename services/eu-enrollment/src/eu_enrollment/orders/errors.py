"""Errors of orders."""

from servicekit.errors import DomainError, Kind


class NothingToOrderError(DomainError):
    """The organization has no accepted referrals."""

    code = "order.nothing-accepted"
    kind = Kind.CONFLICT
    title = "В организации нет принятых семьями направлений"


class EffectiveDateError(DomainError):
    """The admission would take effect outside the academic year of a group: the registry would refuse every child."""

    code = "order.effective-date"
    title = "Дата зачисления вне учебного года группы"


class OrderNumberUsedError(DomainError):
    """The organization has another order of this number and date."""

    code = "order.number-used"
    kind = Kind.CONFLICT
    title = "Приказ с таким номером и датой в организации уже есть"
