"""Writes docs/permissions.md from the routes of the five services; with ``--check`` fails when the file differs."""

import importlib
import sys
from pathlib import Path

from asu_contracts.access import Role
from servicekit.http.rights import RouteRights, rights_of
from servicekit.service import ServiceDefinition

PACKAGES = ("auth", "sgo_core", "eu_enrollment", "sgo_journal", "reporting")
OUT = Path(__file__).parent.parent / "docs" / "permissions.md"
HEAD = """# Table of rights

Made from the routes themselves by `make permissions`; `make check` fails when it is stale. Each service's
`tests/test_permissions.py` calls every route in every position, on an own, a sibling's and a foreign object, without a token
and with an ended grant, looks which objects a list shows to whom, and compares with this.

● the role may do it, on what stands on or below its unit (outside its view: 404) · ○ open to everyone without a token · an empty cell: 403
"""


def _row(route: RouteRights) -> str:
    marks = ["○" if route.public else "●" if route.admits(role) else "" for role in Role]
    title = "без входа" if route.public else route.policy.title if route.policy else "вошедший в систему, своё"
    return f"| `{route.method} {route.path}` | {title} | " + " | ".join(marks) + " |"


def render() -> str:
    """The whole document."""
    parts = [HEAD]
    for package in PACKAGES:
        definition: ServiceDefinition = importlib.import_module(f"{package}.bootstrap").SERVICE
        roles = " | ".join(role.value for role in Role)
        parts.append(f"\n## {definition.service.value} `/api/{definition.service.value}/v1`\n")
        parts.append(f"| route | act | {roles} |\n|---|---|" + "---|" * len(Role))
        parts.extend(
            _row(route) for route in sorted(rights_of(definition.all_routers), key=lambda r: (r.path, r.method))
        )
    return "\n".join(parts) + "\n"


def main() -> int:
    """Write or check."""
    text = render()
    if "--check" in sys.argv:
        if OUT.read_text(encoding="utf-8") != text:
            print("docs/permissions.md is stale: run make permissions", file=sys.stderr)
            return 1
        return 0
    OUT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
