"""Sample calls for the matrix of rights, a module per slice with its ``SAMPLES``."""

import pkgutil
from importlib import import_module

from servicekit.testing.matrix import Listing, Sample

MODULES: dict[str, dict[str, Sample | Listing]] = {
    one.name: import_module(f"{__name__}.{one.name}").SAMPLES for one in pkgutil.iter_modules(__path__)
}
ALL = {name: sample for found in MODULES.values() for name, sample in found.items()}
APART = {"year_closing"}
"""Modules whose routes do not share their places: a closed year is closed for every other."""
