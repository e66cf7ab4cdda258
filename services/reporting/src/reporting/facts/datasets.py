"""Where what is counted is, whoever counts it."""

from reporting.engine.counting import Source
from reporting.facts import other_sources, sources
from reporting.facts.sources import Shape


def source(dataset: str, shape: Shape, fields: frozenset[str]) -> Source:
    """What of a dataset has ``fields``, in scopes of a shape: as of ``day`` or, of counts over days, from ``since`` to it."""
    if dataset in other_sources.DATASETS:
        return other_sources.source(dataset, shape)
    return sources.source(dataset, shape, fields)
