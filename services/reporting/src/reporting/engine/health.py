"""Which cells of a form tell of somebody's health."""

from reporting.engine.definition import FormDefinition
from reporting.engine.fields import DATASETS, FactField
from reporting.engine.filters import Filter, given
from reporting.engine.section import Column, Row, Section


def tells(section: Section, row: Row, column: Column) -> bool:
    """Whether health decides on who is in a cell."""
    filters = (section.filter, row.filter, column.filter)
    return any(
        name == row.by or any(_decides(name, field, one) for one in filters)
        for name, field in DATASETS[section.facts].items()
        if field.health
    )


def told_by(form: FormDefinition) -> bool:
    """Whether any cell of a form tells of health."""
    return any(
        tells(section, row, column) for section in form.sections for row in section.rows for column in section.columns
    )


def _decides(name: str, field: FactField, filter_: Filter) -> bool:
    """Whether a filter tells by a field who is ill. Filters that take the word of illness and the usual one alike never do together."""
    if field.covered is None:
        return name in filter_.fields()
    ill, usual = field.covered
    return given(filter_, name, ill) != given(filter_, name, usual)
