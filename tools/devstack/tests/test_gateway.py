"""The gateway's template under a real nginx: routes, limits, headers, problems, logs, TLS."""

import json
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from stack_dummy.__main__ import Handler

from devstack.errors import StackError
from devstack.gateway import DEFAULTS, Gateway, Tls, render
from devstack.install import can_install, install
from devstack.instance import checkout
from devstack.ports import is_open
from devstack.readiness import wait_until
from servicekit.ids import new_id
from servicekit.settings import ServiceSettings
from servicekit.testing import find
from servicekit.testing.servers import free_port

TEMPLATE = checkout() / "deploy" / "gateway" / "nginx.conf.template"
LOG = "access.log"


@pytest.fixture(scope="module")
def nginx() -> Path:
    """The program, installed if need be as the stack itself would do."""
    if find.program("nginx") is None and can_install():
        install(["nginx-light"])
    found = find.program("nginx")
    assert found is not None, "nginx is needed"
    return found


@pytest.fixture(scope="module")
def service() -> Iterator[int]:
    """Port of a service behind the gateway."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@contextmanager
def running(nginx: Path, home: Path, service: int, tls: Tls | None = None, **settings: str) -> Iterator[Gateway]:
    """The gateway with core alive and journal dead."""
    upstreams = dict.fromkeys(("auth", "core", "enrollment", "reporting"), service) | {"journal": free_port()}
    log = {"GATEWAY_ACCESS_LOG": str(home / LOG)}
    gateway = Gateway(nginx, TEMPLATE, home, free_port(), upstreams, log | settings, tls)
    gateway.prepare()
    with (home / "error.log").open("w") as errors:
        process = subprocess.Popen(gateway.program.command, stderr=errors)
    try:
        deadline = time.monotonic() + 10
        while not is_open(gateway.port):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield gateway
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def gateway(nginx: Path, service: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """One gateway with a small body limit and a short patience."""
    home = tmp_path_factory.mktemp("gateway")
    with running(nginx, home, service, GATEWAY_BODY_LIMIT="1m", GATEWAY_READ_TIMEOUT="1s") as started:
        yield started


def assert_problem(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["code"] == code
    assert body["type"] == f"urn:asu:problem:{code}"
    assert any("а" <= letter <= "я" for letter in body["title"])
    assert len(body["trace_id"]) == 32
    assert answer.headers["x-content-type-options"] == "nosniff"


def raw(port: int, data: bytes) -> httpx.Response:
    """Answer to bytes that no client library would send."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(data)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = [tuple(line.split(": ", 1)) for line in lines]
    return httpx.Response(int(first.split()[1]), headers=headers, content=body)  # type: ignore[arg-type]  # pairs of two


def test_request_reaches_its_service_unchanged(gateway: Gateway) -> None:
    answer = httpx.get(
        f"{gateway.url}/api/core/v1/students?limit=5&after=%D1%8F%2F", headers={"X-Forwarded-For": "10.9.9.9"}
    )

    body = answer.json()
    assert body["path"] == "/api/core/v1/students?limit=5&after=%D1%8F%2F"
    assert body["headers"]["x-request-id"] == answer.headers["x-request-id"]
    assert len(answer.headers["x-request-id"]) == 32
    assert body["headers"]["x-forwarded-for"] == "127.0.0.1"


def test_trace_starts_at_the_gateway_or_comes_with_the_request(gateway: Gateway) -> None:
    url = f"{gateway.url}/api/core/v1/x"
    answer = httpx.get(url)
    trace = answer.json()["headers"]["traceparent"].split("-")
    brought = f"00-{'a' * 32}-{'b' * 16}-00"

    assert trace == ["00", answer.headers["x-request-id"], trace[1][:16], "01"]
    assert httpx.get(url, headers={"traceparent": brought}).json()["headers"]["traceparent"] == brought
    assert httpx.get(url, headers={"traceparent": "nonsense"}).json()["headers"]["traceparent"].endswith("-01")


def logged(gateway: Gateway, request_id: str) -> str:
    """The access log once it tells of a request: nginx writes there after it has answered."""
    file = gateway.home / LOG
    wait_until(lambda: request_id in file.read_text("utf-8"), 20, lambda: "nginx has not logged the request")
    return file.read_text("utf-8")


def test_the_log_joins_the_callers_request_id_with_the_trace_of_a_problem(gateway: Gateway) -> None:
    httpx.get(f"{gateway.url}/api/core/v1/x", headers={"X-Request-Id": "my-request-1"})
    answer = httpx.get(f"{gateway.url}/nowhere", headers={"X-Request-Id": "my-request-2"})

    lines = [json.loads(line) for line in logged(gateway, "my-request-2").splitlines()]
    traces = {line["request_id"]: line["trace_id"] for line in lines}
    assert len(traces["my-request-1"]) == 32
    assert answer.json()["trace_id"] == traces["my-request-2"]


@pytest.mark.parametrize(
    ("line", "status", "code"),
    [
        (b"FOO /api/core/v1/x HTTP/1.1", 405, "gateway.method-not-allowed"),
        (b"GET /api/core/v1/\xff\xfe HTTP/1.1", 400, "gateway.bad-request"),
    ],
)
def test_what_no_service_could_parse_is_a_problem(gateway: Gateway, line: bytes, status: int, code: str) -> None:
    answer = raw(gateway.port, line + b"\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert_problem(answer, status, code)


@pytest.mark.parametrize(
    ("given", "kept"), [("order-7.42_a", True), ('"},{"', False), ("short", False), ("x" * 65, False)]
)
def test_only_harmless_request_ids_are_kept(gateway: Gateway, given: str, kept: bool) -> None:
    answer = httpx.get(f"{gateway.url}/api/none", headers={"X-Request-Id": given})

    assert (answer.headers["x-request-id"] == given) is kept
    assert_problem(answer, 404, "gateway.not-found")


@pytest.mark.parametrize(
    "path", ["/", "/metrics", "/readyz", "/api/", "/api/core", "/api/other/v1/x", "/problem", "/api/core/../../readyz"]
)
def test_what_is_no_route_is_not_found(gateway: Gateway, path: str) -> None:
    assert_problem(
        raw(gateway.port, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()),
        404,
        "gateway.not-found",
    )


def test_health(gateway: Gateway) -> None:
    answer = httpx.get(f"{gateway.url}/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_security_headers_are_on_every_answer(gateway: Gateway) -> None:
    for path in ("/api/core/v1/students", "/api/journal/v1/lessons", "/nowhere", "/healthz"):
        headers = httpx.get(f"{gateway.url}{path}").headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert headers["server"] == "nginx"
        assert "strict-transport-security" not in headers


def test_body_over_the_limit_is_refused(gateway: Gateway) -> None:
    url = f"{gateway.url}/api/core/v1/imports"

    assert httpx.post(url, content=b"x" * 1024 * 1024).json() == {"bytes": 1024 * 1024}
    assert_problem(httpx.post(url, content=b"x" * (1024 * 1024 + 1)), 413, "gateway.body-too-large")
    assert_problem(httpx.post(url, content=(b"x" * 65536 for _ in range(32))), 413, "gateway.body-too-large")


def test_service_that_is_down_or_slow(gateway: Gateway) -> None:
    down = httpx.get(f"{gateway.url}/api/journal/v1/lessons")
    slow = httpx.get(f"{gateway.url}/api/core/v1/slow")

    assert_problem(down, 502, "gateway.service-down")
    assert_problem(slow, 504, "gateway.service-timeout")
    assert down.headers["retry-after"] == slow.headers["retry-after"] == "1"


def test_refusal_of_a_service_passes_as_it_is(gateway: Gateway) -> None:
    answer = httpx.get(f"{gateway.url}/api/core/v1/refused")

    assert (answer.status_code, answer.json()) == (503, {"code": "own"})
    assert "retry-after" not in answer.headers


@pytest.mark.parametrize(
    ("request_bytes", "status", "code"),
    [
        (b"GET /api/core/v1/x HTTP/1.1\r\nHost: x\r\nX-Big: " + b"a" * 40000 + b"\r\n\r\n", 400, "gateway.bad-request"),
        (b"GET /api/core/v1/x HTTP/1.1\r\n\r\n", 400, "gateway.bad-request"),
        (b"NONSENSE\r\n\r\n", 400, "gateway.bad-request"),
        (b"GET /" + b"a" * 40000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414, "gateway.address-too-long"),
        (b"TRACE /api/core/v1/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405, "gateway.method-not-allowed"),
        (b"GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 400, "gateway.bad-request"),
    ],
)
def test_malformed_request(gateway: Gateway, request_bytes: bytes, status: int, code: str) -> None:
    assert_problem(raw(gateway.port, request_bytes), status, code)


def test_too_many_requests(nginx: Path, service: int, tmp_path: Path) -> None:
    with running(nginx, tmp_path, service, GATEWAY_RATE="1", GATEWAY_BURST="3") as gateway, httpx.Client() as client:
        answers = [client.get(f"{gateway.url}/api/core/v1/x") for _ in range(6)]

        assert [answer.status_code for answer in answers] == [200] * 4 + [429] * 2
        assert_problem(answers[-1], 429, "gateway.too-many-requests")
        assert answers[-1].headers["retry-after"] == "1"
        assert client.get(f"{gateway.url}/healthz").status_code == 200


def test_signing_in_has_a_limit_of_its_own(nginx: Path, service: int, tmp_path: Path) -> None:
    with running(nginx, tmp_path, service, GATEWAY_SIGNIN_RATE="1", GATEWAY_SIGNIN_BURST="1") as gateway:
        statuses = [httpx.post(f"{gateway.url}/api/auth/v1/sessions").status_code for _ in range(3)]

        assert statuses == [200, 200, 429]
        assert httpx.get(f"{gateway.url}/api/auth/v1/jwks").status_code == 200


def test_public_answers_are_kept_as_long_as_the_service_says_and_no_others(gateway: Gateway) -> None:
    def counts(path: str) -> list[int]:
        return [httpx.get(f"{gateway.url}/api/{path}").json()["count"] for _ in range(2)]

    first, second = counts("enrollment/v1/public/kept")
    assert first == second
    kept = httpx.get(f"{gateway.url}/api/enrollment/v1/public/kept", headers={"If-None-Match": '"kept"'})
    assert (kept.status_code, kept.headers["cache-control"]) == (304, "public, max-age=60")
    assert len(kept.headers["x-request-id"]) == len("0" * 32)
    for path in ("enrollment/v1/public/kept?other=1", "enrollment/v1/kept", "core/v1/public/kept"):
        answers = counts(path)
        assert (answers[0] == answers[1]) is ("public/kept?" in path)
    plain = [httpx.get(f"{gateway.url}/api/enrollment/v1/public/x", headers={"X-Mark": mark}) for mark in "ab"]
    assert [one.json()["headers"]["x-mark"] for one in plain] == ["a", "b"]
    assert plain[0].headers["cache-control"] == "no-store"


def test_logs_hold_no_query_string(gateway: Gateway) -> None:
    request_id = new_id().hex
    httpx.get(f"{gateway.url}/api/journal/v1/lessons?snils=11223344595", headers={"X-Request-Id": request_id})

    log = logged(gateway, request_id)
    line = next(json.loads(line) for line in log.splitlines() if request_id in line)
    assert line["path"] == "/api/journal/v1/lessons"
    assert line["status"] == 502
    assert "11223344595" not in log + (gateway.home / "error.log").read_text("utf-8")


@pytest.mark.parametrize(
    "path",
    [
        "/api/journal/v1/feeds/{}.ics",
        "/api/journal/v1/feeds/{}.ics?x=1",
        "/api//journal/v1/feeds/{}.ICS",
        "/api/journal/v1/feeds/%2e/{}.ics",
    ],
)
def test_logs_hold_no_secret_of_a_calendar(gateway: Gateway, path: str) -> None:
    secret = "aB3_-" * 8
    request_id = new_id().hex
    httpx.get(gateway.url + path.format(secret), headers={"X-Request-Id": request_id})
    log = logged(gateway, request_id)
    assert secret not in log + (gateway.home / "error.log").read_text("utf-8")


def test_tls(nginx: Path, service: int, tmp_path: Path) -> None:
    tls = _certificate(tmp_path)
    with running(nginx, tmp_path, service, tls) as gateway:
        answer = httpx.get(f"{gateway.url}/api/core/v1/x", verify=ssl.create_default_context(cafile=tls.certificate))

        assert answer.json()["headers"]["x-forwarded-proto"] == "https"
        assert answer.headers["strict-transport-security"].startswith("max-age=")
        assert_problem(httpx.get(f"http://127.0.0.1:{gateway.port}/"), 400, "gateway.bad-request")


def test_scheme_in_front_is_believed_from_a_trusted_proxy_alone(
    gateway: Gateway, nginx: Path, service: int, tmp_path: Path
) -> None:
    brought = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
    lie = httpx.get(f"{gateway.url}/api/core/v1/x", headers=brought)
    with running(nginx, tmp_path, service, GATEWAY_TRUSTED_PROXIES="127.0.0.1") as behind:
        truth = httpx.get(f"{behind.url}/api/core/v1/x", headers=brought)
        unnamed = httpx.get(f"{behind.url}/api/core/v1/x", headers={"X-Forwarded-Proto": "https"})

    assert truth.json()["headers"]["x-forwarded-proto"] == "https"
    assert truth.json()["headers"]["x-forwarded-for"] == "203.0.113.7"
    assert "strict-transport-security" in truth.headers
    for answer in (lie, unnamed):
        assert answer.json()["headers"]["x-forwarded-proto"] == "http"
        assert "strict-transport-security" not in answer.headers


def _certificate(folder: Path) -> Tls:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gateway")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "tls.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "tls.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return Tls(folder / "tls.pem", folder / "tls.key")


def test_missing_value_of_the_template_is_an_error() -> None:
    assert render("a ${X_Y} $host ${lower}", {"X_Y": "1"}) == "a 1 $host ${lower}"
    with pytest.raises(StackError, match="AUTH_UPSTREAM"):
        render(TEMPLATE.read_text("utf-8"), DEFAULTS | {"GATEWAY_RUN_DIR": "/x"})


def test_the_services_own_bounds_are_narrower_than_the_gateways() -> None:
    """A body that a service takes gets through, and so does an answer that a caller asked to wait for."""
    waits = [
        parameter["schema"]["maximum"]
        for document in (checkout() / "services").glob("*/openapi.json")
        for path in json.loads(document.read_text("utf-8"))["paths"].values()
        for operation in path.values()
        for parameter in operation.get("parameters", ())
        if parameter["name"] == "wait"
    ]
    assert waits
    assert int(DEFAULTS["GATEWAY_READ_TIMEOUT"].removesuffix("s")) >= max(waits) + 5
    body = int(DEFAULTS["GATEWAY_BODY_LIMIT"].removesuffix("m")) * 1024 * 1024
    assert body >= ServiceSettings.model_fields["body_limit"].default
