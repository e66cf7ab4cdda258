"""What may be wrong with a signature file."""

from servicekit.errors import DomainError, Kind


class SignatureError(DomainError):
    """No detached CMS signature that can be read; ``detail`` says what is wrong."""

    code = "signature.unfit"
    title = "Файл не является отсоединённой электронной подписью (CMS)"


class SignatureTooLargeError(DomainError):
    """More bytes than a signature file may have."""

    code = "signature.too-large"
    kind = Kind.TOO_LARGE
    title = "Файл подписи слишком велик"


class OtherContentError(DomainError):
    """The signature was made under other bytes: another version of the record, or another record."""

    code = "signature.other-content"
    title = "Подпись поставлена под другими данными: подпишите файл, полученный для подписания именно этой записи"


class CertificateError(DomainError):
    """A signer's certificate was not in force when it signed by its own word, or is not now where it says no time."""

    code = "signature.certificate"
    title = "Сертификат подписавшего не действовал в момент подписания"
