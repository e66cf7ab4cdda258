"""The watch as metrics of the worker that measures: others of its replicas say nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from opentelemetry.metrics import CallbackOptions, Observation

from servicekit.telemetry import meter

FRESH = timedelta(minutes=15)
"""How long a late event keeps its type late, if nothing comes after it: longer than the alert waits (README), or it never fires."""


@dataclass
class Measured:
    """What was measured last: by event type the lag in seconds and when it was heard of last, by kind what is missing."""

    lag: Mapping[str, float] = field(default_factory=dict)
    heard: Mapping[str, datetime] = field(default_factory=dict)
    gaps: Mapping[str, int] = field(default_factory=dict)
    at: datetime | None = None

    def lags(self, _options: CallbackOptions) -> Iterable[Observation]:
        """How long the events that came last were on their way; of a type nothing came of lately, nothing is late."""
        at = self.at
        if at is None:
            return []
        return [
            Observation(seconds if at - self.heard[kind] < FRESH else 0.0, {"type": kind})
            for kind, seconds in self.lag.items()
        ]

    def silences(self, _options: CallbackOptions) -> Iterable[Observation]:
        """How long ago the last event of each type came, as of the measuring."""
        at = self.at
        if at is None:
            return []
        return [Observation((at - heard).total_seconds(), {"type": kind}) for kind, heard in self.heard.items()]

    def missing(self, _options: CallbackOptions) -> Iterable[Observation]:
        """How many objects are named and were never told of."""
        return [Observation(number, {"kind": kind}) for kind, number in self.gaps.items()]


MEASURED = Measured()

meter.create_observable_gauge(
    "asu_ingest_lag_seconds",
    [MEASURED.lags],
    unit="s",
    description="From an event to its place in the log, the slowest of the last",
)
meter.create_observable_gauge(
    "asu_ingest_silence_seconds", [MEASURED.silences], unit="s", description="Since the last event of the type came"
)
meter.create_observable_gauge(
    "asu_ingest_gaps", [MEASURED.missing], description="Objects that facts name and no event has told of"
)
