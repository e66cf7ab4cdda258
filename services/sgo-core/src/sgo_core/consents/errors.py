"""Errors of consents."""

from servicekit.errors import DomainError, Kind


class ConsentRequiredError(DomainError):
    """Fields that nothing but consent allows to keep, and neither a consent in force nor another ground; ``errors`` names them."""

    code = "consents.required"
    kind = Kind.INVALID
    title = "Для этих сведений нужно действующее согласие или названное законное основание"


class ConsentFieldError(DomainError):
    """A consent names a field that the card does not have or that needs no consent."""

    code = "consents.field"
    kind = Kind.INVALID
    title = "Согласие может касаться только сведений, для которых оно нужно"


class ConsentDateError(DomainError):
    """A consent dated in the future, or ended before it was given."""

    code = "consents.date"
    kind = Kind.INVALID
    title = "Неверная дата согласия или его окончания"


class ConsentKnownError(DomainError):
    """The same consent again."""

    code = "consents.known"
    kind = Kind.CONFLICT
    title = "Такое согласие уже внесено"


class ConsentGiverError(DomainError):
    """Consent given for a child by somebody who may not decide for it."""

    code = "consents.giver"
    kind = Kind.INVALID
    title = "Согласие за ребёнка даёт законный представитель, который вправе решать за него"


class ConsentWithdrawnError(DomainError):
    """The consent has been withdrawn already."""

    code = "consents.withdrawn"
    kind = Kind.CONFLICT
    title = "Согласие уже отозвано"


class GroundUnknownError(DomainError):
    """A ground that the catalogue does not have for the field."""

    code = "consents.ground-unknown"
    kind = Kind.INVALID
    title = "Нет такого законного основания"


class HeldError(DomainError):
    """Nothing of this person's may be erased now."""

    code = "consents.held"
    kind = Kind.CONFLICT
    title = "Уничтожение запрещено: сначала снимите запрет"


class HoldLiftedError(DomainError):
    """The hold has been lifted already."""

    code = "consents.hold-lifted"
    kind = Kind.CONFLICT
    title = "Запрет на уничтожение уже снят"
