"""Controls that say what a form derives: for programs that read its template and derive nothing themselves."""

from collections.abc import Iterator

from reporting.engine.definition import Control, FormDefinition
from reporting.engine.derivation import Derivation
from reporting.engine.section import Section


def implied(form: FormDefinition) -> Iterator[Control]:
    """A control for each derived row and column, over those of its cells that are open."""
    for section in form.sections:
        closed = {(row, column) for _, row, column in section.closed_cells()}
        sheet = section.sheet
        for row in section.rows:
            columns = ",".join(code for code in sheet.columns if (row.code, code) not in closed)
            if row.derivation is not None and columns:
                yield _control(section, f"строка {row.code}", row.code, row.derivation, f"[{{}}][{columns}]")
        for column in section.columns:
            rows = ",".join(code for code in sheet.rows if (code, column.code) not in closed)
            if column.derivation is not None and rows:
                yield _control(section, f"графа {column.code}", column.code, column.derivation, f"[{rows}][{{}}]")


def _control(section: Section, what: str, code: str, derivation: Derivation, place: str) -> Control:
    """``place`` is a reference without its section, with a gap for the codes that are derived or added up."""

    def cells(codes: object) -> str:
        return "{" + f"[{section.code}]{place.format(codes)}" + "}"

    parts = "".join(f"{'+' if sign > 0 else '-'}sum{cells(codes)}" for sign, codes in derivation.parts)
    return Control(
        id=f"{section.code} {code}",
        level="error",
        title=f"{what}: {section.code}, складывается из других",
        rule=f"{cells(code)}={parts.removeprefix('+')}",
        status=section.status,
        src=section.src,
    )
