"""Errors of packages for outer receivers."""

from servicekit.errors import DomainError, Kind


class CertificateError(DomainError):
    """Not a certificate in PEM with an RSA key of 2048 bits or more that is in force."""

    code = "packages.certificate"
    kind = Kind.INVALID
    title = "Нужен действующий сертификат получателя в формате PEM с ключом RSA не короче 2048 бит"


class ReceiverExistsError(DomainError):
    """Another receiver has this name."""

    code = "packages.receiver-exists"
    kind = Kind.CONFLICT
    title = "Получатель с таким наименованием уже есть"


class ReceiverUnfitError(DomainError):
    """The receiver takes no packages, or its certificate has run out."""

    code = "packages.receiver-unfit"
    kind = Kind.CONFLICT
    title = "Получатель не действует или срок его сертификата истёк"


class PackageScopeError(DomainError):
    """A municipality and an organization, or a municipality that is not there."""

    code = "packages.scope"
    kind = Kind.INVALID
    title = "Укажите муниципальное образование, организацию или ничего (весь регион)"


class PackageFutureError(DomainError):
    """A contingent of a day to come is not known."""

    code = "packages.future"
    kind = Kind.INVALID
    title = "Пакет формируется на сегодняшний или прошедший день"


class PackageInWorkError(DomainError):
    """One package of a receiver and scope is made at a time: each tells the differences to the one before."""

    code = "packages.in-work"
    kind = Kind.CONFLICT
    title = "Такой пакет уже формируется"


class PackageNotReadyError(DomainError):
    """There is no file yet, or no longer."""

    code = "packages.not-ready"
    kind = Kind.CONFLICT
    title = "Файл пакета ещё не готов или срок его хранения истёк"


class ReceiptExistsError(DomainError):
    """A package has one receipt."""

    code = "packages.receipt-exists"
    kind = Kind.CONFLICT
    title = "Квитанция этого пакета уже внесена"


class ReceiptError(DomainError):
    """The numbers or the people of a receipt are not those of the package."""

    code = "packages.receipt"
    kind = Kind.INVALID
    title = "Квитанция не подходит к пакету: число записей или идентификаторы не те"


class SignatureError(DomainError):
    """No key to sign packages with, one that is not its certificate's, or a certificate that is not in force."""

    code = "packages.signature"
    kind = Kind.CONFLICT
    title = "Пакет нечем подписать: ключ не настроен, не подходит к сертификату, или срок сертификата истёк"
