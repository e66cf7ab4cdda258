"""A collector of traces: speaks OTLP/HTTP, keeps spans, answers which service's span caused which."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True)
class Span:
    """One finished span."""

    service: str
    name: str
    trace_id: bytes
    span_id: bytes
    parent_id: bytes


class Collector:
    """Spans received so far."""

    def __init__(self) -> None:
        self._spans: dict[bytes, Span] = {}
        self._lock = threading.Lock()
        self.url = ""

    def add(self, body: bytes) -> None:
        """Keep the spans of one export request."""
        request = ExportTraceServiceRequest.FromString(body)
        with self._lock:
            for resource in request.resource_spans:
                names = [a.value.string_value for a in resource.resource.attributes if a.key == "service.name"]
                for scope in resource.scope_spans:
                    for span in scope.spans:
                        made = Span(names[0], span.name, span.trace_id, span.span_id, span.parent_span_id)
                        self._spans[span.span_id] = made

    def edges(self) -> set[tuple[str, str, str]]:
        """(service of the causing span, service of the caused one, name of the caused one) across services."""
        with self._lock:
            spans = dict(self._spans)
        return {
            (spans[span.parent_id].service, span.service, span.name)
            for span in spans.values()
            if span.parent_id in spans and spans[span.parent_id].service != span.service
        }

    def count(self, service: str, name: str, *, begun_in: str) -> int:
        """How many spans of this name the service has in traces that another service has a part in."""
        with self._lock:
            spans = list(self._spans.values())
        traces = {span.trace_id for span in spans if span.service == begun_in}
        return sum(1 for span in spans if (span.service, span.name) == (service, name) and span.trace_id in traces)


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector on a free loopback port."""
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collector.add(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
