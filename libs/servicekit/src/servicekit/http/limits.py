"""Body limit, enforced while reading: a client cannot make a process hold more than the limit."""

from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from servicekit.http.problems import problem


class _TooLargeError(Exception):
    pass


class BodyLimit:
    """ASGI middleware: answers 413 to a body over ``limit`` bytes, declared or not."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if declared.isdigit() and int(declared) > self.limit:
            await self._refuse(scope, receive, send)
            return
        seen = 0
        exceeded = False

        async def limited() -> Message:
            nonlocal seen, exceeded
            message = await receive()
            if message["type"] == "http.request":
                seen += len(message.get("body", b""))
                if seen > self.limit:
                    exceeded = True
                    raise _TooLargeError
            return message

        async def watched(message: Message) -> None:
            if not exceeded:  # what the application makes of the broken body is replaced by the refusal below
                await send(message)

        with suppress(_TooLargeError):
            await self.app(scope, limited, watched)
        if exceeded:
            await self._refuse(scope, receive, send)

    @staticmethod
    async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
        await problem(413, "body-too-large", "Слишком большой запрос")(scope, receive, send)
