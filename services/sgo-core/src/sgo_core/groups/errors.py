"""Errors of classes and groups."""

from servicekit.errors import DomainError, Kind


class UnknownYearError(DomainError):
    """The region has no such academic year."""

    code = "groups.academic-year-unknown"
    kind = Kind.INVALID
    title = "Нет такого учебного года"


class GroupExistsError(DomainError):
    """A name stands twice, in the request or in the organization."""

    code = "groups.name-taken"
    kind = Kind.CONFLICT
    title = "Класс (группа) с таким названием уже есть в этом учебном году"


class WrongGroupKindError(DomainError):
    """Schools and preschools have different groups here."""

    code = "groups.kind-mismatch"
    kind = Kind.INVALID
    title = "Класс создаётся в школе, группа — в детском саду"


class OrganizationClosedError(DomainError):
    """A closed organization opens no groups."""

    code = "groups.organization-closed"
    kind = Kind.CONFLICT
    title = "Организация закрыта"


class CapacityBelowOccupancyError(DomainError):
    """The capacity would fall below the number of places taken."""

    code = "groups.capacity-below-occupancy"
    kind = Kind.CONFLICT
    title = "Число мест меньше числа зачисленных"


class OccupiedGroupError(DomainError):
    """A group that holds children cannot be closed."""

    code = "groups.occupied"
    kind = Kind.CONFLICT
    title = "В классе (группе) есть дети"
