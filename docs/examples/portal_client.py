"""A regional portal's client of eu-enrollment, whole and runnable: httpx, joserfc and the standard library.

It shows the way that docs/portal-api.md describes: token, draft, files, sending, checking the receipt, following by the
feed and by notices, answering a referral. Every request that may be repeated is, under the same key.

    ASU_URL=https://asu.example ASU_CLIENT_ID=… ASU_CLIENT_SECRET=… python portal_client.py application.json scan.pdf
"""

import hmac
import json
import os
import sys
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
from joserfc import jws
from joserfc.jwk import KeySet

RETRIED = {429, 502, 503, 504}
"""Answers after which the same request is sent again; 409 ``busy`` too."""
ATTEMPTS = 6
OLDEST_NOTICE = 300
"""Seconds: an older notice may be somebody's replay."""


class RefusedError(Exception):
    """The service refused: ``code`` is stable, ``title`` and ``errors`` are for people (RFC 9457)."""

    def __init__(self, answer: httpx.Response) -> None:
        is_problem = answer.headers.get("content-type", "").startswith("application/problem+json")
        problem: dict[str, Any] = answer.json() if is_problem else {}
        self.status = answer.status_code
        self.code: str = problem.get("code", "")
        self.errors: list[dict[str, str]] = problem.get("errors") or []
        super().__init__(f"{self.status} {self.code}: {problem.get('title', '')}")


class ClientCredentials:
    """Tokens by OAuth 2.0 client credentials (RFC 6749, 4.4), renewed half a minute before they end."""

    def __init__(self, url: str, client_id: str, secret: str, transport: httpx.BaseTransport | None = None) -> None:
        self._client = httpx.Client(base_url=url, auth=(client_id, secret), timeout=10, transport=transport)
        self._token, self._until = "", 0.0

    def __call__(self) -> str:
        """A token in force."""
        if time.monotonic() >= self._until:
            answer = self._client.post("/api/auth/v1/token", data={"grant_type": "client_credentials"})
            if answer.status_code != httpx.codes.OK:
                raise RefusedError(answer)
            self._token = answer.json()["access_token"]
            self._until = time.monotonic() + answer.json()["expires_in"] - 30
        return self._token


class Portal:
    """The service as a portal sees it. ``token`` gives a token in force."""

    def __init__(self, url: str, token: Callable[[], str], pause: Callable[[float], None] = time.sleep) -> None:
        self._token = token
        self._pause = pause
        self._client = httpx.Client(base_url=f"{url}/api/enrollment/v1", timeout=40)

    def close(self) -> None:
        """Close connections."""
        self._client.close()

    def call(self, method: str, path: str, *, key: str | None = None, **options: Any) -> httpx.Response:
        """One request, repeated with the same key while the service asks to; raises ``RefusedError``."""
        headers = dict(options.pop("headers", {}))
        if key is not None:
            headers["Idempotency-Key"] = key
        for attempt in range(ATTEMPTS):
            last = attempt == ATTEMPTS - 1
            try:
                headers["Authorization"] = f"Bearer {self._token()}"
                answer = self._client.request(method, path, headers=headers, **options)
            except httpx.TransportError:
                if last or (method == "POST" and key is None):  # nobody knows whether it was done
                    raise
                self._pause(2.0**attempt)
                continue
            if answer.is_success:
                return answer
            refused = RefusedError(answer)
            if last or not (answer.status_code in RETRIED or refused.code == "busy"):
                raise refused
            self._pause(float(answer.headers.get("Retry-After", 2.0**attempt)))
        raise AssertionError("unreachable")

    def save_draft(self, application: Mapping[str, Any]) -> dict[str, Any]:
        """Keep a draft under the application's own id; what is wrong with it stands in ``remarks``."""
        key = f"draft-{application['external_id']}"
        draft: dict[str, Any] = self.call("POST", "/drafts", key=key, json=application).json()
        return draft

    def mend_draft(self, draft: Mapping[str, Any], application: Mapping[str, Any]) -> dict[str, Any]:
        """Replace what the draft says, unless somebody has meanwhile."""
        if_match = {"If-Match": f'"{draft["version"]}"'}
        mended: dict[str, Any] = self.call("PUT", f"/drafts/{draft['id']}", json=application, headers=if_match).json()
        return mended

    def attach(self, of: str, kind: str, scan: bytes, benefit: str | None = None) -> dict[str, Any]:
        """Add a scan to a draft or an application; the same scan twice is one file."""
        data = {"application_id": of, "kind": kind} | ({"benefit": benefit} if benefit else {})
        key = f"file-{of}-{sha256(scan).hexdigest()[:32]}"
        added: dict[str, Any] = self.call("POST", "/attachments", key=key, data=data, files={"file": scan}).json()
        return added

    def send(self, draft: Mapping[str, Any], key: str) -> dict[str, Any]:
        """Send a draft; its receipt, the same however often it is asked for. Keep the receipt for good."""
        sent = {"version": draft["version"]}
        receipt: dict[str, Any] = self.call("POST", f"/drafts/{draft['id']}/send", key=key, json=sent).json()
        self.verify(receipt)
        return receipt

    def verify(self, receipt: Mapping[str, Any]) -> None:
        """Check the signature of a receipt; raises an error of joserfc. The keys may be kept: they are public."""
        keys = KeySet.import_key_set(self.call("GET", "/receipts/keys").json())
        signed = {name: value for name, value in receipt.items() if name != "signature"}
        payload = json.dumps(signed, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        jws.deserialize_compact(receipt["signature"], keys, algorithms=["ES256"], payload=payload)

    def statuses(self, **named: list[str]) -> list[dict[str, Any]]:
        """How applications stand, by ``ids``, ``numbers``, ``external_ids`` or ``keys`` of sending: at most 500 at once."""
        items: list[dict[str, Any]] = self.call("POST", "/applications/statuses", json=named).json()["items"]
        return items

    def changes(self, cursor: str | None, wait: int = 0) -> tuple[list[dict[str, Any]], str]:
        """Steps after the cursor and the cursor to keep with what was made of them: in one transaction of yours."""
        items: list[dict[str, Any]] = []
        while True:
            asked = {"wait": wait, "limit": 500} | ({"after": cursor} if cursor else {})
            page = self.call("GET", "/portal/changes", params=asked).json()
            items, cursor = items + page["items"], page["cursor"]
            if not page["more"]:
                return items, str(cursor)

    def referrals(self, application_id: str) -> list[dict[str, Any]]:
        """Places offered, newest first; ``answer_by`` is the last day to answer."""
        found: list[dict[str, Any]] = self.call("GET", f"/applications/{application_id}/referrals").json()
        return found

    def answer(self, referral_id: str, *, accept: bool) -> None:
        """Accept or decline a place; the same answer again is no error, so it may be repeated."""
        word = "accept" if accept else "decline"
        self.call("POST", f"/referrals/{referral_id}/{word}", key=f"{word}-{referral_id}", json={})

    def subscribe(self, url: str) -> dict[str, Any]:
        """Have changes sent to an address of yours; ``secret`` is shown this once."""
        made: dict[str, Any] = self.call("POST", "/portal/webhooks", json={"url": url}).json()
        return made


def verify_notice(headers: Mapping[str, str], body: bytes, secret: str, now: float | None = None) -> dict[str, Any]:
    """What a notice tells, if it is genuine and fresh (Standard Webhooks 1.0); raises ``ValueError``."""
    named = {name.lower(): value for name, value in headers.items()}
    sent = int(named["webhook-timestamp"])
    if abs((time.time() if now is None else now) - sent) > OLDEST_NOTICE:
        raise ValueError("too old, or from the future")
    signed = f"{named['webhook-id']}.{sent}.".encode() + body
    mine = b64encode(hmac.new(b64decode(secret.removeprefix("whsec_")), signed, sha256).digest()).decode()
    if not any(hmac.compare_digest(f"v1,{mine}", one) for one in named["webhook-signature"].split()):
        raise ValueError("not signed by our secret")
    told: dict[str, Any] = json.loads(body)
    return told


class Standing:
    """What a portal remembers of its applications: a late notice never takes a status back."""

    def __init__(self) -> None:
        self.of: dict[str, dict[str, Any]] = {}

    def learn(self, change: dict[str, Any]) -> bool:
        """Take in a line of the feed or of a notice; false if something later is known already."""
        known = self.of.get(change["application_id"])
        if known is not None and known["status_seq"] >= change["status_seq"]:
            return False
        self.of[change["application_id"]] = change
        return True

    def awaited(self) -> list[dict[str, Any]]:
        """Applications whose family is to act, the most pressing first: remind it before ``answer_by`` is over."""
        return sorted((one for one in self.of.values() if one["answer_by"]), key=lambda one: str(one["answer_by"]))


def follow(portal: Portal, standing: Standing, cursor: str | None = None) -> Iterator[dict[str, Any]]:
    """News as they come, for ever."""
    while True:
        items, cursor = portal.changes(cursor, wait=30)
        for item in items:
            if standing.learn(item):
                yield item


def say(line: str) -> None:
    """Tell whoever runs this."""
    sys.stdout.write(f"{line}\n")


def main() -> None:
    """Send one application and tell what becomes of it."""
    url = os.environ["ASU_URL"]
    token = ClientCredentials(url, os.environ["ASU_CLIENT_ID"], os.environ["ASU_CLIENT_SECRET"])
    portal = Portal(url, token)
    application = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    draft = portal.save_draft(application)
    for remark in draft["remarks"]:
        say(f"{remark['pointer']}: {remark['title']}")
    for name in sys.argv[2:]:
        portal.attach(draft["id"], "child_document", Path(name).read_bytes())
    if draft["state"] == "remarks":
        sys.exit("the draft has remarks: mend it and run again")
    receipt = portal.send(draft, application["external_id"])
    say(f"{receipt['number']}: accepted at {receipt['accepted_at']}, place {receipt['accepted_seq']} in the register")
    for item in follow(portal, Standing()):
        until = f", until {item['answer_by']}" if item["answer_by"] else ""
        say(f"{item['number']} #{item['status_seq']}: {item['status_title']} ({item['reason_title']}){until}")


if __name__ == "__main__":
    main()
