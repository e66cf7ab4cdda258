"""Whoever signs requests: people with a password, and the portal with its credentials."""

import asyncio
import time
from typing import Any

import httpx

from demodata.journey.client import Api
from demodata.journey.errors import ApiError

_TOKEN_MARGIN = 60.0  # seconds before its end at which a token is renewed


class Account:
    """A person who signs in with login and password and stays signed in by refreshing."""

    def __init__(self, api: Api, login: str, password: str) -> None:
        self.login = login
        self.password = password
        self._api = api
        self._access = ""
        self._refresh = ""
        self._good_until = 0.0
        self._lock = asyncio.Lock()

    async def token(self) -> str:
        """A valid access token, renewed or obtained anew."""
        async with self._lock:
            if time.monotonic() >= self._good_until:
                self._keep(await self._renew() if self._refresh else await self._sign_in())
            return self._access

    def expire(self) -> None:
        """Take a new token next time."""
        self._good_until = 0.0

    async def replace_password(self, password: str) -> None:
        """Take the one-time password of a slip to the person's own one, as the first sign-in demands."""
        answer = await self._sign_in()
        self._keep(answer)
        if not answer["must_change_password"]:
            return
        body = {"old_password": self.password, "new_password": password}
        try:
            await self._api.post("/api/auth/v1/password", self, body)
        except ApiError:
            # The answer to a change that was made may be lost; then only the new password opens the account.
            self._keep(await self._sign_in(password))
        else:
            self.expire()  # the token so far is good for nothing but the change; the session goes on
        self.password = password

    async def _renew(self) -> Any:
        try:
            return await self._api.post("/api/auth/v1/sessions/refresh", None, {"refresh_token": self._refresh})
        except ApiError:
            return await self._sign_in()

    async def _sign_in(self, password: str | None = None) -> Any:
        body = {"login": self.login, "password": password or self.password}
        return await self._api.post("/api/auth/v1/sessions", None, body)

    def _keep(self, answer: Any) -> None:
        self._access, self._refresh = answer["access_token"], answer["refresh_token"]
        self._good_until = time.monotonic() + answer["expires_in"] - _TOKEN_MARGIN


class Portal:
    """The regional portal: a machine client."""

    def __init__(self, api: Api, client_id: str, secret: str) -> None:
        self._api = api
        self.client_id = client_id
        self.secret = secret
        self._access = ""
        self._good_until = 0.0
        self._lock = asyncio.Lock()

    async def token(self) -> str:
        """A valid access token."""
        async with self._lock:
            if time.monotonic() >= self._good_until:
                form = {"grant_type": "client_credentials"}
                answer = (
                    await self._api.call(
                        "POST", "/api/auth/v1/token", data=form, auth=httpx.BasicAuth(self.client_id, self.secret)
                    )
                ).json()
                self._access = answer["access_token"]
                self._good_until = time.monotonic() + answer["expires_in"] - _TOKEN_MARGIN
            return self._access

    def expire(self) -> None:
        """Take a new token next time."""
        self._good_until = 0.0
