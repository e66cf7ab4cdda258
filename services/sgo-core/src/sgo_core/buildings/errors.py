"""Errors of buildings."""

from servicekit.errors import DomainError, Kind


class BuildingDatesError(DomainError):
    """A building given up before it was taken into use."""

    code = "buildings.dates"
    kind = Kind.INVALID
    title = "Дата окончания использования раньше даты начала"


class BuildingTenureError(DomainError):
    """A building that is not the organization's own is used by a document."""

    code = "buildings.tenure-document"
    kind = Kind.INVALID
    title = "Для аренды и безвозмездного пользования укажите договор"


class OrganizationClosedError(DomainError):
    """A closed organization takes no buildings."""

    code = "buildings.organization-closed"
    kind = Kind.CONFLICT
    title = "Организация закрыта"
