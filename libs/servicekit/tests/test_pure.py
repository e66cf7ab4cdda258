import json
import logging
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, date, datetime

import asyncpg
import pytest
import structlog
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.trace import SpanKind
from pydantic import SecretStr
from sqlalchemy import column

from asu_contracts.access import Role, Unit, UnitKind
from servicekit import telemetry
from servicekit.clock import FixedClock
from servicekit.crypto import FieldCipher, KeyedHash, UndecryptableError, parse_keys
from servicekit.ids import new_id
from servicekit.log import configure_logging, mask_personal_data, mask_text
from servicekit.policies import policy
from servicekit.security import Principal
from servicekit.telemetry import continued_span, current_traceparent, is_recorded


def key(fill: bytes) -> bytes:
    return fill * 32


def test_business_date_is_the_regions_day() -> None:
    clock = FixedClock(datetime(2026, 8, 31, 22, 30, tzinfo=UTC))
    assert clock.today() == date(2026, 9, 1)


def test_ids_grow_with_time() -> None:
    ids = [new_id() for _ in range(1000)]
    assert ids == sorted(ids)
    assert ids[0].version == 7


def test_cipher_binds_the_context_and_rotates() -> None:
    old = FieldCipher({"1": key(b"a")})
    sealed = old.encrypt("112-233-445 95", "student.snils")
    assert "112-233-445 95" not in sealed
    assert sealed != old.encrypt("112-233-445 95", "student.snils")
    rotated = FieldCipher({"2": key(b"b"), "1": key(b"a")})
    assert rotated.decrypt(sealed, "student.snils") == "112-233-445 95"
    assert rotated.encrypt("x", "c").startswith("2:")
    for cipher, text, context in (
        (old, sealed, "student.document"),
        (FieldCipher({"3": key(b"c")}), sealed, "student.snils"),
        (old, sealed[:-4] + "AAAA", "student.snils"),
        (old, "garbage", "student.snils"),
    ):
        with pytest.raises(UndecryptableError):
            cipher.decrypt(text, context)


def test_keyed_hash_finds_equal_values_of_one_meaning() -> None:
    one, other = KeyedHash({"1": key(b"a")}), KeyedHash({"1": key(b"b")})
    assert one.digest("1", "snils") == one.digest("1", "snils")
    assert len({one.digest("1", "snils"), one.digest("1", "policy"), other.digest("1", "snils")}) == 3


@pytest.mark.parametrize(
    "text", ["", "k", "k:", ":" + b64encode(key(b"a")).decode(), "k:" + b64encode(b"short").decode()]
)
def test_bad_keys_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_keys(SecretStr(text))


@pytest.mark.parametrize(
    "text",
    [
        "СНИЛС 112-233-445 95",
        "snils=11223344595",
        "call +7 918 123-45-67",
        "policy 2345678901234560",
        "mail ivanov@example.org",
        "IV-АГ 654321",
        "postgresql://core_app:secret@localhost/core",
        "Bearer eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
    ],
)
def test_identifiers_are_masked_in_text(text: str) -> None:
    masked = mask_text(text)
    assert "***" in masked
    for secret in ("112-233", "11223344595", "234567", "918", "ivanov", "654321", ":secret", "eyJhb"):
        assert secret not in masked


def test_a_value_that_masks_itself_is_logged_so_under_any_key() -> None:
    class Number(str):
        __slots__ = ()

        def masked(self) -> str:
            return "***" + self[-2:]

    event = mask_personal_data(None, "", {"event": "x", "found": [Number("2345678901")]})
    assert event == {"event": "x", "found": ["***01"]}


def test_personal_fields_are_masked_by_key_however_deep() -> None:
    event = mask_personal_data(
        None, "", {"event": "x", "rows": [{"last_name": "Иванов", "n": 1}], "Password": "qwerty"}
    )
    assert event == {"event": "x", "rows": [{"last_name": "***", "n": 1}], "Password": "***"}


@dataclass
class Row:
    name: str


def test_logs_are_json_with_trace_and_masked_tracebacks(capsys: pytest.CaptureFixture[str]) -> None:
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    name = "Иванов"
    try:
        configure_logging("core", "api", "INFO")
        with trace.get_tracer("t", tracer_provider=TracerProvider()).start_as_current_span("s"):
            try:
                raise ValueError("112-233-445 95")
            except ValueError:
                structlog.get_logger("t").exception("failed", snils="112-233-445 95", row=Row(name))
            try:
                raise asyncpg.CheckViolationError(f"Failing row contains ({name}, 2016-03-04)")
            except asyncpg.CheckViolationError:
                structlog.get_logger("t").exception("refused")
            logging.getLogger("std").warning("row of %s", "ivanov@example.org")
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    finally:
        logging.getLogger().handlers[:] = handlers
        logging.getLogger().setLevel(level)
    assert [line["event"] for line in lines] == ["failed", "refused", "row of ***"]
    assert "112-233" not in json.dumps(lines)
    assert name not in json.dumps(lines, ensure_ascii=False)
    assert "ValueError: ***" in lines[0]["exception"]
    assert "CheckViolationError: SQLSTATE 23514" in lines[1]["exception"]
    assert all(__file__ in line["exception"] for line in lines[:2])
    assert all(line["service"] == "core" and len(line["trace_id"]) == 32 for line in lines)


def test_stored_trace_context_is_the_parent_not_the_ambient_one(monkeypatch: pytest.MonkeyPatch) -> None:
    tracer = TracerProvider().get_tracer("t")
    monkeypatch.setattr(telemetry, "tracer", tracer)  # as in a configured process
    with tracer.start_as_current_span("request") as request:
        stored = current_traceparent()
    with tracer.start_as_current_span("ambient"), continued_span("later", stored, SpanKind.PRODUCER) as later:
        assert isinstance(later, ReadableSpan)
        assert later.parent is not None
        assert later.parent.span_id == request.get_span_context().span_id
    assert stored is not None
    assert f"{request.get_span_context().trace_id:032x}" in stored


@pytest.mark.parametrize(
    ("kind", "own", "sibling", "foreign"),
    [
        (UnitKind.REGION, True, True, True),
        (UnitKind.DEPARTMENT, True, False, True),
        (UnitKind.MUNICIPALITY, True, True, False),
        (UnitKind.ORGANIZATION, True, False, False),
        (UnitKind.PERSON, False, False, False),
    ],
)
def test_what_a_unit_sees(kind: UnitKind, own: bool, sibling: bool, foreign: bool) -> None:
    organization, founder = new_id(), new_id()
    unit = Unit(kind=kind, municipality="03701000", organization_id=organization, founder_id=founder)
    principal = Principal("a", Role.TEACHER, unit, None, None, datetime.now(UTC))
    assert principal.sees(organization, "03701000", founder) is own
    assert principal.sees(new_id(), "03701000", new_id()) is sibling
    assert principal.sees(new_id(), "03705000", founder) is foreign


def test_a_department_without_a_founder_sees_nothing() -> None:
    principal = Principal("a", Role.DEPARTMENT_OFFICER, Unit(kind=UnitKind.DEPARTMENT), None, None, datetime.now(UTC))
    assert not principal.sees(new_id(), "03701000", None)
    assert str(principal.visible(column("id"), column("municipality"), column("founder_id"))) == "false"


def test_policy_for_nobody_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="allows nobody"):
        policy("x", title="x")


@pytest.mark.parametrize(("flags", "recorded"), [("00", False), ("01", True), ("02", False), ("03", True)])
def test_a_trace_is_recorded_when_its_sampled_flag_says_so(flags: str, recorded: bool) -> None:
    assert is_recorded(f"00-{'a' * 32}-{'b' * 16}-{flags}") is recorded
    assert not is_recorded(None)
