"""Values of cards as people write them: for documents and extracts."""

from collections.abc import Mapping
from datetime import date
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sgo_core.catalogue.definition import FieldDef

_DAYS = frozenset({"date", "past_date", "birth_date", "adult_birth_date"})
_ISO_DAY = 10


def printed(one: FieldDef, value: Any) -> str | None:
    """A field's plain value in Russian; None where there is none."""
    if value is None or value == []:
        return None
    if one.options is not None:
        return ", ".join(one.options[code] for code in (value if isinstance(value, list) else [value]))
    if one.type in _DAYS:
        return _day(value)
    return _text(value, model_in(one.annotation))


def years(number: int) -> str:
    """A number of years in words: «3 года», «50 лет»."""
    if number % 100 in range(11, 15) or number % 10 not in range(1, 5):
        return f"{number} лет"
    return f"{number} {'год' if number % 10 == 1 else 'года'}"


def _text(value: Any, model: type[BaseModel] | None) -> str:
    match value:
        case bool():
            return "да" if value else "нет"
        case list():
            return "; ".join(_text(inner, model) for inner in value)
        case Mapping() if model is not None:
            if (whole := value.get("text")) is not None:  # an address
                return str(whole)
            parts = model.model_fields
            return ", ".join(
                f"{parts[name].title}: {_part(parts[name], inner)}"
                for name, inner in value.items()
                if inner not in (None, "") and name in parts
            )
    return str(value)


def _part(info: FieldInfo, value: Any) -> str:
    extra = info.json_schema_extra
    titles = extra.get("titles") if isinstance(extra, dict) else None
    if isinstance(titles, dict):
        return str(titles[value])
    if isinstance(value, str) and model_in(info.annotation) is None and _holds_day(info.annotation):
        return _day(value)
    return _text(value, None)


def _day(text: str) -> str:
    """A day; a masked one is its year alone."""
    return f"{date.fromisoformat(text):%d.%m.%Y}" if len(text) == _ISO_DAY else text


def _holds_day(annotation: Any) -> bool:
    return annotation is date or any(_holds_day(inner) for inner in get_args(annotation))


def model_in(annotation: Any) -> type[BaseModel] | None:
    """The model of a value with parts, or of the items of a list of such."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in {Annotated, Union, UnionType, list}:
        return next((found for inner in get_args(annotation) if (found := model_in(inner)) is not None), None)
    return None
