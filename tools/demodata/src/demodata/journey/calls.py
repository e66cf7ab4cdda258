"""A single request in the name of somebody whom the demo gave an account: the first look at a running stack."""

import json
from pathlib import Path

import httpx

from demodata.journey.errors import ApiError, JourneyError


def read(gateway: str, out: Path, who: str, path: str, transport: httpx.BaseTransport | None = None) -> httpx.Response:
    """GET ``path`` as ``who``, a name in ``logins.json`` of the journey's folder; raises ``JourneyError``, ``ApiError``."""
    try:
        logins = json.loads((out / "logins.json").read_text("utf-8"))
    except FileNotFoundError:
        raise JourneyError(f"Нет {out}/logins.json: сначала make demo") from None
    people = {name: one for name, one in logins.items() if "password" in one}
    if who not in people:
        raise JourneyError(f"Нет такого логина: {who}. Есть: {', '.join(sorted(people))}")
    with httpx.Client(base_url=gateway, timeout=60, transport=transport, trust_env=False) as http:
        try:
            session = http.post("/api/auth/v1/sessions", json=people[who])
            if session.is_success:
                answer = http.get(path, headers={"Authorization": f"Bearer {session.json()['access_token']}"})
        except httpx.TransportError:
            raise JourneyError(f"Шлюз {gateway} не отвечает: make up") from None
    if not session.is_success:
        raise ApiError.of(session)
    if not answer.is_success:
        raise ApiError.of(answer)
    return answer
