"""Errors of people's cards."""

from uuid import UUID

from servicekit.errors import DomainError, Kind


class MergedError(DomainError):
    """The card was merged into another one of the same person, which ``detail`` names."""

    code = "people.merged"
    kind = Kind.GONE
    title = "Карточка объединена с другой карточкой того же человека"

    @classmethod
    def into(cls, survivor_id: UUID) -> "MergedError":
        """Of a card that lives on in another."""
        return cls(f"Действующая карточка: {survivor_id}")


class IdentityTakenError(DomainError):
    """Another card has this СНИЛС or document."""

    code = "people.identity-taken"
    kind = Kind.CONFLICT
    title = "СНИЛС или документ уже указан в карточке другого обучающегося"


class CardDiffersError(DomainError):
    """The СНИЛС or document is another child's by birth date."""

    code = "people.card-differs"
    kind = Kind.CONFLICT
    title = "Такой СНИЛС или документ указан в карточке ребёнка с другой датой рождения"


class GuardianDiffersError(DomainError):
    """The guardian's СНИЛС is another person's by name."""

    code = "people.guardian-differs"
    kind = Kind.CONFLICT
    title = "Такой СНИЛС указан в карточке родителя с другой фамилией или другим именем"


class NoIdentityError(DomainError):
    """Without СНИЛС and document a child would not be found again."""

    code = "people.no-identity"
    kind = Kind.INVALID
    title = "В карточке должен остаться СНИЛС или документ"


class BirthDateError(DomainError):
    """A birth date that cannot be."""

    code = "people.birth-date"
    kind = Kind.INVALID
    title = "Неверная дата рождения"


class GuardianshipEndError(DomainError):
    """A guardianship would end before it began."""

    code = "people.guardianship-end"
    kind = Kind.INVALID
    title = "Законное представительство не может закончиться раньше, чем началось"


class GuardianTakenError(DomainError):
    """Another guardian has this СНИЛС."""

    code = "people.guardian-taken"
    kind = Kind.CONFLICT
    title = "СНИЛС уже указан в карточке другого законного представителя"
