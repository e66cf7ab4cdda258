"""What a definition writes once and means several times: columns for a range of values, sheets of a section."""

import re
from collections.abc import Iterator, Mapping
from typing import Any


def columns(data: Any) -> Any:
    """A section's text with columns given once for several codes written out: ``{code: "4..14", each: {n: "1..11"}, …}``."""
    if isinstance(data, dict) and isinstance(data.get("columns"), list):
        return data | {"columns": [one for column in data["columns"] for one in _column(column)]}
    return data


def sheets(data: Any) -> Any:
    """A form's text with each section that has ``sheets`` written out, a section a sheet, and the controls that name it."""
    if not (isinstance(data, dict) and isinstance(data.get("sections"), list)):
        return data
    sections = [one for section in data["sections"] for one in _sections(section)]
    suffixes = {
        str(section["code"]): {str(sheet["suffix"]): str(sheet["title"]) for sheet in section["sheets"]}
        for section in data["sections"]
        if _has_sheets(section)
    }
    controls = [one for control in data.get("controls", ()) for one in _controls(control, suffixes)]
    return data | {"sections": sections, "controls": controls}


def _column(column: Any) -> Iterator[Any]:
    if not (isinstance(column, dict) and "each" in column):
        yield column
        return
    shared = {key: value for key, value in column.items() if key != "each"}
    ((variable, span),) = column["each"].items()
    for code, value in zip(_span(column["code"]), _span(span), strict=True):
        title = str(column["title"]).replace("{" + variable + "}", str(value))
        yield shared | {"code": str(code), "title": title, "bindings": {variable: value}}


def _span(text: str) -> range:
    first, _, last = text.partition("..")
    return range(int(first), int(last) + 1)


def _has_sheets(section: Any) -> bool:
    return isinstance(section, dict) and isinstance(section.get("sheets"), list)


def _sections(section: Any) -> Iterator[Any]:
    if not _has_sheets(section):
        yield section
        return
    shared = {key: value for key, value in section.items() if key != "sheets"}
    for sheet in section["sheets"]:
        yield shared | {
            "code": f"{section['code']}{sheet['suffix']}",
            "title": f"{section['title']}: {sheet['title']}",
            "xml_code": sheet["xml_code"],
            "one_of": {"of": section["code"], "where": sheet["where"]},
        }


def _controls(control: Any, suffixes: Mapping[str, Mapping[str, str]]) -> Iterator[Any]:
    """A control that names a section of several sheets is one of each of them; of two such sections their like sheets go together."""
    texts = [str(control.get(name) or "") for name in ("rule", "condition")] if isinstance(control, dict) else []
    named = [code for code in suffixes if any(_names(code).search(text) for text in texts)]
    if not named:
        yield control
        return
    for suffix, title in suffixes[named[0]].items():
        made = control | {"id": f"{control['id']}{suffix}", "title": f"{control['title']} ({title})"}
        for name in ("rule", "condition"):
            for code in named if made.get(name) else ():
                made[name] = _names(code).sub(rf"{{[{code}{suffix}]", made[name])
        yield made


def _names(section: str) -> re.Pattern[str]:
    return re.compile(r"\{\s*\[" + re.escape(section) + r"\]")
