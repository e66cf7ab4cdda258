"""Columns of uploaded tables, and how a card's fields are read from them by the data catalogue."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import TypeAdapter, ValidationError

from identifiers import DivisionCode, DocumentKind, InvalidIdentifier, parse_document
from reportkit.tables import Cell
from sgo_core.catalogue.definition import CATALOGUE, CardKind, FieldDef
from sgo_core.catalogue.values import Address, Document
from sgo_core.imports import parts
from sgo_core.imports.cells import BadCellError, Row, day, line

EMPTY = BadCellError("empty", "Значение не указано")
_ISO_DAY = 10
_WIDTHS = {"snils": 11, "country": 3, "inn": 10, "person_inn": 12, "oktmo8": 8, "oktmo11": 11}
_DATES = frozenset({"date", "past_date", "birth_date", "adult_birth_date"})
_DOCUMENTS = {
    "свидетельство о рождении": DocumentKind.BIRTH_CERTIFICATE,
    "паспорт рф": DocumentKind.PASSPORT_RF,
    "иной": DocumentKind.OTHER,
}
_DOCUMENT_NAMES = {
    DocumentKind.BIRTH_CERTIFICATE.value: "свидетельство о рождении",
    DocumentKind.PASSPORT_RF.value: "паспорт РФ",
    DocumentKind.OTHER.value: "иной",
}
_DOCUMENT_WIDTHS = {
    DocumentKind.PASSPORT_RF: (4, 6),
    DocumentKind.BIRTH_CERTIFICATE: (0, 6),
    DocumentKind.OTHER: (0, 0),
}


@dataclass(frozen=True)
class Column:
    """A column: its title, other titles it is known by, whether a row must have it, and what a template says of it."""

    title: str
    required: bool = False
    synonyms: tuple[str, ...] = ()
    hint: str = ""
    choices: tuple[str, ...] = ()
    example: str = ""


@dataclass(frozen=True)
class FieldReader:
    """One field of a card and its column or columns, both ways.

    ``read`` takes a checked value from a row, or notes errors there and returns None; ``write`` puts a plain value into cells,
    one a column, so that a table that was written can be read again. A masked value stands in the first of them.
    """

    name: str
    columns: tuple[Column, ...]
    read: Callable[[Row], Any]
    write: Callable[[Any], Sequence[Cell]]


def card_readers(
    kind: CardKind,
    *,
    titles: Mapping[str, str],
    required: Sequence[str] = (),
    skipped: Sequence[str] = (),
    prefix: str = "",
) -> list[FieldReader]:
    """Readers of a card's own fields. ``titles`` names columns that are not called as in the catalogue."""
    return [
        _reader(name, one, prefix + titles.get(name, one.title), name in required, prefix)
        for name, one in CATALOGUE.cards[kind].stored().items()
        if name not in skipped
    ]


def columns_of(readers: Iterable[FieldReader]) -> list[Column]:
    """Columns of the readers, in order."""
    return [column for reader in readers for column in reader.columns]


def read_fields(row: Row, readers: Sequence[FieldReader]) -> dict[str, Any]:
    """What the row says of a card; fields of which it says nothing are absent."""
    found = {reader.name: reader.read(row) for reader in readers}
    return {name: value for name, value in found.items() if value is not None}


def written(readers: Sequence[FieldReader], plain: Mapping[str, Any]) -> list[Cell]:
    """Cells of a card's plain values, a column each; fields that are not there stay empty."""
    return [
        cell
        for reader in readers
        for cell in (
            [None] * len(reader.columns) if plain.get(reader.name) is None else reader.write(plain[reader.name])
        )
    ]


def required(row: Row, title: str, read: Callable[[str], Any]) -> Any:
    """A value that must be there, or None with the error noted."""
    text = row.text(title)
    if not text:
        row.wrong(title, EMPTY)
        return None
    return optional(row, title, read)


def optional(row: Row, title: str, read: Callable[[str], Any], width: int = 0) -> Any:
    """A value, or None where the cell is empty or wrong."""
    text = row.text(title, width)
    try:
        return read(text) if text else None
    except (BadCellError, InvalidIdentifier) as error:
        row.wrong(title, error)
        return None


def one_of(values: Mapping[str, Any]) -> Callable[[str], Any]:
    """Reads one of the named values; case does not matter."""
    known = {name.casefold(): value for name, value in values.items()}

    def read(text: str) -> Any:
        found = known.get(text.casefold())
        if found is None:
            raise BadCellError("not-in-list", "Допустимые значения: " + ", ".join(values))
        return found

    return read


def _reader(name: str, one: FieldDef, title: str, needed: bool, prefix: str) -> FieldReader:
    if one.type == "document":
        return _document_reader(name, prefix)
    if one.type in parts.TYPES:
        return _structure_reader(name, one, title)
    parse = _parser(one)
    width = _WIDTHS.get(one.type, 0)
    column = Column(title, needed, hint=_hint(one), choices=_choices(one), example=_example(name, one))

    def read(row: Row) -> Any:
        if needed and not row.text(title):
            row.wrong(title, EMPTY)
            return None
        return optional(row, title, parse, width)

    def write(plain: Any) -> Sequence[Cell]:
        return (_cell(one, plain),)

    return FieldReader(name, (column,), read, write)


def _structure_reader(name: str, one: FieldDef, title: str) -> FieldReader:
    structure = parts.Structure(one, title)
    columns = tuple(Column(f"{title}: {part.title}", hint=part.hint, choices=part.choices) for part in structure.parts)
    return FieldReader(name, columns, structure.read, structure.write)


def _cell(one: FieldDef, plain: Any) -> Cell:
    match plain:
        case list():
            return "; ".join((one.options or {}).get(inner, inner) for inner in plain) or "нет"
        case bool() | int():
            return plain
        case Mapping():
            return str(plain["text"])
    if one.options is not None:
        return str(one.options.get(plain, plain))
    if one.type in _DATES and len(plain) == _ISO_DAY:
        return date.fromisoformat(plain)
    return Decimal(plain) if one.type == "speed" else str(plain)


_EXAMPLES = {
    "last_name": "Образцова",
    "first_name": "Мария",
    "middle_name": "Тестовна",
    "full_name": "Муниципальное бюджетное общеобразовательное учреждение средняя общеобразовательная школа № 1",
    "short_name": "МБОУ СОШ № 1",
}
_EXAMPLES_OF_TYPES = {
    "birth_date": "01.03.2019",
    "adult_birth_date": "12.04.1985",
    "past_date": "01.09.2010",
    "snils": "112-233-445 95",
    "country": "643",
    "address": "г. Образцовск, ул. Тестовая, д. 2",
    "phone": "+7 900 000-00-00",
    "phones": "+7 861 000-00-00",
    "email": "example@example.org",
    "site": "https://school.example.org",
    "inn": "7707083893",
    "registration_number": "1027700132195",
    "kpp": "770701001",
    "oktmo8": "03701000",
    "okfs": "14",
    "okopf": "75403",
    "count": "25",
    "speed": "100",
}


def _example(name: str, one: FieldDef) -> str:
    if choices := _choices(one):
        return choices[0]
    return _EXAMPLES.get(name) or _EXAMPLES_OF_TYPES.get(one.type, "")


def _choices(one: FieldDef) -> tuple[str, ...]:
    if one.type == "boolean":
        return "да", "нет"
    return tuple(one.options.values()) if one.options and one.type == "choice" else ()


def _hint(one: FieldDef) -> str:
    if one.type in _DATES:
        return "ДД.ММ.ГГГГ"
    if one.type in {"lines", "choices", "phones"}:
        values = ": " + ", ".join(one.options.values()) if one.options else ""
        return f"Несколько значений через точку с запятой{values}"
    return one.unit or ""


def _parser(one: FieldDef) -> Callable[[str], Any]:
    """Text to a checked value of the field."""
    if one.type == "choice":
        assert one.options is not None
        return parts.chosen(one.options)
    if one.type == "choices":
        assert one.options is not None
        choose = parts.chosen(one.options)
        return lambda text: [choose(part) for part in _parts(text)]
    if one.type == "boolean":
        return one_of(parts.YES_NO)
    if one.type == "address":
        return lambda text: Address(text=line(text))
    prepare: Callable[[str], Any] = line
    if one.type in _DATES:
        prepare = day
    elif one.type in {"lines", "phones"}:
        prepare = _parts
    elif one.type in {"count", "speed"}:
        prepare = _number

    def parse(text: str) -> Any:
        try:
            return one.adapter.validate_python(prepare(text))
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False, include_context=False)[0]
            own = first["type"].isascii() and "." in first["type"]  # a code of ours has a Russian title
            raise BadCellError(
                first["type"].replace("_", "-") if own else "value", first["msg"] if own else one.kind.says
            ) from None

    return parse


def _parts(text: str) -> list[str]:
    return [line(part.strip()) for part in text.split(";") if part.strip() and part.strip().casefold() != "нет"]


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.replace(" ", "").replace(",", "."))
    except InvalidOperation:
        raise BadCellError("number", "Нужно число") from None
    if not number.is_finite():
        raise BadCellError("number", "Нужно число")
    return number


def _document_reader(name: str, prefix: str) -> FieldReader:
    kind, series, number, issued_on, issued_by, division = (
        prefix + title for title in ("Документ", "Серия", "Номер", "Дата выдачи", "Кем выдан", "Код подразделения")
    )

    def read(row: Row) -> Document | None:
        if not row.has(kind, series, number):
            return None
        what = required(row, kind, one_of(_DOCUMENTS))
        when = optional(row, issued_on, day)
        whose = optional(row, issued_by, line)
        where = optional(row, division, _division)
        if what is None:
            return None
        widths = _DOCUMENT_WIDTHS[what]
        try:
            parsed = parse_document(what, row.text(series, widths[0]), row.text(number, widths[1]))
        except InvalidIdentifier as error:
            row.wrong(series if "series" in error.code else number, error)
            return None
        return Document(
            kind=what, series=parsed[0], number=parsed[1], issued_on=when, issued_by=whose, division_code=where
        )

    def write(plain: Any) -> Sequence[Cell]:
        issued = plain.get("issued_on")
        return (
            _DOCUMENT_NAMES[plain["kind"]],
            plain.get("series"),
            plain.get("number"),
            None if issued is None else date.fromisoformat(issued),
            plain.get("issued_by"),
            plain.get("division_code"),
        )

    columns = (
        Column(kind, choices=tuple(_DOCUMENT_NAMES.values()), example="свидетельство о рождении"),
        Column(series, example="IV-АГ"),
        Column(number, example="123456"),
        Column(issued_on, hint="ДД.ММ.ГГГГ", example="01.04.2020"),
        Column(issued_by),
        Column(division),
    )
    return FieldReader(name, columns, read, write)


_DIVISION: TypeAdapter[str] = TypeAdapter(DivisionCode)


def _division(text: str) -> str:
    try:
        return _DIVISION.validate_python(line(text))
    except ValidationError:
        raise BadCellError("value", "Код подразделения состоит из шести цифр") from None
