"""JSON logs to stdout: structlog with the standard library bridged in, personal data masked, trace ids added."""

import logging
import re
import sys
import traceback
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

import structlog
from opentelemetry import trace
from sqlalchemy.exc import DBAPIError
from structlog.typing import EventDict, ExcInfo, Processor

from servicekit.faults import sqlstate

MASK = "***"

_SECRET_KEYS = frozenset(
    {
        "last_name",
        "first_name",
        "middle_name",
        "display_name",
        "snils",
        "birth_date",
        "sex",
        "citizenship",
        "phone",
        "email",
        "address",
        "document",
        "series",
        "number",
        "passport",
        "policy",
        "login",
        "password",
        "old_password",
        "new_password",
        "token",
        "access_token",
        "refresh_token",
        "authorization",
        "secret",
        "client_secret",
        "child",
        "representatives",
        "guardians",
        "body",
        "payload",
        "input",
    }
)
_PLAIN = (bool, int, float, UUID, date, timedelta, Path)
"""What is shown as it is; any other object is named by its type, for it may hold anything."""
_VALUES_REPEATED = ("22", "23", "P0")
"""Classes of SQLSTATE whose messages hold data: wrong values, broken constraints, errors raised by our own functions."""
_PATTERNS = (
    re.compile(r"\b\d{3}-\d{3}-\d{3}[ -]\d{2}\b"),  # СНИЛС
    re.compile(r"\b\d{11}\b"),  # СНИЛС or a phone, bare
    re.compile(r"\b\d{16}\b"),  # medical policy
    re.compile(r"\+7[\d\s()-]{10,}"),  # phone
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"),  # e-mail
    re.compile(r"\b[IVXLC]{1,7}-[А-ЯЁ]{2}\s*(?:№\s*)?\d{6}\b"),  # birth certificate
    re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]+"),  # token
    re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"),  # credentials in an address
)


@runtime_checkable
class Masked(Protocol):
    """A value that knows what a log may hold of it."""

    def masked(self) -> str:
        """The value as a log shows it."""
        ...


def mask_text(text: str) -> str:
    """Text with everything that looks like an identifier, a contact, a token or a credential blanked."""
    for pattern in _PATTERNS:
        text = pattern.sub(MASK, text)
    return text


def _mask_value(key: str, value: Any) -> Any:
    if key.lower() in _SECRET_KEYS:
        return MASK
    if isinstance(value, Masked):
        return value.masked()
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, dict):
        return {str(inner): _mask_value(str(inner), item) for inner, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_mask_value("", item) for item in value]
    return value if value is None or isinstance(value, _PLAIN) else type(value).__name__


def mask_personal_data(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Structlog processor: masks by key and by what a value looks like."""
    return {key: value if key.startswith("_") else _mask_value(key, value) for key, value in event.items()}


def _exceptions(error: BaseException) -> Iterator[str]:
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier is not None:
        yield from _exceptions(earlier)
    if isinstance(error, BaseExceptionGroup):
        for part in error.exceptions:
            yield from _exceptions(part)
    frames = "".join(traceback.format_tb(error.__traceback__))
    yield f"{frames}{type(error).__module__}.{type(error).__qualname__}: {_message(error)}"


def _message(error: BaseException) -> str:
    """First line of what an exception says; nothing of a database's that repeats the row or the value it refused."""
    state = sqlstate(error)
    if state is not None and state.startswith(_VALUES_REPEATED):
        original = error.orig if isinstance(error, DBAPIError) else error
        refused = getattr(original, "__cause__", None) or original
        return f"SQLSTATE {state}, constraint {getattr(refused, 'constraint_name', None)}"
    return str(error).partition("\n")[0]


def _format_exception(exc_info: ExcInfo) -> str:
    """The chain, oldest first: frames, type and message of each exception."""
    return "\n\n".join(_exceptions(exc_info[1]))


def _add_trace(_logger: Any, _method: str, event: EventDict) -> EventDict:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = f"{context.trace_id:032x}"
        event["span_id"] = f"{context.span_id:016x}"
    return event


def configure_logging(service: str, process: str, level: str = "INFO") -> None:
    """Send structlog and standard logging to stdout as JSON lines, masked."""

    def add_origin(_logger: Any, _method: str, event: EventDict) -> EventDict:
        event.setdefault("service", service)
        event.setdefault("process", process)
        return event

    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_origin,
        _add_trace,
        structlog.processors.ExceptionRenderer(_format_exception),
        mask_personal_data,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("uvicorn.access", "aiormq", "aio_pika", "httpx", "httpcore", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers[:] = []
        logging.getLogger(name).propagate = True
