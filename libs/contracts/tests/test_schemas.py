"""The gate: committed schemas, golden samples, and every way to break a released type."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

from asu_contracts import schemas
from asu_contracts.__main__ import main
from asu_contracts.base import Event
from asu_contracts.core import MovementKind, MovementRecorded
from asu_contracts.registry import EVENT_TYPES

Change = Callable[[dict[str, Any]], object]

CASES = [(event, name) for event in EVENT_TYPES.values() for name in schemas.samples_of(event)]


def test_the_gate_is_open() -> None:
    assert schemas.problems() == []


@pytest.mark.parametrize(("event", "name"), CASES, ids=[f"{event.type}-{name}" for event, name in CASES])
def test_every_golden_sample_parses_and_validates(event: type[Event], name: str) -> None:
    sample = schemas.samples_of(event)[name]
    schema = schemas.json_schema(event)
    assert validator_for(schema) is Draft202012Validator
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(sample)
    event.model_validate_json(json.dumps(sample))


@pytest.mark.parametrize("event", EVENT_TYPES.values(), ids=list(EVENT_TYPES))
def test_samples_cover_the_type(event: type[Event]) -> None:
    samples = schemas.samples_of(event)
    fields = event.model_fields
    assert samples["full"].keys() == fields.keys()
    assert {name for name, field in fields.items() if field.is_required()} <= samples["minimal"].keys()
    assert samples["newer"].keys() > fields.keys()
    full = event.model_validate(samples["full"])
    assert event.model_validate_json(full.model_dump_json()) == full


def test_a_newer_value_reads_as_unknown() -> None:
    movement = MovementRecorded.model_validate(schemas.samples_of(MovementRecorded)["newer"])
    assert movement.kind is MovementKind.UNKNOWN


SHAPE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "format": "uuid", "title": "Id"},
        "count": {"type": "integer", "minimum": 0},
        "kind": {"$ref": "#/$defs/Kind"},
        "colour": {"enum": ["red", "green"], "type": "string"},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
        "part": {"anyOf": [{"$ref": "#/$defs/Part"}, {"type": "null"}], "default": None},
        "parts": {"type": "array", "items": {"$ref": "#/$defs/Part"}},
        "index": {"type": "object", "additionalProperties": {"type": "integer"}},
    },
    "required": ["id", "kind"],
    "$defs": {
        "Kind": {"type": "string", "x-known-values": ["one", "two"]},
        "Part": {
            "type": "object",
            "properties": {"size": {"type": "integer"}, "next": {"$ref": "#/$defs/Part"}},
            "required": ["size"],
        },
    },
    "x-private": False,
    "x-semantics": "fact",
}


def _changed(change: Change) -> list[str]:
    new = copy.deepcopy(SHAPE)
    change(new)
    return schemas.breaking_changes(SHAPE, new)


@pytest.mark.parametrize(
    "change",
    [
        lambda s: None,
        lambda s: s["properties"].update(extra={"type": "string", "default": ""}),
        lambda s: s["$defs"]["Kind"]["x-known-values"].append("three"),
        lambda s: s["properties"]["id"].update(title="Identifier", description="Another text"),
        lambda s: s.update({"x-readers": ["journal"]}),
        lambda s: s["properties"]["note"]["anyOf"].reverse(),
    ],
)
def test_growth_is_allowed(change: Change) -> None:
    assert _changed(change) == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda s: s["properties"].pop("count"), "payload.count: removed"),
        (lambda s: s["properties"]["count"].update(type="string"), "payload.count: retyped"),
        (lambda s: s["properties"]["id"].update(format="date"), "payload.id: retyped"),
        (lambda s: s["properties"]["id"].pop("format"), "payload.id: retyped"),
        (lambda s: s["required"].append("count"), "payload.count: newly required"),
        (lambda s: s["required"].remove("kind"), "payload.kind: no longer required"),
        (lambda s: s["properties"]["count"].update(minimum=1), "payload.count: minimum changed"),
        (lambda s: s["properties"]["count"].update(maximum=9), "payload.count: maximum changed"),
        (lambda s: s["properties"]["note"].update(default=""), "payload.note: default changed"),
        (lambda s: s["properties"]["note"]["anyOf"].pop(), "payload.note: retyped"),
        (lambda s: s["$defs"]["Kind"]["x-known-values"].remove("two"), "payload.kind: the value 'two' was removed"),
        (lambda s: s["$defs"]["Kind"].update({"enum": ["one", "two"]}), "payload.kind: an enumeration was opened"),
        (lambda s: s["properties"]["colour"]["enum"].remove("red"), "payload.colour: the value 'red' was removed"),
        (lambda s: s["properties"]["colour"]["enum"].append("blue"), "payload.colour: the closed enumeration gained"),
        (lambda s: s["properties"]["parts"].update(items={"type": "integer"}), "payload.parts[]: retyped"),
        (lambda s: s["properties"]["parts"].pop("items"), "payload.parts[]: retyped"),
        (
            lambda s: s["properties"]["index"].update(additionalProperties={"type": "string"}),
            "payload.index{}: retyped",
        ),
        (lambda s: s.update(additionalProperties=False), "payload: other fields"),
        (lambda s: s.update({"x-private": True}), "payload: x-private changed"),
        (lambda s: s.update({"x-semantics": "state"}), "payload: x-semantics changed"),
        (lambda s: s["properties"]["id"].update({"x-personal-data": True}), "payload.id: x-personal-data changed"),
    ],
)
def test_every_break_is_found(change: Change, complaint: str) -> None:
    found = _changed(change)
    assert len(found) == 1
    assert found[0].startswith(complaint)


def test_a_break_deep_inside_is_found_wherever_it_is_used() -> None:
    found = _changed(lambda s: s["$defs"]["Part"]["required"].append("next"))
    assert found == ["payload.part.next: newly required", "payload.parts[].next: newly required"]


class TestCommand:
    """The gate over a copy of the committed files."""

    @pytest.fixture(autouse=True)
    def _copy(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(schemas, "SCHEMAS", tmp_path)
        monkeypatch.setattr(schemas, "RELEASED", tmp_path / "released")
        main(["export"])
        main(["release"])

    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        return tmp_path / "core.movement.recorded.v1.json"

    def test_exported_passes(self) -> None:
        assert main(["check"]) == 0

    def test_a_stale_file_fails(self, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file.write_text("{}", encoding="utf-8")
        assert main(["check"]) == 1
        assert "differs from the code" in capsys.readouterr().err

    def test_a_file_without_a_type_fails_and_export_removes_it(self, file: Path) -> None:
        stray = file.rename(file.with_name("core.stray.seen.v1.json"))
        assert main(["check"]) == 1
        main(["export"])
        assert not stray.exists()
        assert main(["check"]) == 0

    def test_a_removed_type_fails(self, tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "released" / "core.gone.seen.v1.json").write_text(
            file.read_text(encoding="utf-8"), encoding="utf-8"
        )
        assert main(["check"]) == 1
        assert "a released type was removed" in capsys.readouterr().err

    def test_a_break_fails_and_is_not_released(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        released = tmp_path / "released" / "core.movement.recorded.v1.json"
        text = released.read_text(encoding="utf-8").replace('"kind"', '"sort"')
        released.write_text(text, encoding="utf-8")
        assert main(["release"]) == 1
        assert "payload.sort: removed" in capsys.readouterr().err
        assert released.read_text(encoding="utf-8") == text
