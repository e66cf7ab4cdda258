"""Errors of files."""

from servicekit.errors import DomainError, Kind


class FileTooLargeError(DomainError):
    """More than a scan of a paper takes."""

    code = "attachment.too-large"
    kind = Kind.TOO_LARGE
    title = "Файл больше 10 МБ"


class NotAScanError(DomainError):
    """By its content no PDF, JPEG or PNG, whatever it is called, or not whole."""

    code = "attachment.not-a-scan"
    kind = Kind.UNSUPPORTED_MEDIA
    title = "Принимаются целые файлы PDF, JPEG и PNG"


class TooManyFilesError(DomainError):
    """As many files as an application may have."""

    code = "attachment.too-many"
    kind = Kind.CONFLICT
    title = "К заявлению приложено слишком много файлов"


class FileBenefitError(DomainError):
    """A document of a benefit names its category, no other document does; the category is one of the campaign's rules."""

    code = "attachment.benefit"
    kind = Kind.INVALID
    title = "Для документа о льготе укажите категорию из правил кампании"


class FileDamagedError(DomainError):
    """The file is not there, or is not what was sent: never shown."""

    code = "attachment.damaged"
    kind = Kind.UNAVAILABLE
    title = "Файл повреждён или утрачен, обратитесь в поддержку"
