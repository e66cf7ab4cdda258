"""Fields of many parts (education, licence) in columns: a column a part; of a list the parts of its items stand behind semicolons."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from reportkit.tables import Cell
from sgo_core.cards.printing import model_in
from sgo_core.catalogue.definition import FieldDef
from sgo_core.imports.cells import BadCellError, Row, day, line

YES_NO = {"да": True, "нет": False, "+": True, "-": False}
TYPES = frozenset(
    {
        "charter",
        "licence",
        "awards",
        "education",
        "courses",
        "qualification",
        "special_needs",
        "disability",
        "pe_exemptions",
    }
)
"""Types of the catalogue that are read part by part."""
_ISO_DAY = 10


@dataclass(frozen=True)
class Part:
    """One part: its name in the value, what its column is called, how its text is read and its plain value written."""

    name: str
    title: str
    hint: str
    choices: tuple[str, ...]
    parse: Callable[[str], Any]
    show: Callable[[Any], str]


class Structure:
    """A field of many parts, or a list of such."""

    def __init__(self, one: FieldDef, title: str) -> None:
        model = model_in(one.annotation)
        assert model is not None
        self._model = model
        self._adapter = one.adapter
        self._several = isinstance(one.adapter.core_schema, dict) and one.adapter.core_schema["type"] == "list"
        self._title = title
        self.parts = [_part(name, info, several=self._several) for name, info in model.model_fields.items()]

    def read(self, row: Row) -> Any:
        """The value, None where the row says nothing of it; what is wrong is noted in the row."""
        texts = {part.name: row.text(self._column(part)) for part in self.parts}
        if not any(texts.values()):
            return None
        known = len(row.errors)
        items = self._items(row, texts)
        if len(row.errors) > known:
            return None
        try:
            return self._adapter.validate_python(items if self._several else items[0])
        except ValidationError as error:
            found = error.errors(include_input=False, include_url=False, include_context=False)[0]
            place = next((self._column(part) for part in self.parts if part.name in found["loc"]), None)
            missing = found["type"] == "missing"
            why = "Значение не указано" if missing else "Недопустимое значение"
            row.wrong(place or self._column(self.parts[0]), BadCellError("empty" if missing else "value", why))
            return None

    def _items(self, row: Row, texts: Mapping[str, str]) -> list[dict[str, Any]]:
        split = {name: _split(text) if self._several else [text] for name, text in texts.items() if text}
        count = max(len(found) for found in split.values())
        items: list[dict[str, Any]] = [{} for _ in range(count)]
        for part in self.parts:
            found = split.get(part.name)
            if found is None:
                continue
            if len(found) != count:
                row.wrong(
                    self._column(part),
                    BadCellError("parts", f"Через «;» должно быть значений: {count}, столько же, сколько в соседних"),
                )
                continue
            for item, text in zip(items, found, strict=True):
                self._put(row, part, item, text)
        return items

    def _put(self, row: Row, part: Part, item: dict[str, Any], text: str) -> None:
        try:
            if text:
                item[part.name] = part.parse(text)
        except BadCellError as error:
            row.wrong(self._column(part), error)

    def write(self, plain: Any) -> Sequence[Cell]:
        """Cells of a plain value, one a part; a masked value in the first."""
        items = plain if self._several else [plain]
        if not isinstance(items, list) or not all(isinstance(one, Mapping) for one in items):
            return [str(plain), *[None] * (len(self.parts) - 1)]
        return [self._joined(part, items) for part in self.parts]

    def _joined(self, part: Part, items: Sequence[Mapping[str, Any]]) -> Cell:
        shown = ["" if item.get(part.name) is None else part.show(item[part.name]) for item in items]
        if not self._several:
            return shown[0]
        return "; ".join(text.replace(";", ",") for text in shown) if any(shown) else None

    def _column(self, part: Part) -> str:
        return f"{self._title}: {part.title}"


def chosen(options: Mapping[str, str]) -> Callable[[str], Any]:
    """Reads one of the options: by title, by its first letter where that says which, or by code."""
    known = {code.casefold(): code for code in options} | {title.casefold(): code for code, title in options.items()}
    letters = [title[0].casefold() for title in options.values()]
    known |= {title[0].casefold(): code for code, title in options.items() if letters.count(title[0].casefold()) == 1}

    def read(text: str) -> Any:
        found = known.get(text.casefold())
        if found is None:
            raise BadCellError("not-in-list", "Допустимые значения: " + ", ".join(options.values()))
        return found

    return read


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(";")]


def _part(name: str, info: FieldInfo, *, several: bool) -> Part:
    title = info.title or name
    behind = "Несколько значений через точку с запятой. " if several else ""
    extra = info.json_schema_extra
    titles = extra.get("titles") if isinstance(extra, dict) else None
    if isinstance(titles, dict):
        options = {code: str(text) for code, text in titles.items()}
        choices = () if several else tuple(options.values())
        return Part(name, title, behind + ", ".join(options.values()), choices, chosen(options), options.__getitem__)
    if _holds(info.annotation, bool):
        return Part(name, title, behind + "да или нет", (), _yes_no, lambda value: "да" if value else "нет")
    if _holds(info.annotation, date):
        return Part(name, title, behind + "ДД.ММ.ГГГГ", (), day, _shown_day)
    if _holds(info.annotation, int):
        return Part(name, title, behind.strip(), (), _whole, str)
    return Part(name, title, behind.strip(), (), line, str)


def _yes_no(text: str) -> bool:
    found = YES_NO.get(text.casefold())
    if found is None:
        raise BadCellError("not-in-list", "Допустимые значения: да, нет")
    return found


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < _ISO_DAY):
        raise BadCellError("number", "Нужно целое число")
    return int(text)


def _shown_day(text: str) -> str:
    return f"{date.fromisoformat(text):%d.%m.%Y}" if len(text) == _ISO_DAY else text


def _holds(annotation: Any, kind: type) -> bool:
    if get_origin(annotation) is Literal:
        return False
    return annotation is kind or any(_holds(inner, kind) for inner in get_args(annotation))
