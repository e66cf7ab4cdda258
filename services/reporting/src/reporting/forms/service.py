"""The catalogue of editions shipped with the service."""

from functools import cache
from importlib import resources

from reporting.engine.catalog import Catalog


@cache
def catalog() -> Catalog:
    """Every edition, read and checked once."""
    return Catalog.read(resources.files("reporting.forms") / "editions")
