"""Errors about offers: who may give a guardian's account is told by the code and the title."""

from servicekit.errors import DomainError, Kind


class MunicipalityGivesError(DomainError):
    """The children study in several organizations of one municipality, and the caller answers for only some of them."""

    code = "offers.municipality-gives"
    kind = Kind.FORBIDDEN
    title = "Дети учатся в нескольких организациях: учётную запись выдаёт оператор муниципалитета"


class RegionGivesError(DomainError):
    """The children study in several municipalities, or where one of them does is not known yet."""

    code = "offers.region-gives"
    kind = Kind.FORBIDDEN
    title = "Дети учатся в разных муниципалитетах: учётную запись выдаёт администратор региона"


class NotEmployedError(DomainError):
    """A position in an organization that does not employ the worker."""

    code = "offers.not-employed"
    kind = Kind.CONFLICT
    title = "Права выдаются в организации, где работник занимает должность"


class WorkerHasAccountError(DomainError):
    """A worker has one account for all organizations."""

    code = "offers.worker-has-account"
    kind = Kind.CONFLICT
    title = "У работника уже есть учётная запись: выдайте ему права по ней"


class NoAccountError(DomainError):
    """Nobody has opened an account for the worker yet."""

    code = "offers.no-account"
    kind = Kind.CONFLICT
    title = "У работника ещё нет учётной записи"


class AccountTiedError(DomainError):
    """The account is another person's."""

    code = "offers.account-tied"
    kind = Kind.CONFLICT
    title = "Учётная запись уже связана с другой карточкой"
