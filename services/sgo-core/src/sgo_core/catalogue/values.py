"""Values of cards that have parts: documents, addresses, education. Titles are what a form shows."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, JsonValue, PlainSerializer, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from identifiers import DivisionCode, DocumentKind, InvalidIdentifier, MunicipalityOktmo, parse_document
from servicekit.http import Body, Line

Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2100, 12, 31))]
_Variant = Annotated[str, StringConstraints(pattern=r"^[1-8]\.[1-4]$")]


def _coded(title: str, **titles: str) -> Any:
    """A part whose values are codes: what each is called stands in the published schema and on prints."""
    return Field(title=title, json_schema_extra={"titles": dict[str, JsonValue](titles)})


_NumberText = Annotated[str, StringConstraints(max_length=40)]


class Document(Body):
    """An identity document, series and number in normal form."""

    kind: Annotated[
        DocumentKind,
        _coded(
            "Тип документа",
            birth_certificate="Свидетельство о рождении",
            passport_rf="Паспорт гражданина РФ",
            other="Иной документ",
        ),
    ]
    series: Annotated[_NumberText, Field(title="Серия")] = ""
    number: Annotated[_NumberText, Field(title="Номер")]
    issued_on: Annotated[Day | None, Field(title="Дата выдачи")] = None
    issued_by: Annotated[Line | None, Field(title="Кем выдан")] = None
    division_code: Annotated[DivisionCode | None, Field(title="Код подразделения")] = None

    @model_validator(mode="after")
    def _reads(self) -> Self:
        try:
            series, number = parse_document(self.kind, self.series, self.number)
        except InvalidIdentifier as error:
            raise PydanticCustomError(error.code.replace("_", "-"), error.title_ru) from None
        object.__setattr__(self, "series", series)  # frozen, but not handed out yet
        object.__setattr__(self, "number", number)
        return self


class Address(Body):
    """An address: the whole text, and its parts by the state address register (ГАР) where known."""

    text: Annotated[Line, Field(title="Адрес")]
    gar_id: Annotated[UUID | None, Field(title="Идентификатор ГАР")] = None
    postal_code: Annotated[str | None, StringConstraints(pattern=r"^[0-9]{6}$"), Field(title="Индекс")] = None
    municipality: Annotated[MunicipalityOktmo | None, Field(title="Муниципальное образование (ОКТМО)")] = None
    settlement: Annotated[Line | None, Field(title="Населённый пункт")] = None
    street: Annotated[Line | None, Field(title="Улица")] = None
    house: Annotated[Line | None, Field(title="Дом")] = None
    flat: Annotated[Line | None, Field(title="Квартира")] = None


class Award(Body):
    """A state or departmental award."""

    title: Annotated[Line, Field(title="Награда")]
    awarded_on: Annotated[Day | None, Field(title="Дата")] = None
    number: Annotated[Line | None, Field(title="№ документа")] = None


class Education(Body):
    """One education of a worker: level, institution, diploma, speciality."""

    level: Annotated[
        Literal["higher", "secondary_special", "secondary", "basic"],
        _coded(
            "Образование",
            higher="Высшее",
            secondary_special="Среднее профессиональное",
            secondary="Среднее общее",
            basic="Основное общее",
        ),
    ]
    institution: Annotated[Line | None, Field(title="Учебное заведение")] = None
    diploma_issued_on: Annotated[Day | None, Field(title="Дата выдачи диплома")] = None
    diploma_number: Annotated[Line | None, Field(title="№ диплома")] = None
    speciality: Annotated[Line | None, Field(title="Специальность по диплому")] = None
    pedagogical: Annotated[bool, Field(title="Педагогическое")] = False


class Course(Body):
    """A further-training course."""

    title: Annotated[Line, Field(title="Программа")]
    provider: Annotated[Line | None, Field(title="Организация")] = None
    hours: Annotated[int | None, Field(title="Часов", ge=1, le=5000)] = None
    finished_on: Annotated[Day, Field(title="Дата окончания")]
    document_number: Annotated[Line | None, Field(title="№ документа")] = None


class Qualification(Body):
    """Result of attestation: qualification category."""

    category: Annotated[
        Literal["highest", "first", "fits_post", "methodist", "mentor", "none"],
        _coded(
            "Категория",
            highest="Высшая",
            first="Первая",
            fits_post="Соответствует занимаемой должности",
            methodist="Педагог-методист",
            mentor="Педагог-наставник",
            none="Нет",
        ),
    ]
    assigned_on: Annotated[Day | None, Field(title="Дата присвоения")] = None
    valid_until: Annotated[Day | None, Field(title="Действует до")] = None
    order_number: Annotated[Line | None, Field(title="№ приказа")] = None


class Charter(Body):
    """The charter of an organization."""

    approved_on: Annotated[Day, Field(title="Дата утверждения")]
    number: Annotated[Line | None, Field(title="№ документа")] = None
    approved_by: Annotated[Line | None, Field(title="Кем утверждён")] = None


class Licence(Body):
    """The licence for educational activity."""

    number: Annotated[Line, Field(title="№ лицензии")]
    issued_on: Annotated[Day, Field(title="Дата предоставления")]
    valid_until: Annotated[Day | None, Field(title="Действует до")] = None


class SpecialNeeds(Body):
    """Limited health abilities by the conclusion of a commission (ПМПК)."""

    disorder: Annotated[
        Literal["hearing", "sight", "speech", "motor", "mental_delay", "intellectual", "autism", "multiple", "other"],
        _coded(
            "Вид нарушения",
            hearing="Нарушения слуха",
            sight="Нарушения зрения",
            speech="Тяжёлые нарушения речи",
            motor="Нарушения опорно-двигательного аппарата",
            mental_delay="Задержка психического развития",
            intellectual="Интеллектуальные нарушения",
            autism="Расстройства аутистического спектра",
            multiple="Сложные дефекты",
            other="Иные ограничения",
        ),
    ]
    programme_variant: Annotated[_Variant | None, Field(title="Вариант адаптированной программы")] = None
    conclusion_number: Annotated[Line | None, Field(title="№ заключения")] = None
    concluded_on: Annotated[Day | None, Field(title="Дата заключения")] = None
    valid_until: Annotated[Day | None, Field(title="Действует до")] = None


class Disability(Body):
    """A disability and the certificate of it."""

    certificate_number: Annotated[Line | None, Field(title="№ справки")] = None
    issued_on: Annotated[Day | None, Field(title="Дата")] = None
    valid_until: Annotated[Day | None, Field(title="До какой даты установлена (пусто: бессрочно)")] = None


class PeExemption(Body):
    """Days on which a student takes no part in physical education, both included, and the paper that says so."""

    starts_on: Annotated[Day, Field(title="С")]
    ends_on: Annotated[Day, Field(title="По (включительно)")]
    document: Annotated[Line, Field(title="Основание: справка, кем и когда выдана")]

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.ends_on < self.starts_on:
            raise PydanticCustomError("pe-exemption.days", "Освобождение кончается не раньше, чем начинается")
        return self


class Hiring(Body):
    """When a worker was hired and by what order."""

    hired_on: Annotated[Day, Field(title="Дата приёма на работу")]
    order_number: Annotated[Line | None, Field(title="№ приказа")] = None


Speed = Annotated[
    Decimal,
    Field(ge=0, le=Decimal(100_000), max_digits=9, decimal_places=2),
    PlainSerializer(lambda speed: f"{speed:.2f}", return_type=str, when_used="json"),
]
"""Мбит/с."""
