"""What a package says of people: one record each, as JSON or XML; what is said is named by ``transfers`` of the catalogue."""

import json
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

FORMAT = "asu-contingent"
VERSION = 1
"""Counted up when the meaning of a record changes; readers must pass over what they do not know."""
PERSONS = {"ndjson": "persons.ndjson", "xml": "persons.xml"}
REMOVED = {"ndjson": "removed.ndjson", "xml": "removed.xml"}


def canonical(record: Mapping[str, Any]) -> str:
    """A record as text, the same whenever it says the same."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Writer:
    """Records as lines of JSON, or as elements of one XML document."""

    def __init__(self, form: str, root: str, element: str) -> None:
        self._xml = form == "xml"
        self._element = element
        self.head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} version="{VERSION}">\n' if self._xml else ""
        self.tail = f"</{root}>\n" if self._xml else ""

    def record(self, record: Mapping[str, Any]) -> str:
        """One record."""
        if not self._xml:
            return canonical(record) + "\n"
        return _element(self._element, record) + "\n"


def _element(name: str, value: Any) -> str:
    match value:
        case None:
            return ""
        case Mapping():
            plain = {key: inner for key, inner in value.items() if isinstance(inner, str | int) and key == "id"}
            attributes = "".join(f" {key}={quoteattr(str(inner))}" for key, inner in plain.items())
            inner = "".join(_element(key, one) for key, one in value.items() if key not in plain)
            return f"<{name}{attributes}>{inner}</{name}>"
        case list():
            return "".join(_element(name, one) for one in value)
    return f"<{name}>{escape(str(value))}</{name}>"
