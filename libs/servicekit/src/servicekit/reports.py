"""Reports that one route gives by their names: a service declares each, so that the catalogue of all reports knows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from asu_contracts.access import Role


@dataclass(frozen=True)
class DeclaredReport:
    """A report of a service.

    ``path`` is its address, by a route of the service; ``parameters`` are those of the query that it takes, ``formats`` what it is
    given as; ``roles`` may make it, where they are fewer than its route admits.
    """

    name: str
    title: str
    path: str
    parameters: Sequence[str]
    formats: Sequence[str]
    roles: frozenset[Role] | None = None
    method: str = "GET"
