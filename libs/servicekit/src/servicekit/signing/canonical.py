"""A record as bytes that never change: nothing of them depends on when and by whom they are asked for."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID


def canonical(told: Mapping[str, Any]) -> bytes:
    """JSON in UTF-8: keys in order, no spaces, instants in UTC."""
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_plain)
    return text.encode()


def _plain(value: object) -> str:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
    raise TypeError(type(value).__name__)
