"""A span and a duration for every request, named by the route that took it: no word of what was asked or of what went wrong.

The usual instrumentation puts the whole address into spans (people's names are searched by) and the texts of errors (rows stand in
them), and tries every route of the service once more to name a span.
"""

import time

from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from servicekit.telemetry import continued_span, meter

_UNTRACED = frozenset({"/livez", "/readyz", "/metrics"})
_FAULT = 500

_duration = meter.create_histogram("http.server.request.duration", unit="s", description="Duration of HTTP requests")


class Tracing:
    """Around everything else, so that a problem of whatever origin carries the id of the trace."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on within a span that continues the caller's."""
        if scope["type"] != "http" or scope["path"] in _UNTRACED:
            await self._app(scope, receive, send)
            return
        status = _FAULT

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        method, started = scope["method"], time.perf_counter()
        parent = next((value for name, value in scope["headers"] if name == b"traceparent"), b"")
        with continued_span(method, parent.decode("latin-1"), SpanKind.SERVER) as span:
            try:
                await self._app(scope, receive, noting)
            finally:
                route = _route(scope)
                _describe(span, method, route, status)
                attributes = {"http.request.method": method, "http.route": route, "http.response.status_code": status}
                _duration.record(time.perf_counter() - started, attributes)


def _route(scope: Scope) -> str:
    """Template of the path under the service's prefix, such as ``/students/{student_id}``; nothing where no route took the request."""
    path: str = getattr(scope.get("route"), "path", "")
    return path


def _describe(span: trace.Span, method: str, route: str, status: int) -> None:
    if span.is_recording():
        span.update_name(f"{method} {route}".rstrip())
        span.set_attributes({"http.request.method": method, "http.route": route, "http.response.status_code": status})
        if status >= _FAULT:
            span.set_status(StatusCode.ERROR)
