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
    """Classes are opened in schools, preschool groups in schools and preschools, groups of additional education everywhere."""

    code = "groups.kind-mismatch"
    kind = Kind.INVALID
    title = "Класс открывается в школе, дошкольная группа — в школе или детском саду"


class UnknownProgrammeError(DomainError):
    """The organization has no such programme of additional education, or carries it out no more."""

    code = "groups.programme-unknown"
    kind = Kind.INVALID
    title = "Нет такой дополнительной образовательной программы в организации"


class GroupFieldsError(DomainError):
    """A field that groups of another kind have, or values that do not go together."""

    code = "groups.fields"
    kind = Kind.INVALID
    title = "Такие сведения не подходят этому классу (группе)"


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
