"""JSON Schemas of the event types, and the gate that keeps them compatible.

Within a major version a type only grows. A consumer may be older or younger than its producer, and old messages are
sent again years later, so both directions hold: nothing is removed, retyped or bounded anew, no field becomes required
or stops being so, no known value disappears. What may change: texts, new optional fields, new known values of open
enumerations, readers. Anything else is a new type, ``.v2``, beside the old one.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from asu_contracts.base import Event
from asu_contracts.envelope import schema_of
from asu_contracts.registry import EVENT_TYPES

Schema = Mapping[str, Any]

_ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = _ROOT / "schemas"
"""Committed export, ``<type>.json``."""
RELEASED = SCHEMAS / "released"
"""Schemas of the last release, ``<type>.json``: what is out in the world and must stay true."""
SAMPLES = _ROOT / "samples"
"""Golden payloads, ``<type>/<name>.json``, never deleted."""

_FREE = frozenset({"$schema", "$id", "$defs", "$ref", "title", "description", "examples", "x-readers"})
"""Keywords that may change: they say nothing about what is valid."""
_WALKED = frozenset({"properties", "required", "items", "additionalProperties", "anyOf", "x-known-values", "enum"})
"""Keywords with a rule of their own; every other keyword must stay equal."""


def json_schema(event: type[Event]) -> dict[str, Any]:
    """JSON Schema 2020-12 of a payload as readers accept it, with the contract of the type in ``x-`` keywords."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": schema_of(event),
        **event.model_json_schema(mode="validation"),
        "x-semantics": event.semantics.value,
        "x-subject": event.subject_field,
        "x-private": event.private,
        "x-readers": sorted(reader.value for reader in event.readers),
    }


def export_all() -> dict[str, str]:
    """File text by type, as it is committed."""
    return {
        name: json.dumps(json_schema(event), ensure_ascii=False, indent=2) + "\n" for name, event in EVENT_TYPES.items()
    }


def read_folder(folder: Path) -> dict[str, str]:
    """File text by type of a folder of schemas."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.json"))}


def samples_of(event: type[Event]) -> dict[str, Any]:
    """Golden payloads of a type by name (``full``, ``minimal``, ``newer``…), parsed; consumers' tests feed on them."""
    folder = SAMPLES / event.type
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}


def problems() -> list[str]:
    """What is wrong with the committed schemas; empty when the gate is open."""
    exported, committed, released = export_all(), read_folder(SCHEMAS), read_folder(RELEASED)
    found = [
        f"{name}: the committed schema differs from the code"
        for name in exported
        if committed.get(name) != exported[name]
    ]
    found += [f"{name}: a committed schema without a type" for name in sorted(committed.keys() - exported.keys())]
    found += [f"{name}: a released type was removed" for name in sorted(released.keys() - exported.keys())]
    for name in sorted(released.keys() & exported.keys()):
        changes = breaking_changes(json.loads(released[name]), json.loads(exported[name]))
        found += [f"{name}: {change}" for change in changes]
    found += [f"{name}: no golden samples" for name, event in EVENT_TYPES.items() if not samples_of(event)]
    return found


def breaking_changes(old: Schema, new: Schema) -> list[str]:
    """What in ``new`` would break a reader or a message of ``old``, a line each, with the path of the field."""
    return list(_Comparison(old, new).node(old, new, "payload"))


class _Comparison:
    """Walks two documents side by side, following references inside each."""

    def __init__(self, old: Schema, new: Schema) -> None:
        self._old = old.get("$defs", {})
        self._new = new.get("$defs", {})
        self._open: list[tuple[str, str]] = []  # references being walked: a model may contain itself

    def node(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        pair = (old.get("$ref", ""), new.get("$ref", ""))
        if all(pair) and pair in self._open:
            return
        self._open.append(pair)
        old, new = _resolved(old, self._old), _resolved(new, self._new)
        if _kind(old) == _kind(new):
            yield from _bounds(old, new, path)
            yield from _values(old, new, path)
            yield from self._properties(old, new, path)
            yield from self._inner(old, new, path)
        else:
            yield f"{path}: retyped from {_kind(old)} to {_kind(new)}"
        self._open.pop()

    def _properties(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        must, must_now = set(old.get("required", ())), set(new.get("required", ()))
        for name in before:
            if name not in after:
                yield f"{path}.{name}: removed"
            else:
                yield from self.node(before[name], after[name], f"{path}.{name}")
        for name in sorted(must_now - must):
            yield f"{path}.{name}: newly required"
        for name in sorted((must - must_now) & after.keys()):
            yield f"{path}.{name}: no longer required, older readers still need it"

    def _inner(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        if "items" in old and "items" in new:
            yield from self.node(old["items"], new["items"], f"{path}[]")
        elif "items" in old or "items" in new:
            yield f"{path}[]: retyped"
        before, after = old.get("additionalProperties", True), new.get("additionalProperties", True)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from self.node(before, after, f"{path}{{}}")
        elif before != after:
            yield f"{path}: other fields are treated differently"
        branches = zip(self._branches(old, self._old), self._branches(new, self._new), strict=True)
        for one, other in branches:
            yield from self.node(one, other, path)

    @staticmethod
    def _branches(schema: Schema, definitions: Schema) -> list[Schema]:
        return sorted(schema.get("anyOf", ()), key=lambda branch: _kind(_resolved(branch, definitions)))


def _resolved(schema: Schema, definitions: Schema) -> Schema:
    """The schema with its reference replaced by what it names, a union named by its branches."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        return _resolved({**definitions[name], **beside}, definitions)
    if "anyOf" in schema:
        kinds = sorted(_kind(_resolved(branch, definitions)) for branch in schema["anyOf"])
        return {**schema, "type": " | ".join(kinds)}
    return schema


def _kind(schema: Schema) -> str:
    """What kind of JSON value a resolved schema describes: ``string(date)``, ``integer | null``."""
    kind = str(schema.get("type", "any"))
    return f"{kind}({schema['format']})" if "format" in schema else kind


def _bounds(old: Schema, new: Schema, path: str) -> Iterator[str]:
    for keyword in sorted((old.keys() | new.keys()) - _FREE - _WALKED - {"type", "format"}):
        if old.get(keyword) != new.get(keyword):
            yield f"{path}: {keyword} changed from {old.get(keyword)!r} to {new.get(keyword)!r}"


def _values(old: Schema, new: Schema, path: str) -> Iterator[str]:
    if ("enum" in old) != ("enum" in new) or ("x-known-values" in old) != ("x-known-values" in new):
        yield f"{path}: an enumeration was opened, closed, made or dropped"
        return
    for keyword in ("enum", "x-known-values"):
        for value in old.get(keyword, ()):
            if value not in new.get(keyword, ()):
                yield f"{path}: the value {value!r} was removed"
    for value in new.get("enum", ()):
        if value not in old.get("enum", ()):
            yield f"{path}: the closed enumeration gained {value!r}, older readers refuse it"
