"""Refusals of uploads and scans."""

from servicekit.errors import DomainError, Kind


class TooLargeError(DomainError):
    """More than a scan of a paper takes."""

    code = "attachments.too-large"
    kind = Kind.TOO_LARGE
    title = "Файл больше 10 МБ"


class NotAScanError(DomainError):
    """By its content no PDF, JPEG or PNG, whatever it is called, or not whole."""

    code = "attachments.not-a-scan"
    kind = Kind.UNSUPPORTED_MEDIA
    title = "Принимаются целые файлы PDF, JPEG и PNG"


class TooManyUploadsError(DomainError):
    """The caller has uploaded much and attached nothing of it."""

    code = "attachments.too-many-uploads"
    kind = Kind.TOO_MANY
    title = "Слишком много загруженных и не прикреплённых файлов"


class UploadUnknownError(DomainError):
    """No such upload of the caller's: never made, attached already, or forgotten after a day."""

    code = "attachments.upload-unknown"
    kind = Kind.CONFLICT
    title = "Такого загруженного файла нет: загрузите его снова"


class DocumentKindError(DomainError):
    """No such kind of document, or not of such a card or record."""

    code = "attachments.kind"
    kind = Kind.INVALID
    title = "Нет такого вида документа для этой карточки или записи"


class FieldClosedError(DomainError):
    """The paper proves a field that nothing allows to keep."""

    code = "attachments.field-closed"
    kind = Kind.CONFLICT
    title = "Для хранения этого документа нужно согласие или иное законное основание"


class TooManyError(DomainError):
    """As many scans as a card may have."""

    code = "attachments.too-many"
    kind = Kind.CONFLICT
    title = "В карточке слишком много документов"


class ScanUnknownError(DomainError):
    """No such scan of that card: another's, removed, or never made."""

    code = "attachments.unknown"
    kind = Kind.INVALID
    title = "В карточке нет такого скана"


class RemovedError(DomainError):
    """The scan was removed: nobody reads it any more."""

    code = "attachments.removed"
    kind = Kind.GONE
    title = "Документ удалён"


class DamagedError(DomainError):
    """The file is not there, or is not what was sent: never shown."""

    code = "attachments.damaged"
    kind = Kind.UNAVAILABLE
    title = "Файл повреждён или утрачен, обратитесь в поддержку"
