"""Errors of orders."""

from servicekit.errors import DomainError, Kind


class NothingToOrderError(DomainError):
    """Nobody of the organization can be ordered to be admitted yet."""

    code = "order.nothing-ready"
    kind = Kind.CONFLICT
    title = "В организации нет детей, готовых к зачислению: место не принято или договор не подписан"


class NotReadyError(DomainError):
    """Some of the chosen applications cannot be ordered; the errors name each."""

    code = "order.not-ready"
    kind = Kind.CONFLICT
    title = "Некоторые заявления нельзя включить в приказ: место не принято или договор не подписан"


class EffectiveDateError(DomainError):
    """The admission would take effect outside the academic year of a group: the registry would refuse every child."""

    code = "order.effective-date"
    title = "Дата зачисления вне учебного года группы"


class OrderNumberUsedError(DomainError):
    """The organization has another order of this number and date."""

    code = "order.number-used"
    kind = Kind.CONFLICT
    title = "Приказ с таким номером и датой в организации уже есть"


class CarriedOutError(DomainError):
    """The registry has enrolled children by the order: an order of the organization there undoes that, and nothing here."""

    code = "order.carried-out"
    kind = Kind.CONFLICT
    title = "По приказу уже зачислены дети: отменить зачисление можно только приказом организации в реестре контингента"
