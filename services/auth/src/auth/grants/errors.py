"""Errors about grants."""

from servicekit.errors import DomainError, Kind


class UnitMismatchError(DomainError):
    """The unit does not fit the role, or its parts contradict each other."""

    code = "grants.unit-mismatch"
    kind = Kind.INVALID
    title = "Подразделение не соответствует роли"


class GuardianByOfferError(DomainError):
    """A guardian's account is given by the offer that core makes, never by hand."""

    code = "grants.guardian-by-offer"
    kind = Kind.INVALID
    title = "Учётная запись родителя выдаётся по предложению из списка родителей организации"


class StudentByOfferError(DomainError):
    """A student's account is given by the offer that core makes, never by hand."""

    code = "grants.student-by-offer"
    kind = Kind.INVALID
    title = "Учётная запись обучающегося выдаётся по предложению из списка обучающихся организации"


class OrganizationClosedError(DomainError):
    """The organization no longer works."""

    code = "grants.organization-closed"
    kind = Kind.CONFLICT
    title = "Организация закрыта"


class AlreadyGivenError(DomainError):
    """The account holds this very position."""

    code = "grants.already-given"
    kind = Kind.CONFLICT
    title = "Такие права уже выданы"


class AlreadyEndedError(DomainError):
    """The grant ended before."""

    code = "grants.already-ended"
    kind = Kind.CONFLICT
    title = "Права уже прекращены"


class NoPositionsError(DomainError):
    """The account holds no position, so there is nothing a password would open."""

    code = "grants.no-positions"
    kind = Kind.CONFLICT
    title = "У учётной записи нет действующих прав"
