"""Types of the catalogue's fields: what a value may be, how it is stored in plain form, how it is masked.

A stored value is JSON: text, number, boolean, list or object.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from identifiers import (
    Inn,
    Kpp,
    MedicalPolicy,
    MunicipalityOktmo,
    Okato,
    Okogu,
    Okpo,
    PersonInn,
    Phone,
    RegistrationNumber,
    SettlementOktmo,
    Snils,
    mask_snils,
)
from servicekit.http import Line, Text
from sgo_core.catalogue import values

_HIDDEN = "***"
_SHOWN = 2


def _has_letters(name: str) -> str:
    if not any(character.isalpha() for character in name):
        raise PydanticCustomError("name.letters", "Имя должно состоять из букв")
    return name


Name = Annotated[Line, StringConstraints(max_length=100), AfterValidator(_has_letters)]
Email = Annotated[Line, StringConstraints(pattern=r"^[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+$", max_length=254)]
Site = Annotated[Line, StringConstraints(pattern=r"^(https?://)?[^\s/@]+\.[^\s/@]+(/\S*)?$", max_length=254)]
BirthDate = Annotated[date, Field(ge=date(1950, 1, 1))]
AdultBirthDate = Annotated[date, Field(ge=date(1900, 1, 1))]


def _digits(pattern: str) -> Any:
    return Annotated[str, StringConstraints(strip_whitespace=True, pattern=f"^{pattern}$")]


def _several(kind: Any, most: int = 50) -> Any:
    return Annotated[list[kind], Field(max_length=most)]


def _hide(_value: Any) -> Any:
    return _HIDDEN


def _last(text: str) -> str:
    return _HIDDEN + re.sub(r"\s", "", text)[-_SHOWN:]


def _mask_document(document: Mapping[str, Any]) -> Any:
    return {"kind": document["kind"], "number": _last(document["number"])}


def _mask_address(address: Mapping[str, Any]) -> Any:
    """The settlement: what planning of places needs; never the street."""
    return {"text": address.get("settlement") or _HIDDEN}


def _mask_email(email: str) -> Any:
    return f"{_HIDDEN}@{email.rpartition('@')[2]}"


@dataclass(frozen=True)
class FieldType:
    """A type: ``annotation`` checks a value, ``mask`` shows as much as a masked reader sees, ``says`` what a value must be."""

    annotation: Any
    mask: Callable[[Any], Any] = _hide
    says: str = "Недопустимое значение"


def _year(day: str) -> Any:
    return day[:4]


TYPES: Mapping[str, FieldType] = {
    "name": FieldType(Name),
    "line": FieldType(Line),
    "text": FieldType(Text),
    "lines": FieldType(_several(Line)),
    "choice": FieldType(str),
    "choices": FieldType(list[str]),
    "boolean": FieldType(bool),
    "count": FieldType(Annotated[int, Field(ge=0, le=1_000_000)]),
    "speed": FieldType(values.Speed),
    "date": FieldType(values.Day),
    "past_date": FieldType(values.Day, _year),
    "birth_date": FieldType(BirthDate, _year),
    "adult_birth_date": FieldType(AdultBirthDate, _year),
    "snils": FieldType(Snils, mask_snils),
    "inn": FieldType(Inn),
    "person_inn": FieldType(PersonInn, _last),
    "registration_number": FieldType(RegistrationNumber),
    "kpp": FieldType(Kpp),
    "okpo": FieldType(Okpo),
    "okato": FieldType(Okato),
    "oktmo8": FieldType(MunicipalityOktmo),
    "oktmo11": FieldType(SettlementOktmo),
    "okogu": FieldType(Okogu),
    "okfs": FieldType(_digits(r"[0-9]{2}")),
    "okopf": FieldType(_digits(r"[0-9]{5}")),
    "country": FieldType(_digits(r"[0-9]{3}"), says="Нужен код страны по ОКСМ из трёх цифр"),
    "policy": FieldType(MedicalPolicy, _last),
    "phone": FieldType(Phone, _last),
    "phones": FieldType(_several(Phone, 10)),
    "email": FieldType(Email, _mask_email, "Неверный адрес электронной почты"),
    "site": FieldType(Site, says="Неверный адрес сайта"),
    "address": FieldType(values.Address, _mask_address),
    "document": FieldType(values.Document, _mask_document),
    "charter": FieldType(values.Charter),
    "licence": FieldType(values.Licence),
    "awards": FieldType(_several(values.Award)),
    "education": FieldType(_several(values.Education, 20)),
    "courses": FieldType(_several(values.Course, 200)),
    "qualification": FieldType(values.Qualification),
    "special_needs": FieldType(values.SpecialNeeds),
    "disability": FieldType(values.Disability),
    "pe_exemptions": FieldType(_several(values.PeExemption)),
    "hiring": FieldType(values.Hiring),
}
