"""Columns of uploaded tables, and how a card's fields are read from them by the data catalogue."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import ValidationError

from identifiers import DocumentKind, InvalidIdentifier, parse_document
from sgo_core.catalogue.definition import CATALOGUE, CardKind, FieldDef
from sgo_core.catalogue.values import Address, Document
from sgo_core.imports.cells import BadCellError, Row, day, line

EMPTY = BadCellError("empty", "Значение не указано")
_YES_NO = {"да": True, "нет": False, "+": True, "-": False}
_WIDTHS = {"snils": 11, "country": 3, "inn": 10, "person_inn": 12, "oktmo8": 8, "oktmo11": 11}
_DATES = frozenset({"date", "past_date", "birth_date", "adult_birth_date"})
_DOCUMENTS = {
    "свидетельство о рождении": DocumentKind.BIRTH_CERTIFICATE,
    "паспорт рф": DocumentKind.PASSPORT_RF,
    "иной": DocumentKind.OTHER,
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


@dataclass(frozen=True)
class FieldReader:
    """Reads one field of a card from its column or columns; ``read`` notes errors in the row and returns None then."""

    name: str
    columns: tuple[Column, ...]
    read: Callable[[Row], Any]


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
        if name not in skipped and _readable(one)
    ]


def read_fields(row: Row, readers: Sequence[FieldReader]) -> dict[str, Any]:
    """What the row says of a card; fields of which it says nothing are absent."""
    found = {reader.name: reader.read(row) for reader in readers}
    return {name: value for name, value in found.items() if value is not None}


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


_SEPARATE = frozenset(
    {"charter", "licence", "awards", "education", "courses", "qualification", "special_needs", "disability"}
)
"""Types of many parts: not read from single cells."""


def _readable(one: FieldDef) -> bool:
    return one.type not in _SEPARATE


def _reader(name: str, one: FieldDef, title: str, needed: bool, prefix: str) -> FieldReader:
    if one.type == "document":
        return _document_reader(name, prefix)
    parse = _parser(one)
    width = _WIDTHS.get(one.type, 0)
    column = Column(title, needed, hint=_hint(one), choices=_choices(one))

    def read(row: Row) -> Any:
        if needed and not row.text(title):
            row.wrong(title, EMPTY)
            return None
        return optional(row, title, parse, width)

    return FieldReader(name, (column,), read)


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
        return _chosen(one.options)
    if one.type == "choices":
        assert one.options is not None
        choose = _chosen(one.options)
        return lambda text: [choose(part) for part in _parts(text)]
    if one.type == "boolean":
        return one_of(_YES_NO)
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


def _chosen(options: Mapping[str, str]) -> Callable[[str], Any]:
    """By title, by its first letter where that says which, or by code."""
    known = {code.casefold(): code for code in options} | {title.casefold(): code for code, title in options.items()}
    letters = [title[0].casefold() for title in options.values()]
    known |= {title[0].casefold(): code for code, title in options.items() if letters.count(title[0].casefold()) == 1}

    def read(text: str) -> Any:
        found = known.get(text.casefold())
        if found is None:
            raise BadCellError("not-in-list", "Допустимые значения: " + ", ".join(options.values()))
        return found

    return read


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
    kind, series, number, issued_on, issued_by = (
        prefix + title for title in ("Документ", "Серия", "Номер", "Дата выдачи", "Кем выдан")
    )

    def read(row: Row) -> Document | None:
        if not row.has(kind, series, number):
            return None
        what = required(row, kind, one_of(_DOCUMENTS))
        when = optional(row, issued_on, day)
        whose = optional(row, issued_by, line)
        if what is None:
            return None
        widths = _DOCUMENT_WIDTHS[what]
        try:
            parsed = parse_document(what, row.text(series, widths[0]), row.text(number, widths[1]))
        except InvalidIdentifier as error:
            row.wrong(series if "series" in error.code else number, error)
            return None
        return Document(kind=what, series=parsed[0], number=parsed[1], issued_on=when, issued_by=whose)

    columns = (
        Column(kind, choices=("свидетельство о рождении", "паспорт РФ", "иной")),
        *(Column(title) for title in (series, number)),
        Column(issued_on, hint="ДД.ММ.ГГГГ"),
        Column(issued_by),
    )
    return FieldReader(name, columns, read)
