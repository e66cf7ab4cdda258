"""The driver's HTTP client: patience, pages, runs, sessions."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from demodata.journey import calls
from demodata.journey.client import Api
from demodata.journey.errors import ApiError, JourneyError
from demodata.journey.sessions import Account


def _api(answer: Callable[[httpx.Request], httpx.Response]) -> Api:
    return Api("http://gateway", concurrency=2, transport=httpx.MockTransport(answer))


class _Anyone:
    async def token(self) -> str:
        return "token"

    def expire(self) -> None:
        pass


async def test_a_busy_answer_is_waited_out_under_the_same_key() -> None:
    keys: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["Idempotency-Key"])
        if len(keys) == 1:
            return httpx.Response(503, headers={"Retry-After": "0"})
        if len(keys) == 2:
            raise httpx.ReadTimeout("lost", request=request)
        return httpx.Response(201, json={"id": "1"})

    api = _api(answer)
    assert await api.post("/things", _Anyone(), {}) == {"id": "1"}
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert api.repeated == 2
    await api.aclose()


async def test_a_refusal_is_told_at_once() -> None:
    problem = {"code": "group-full", "title": "В группе нет мест"}
    api = _api(lambda _: httpx.Response(409, json=problem))
    with pytest.raises(ApiError, match="В группе нет мест") as caught:
        await api.post("/things", _Anyone())
    assert (caught.value.status, caught.value.code) == (409, "group-full")
    await api.aclose()


async def test_pages_are_followed_to_the_last() -> None:
    pages: dict[str | None, dict[str, Any]] = {
        None: {"items": [{"n": 1}, {"n": 2}], "next": "2"},
        "2": {"items": [{"n": 3}], "next": None},
    }
    api = _api(lambda request: httpx.Response(200, json=pages[request.url.params.get("after")]))
    assert [item["n"] async for item in api.pages("/things", _Anyone())] == [1, 2, 3]
    await api.aclose()


async def test_a_failed_run_stops_the_journey() -> None:
    done = {"id": "1", "kind": "import", "status": "failed", "problem": {"code": "bad-file"}}
    api = _api(lambda _: httpx.Response(200, json=done))
    with pytest.raises(JourneyError, match="bad-file"):
        await api.finish("core", {**done, "status": "running", "done": 0, "total": 0}, _Anyone())
    await api.aclose()


async def test_a_slip_is_exchanged_for_a_password_and_the_session_is_renewed() -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(f"{request.method} {request.url.path}")
        if request.url.path.endswith("/password"):
            return httpx.Response(204)
        first = seen.count("POST /api/auth/v1/sessions") == 1
        tokens = {"access_token": f"a{len(seen)}", "refresh_token": "r", "expires_in": 600}
        return httpx.Response(200, json=tokens | {"must_change_password": first, "positions": []})

    api = _api(answer)
    account = Account(api, "ivanova", "one-time")
    await account.replace_password("own-password")
    assert account.password == "own-password"
    await account.token()
    assert seen == [f"POST /api/auth/v1/{path}" for path in ("sessions", "password", "sessions/refresh")]
    await api.aclose()


async def test_a_password_changed_without_an_answer_is_found_out() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/password"):
            return httpx.Response(409, json={"code": "password.wrong"})
        opened = json.loads(request.content)["password"] == "own-password"
        tokens = {"access_token": "a", "refresh_token": "r", "expires_in": 600, "must_change_password": not opened}
        return httpx.Response(200, json=tokens)

    api = _api(answer)
    account = Account(api, "ivanova", "one-time")
    await account.replace_password("own-password")
    assert account.password == "own-password"
    await api.aclose()


async def test_each_runs_every_item_and_passes_on_a_failure() -> None:
    api = _api(lambda _: httpx.Response(200))
    done: list[int] = []

    async def work(number: int) -> None:
        if number == 99:
            raise JourneyError("стоп")
        done.append(number)

    await api.each(range(10), work)
    assert sorted(done) == list(range(10))
    with pytest.raises(JourneyError, match="стоп"):
        await api.each([99], work)
    await api.aclose()


def test_one_reads_in_the_name_of_whom_the_demo_made_an_account_for(tmp_path: Path) -> None:
    logins = {"guardian": {"login": "p-1", "password": "word"}, "portal": {"client_id": "1", "client_secret": "2"}}
    (tmp_path / "logins.json").write_text(json.dumps(logins), "utf-8")

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            assert json.loads(request.content) == logins["guardian"]
            return httpx.Response(200, json={"access_token": "token"})
        assert request.headers["Authorization"] == "Bearer token"
        if request.url.path == "/api/journal/v1/none":
            return httpx.Response(404, json={"code": "not-found", "title": "Не найдено"})
        return httpx.Response(200, json={"items": []})

    def read(who: str, path: str, out: Path = tmp_path) -> httpx.Response:
        return calls.read("http://gateway", out, who, path, httpx.MockTransport(answer))

    assert read("guardian", "/api/journal/v1/children").json() == {"items": []}
    with pytest.raises(ApiError, match="Не найдено"):
        read("guardian", "/api/journal/v1/none")
    for stranger in ("portal", "nobody"):
        with pytest.raises(JourneyError, match="guardian"):
            read(stranger, "/api/journal/v1/children")
    with pytest.raises(JourneyError, match="make demo"):
        read("guardian", "/api/journal/v1/children", tmp_path / "none")
