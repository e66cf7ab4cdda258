"""Errors of the teaching load."""

from servicekit.errors import DomainError, Kind


class LoadsRefusedError(DomainError):
    """Lines that cannot be; none is kept, each is named with its place."""

    code = "loads.refused"
    kind = Kind.INVALID
    title = "Нагрузка не распределена: есть ошибки в строках"


class LoadTwiceError(DomainError):
    """The worker has this subject there at that time already."""

    code = "loads.twice"
    kind = Kind.CONFLICT
    title = "Этот предмет в этом классе (группе) уже ведёт этот работник в это время"


class LoadDatesError(DomainError):
    """A line ends before it begins, or goes on beyond its year, its employment or what it replaces."""

    code = "loads.dates"
    kind = Kind.INVALID
    title = "Даты выходят за пределы строки нагрузки, учебного года или трудоустройства"
