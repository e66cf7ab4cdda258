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
