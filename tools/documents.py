"""The committed documents that are made from the code: ``python -m tools.documents check|write``.

Every service with a composition root (``bootstrap.py``) must have its OpenAPI and AsyncAPI beside its ``pyproject.toml``, equal
to what its code says; docs/permissions.md is the table of rights of all of them, reporting's
catalogue lists their reports. One process makes them all: starting Python
once per document would cost most of the time.
"""

import gc
import importlib
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from servicekit.asyncapi import asyncapi
from servicekit.cli import openapi_document
from servicekit.service import ServiceDefinition
from tools import catalogue, permissions

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS: Mapping[str, Callable[[ServiceDefinition], Mapping[str, Any]]] = {
    "openapi.json": openapi_document,
    "asyncapi.json": asyncapi,
}
CATALOGUE = "services/reporting/src/reporting/catalogue/reports.json"


def definitions(root: Path = ROOT) -> dict[Path, ServiceDefinition]:
    """Each service's folder and description."""
    found = {}
    for bootstrap in sorted(root.glob("services/*/src/*/bootstrap.py")):
        module = importlib.import_module(f"{bootstrap.parent.name}.bootstrap")
        found[bootstrap.parents[2]] = module.SERVICE
    return found


def generated(root: Path = ROOT) -> dict[Path, str]:
    """File text by path."""
    services = definitions(root)
    texts = {
        folder / name: json.dumps(make(service), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        for folder, service in services.items()
        for name, make in DOCUMENTS.items()
    }
    return {
        **texts,
        root / "docs" / "permissions.md": permissions.render(services.values()),
        root / CATALOGUE: json.dumps(catalogue.entries(services.values()), ensure_ascii=False, indent=1) + "\n",
    }


def main(command: str) -> int:
    """Write the documents, or compare them; the exit code is 1 when one differs."""
    stale = []
    for path, text in generated().items():
        if command == "write":
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(str(path.relative_to(ROOT)))
    for name in stale:
        print(f"{name}: differs from the code; run `make generate`", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    gc.disable()  # nearly all that is made is kept
    if sys.argv[1:] not in (["check"], ["write"]):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
