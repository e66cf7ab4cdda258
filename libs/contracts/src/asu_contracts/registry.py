"""Every event type in one place: who publishes it, who reads it, how it is applied."""

from collections.abc import Mapping
from types import MappingProxyType

from asu_contracts import auth, core, enrollment, journal
from asu_contracts.base import Event, pii_fields
from asu_contracts.exchanges import Service

__all__ = ["EVENT_TYPES", "pii_fields", "published_by", "read_by"]


def _types() -> Mapping[str, type[Event]]:
    found: dict[str, type[Event]] = {}
    for module in (auth, core, enrollment, journal):
        for value in vars(module).values():
            if not (isinstance(value, type) and issubclass(value, Event)) or value is Event:
                continue
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
