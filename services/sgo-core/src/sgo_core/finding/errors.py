"""Refusals of the search."""

from servicekit.errors import DomainError, Kind


class NothingToFindByError(DomainError):
    """Neither a name nor a number is given: a birth date alone names nobody."""

    code = "finding.nothing-to-find-by"
    kind = Kind.INVALID
    title = "Укажите имя, СНИЛС или документ"
