"""Every event type in one place: who publishes it, who reads it, how it is applied."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, get_args

from pydantic import BaseModel

from asu_contracts import auth, core, enrollment, journal
from asu_contracts.base import PII, Event
from asu_contracts.exchanges import Service


def _types() -> Mapping[str, type[Event]]:
    found: dict[str, type[Event]] = {}
    for module in (auth, core, enrollment, journal):
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Event) and value is not Event:
                if found.setdefault(value.type, value) is not value:
                    raise ValueError(f"two classes declare {value.type}")
    return MappingProxyType(dict(sorted(found.items())))


EVENT_TYPES: Mapping[str, type[Event]] = _types()
"""Event class by its ``ce-type``."""


def published_by(service: Service) -> list[type[Event]]:
    """Types a service publishes."""
    return [event for event in EVENT_TYPES.values() if event.producer() is service]


def read_by(service: Service) -> list[type[Event]]:
    """Types a service reads."""
    return [event for event in EVENT_TYPES.values() if service in event.readers]


def pii_fields(model: type[BaseModel], prefix: str = "") -> list[str]:
    """Dotted names of the fields annotated as personal data, nested ones included."""
    found: list[str] = []
    for name, field in model.model_fields.items():
        path = f"{prefix}{name}"
        if any(mark is PII or isinstance(mark, PII) for mark in field.metadata):
            found.append(path)
        for nested in _models_in(field.annotation):
            found.extend(pii_fields(nested, f"{path}."))
    return found


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in get_args(annotation) for model in _models_in(argument)]
