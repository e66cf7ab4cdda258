"""What a consumer does with each event type. Handlers take lists: one transaction serves a whole batch."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from asu_contracts.base import Event
from asu_contracts.envelope import Envelope
from servicekit.uow import UnitOfWork

E = TypeVar("E", bound=Event)


@dataclass(frozen=True)
class Received(Generic[E]):
    """One received event. ``traceparent`` is the span of its processing: give it to ``uow.publish`` as the cause."""

    envelope: Envelope
    event: E
    traceparent: str | None

    @property
    def sequence(self) -> str:
        """Wire form of the sequence; later states compare greater as text."""
        return str(self.envelope.sequence)


Handler = Callable[[UnitOfWork, Sequence[Received[E]]], Awaitable[None]]


class Handlers:
    """Handlers of one queue by event type, called in the order they were added.

    A handler gets events not seen before by this consumer, in order of arrival. It must be idempotent by key anyway: a
    state is applied only if its sequence is newer, a fact is stored by its id. It raises to have the message tried again.
    """

    def __init__(self) -> None:
        self._handlers: dict[type[Event], Handler[Any]] = {}

    def on(self, event: type[E], handler: Handler[E]) -> "Handlers":
        """Register the handler of an event type."""
        if event in self._handlers:
            raise ValueError(f"{event.type} has a handler already")
        self._handlers[event] = handler
        return self

    @property
    def events(self) -> frozenset[type[Event]]:
        """Types that have a handler."""
        return frozenset(self._handlers)

    def plan(self, received: Sequence[Received[Event]]) -> Iterator[tuple[Handler[Any], Sequence[Received[Event]]]]:
        """Each handler with its part of the batch."""
        for event, handler in self._handlers.items():
            mine = [item for item in received if type(item.event) is event]
            if mine:
                yield handler, mine
