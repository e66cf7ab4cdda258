"""Identifiers as field types of pydantic models.

A field of such a type holds the normal form. Its validation error carries the identifier's code as ``type`` and the
Russian title as ``msg``; pydantic adds ``input`` beside them, which whoever shows the error must leave out.
"""

from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from identifiers import classifiers, contacts, documents, numbers
from identifiers.errors import InvalidIdentifier


def _validator(parse: Callable[[str], str]) -> AfterValidator:
    def validate(text: str) -> str:
        try:
            return parse(text)
        except InvalidIdentifier as error:
            raise PydanticCustomError(error.code, error.title_ru) from None

    return AfterValidator(validate)


def _schema(title: str, pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "title": title, "pattern": pattern, "examples": [example]})


Snils = Annotated[
    str,
    _validator(numbers.parse_snils),
    _schema("СНИЛС", "^[0-9]{3}[- ]?[0-9]{3}[- ]?[0-9]{3}[- ]?[0-9]{2}$", "112-233-445 95"),
]
Inn = Annotated[str, _validator(numbers.parse_inn), _schema("ИНН", "^([0-9]{10}|[0-9]{12})$", "7707083893")]
OrganizationInn = Annotated[
    str, _validator(numbers.parse_organization_inn), _schema("ИНН организации", "^[0-9]{10}$", "7707083893")
]
PersonInn = Annotated[
    str, _validator(numbers.parse_person_inn), _schema("ИНН физического лица", "^[0-9]{12}$", "500100732259")
]
Ogrn = Annotated[str, _validator(numbers.parse_ogrn), _schema("ОГРН", "^[0-9]{13}$", "1027700132195")]
Ogrnip = Annotated[str, _validator(numbers.parse_ogrnip), _schema("ОГРНИП", "^[0-9]{15}$", "304500116000157")]
RegistrationNumber = Annotated[
    str,
    _validator(numbers.parse_registration_number),
    _schema("ОГРН или ОГРНИП", "^([0-9]{13}|[0-9]{15})$", "1027700132195"),
]
BirthCertificateSeries = Annotated[
    str,
    _validator(documents.parse_birth_certificate_series),
    WithJsonSchema({"type": "string", "title": "Серия свидетельства о рождении", "examples": ["IV-АГ"]}),
]
BirthCertificateNumber = Annotated[
    str,
    _validator(documents.parse_birth_certificate_number),
    _schema("Номер свидетельства о рождении", "^[0-9]{6}$", "654321"),
]
PassportSeries = Annotated[
    str, _validator(documents.parse_passport_series), _schema("Серия паспорта РФ", "^[0-9]{2} ?[0-9]{2}$", "0314")
]
PassportNumber = Annotated[
    str, _validator(documents.parse_passport_number), _schema("Номер паспорта РФ", "^[0-9]{6}$", "123456")
]
DivisionCode = Annotated[
    str, _validator(documents.parse_division_code), _schema("Код подразделения", "^[0-9]{3}[- ]?[0-9]{3}$", "230-001")
]
MedicalPolicy = Annotated[
    str,
    _validator(documents.parse_medical_policy),
    WithJsonSchema({"type": "string", "title": "Медицинский полис", "examples": ["2345678901234560"]}),
]
Phone = Annotated[
    str, _validator(contacts.parse_phone), _schema("Телефон", r"^\+?[0-9 ().-]{10,25}$", "+7 861 200-00-00")
]
Okpo = Annotated[
    str, _validator(classifiers.parse_okpo), _schema("ОКПО", "^([0-9]{8}|[0-9]{10}|[0-9]{14})$", "00032537")
]
Okato = Annotated[
    str,
    _validator(classifiers.parse_okato),
    _schema("ОКАТО", "^[0-9]{2}([0-9]{3}([0-9]{3}([0-9]{3})?)?)?$", "03401"),
]
MunicipalityOktmo = Annotated[
    str, _validator(classifiers.parse_municipality_oktmo), _schema("ОКТМО", "^[0-9]{8}$", "03701000")
]
SettlementOktmo = Annotated[
    str, _validator(classifiers.parse_settlement_oktmo), _schema("ОКТМО", "^[0-9]{11}$", "03701000001")
]
Okogu = Annotated[str, _validator(classifiers.parse_okogu), _schema("ОКОГУ", "^[0-9]{7}$", "4210007")]
Kpp = Annotated[str, _validator(classifiers.parse_kpp), _schema("КПП", "^[0-9]{4}[0-9A-Z]{2}[0-9]{3}$", "231001001")]
