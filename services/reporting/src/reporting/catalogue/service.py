"""Reads the catalogue that was generated from the services' code."""

from collections.abc import Sequence
from functools import cache
from importlib import resources

from pydantic import TypeAdapter

from reporting.catalogue.schemas import ReportEntry


@cache
def reports() -> Sequence[ReportEntry]:
    """Every report, read once."""
    text = (resources.files("reporting.catalogue") / "reports.json").read_bytes()
    return TypeAdapter(list[ReportEntry]).validate_json(text)
