"""What can stop the journey."""

from typing import Any

import httpx


class JourneyError(Exception):
    """The demo cannot go on; the message is for the person who started it."""


class ApiError(JourneyError):
    """A request was refused."""

    def __init__(self, request: str, status: int, problem: dict[str, Any]) -> None:
        self.status = status
        self.code: str = problem.get("code", "")
        details = " ".join(str(problem[name]) for name in ("title", "detail", "errors") if problem.get(name))
        super().__init__(f"{request}: {status} {self.code} {details}".strip())

    @classmethod
    def of(cls, response: httpx.Response) -> "ApiError":
        try:
            problem = response.json()
        except ValueError:
            problem = {}
        request = f"{response.request.method} {response.request.url.path}"
        return cls(request, response.status_code, problem if isinstance(problem, dict) else {})
