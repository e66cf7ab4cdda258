"""Reads definitions and finds the edition of a form for a day."""

from collections.abc import Iterable, Iterator
from datetime import date
from importlib.resources.abc import Traversable

import yaml

from reporting.engine.definition import FormDefinition
from reporting.engine.errors import DefinitionError
from reporting.engine.linter import lint
from servicekit.packaged import parse_yaml


def load_definition(text: str) -> FormDefinition:
    """Read a definition from YAML; raises ``DefinitionError`` with every complaint of the linter, or pydantic's."""
    try:
        form = FormDefinition.model_validate(parse_yaml(text))
        complaints = lint(form)
    except (ValueError, yaml.YAMLError) as error:
        raise DefinitionError(str(error)) from error
    if complaints:
        raise DefinitionError("; ".join(complaints))
    return form


class Catalog:
    """The editions a service knows. Editions of a form never overlap in time."""

    def __init__(self, forms: Iterable[FormDefinition]) -> None:
        self._forms = tuple(sorted(forms, key=lambda form: (form.form, form.valid.since)))
        for earlier, later in zip(self._forms, self._forms[1:], strict=False):
            if earlier.form == later.form and earlier.valid_on(later.valid.since):
                raise DefinitionError(f"editions {earlier.edition} and {later.edition} of {later.form} overlap")

    @classmethod
    def read(cls, folder: Traversable) -> "Catalog":
        """Every ``*.yaml`` of a folder."""
        files = (file for file in folder.iterdir() if file.name.endswith(".yaml"))
        return cls(load_definition(file.read_text("utf-8")) for file in files)

    def __iter__(self) -> Iterator[FormDefinition]:
        return iter(self._forms)

    def edition(self, form: str, day: date) -> FormDefinition | None:
        """The edition of ``form`` for snapshots of ``day``."""
        return next((one for one in self._forms if one.form == form and one.valid_on(day)), None)
