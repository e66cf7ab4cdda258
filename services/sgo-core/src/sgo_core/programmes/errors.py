"""Errors of programmes of additional education."""

from servicekit.errors import DomainError, Kind


class ProgrammeExistsError(DomainError):
    """The organization carries out a programme of this title already."""

    code = "programmes.title-taken"
    kind = Kind.CONFLICT
    title = "В организации уже есть действующая программа с таким названием"


class ProgrammeAgesError(DomainError):
    """The youngest age is above the oldest."""

    code = "programmes.ages"
    kind = Kind.INVALID
    title = "Возраст «от» больше возраста «до»"


class OrganizationClosedError(DomainError):
    """A closed organization starts no programmes."""

    code = "programmes.organization-closed"
    kind = Kind.CONFLICT
    title = "Организация закрыта"
