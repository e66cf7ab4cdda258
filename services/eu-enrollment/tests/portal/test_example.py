"""The example client of docs/examples, run against the service itself over HTTP."""

import importlib.util
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import httpx
import pytest
from joserfc.errors import JoseError

from asu_contracts.access import Role
from eu_enrollment.runtime import EnrollmentRuntime
from eu_enrollment.webhooks import delivering
from servicekit.clock import Clock
from servicekit.service import ServiceDefinition
from servicekit.testing import Template, TokenFactory
from servicekit.testing.fuzz import Served, serving

from ..attachments.scans import PDF
from ..factories import PORTAL, Town, body, group, organization

EXAMPLE = Path(__file__).parents[4] / "docs/examples/portal_client.py"


def _load() -> Any:
    spec = importlib.util.spec_from_file_location("portal_client", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


example = _load()


@pytest.fixture
def service_over_http(
    definition: ServiceDefinition, template: Template, tokens: TokenFactory, tmp_path: Path, receipt_key: Path
) -> Iterator[Served]:
    settings = {"receipt_key_file": receipt_key, "webhook_plain_http": True, "webhook_private_addresses": True}
    with serving(definition, template, tokens, tmp_path, settings) as served:
        yield served


@pytest.fixture
def notices() -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """An address of the portal and what came to it."""
    came: list[tuple[dict[str, str], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["content-length"]))
            came.append((dict(self.headers.items()), content))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/notices", came
    server.shutdown()
    thread.join()
    server.server_close()


async def test_the_example_application_is_taken_once_its_ids_are_filled_in(town: Town, wanted: UUID) -> None:
    content = json.loads(EXAMPLE.with_name("application.json").read_text("utf-8"))
    content |= {"campaign_id": town.campaign_id, "choices": [{"organization_id": str(wanted)}]}
    headers = town.portal | {"Idempotency-Key": content["external_id"]}
    answer = await town.service.client.post("/applications", json=content, headers=headers)
    assert answer.status_code == 201, answer.text


def test_from_a_draft_to_an_accepted_place(
    service_over_http: Served, notices: tuple[str, list[tuple[dict[str, str], bytes]]]
) -> None:
    served, (address, came) = service_over_http, notices
    town = Town(served.service)
    found = organization()
    place = group(found.organization_id, 20)
    served.run(town.hear(found, place))
    served.run(town.open({place: 1}, opens_at=(Clock().now() + timedelta(days=1)).isoformat()))
    pauses: list[float] = []
    portal = example.Portal(
        served.address, lambda: served.service.tokens.issue(Role.PORTAL, account_id=PORTAL), pauses.append
    )
    secret = portal.subscribe(address)["secret"]

    application = body(town.campaign_id, 1, found.organization_id)
    draft = portal.save_draft({key: value for key, value in application.items() if key != "consent"})
    assert [remark["pointer"] for remark in draft["remarks"]] == ["/body/consent"]
    draft = portal.mend_draft(draft, application)
    assert draft["state"] == "ready"
    assert portal.attach(draft["id"], "child_document", PDF) == portal.attach(draft["id"], "child_document", PDF)
    with pytest.raises(example.RefusedError, match=r"campaign\.closed"):
        portal.send(draft, application["external_id"])

    served.run(town.fetch("UPDATE campaign SET opens_at = now() - interval '1 minute'"))
    cast(EnrollmentRuntime, served.service.runtime).campaigns.clear()
    receipt = portal.send(draft, application["external_id"])
    assert portal.send(draft, application["external_id"]) == receipt
    with pytest.raises(JoseError):
        portal.verify(receipt | {"accepted_seq": 0})
    for name in ("external_ids", "keys"):
        assert [one["number"] for one in portal.statuses(**{name: [application["external_id"]]})] == [receipt["number"]]

    standing = example.Standing()
    items, cursor = portal.changes(None)
    assert [standing.learn(item) for item in items] == [True]
    served.run(town.allocate())
    (referral,) = portal.referrals(receipt["id"])
    items, cursor = portal.changes(cursor)
    assert all(standing.learn(item) for item in items)
    assert [one["answer_by"] for one in standing.awaited()] == [referral["answer_by"]]
    for _ in range(2):
        portal.answer(referral["id"], accept=True)
    items, cursor = portal.changes(cursor)
    assert all(standing.learn(item) for item in items)
    assert standing.of[receipt["id"]]["status"] == "accepted"
    assert standing.awaited() == []

    served.run(delivering.deliver(served.service.runtime))
    told = [example.verify_notice(headers, content, secret) for headers, content in came]
    assert [one["data"]["status_seq"] for one in told] == list(range(1, len(told) + 1))
    assert told[-1]["data"] == items[-1]
    assert not any(standing.learn(one["data"]) for one in told)
    headers, content = came[0]
    for forged in ((headers, content + b" ", secret), (headers, content, "whsec_" + "A" * 44)):
        with pytest.raises(ValueError, match="not signed"):
            example.verify_notice(*forged)
    with pytest.raises(ValueError, match="too old"):
        example.verify_notice(headers, content, secret, now=int(headers["webhook-timestamp"]) + 301)
    assert pauses == []
    portal.close()


def test_a_token_is_asked_for_once_while_it_is_in_force() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"access_token": f"token-{len(asked)}", "expires_in": 900})

    token = example.ClientCredentials("http://asu", "id", "word", httpx.MockTransport(answer))
    assert [token(), token()] == ["token-1"] * 2
    assert (asked[0].url.path, asked[0].content) == ("/api/auth/v1/token", b"grant_type=client_credentials")
    assert asked[0].headers["authorization"].startswith("Basic ")


def test_what_may_be_repeated_is_repeated_with_its_key() -> None:
    seen: list[tuple[str, str | None]] = []
    answers = [
        httpx.Response(503, headers={"Retry-After": "7"}),
        httpx.Response(409, json={"code": "busy"}, headers={"content-type": "application/problem+json"}),
        httpx.Response(201, json={"id": "1"}),
        httpx.Response(409, json={"code": "draft.sent"}, headers={"content-type": "application/problem+json"}),
    ]

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append((request.method, request.headers.get("idempotency-key")))
        return answers.pop(0)

    pauses: list[float] = []
    portal = example.Portal("http://asu", lambda: "token", pauses.append)
    portal._client = httpx.Client(base_url="http://asu", transport=httpx.MockTransport(answer))
    assert portal.call("POST", "/drafts", key="key-0001", json={}).status_code == 201
    assert seen == [("POST", "key-0001")] * 3
    assert pauses[0] == 7.0
    with pytest.raises(example.RefusedError, match=r"draft\.sent"):
        portal.call("DELETE", "/drafts/1")
    assert len(pauses) == 2
