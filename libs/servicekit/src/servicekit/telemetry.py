"""Traces and metrics. Traces leave by OTLP/HTTP when an endpoint is set; metrics are read at ``/metrics``."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from opentelemetry import context as otel_context
from opentelemetry import metrics, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON
from opentelemetry.trace import TraceFlags
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_propagator = TraceContextTextMapPropagator()

tracer = trace.get_tracer("servicekit")
meter = metrics.get_meter("servicekit")


@dataclass(frozen=True)
class Telemetry:
    """What was set up, to be shut down with the process."""

    traces: TracerProvider
    metrics: MeterProvider

    def shutdown(self) -> None:
        """Send what is buffered and stop."""
        self.traces.shutdown()
        self.metrics.shutdown()


def configure_telemetry(service: str, process: str, otlp_endpoint: str | None) -> Telemetry:
    """Install the global tracer and meter of this process."""
    resource = Resource.create(
        {"service.name": service, "service.namespace": "asu-so", "service.instance.role": process}
    )
    # Without a collector spans only carry ids: into logs, problems, outbox rows.
    traces = TracerProvider(resource=resource, sampler=ALWAYS_ON if otlp_endpoint else ALWAYS_OFF)
    if otlp_endpoint:
        exporter = OTLPSpanExporter(endpoint=f"{otlp_endpoint.rstrip('/')}/v1/traces")
        traces.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=1000))
    trace.set_tracer_provider(traces)
    meters = MeterProvider(resource=resource, metric_readers=[PrometheusMetricReader()])
    metrics.set_meter_provider(meters)
    return Telemetry(traces, meters)


def current_traceparent() -> str | None:
    """W3C ``traceparent`` of the current span, to be stored beside data that travels later."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")


def is_recorded(traceparent: str | None) -> bool:
    """Whether somebody records the trace (the sampled flag of W3C Trace Context)."""
    return traceparent is not None and int(traceparent[-2:], 16) & TraceFlags.SAMPLED != 0


def records_spans() -> bool:
    """Whether spans of this process go anywhere; where they do not, they would only carry ids on."""
    provider = trace.get_tracer_provider()
    return not isinstance(provider, TracerProvider) or provider.sampler is not ALWAYS_OFF


def context_of(traceparent: str | None) -> otel_context.Context:
    """Trace context of a stored or received ``traceparent``; an empty one if there is none."""
    return _propagator.extract({"traceparent": traceparent} if traceparent else {}, context=otel_context.Context())


@contextmanager
def continued_span(name: str, traceparent: str | None, kind: trace.SpanKind) -> Iterator[trace.Span]:
    """A span whose parent is the stored context, not the ambient one. Of an error it tells the kind alone: rows stand in the texts."""
    with tracer.start_as_current_span(
        name, context=context_of(traceparent), kind=kind, record_exception=False, set_status_on_exception=False
    ) as span:
        try:
            yield span
        except Exception as error:
            span.set_status(trace.StatusCode.ERROR, type(error).__name__)
            raise


def current_trace_id() -> str | None:
    """Id of the current trace, 32 hex digits."""
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else None
