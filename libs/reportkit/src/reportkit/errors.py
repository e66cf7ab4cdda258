"""What can go wrong when a document is made."""

from servicekit.errors import DomainError, Kind


class DocumentNotReadyError(DomainError):
    """The document was not made within its time: it is long, or many are being made."""

    code = "document.not-ready"
    kind = Kind.UNAVAILABLE
    title = "Документ не удалось подготовить вовремя, повторите позже"


class DocumentTooLargeError(DomainError):
    """The document does not fit into the memory one document may take."""

    code = "document.too-large"
    kind = Kind.INVALID
    title = "Документ слишком велик для печати, уменьшите выборку или выгрузите её таблицей"


class TemplateError(Exception):
    """A template is wrong: the programmer's fault. The text never repeats the data."""
