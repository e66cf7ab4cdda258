"""Which cells of a form tell of somebody's health."""

from reporting.engine.definition import FormDefinition
from reporting.engine.fields import of_health
from reporting.engine.section import Column, Row, Section


def tells(section: Section, row: Row, column: Column) -> bool:
    """Whether health decides on who is in a cell."""
    named = section.filter.fields() | row.filter.fields() | column.filter.fields() | {row.by}
    return not named.isdisjoint(of_health(section.facts))


def told_by(form: FormDefinition) -> bool:
    """Whether any cell of a form tells of health."""
    return any(
        tells(section, row, column) for section in form.sections for row in section.rows for column in section.columns
    )
