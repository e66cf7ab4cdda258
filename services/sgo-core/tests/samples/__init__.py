"""Sample calls for the matrix of rights, a module per slice with its ``SAMPLES``."""

import pkgutil
from importlib import import_module

from servicekit.testing.matrix import Listing, Sample

ALL: dict[str, Sample | Listing] = {}
for _module in pkgutil.iter_modules(__path__):
    ALL |= import_module(f"{__name__}.{_module.name}").SAMPLES
