"""The declared indicators, read and checked once; the sources they may be counted over."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from pydantic import TypeAdapter, ValidationError

from reporting.engine.errors import DefinitionError
from reporting.exams.measures import COMPARED, EXAMS
from reporting.facts.measured_results import (
    CARDS,
    DAYCARE,
    TERM_RESULTS,
    TERM_SUBJECTS,
    YEAR_RESULTS,
    YEAR_SUBJECTS,
)
from reporting.facts.measures import GROUPS, LESSONS, WORKERS, Measured
from reporting.monitoring.definition import Indicator
from servicekit.packaged import read_yaml

SOURCES: Mapping[str, Measured] = MappingProxyType(
    {
        "lessons": LESSONS,
        "groups": GROUPS,
        "workers": WORKERS,
        "cards": CARDS,
        "daycare": DAYCARE,
        "term_results": TERM_RESULTS,
        "term_subjects": TERM_SUBJECTS,
        "year_results": YEAR_RESULTS,
        "year_subjects": YEAR_SUBJECTS,
        "exams": EXAMS,
        "exams_and_marks": COMPARED,
    }
)
_LIST = TypeAdapter(tuple[Indicator, ...])


def load(declared: Any) -> Mapping[str, Indicator]:
    """Indicators by code from the parsed YAML; raises ``DefinitionError`` with everything that is wrong."""
    try:
        found = _LIST.validate_python(declared)
    except ValidationError as error:
        raise DefinitionError(str(error)) from error
    by_code = {one.code: one for one in found}
    complaints = [text for one in found for text in one.complaints(SOURCES.get(one.source))]
    if len(by_code) < len(found):
        complaints.append("a code is declared twice")
    if complaints:
        raise DefinitionError("; ".join(complaints))
    return MappingProxyType(by_code)


@cache
def indicators() -> Mapping[str, Indicator]:
    """Every declared indicator by code, in the order of the catalogue."""
    return load(read_yaml("reporting.monitoring", "indicators.yaml"))
