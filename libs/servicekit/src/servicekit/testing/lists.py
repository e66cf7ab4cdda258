"""Lists read a bounded number of statements, whatever the size of the page."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from fastapi.routing import APIRoute
from sqlalchemy import event

from asu_contracts.access import Role
from servicekit.http.paging import Page
from servicekit.http.rights import rights_of
from servicekit.testing.harness import ServiceUnderTest
from servicekit.testing.matrix import Listing, Sample, Target, World, make_call

_OBJECTS = 3
"""Enough rows for a statement per row to be seen."""
_OK = 200


@contextmanager
def counted(service: ServiceUnderTest) -> Iterator[list[str]]:
    """The statements that the service sends meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    engine = service.runtime.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def paged(service: ServiceUnderTest) -> set[str]:
    """Names of the routes that answer with pages."""
    return {
        route.name
        for router in service.definition.all_routers
        for route in router.routes
        if isinstance(route, APIRoute)
        and isinstance(route.response_model, type)
        and issubclass(route.response_model, Page)
    }


async def check_lists(service: ServiceUnderTest, samples: Mapping[str, Sample | Listing], most: int = 5) -> list[str]:
    """Read every list of a place with several objects, a page of one and a page of all: what takes more than ``most`` statements.

    A list that answers none of the roles it admits is told too.
    """
    wrong: list[str] = []
    routes = {route.name: route for route in rights_of(service.definition.all_routers)}
    for name in sorted(paged(service)):
        route, answered = routes[name], False
        for role in (role for role in Role if route.admits(role)):
            world = World(service, role)
            for _ in range(_OBJECTS):
                call = await make_call(samples[name], world, Target.OWN)
            for limit in (1, 500):
                options = {**call.options, "params": {**call.options.get("params", {}), "limit": limit}}
                options["headers"] = {**options.get("headers", {}), **world.headers(role)}
                with counted(service) as sent:
                    answer = await service.client.get(call.path, **options)
                answered = answered or answer.status_code == _OK
                if len(sent) > most:
                    wrong.append(f"{name}: {len(sent)} statements for a page of {limit}: {sent}")
            if answered:
                break
        if not answered:
            wrong.append(f"{name}: no page was answered")
    return wrong
