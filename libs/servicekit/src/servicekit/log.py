"""JSON logs to stdout: structlog with the standard library bridged in, personal data masked, trace ids added."""

import logging
import re
import sys
from typing import Any

import structlog
from opentelemetry import trace
from pydantic import BaseModel
from structlog.typing import EventDict, Processor

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
_PATTERNS = (
    re.compile(r"\b\d{3}-\d{3}-\d{3}[ -]\d{2}\b"),  # СНИЛС
    re.compile(r"\b\d{11}\b"),  # СНИЛС or a phone, bare
    re.compile(r"\+7[\d\s()-]{10,}"),  # phone
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"),  # e-mail
    re.compile(r"\b[IVXLC]{1,7}-[А-ЯЁ]{2}\s*(?:№\s*)?\d{6}\b"),  # birth certificate
    re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]+"),  # token
    re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"),  # credentials in an address
)


def mask_text(text: str) -> str:
    """Text with everything that looks like an identifier, a contact, a token or a credential blanked."""
    for pattern in _PATTERNS:
        text = pattern.sub(MASK, text)
    return text


def _mask_value(key: str, value: Any) -> Any:
    if key.lower() in _SECRET_KEYS:
        return MASK
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, dict):
        return {str(inner): _mask_value(str(inner), item) for inner, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_mask_value("", item) for item in value]
    if isinstance(value, BaseModel):
        return type(value).__name__
    return value


def mask_personal_data(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Structlog processor: masks by key and by what a value looks like."""
    return {key: _mask_value(key, value) for key, value in event.items()}


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
        structlog.processors.format_exc_info,
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
