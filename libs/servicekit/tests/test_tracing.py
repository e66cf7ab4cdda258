"""Spans of requests: named by the route, joined to the caller's, silent about people."""

from collections.abc import Sequence

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from asu_contracts.access import Role
from servicekit import telemetry
from servicekit.ids import new_id
from servicekit.telemetry import continued_span
from servicekit.testing import ServiceUnderTest

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(telemetry, "tracer", provider.get_tracer("t"))
    return exporter


def told(spans: Sequence[ReadableSpan]) -> str:
    return "".join(span.to_json() for span in spans)


async def test_a_request_is_a_span_of_the_callers_trace_by_the_name_of_its_route(
    service: ServiceUnderTest, spans: InMemorySpanExporter
) -> None:
    headers = {**service.tokens.headers(Role.REGION_ADMIN), **PARENT, "If-Match": '"1"'}
    path = f"/items/{new_id()}"
    answer = await service.client.put(path, params={"search": "Иванов"}, json={"name": "Иванов"}, headers=headers)
    assert (answer.status_code, answer.json()["trace_id"]) == (404, TRACE)
    (span,) = spans.get_finished_spans()
    assert (span.name, span.kind) == ("PUT /items/{item_id}", SpanKind.SERVER)
    assert span.context is not None
    assert f"{span.context.trace_id:032x}" == TRACE
    assert span.attributes is not None
    assert span.attributes["http.response.status_code"] == 404
    assert "Иванов" not in told([span])
    assert path.rpartition("/")[2] not in told([span])


async def test_an_unexpected_error_is_told_by_its_kind_alone(
    service: ServiceUnderTest, spans: InMemorySpanExporter
) -> None:
    answer = await service.client.get("/boom", headers=PARENT)
    assert (answer.status_code, answer.json()["trace_id"]) == (500, TRACE)
    with pytest.raises(ValueError, match="Иванов"), continued_span("run work", None, SpanKind.CONSUMER):
        raise ValueError("Иванов 112-233-445 95")
    found = spans.get_finished_spans()
    assert [span.status.status_code for span in found] == [StatusCode.ERROR] * 2
    assert [span.events for span in found] == [(), ()]
    assert not any(word in told(found) for word in ("Иванов", "112-233"))


async def test_probes_are_no_spans_and_an_unknown_address_is_not_repeated(
    service: ServiceUnderTest, spans: InMemorySpanExporter
) -> None:
    for path in ("/livez", "/metrics"):
        assert (await service.client.get(f"http://test{path}")).status_code == 200
    await service.client.get("/nowhere/Иванов")
    (span,) = spans.get_finished_spans()
    assert span.name == "GET"
    assert "Иванов" not in told([span])
