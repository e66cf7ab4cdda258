"""Two import rules that import-linter has no contract for.

``slices``: inside a service, a slice reaches another one through its service, its errors or its schemas, never through its
repository or model. ``only``: a package imports the standard library, itself and the named packages, nothing else.
"""

import sys
from abc import abstractmethod
from typing import cast

import grimp
from importlinter import Contract, ContractCheck, fields, output

SLICE_FILES = frozenset(
    {"model", "errors", "repository", "service", "schemas", "routes", "subscribers", "events", "policies"}
)
"""The names a slice's files go by."""
PRIVATE_FILES = frozenset({"model", "repository"})
"""Those that only their own slice may import."""


def _slice_of(module: str) -> str | None:
    """The slice a module belongs to: ``sgo_core.students.service`` → ``sgo_core.students``."""
    package, _, name = module.rpartition(".")
    return package if name in SLICE_FILES and "." in package else None


def foreign_private_imports(graph: grimp.ImportGraph, services: list[str]) -> list[tuple[str, str]]:
    """Imports of another slice's repository or model, as (importer, imported)."""
    slices = {name for module in graph.modules if (name := _slice_of(module)) is not None}
    found = []
    for private in sorted(graph.modules):
        owner = _slice_of(private)
        if owner is None or private.rpartition(".")[2] not in PRIVATE_FILES or owner.split(".")[0] not in services:
            continue
        for importer in sorted(graph.find_modules_that_directly_import(private)):
            inside = any(importer.startswith(f"{other}.") for other in slices)
            if inside and not importer.startswith(f"{owner}."):
                found.append((importer, private))
    return found


def imports_beyond(graph: grimp.ImportGraph, package: str, allowed: list[str]) -> list[tuple[str, str]]:
    """Imports of a package that are neither the standard library, nor itself, nor allowed, as (importer, imported)."""
    permitted = {package, *allowed, *sys.stdlib_module_names}
    return [
        (importer, imported)
        for importer in sorted({package, *graph.find_descendants(package)})
        for imported in sorted(graph.find_modules_directly_imported_by(importer))
        if imported.split(".")[0] not in permitted
    ]


class _DirectImports(Contract):
    """A contract whose violations are single imports."""

    @abstractmethod
    def violations(self, graph: grimp.ImportGraph) -> list[tuple[str, str]]: ...

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002 - the caller's signature
        found = self.violations(graph)
        return ContractCheck(kept=not found, metadata={"found": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["found"]:
            output.print_error(f"{importer} imports {imported}")


class SlicesContract(_DirectImports):
    """No slice imports another slice's repository or model."""

    type_name = "slices"
    services = fields.ListField(subfield=fields.StringField())

    def violations(self, graph: grimp.ImportGraph) -> list[tuple[str, str]]:
        return foreign_private_imports(graph, cast("list[str]", self.services))


class OnlyContract(_DirectImports):
    """A package imports nothing beyond the standard library and what is allowed."""

    type_name = "only"
    package = fields.StringField()
    allowed = fields.ListField(subfield=fields.StringField())

    def violations(self, graph: grimp.ImportGraph) -> list[tuple[str, str]]:
        return imports_beyond(graph, str(self.package), cast("list[str]", self.allowed))
