"""The table of rights, made from the routes of the services."""

from collections.abc import Iterable

from asu_contracts.access import Role
from servicekit.http.rights import RouteRights, rights_of
from servicekit.service import ServiceDefinition

HEAD = """# Table of rights

Made from the routes themselves by `make generate`; `make check` fails when it is stale. Each service's
`tests/test_permissions.py` calls every route in every position, on an own, a sibling's and a foreign object, without a token
and with an ended grant, looks which objects a list shows to whom, and compares with this.

● the role may do it, on what stands on or below its unit (outside its view: 404) · ○ open to everyone without a token · an empty cell: 403
"""


def _row(route: RouteRights) -> str:
    marks = ["○" if route.public else "●" if route.admits(role) else "" for role in Role]
    title = "без входа" if route.public else route.policy.title if route.policy else "вошедший в систему, своё"
    return f"| `{route.method} {route.path}` | {title} | " + " | ".join(marks) + " |"


def render(services: Iterable[ServiceDefinition]) -> str:
    """The whole document."""
    parts = [HEAD]
    for definition in services:
        roles = " | ".join(role.value for role in Role)
        parts.append(f"\n## {definition.service.value} `/api/{definition.service.value}/v1`\n")
        parts.append(f"| route | act | {roles} |\n|---|---|" + "---|" * len(Role))
        parts.extend(
            _row(route) for route in sorted(rights_of(definition.all_routers), key=lambda r: (r.path, r.method))
        )
    return "\n".join(parts) + "\n"
