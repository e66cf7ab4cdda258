"""What may be wrong with files."""

from servicekit.errors import DomainError, Kind


class FileTooLargeError(DomainError):
    """More than a file may have."""

    code = "files.too-large"
    kind = Kind.TOO_LARGE
    title = "Файл больше 10 МБ"


class FileTypeError(DomainError):
    """By its content no type that is taken, whatever it is called, or not whole, or with macros."""

    code = "files.type"
    kind = Kind.UNSUPPORTED_MEDIA
    title = "Принимаются целые файлы PDF, JPEG, PNG и документы без макросов: DOCX, XLSX, PPTX, ODT, ODS, ODP"


class TooManyUploadsError(DomainError):
    """The caller has uploaded much and attached nothing of it."""

    code = "files.too-many-uploads"
    kind = Kind.TOO_MANY
    title = "Слишком много загруженных и не прикреплённых файлов"


class UploadUnknownError(DomainError):
    """No such upload of the caller's: never made, attached already, or forgotten after a day."""

    code = "files.upload-unknown"
    kind = Kind.CONFLICT
    title = "Такого загруженного файла нет: загрузите его снова"


class FileDamagedError(DomainError):
    """The file is not there, or is not what was sent: never shown."""

    code = "files.damaged"
    kind = Kind.UNAVAILABLE
    title = "Файл повреждён или утрачен, обратитесь в поддержку"
