"""Russian identifiers: check, normalise, format, mask.

``parse_*`` functions take what a person typed and return the one normal form, or raise :class:`InvalidIdentifier` with
a stable code and a Russian title that never repeats the value. The types of :mod:`identifiers.types` do the same in
pydantic models.
"""

from identifiers.documents import (
    DocumentKind,
    parse_birth_certificate_number,
    parse_birth_certificate_series,
    parse_document,
    parse_passport_number,
    parse_passport_series,
)
from identifiers.errors import InvalidIdentifier
from identifiers.names import normal_name
from identifiers.numbers import (
    complete_inn,
    complete_ogrn,
    complete_snils,
    format_snils,
    mask_snils,
    parse_inn,
    parse_ogrn,
    parse_ogrnip,
    parse_organization_inn,
    parse_person_inn,
    parse_registration_number,
    parse_snils,
)
from identifiers.types import (
    BirthCertificateNumber,
    BirthCertificateSeries,
    Inn,
    Ogrn,
    Ogrnip,
    OrganizationInn,
    PassportNumber,
    PassportSeries,
    PersonInn,
    RegistrationNumber,
    Snils,
)

__all__ = [
    "BirthCertificateNumber",
    "BirthCertificateSeries",
    "DocumentKind",
    "Inn",
    "InvalidIdentifier",
    "Ogrn",
    "Ogrnip",
    "OrganizationInn",
    "PassportNumber",
    "PassportSeries",
    "PersonInn",
    "RegistrationNumber",
    "Snils",
    "complete_inn",
    "complete_ogrn",
    "complete_snils",
    "format_snils",
    "mask_snils",
    "normal_name",
    "parse_birth_certificate_number",
    "parse_birth_certificate_series",
    "parse_document",
    "parse_inn",
    "parse_ogrn",
    "parse_ogrnip",
    "parse_organization_inn",
    "parse_passport_number",
    "parse_passport_series",
    "parse_person_inn",
    "parse_registration_number",
    "parse_snils",
]
