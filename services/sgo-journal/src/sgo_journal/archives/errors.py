"""What may be wrong with archives of journals."""

from servicekit.errors import DomainError, Kind


class NothingToArchiveError(DomainError):
    """No journal of that year has a lesson."""

    code = "archives.nothing"
    kind = Kind.INVALID
    title = "За этот учебный год в журналах нет уроков"


class NotFinishedError(DomainError):
    """The archive, or the file of it, is still being made."""

    code = "archives.not-finished"
    kind = Kind.CONFLICT
    title = "Архив ещё составляется"


class ArchiveInProgressError(DomainError):
    """One archive of a year is made at a time: another of it is not finished yet."""

    code = "archives.in-progress"
    kind = Kind.CONFLICT
    title = "Архив журналов за этот учебный год уже составляется, дождитесь его окончания"


class ArchiveFailedError(DomainError):
    """The archive could not be made and never will be; another may be."""

    code = "archives.failed"
    kind = Kind.CONFLICT
    title = "Составить архив не удалось, закажите новый"


class NotClosedError(DomainError):
    """Not every journal was closed for the year when it was read for the archive, and is still; the member ``journals`` counts them."""

    code = "archives.not-closed"
    kind = Kind.CONFLICT
    title = "Подписывают архив закрытых журналов: закройте учебный год по всем журналам и составьте архив заново"


class ArchiveDamagedError(DomainError):
    """A file is not there, or is not what its digest says: never given out."""

    code = "archives.damaged"
    kind = Kind.UNAVAILABLE
    title = "Файл архива повреждён или утрачен, обратитесь в поддержку"
