"""What may be wrong with an official blank."""

from servicekit.errors import DomainError, Kind


class BlankError(DomainError):
    """The workbook cannot be filled; ``detail`` says why and where, in words for who supplied it."""

    code = "blank.unfit"
    title = "Файл не подходит как бланк формы"


class BlankTooLargeError(DomainError):
    """More bytes than a blank may have."""

    code = "blank.too-large"
    kind = Kind.TOO_LARGE
    title = "Файл бланка слишком велик"


class UnknownEditionError(DomainError):
    """No such edition of a form."""

    code = "blank.edition-unknown"
    title = "Нет такой формы или редакции"


class WithdrawnError(DomainError):
    """The blank was withdrawn before."""

    code = "blank.withdrawn"
    kind = Kind.CONFLICT
    title = "Бланк уже отозван"
