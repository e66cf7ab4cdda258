"""What may be wrong with alerts."""

from servicekit.errors import DomainError, Kind


class AcknowledgedError(DomainError):
    """Somebody has dealt with the alert already."""

    code = "alerts.acknowledged"
    kind = Kind.CONFLICT
    title = "Это изменение уже проверено"


class OwnChangeError(DomainError):
    """Nobody vouches for a change of one's own."""

    code = "alerts.own"
    kind = Kind.CONFLICT
    title = "Своё изменение проверяет другой сотрудник"
