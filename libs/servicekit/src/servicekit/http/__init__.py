"""HTTP edge: application, problems, dependencies, paging, idempotency."""

from servicekit.http.app import create_app
from servicekit.http.caching import PublicAnswer
from servicekit.http.dependencies import CurrentPrincipal, CurrentRuntime, Uow, allow, public
from servicekit.http.etag import IfMatch, etag
from servicekit.http.idempotency import CreateOnce, IdempotencyKey
from servicekit.http.paging import After, Limit, Page, paginate
from servicekit.http.schema import ABSENT, Body, Line, LongText, Text

__all__ = [
    "ABSENT",
    "After",
    "Body",
    "CreateOnce",
    "CurrentPrincipal",
    "CurrentRuntime",
    "IdempotencyKey",
    "IfMatch",
    "Limit",
    "Line",
    "LongText",
    "Page",
    "PublicAnswer",
    "Text",
    "Uow",
    "allow",
    "create_app",
    "etag",
    "paginate",
    "public",
]
