"""Errors of the register of organizations."""

from servicekit.errors import DomainError, Kind


class AlreadyRegisteredError(DomainError):
    """Another organization has this ОГРН."""

    code = "organizations.already-registered"
    kind = Kind.CONFLICT
    title = "Организация с таким ОГРН уже зарегистрирована"


class UnknownMunicipalityError(DomainError):
    """No municipality has this ОКТМО."""

    code = "organizations.municipality-unknown"
    kind = Kind.INVALID
    title = "Нет муниципального образования с таким кодом ОКТМО"
