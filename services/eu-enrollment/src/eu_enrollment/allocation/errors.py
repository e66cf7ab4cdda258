"""Errors of allocation."""

from servicekit.errors import DomainError, Kind


class NothingOfferedError(DomainError):
    """The campaign offers no places."""

    code = "allocation.no-offers"
    kind = Kind.CONFLICT
    title = "В кампании не предложено ни одного места"


class UnprovenResultError(DomainError):
    """The independent check found something wrong: nothing is stored."""

    code = "allocation.unproven"
    kind = Kind.CONFLICT
    title = "Результат распределения не прошёл независимую проверку и не сохранён"


class FrozenError(DomainError):
    """The day of the campaign from which places offered to families are not allocated anew has come."""

    code = "allocation.frozen"
    kind = Kind.CONFLICT
    title = "Срок перераспределения прошёл: свободные места отдаются очереди, предложенные места не меняются"
