"""Slices are asked for their own paths alone, and answer as the framework would."""

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from starlette.routing import Match
from starlette.types import Scope

from servicekit.http.routing import Slice

PREFIX = "/api/kit/v1"


def router(*paths: str) -> APIRouter:
    made = APIRouter(tags=["slice"])
    for path in paths:

        @made.get(path)
        async def read(path: str = path) -> str:
            return path

    return made


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths about which the framework's own matching was asked."""
    found: list[str] = []
    original = APIRouter.matches

    def matches(self: APIRouter, scope: Scope) -> tuple[Match, Scope]:
        if not isinstance(self, Slice):
            found.append(scope["path"])
        return original(self, scope)

    monkeypatch.setattr(APIRouter, "matches", matches)
    return found


@pytest.mark.parametrize(
    ("path", "status", "tried"),
    [
        ("/people/1", 200, True),
        ("/people", 200, True),
        ("/people/1/more", 404, True),
        ("/peoples", 404, False),
        ("/orders", 200, True),
        ("/nothing", 404, False),
        ("", 404, False),
    ],
)
async def test_a_slice_is_asked_for_its_own_paths(path: str, status: int, *, tried: bool, asked: list[str]) -> None:
    app = FastAPI()
    for one in (router("/people", "/people/{id}", "/persons"), router("/orders")):
        app.include_router(Slice(PREFIX, one), prefix=PREFIX)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        assert (await client.get(PREFIX + path)).status_code == status
        assert bool(asked) is tried
        assert (await client.post(f"{PREFIX}/orders")).status_code == 405


def test_a_slice_that_would_take_every_path_is_refused() -> None:
    with pytest.raises(ValueError, match="begins with a parameter"):
        Slice(PREFIX, router("/{anything}"))
