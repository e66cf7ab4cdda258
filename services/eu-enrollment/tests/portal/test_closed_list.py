"""What goes out to a portal is a closed list: the guide's (regulation 4.2: only as much as a service needs)."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import eu_enrollment
from asu_contracts.access import Role
from eu_enrollment.bootstrap import SERVICE
from eu_enrollment.webhooks.schemas import Notice
from servicekit.errors import DomainError
from servicekit.http.rights import rights_of
from servicekit.testing import ServiceUnderTest

GUIDE = (Path(__file__).parents[4] / "docs/portal-api.md").read_text(encoding="utf-8")
OPERATORS = {
    "allocation",
    "bulk",
    "campaigns",
    "exports",
    "lottery",
    "offers",
    "orders",
    "outward",
    "printouts",
    "runs",
    "territories",
    "verifications",
    "worklists",
}
"""Slices whose errors no portal meets."""
PUBLIC = {"list_rules", "list_campaigns", "get_campaign", "list_offers", "get_run"}
"""Routes that tell nothing of a family: the same is published without login."""


def fields_of(schema: dict[str, Any], components: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(schema, field) of everything a body can hold."""
    seen: set[str] = set()
    waiting: list[Any] = [schema]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            name = str(one.get("$ref", "")).rpartition("/")[2]
            if name and name not in seen:
                seen.add(name)
                yield from ((name, field) for field in components[name].get("properties", {}))
                waiting.append(components[name])
            waiting += [value for key, value in one.items() if key not in {"$ref", "example", "examples", "default"}]


def going_out(service: ServiceUnderTest) -> dict[str, set[str]]:
    """Fields by schema of every answer that a portal's own routes give, and of a notice."""
    document = service.app.openapi()
    components = document["components"]["schemas"]
    found: dict[str, set[str]] = {}
    for route in rights_of(SERVICE.all_routers):
        if route.public or route.name in PUBLIC or not route.admits(Role.PORTAL):
            continue
        operation = document["paths"][f"/api/enrollment/v1{route.path}"][route.method.lower()]
        for status, answer in operation["responses"].items():
            for content in answer.get("content", {}).values() if status.startswith("2") else ():
                for schema, field in fields_of(content.get("schema", {}), components):
                    found.setdefault(schema, set()).add(field)
    notice = Notice.model_json_schema(ref_template="#/{model}")
    found["Notice"] = set(notice["properties"])
    return found


def listed() -> dict[str, set[str]]:
    """The guide's table of fields."""
    section = GUIDE.partition("## Fields that go out")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", section, re.MULTILINE)
    return {name: set(re.findall(r"`(\w+)`", fields)) for name, fields in rows}


async def test_no_field_goes_out_that_the_guide_does_not_name(service: ServiceUnderTest) -> None:
    found, named = going_out(service), listed()
    differing = {name: found.get(name, set()) ^ named.get(name, set()) for name in found.keys() | named.keys()}
    rows = [f"| `{name}` | {' '.join(f'`{one}`' for one in sorted(found[name]))} |" for name in sorted(found)]
    assert {name: fields for name, fields in differing.items() if fields} == {}, "\n".join(rows)


def test_every_error_a_portal_meets_stands_in_the_guide() -> None:
    for module in walk_packages(eu_enrollment.__path__, "eu_enrollment."):
        if module.name.endswith("errors"):
            import_module(module.name)
    waiting, codes = [DomainError], set[str]()
    while waiting:
        for error in waiting.pop().__subclasses__():
            waiting.append(error)
            service, _, rest = error.__module__.partition(".")
            if service in {"servicekit", "eu_enrollment"} and rest.partition(".")[0] not in OPERATORS:
                codes.add(error.code)
    section = GUIDE.partition("## Errors")[2].partition("\n## ")[0]
    assert codes - set(re.findall(r"^\| `([\w.-]+)` ", section, re.MULTILINE)) == set()
