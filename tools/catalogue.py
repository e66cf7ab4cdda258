"""The catalogue of all reports, made from the services' code.

A report is what a service declares by name, and whatever else a route prints: a GET that answers a PDF, a workbook or a table.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from asu_contracts.access import Role
from servicekit.cli import openapi_document
from servicekit.http.rights import RouteRights, rights_of
from servicekit.reports import DeclaredReport
from servicekit.service import ServiceDefinition

_FORMATS = {
    "application/json": "json",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "text/csv; charset=utf-8": "csv",
}
_PRINTED = {"pdf", "xlsx", "csv"}
_STORED = frozenset(
    {"archives", "attachments", "blanks", "exams", "exports", "imports", "outward", "packages", "plans", "signatures"}
)
"""Tags of routes whose files were kept, are to be filled in or were ordered as an export: none of them is a report."""
_IN_TITLE = re.compile(
    r"\s*\((PDF|XLSX|PDF или XLSX)\)|\s+в PDF( или XLSX)?|\s+для печати|\s+файлом (CSV|PDF|XLSX)|; выгрузка.*"
)


def entries(services: Iterable[ServiceDefinition]) -> list[dict[str, Any]]:
    """Every report, by service and address. Raises ``ValueError`` for a declared one that no route gives."""
    found = [one for definition in services for one in (*_declared(definition), *_printed(definition))]
    return sorted(found, key=lambda one: (one["service"], one["path"], one["code"]))


def _declared(definition: ServiceDefinition) -> Iterator[dict[str, Any]]:
    rights = rights_of(definition.all_routers)
    for report in definition.reports:
        route = next((one for one in rights if one.method == report.method and _gives(one.path, report.path)), None)
        if route is None:
            raise ValueError(f"{definition.package}: no route gives the report {report.path}")
        roles = _roles(route) & (report.roles if report.roles is not None else frozenset(Role))
        yield _entry(definition, report, roles)


def _printed(definition: ServiceDefinition) -> Iterator[dict[str, Any]]:
    rights = {(one.method, one.path): one for one in rights_of(definition.all_routers)}
    prefix = f"/api/{definition.service.value}/v1"
    document: Mapping[str, Any] = openapi_document(definition)
    for address, operations in document["paths"].items():
        operation, path = operations.get("get"), address.removeprefix(prefix)
        if operation is None or _STORED & set(operation.get("tags", ())):
            continue
        kinds = operation["responses"].get("200", {}).get("content", {})
        formats = [name for kind, name in _FORMATS.items() if kind in kinds]
        if not _PRINTED & set(formats) or any(kind.startswith("image/") for kind in kinds):
            continue
        if any(_gives(path, one.path) or path.startswith(f"{one.path}/") for one in definition.reports):
            continue
        parameters = [
            one["name"] for one in operation.get("parameters", ()) if one["in"] == "query" and one["name"] != "format"
        ]
        title = _IN_TITLE.sub("", operation["summary"])
        report = DeclaredReport(operation["operationId"], title, path, parameters, formats)
        yield _entry(definition, report, _roles(rights["GET", path]))


def _entry(definition: ServiceDefinition, report: DeclaredReport, roles: frozenset[Role]) -> dict[str, Any]:
    return {
        "service": definition.service.value,
        "code": report.name,
        "title": report.title,
        "method": report.method,
        "path": f"/api/{definition.service.value}/v1{report.path}",
        "parameters": [str(one) for one in report.parameters],
        "formats": [str(one) for one in report.formats],
        "roles": [role.value for role in Role if role in roles],
    }


def _roles(route: RouteRights) -> frozenset[Role]:
    return frozenset(role for role in Role if route.admits(role))


def _gives(route: str, path: str) -> bool:
    """Whether a route's template stands for the path of a report."""
    parts, wanted = route.split("/"), path.split("/")
    return len(parts) == len(wanted) and all(
        own == part or own.startswith("{") for own, part in zip(parts, wanted, strict=True)
    )
