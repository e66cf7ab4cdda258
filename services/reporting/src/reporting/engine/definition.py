"""What a form definition says: one file per edition of a form, so that code never knows a row number.

``status`` is ``verified`` only where the text of the order in force was read; what is ``assumed`` prints as a draft.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from reporting.engine.cells import Address, Codes, Layout, Sheet
from reporting.engine.controls.parser import parse_rule
from reporting.engine.controls.tree import Node, references
from reporting.engine.dates import DateRuleText
from reporting.engine.filters import Filter, parse_filter

Status = Literal["verified", "assumed"]
DRAFT = "черновая разметка"
"""What is printed on whatever is ``assumed``."""
Code = Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+)*$")]
KeyCode = Annotated[str, StringConstraints(pattern=r"^[0-9a-zа-яё_.]+$")]
Text = Annotated[str, StringConstraints(min_length=1)]
Measure = Literal["count(learner)", "count(klass)"]
"""What a row counts: placements of learners, or the distinct classes (groups) they are in."""


Respondent = Literal["school", "preschool", "additional"]
Aggregate = Literal["sum", "count_yes", "none"]
"""What a row of a consolidated form is of those below: their sum, how many answered yes (1), or nothing: it is filled by hand."""


class Part(BaseModel):
    """A piece of a definition: frozen, and strict about words it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Sourced(Part):
    """A piece that says where it was read and whether that was the text in force."""

    status: Status
    src: Text


class Validity(Part):
    """Snapshot dates the edition is for, ``to`` exclusive.

    Forms change almost yearly and nobody closes an edition in time: only for dates before ``confirmed_to`` was the order
    found to be in force. Later reports are built by it as drafts.
    """

    since: date = Field(alias="from")
    to: date | None = None
    confirmed_to: date | None = None


class Legal(Sourced):
    """The order that introduced the edition."""

    order: Text


class Deadline(Sourced):
    """When the form is handed in; ``opens`` and ``closes`` are both included."""

    opens: DateRuleText | None = None
    closes: DateRuleText


class Column(Part):
    """A column (графа). Columns marked ``partition`` do not overlap and together make the section's total."""

    code: Code
    title: Text
    where: str | None = None
    bindings: dict[str, int] = Field(default_factory=dict)
    partition: bool = False

    @cached_property
    def filter(self) -> Filter:
        """The column's filter."""
        return parse_filter(self.where, self.bindings)


class Term(Part):
    """A code of a key and what it stands for."""

    code: KeyCode
    title: Text


class Key(Part):
    """What tells the lines of a repeated row apart (специфика): its catalogue, in the order ranges of codes run in."""

    title: Text
    terms: tuple[Term, ...] = Field(min_length=1)


class Row(Part):
    """A row (строка). A ``manual`` row is filled by hand: its facts are not collected.

    ``okei`` is the unit of measure, ``decimals`` how many digits after the point its values may have.
    A ``repeated`` row has a line for each of the keys of its section that it is filled for; lines are filled by hand.
    """

    code: Code
    title: Text
    okei: int
    decimals: int = 0
    measure: Measure | None = None
    where: str | None = None
    input: Literal["computed", "manual"] = "computed"
    note: str | None = None
    aggregate: Aggregate = "sum"
    repeated: bool = False

    @model_validator(mode="after")
    def _measured_or_manual(self) -> Self:
        if (self.measure is None) is not (self.input == "manual"):
            raise ValueError(f"row {self.code}: a computed row has a measure, a manual one has none")
        if self.repeated and self.input != "manual":
            raise ValueError(f"row {self.code}: nothing is counted by keys, a repeated row is manual")
        return self

    @cached_property
    def filter(self) -> Filter:
        """The row's filter."""
        return parse_filter(self.where)


class Section(Sourced):
    """A section (подраздел). A cell is its row's measure over facts that pass ``when`` and both filters.

    ``xml_code`` is its number in Rosstat's electronic template, where codes of sections are whole numbers.
    """

    code: Code
    title: Text
    xml_code: int = Field(ge=1)
    when: str | None = None
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    keys: tuple[Key, ...] = Field(default=(), max_length=3)
    closed: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _keys_and_repeated_rows(self) -> Self:
        if bool(self.keys) is not any(row.repeated for row in self.rows):
            raise ValueError(f"section {self.code}: a section has keys if rows are repeated by them")
        return self

    @model_validator(mode="before")
    @classmethod
    def _unroll(cls, data: Any) -> Any:
        """Write out columns given once for several codes: ``{code: "4..14", each: {n: "1..11"}, …}``."""
        if isinstance(data, dict) and isinstance(data.get("columns"), list):
            return data | {"columns": [one for column in data["columns"] for one in _unrolled(column)]}
        return data

    @cached_property
    def filter(self) -> Filter:
        """The section's filter."""
        return parse_filter(self.when)

    @cached_property
    def sheet(self) -> Sheet:
        """The section's codes."""
        keys = tuple(tuple(term.code for term in key.terms) for key in self.keys)
        rows, columns = tuple(row.code for row in self.rows), tuple(column.code for column in self.columns)
        return Sheet(rows, columns, {row.code: keys for row in self.rows if row.repeated})

    def closed_cells(self) -> Iterator[Address]:
        """Cells the form crosses out, written ``rows:columns`` in the definition."""
        for text in self.closed:
            rows, _, columns = text.partition(":")
            for row in Codes.parse(rows).among(self.sheet.rows):
                for column in Codes.parse(columns).among(self.sheet.columns):
                    yield self.code, row, column


class Control(Sourced):
    """A rule the cells must keep; ``error`` forbids submission, ``warning`` asks for an explanation.

    Both sides of a comparison are rounded to ``precision`` decimal digits; ``fault`` is how far apart equal ones may be.
    """

    id: Text
    level: Literal["error", "warning"]
    title: Text
    rule: Text
    condition: str | None = None
    precision: int = Field(default=0, ge=0, le=10)
    fault: Decimal = Field(default=Decimal(0), ge=0)

    @cached_property
    def rule_node(self) -> Node:
        """The parsed rule."""
        return parse_rule(self.rule)

    @cached_property
    def condition_node(self) -> Node | None:
        """The parsed condition."""
        return parse_rule(self.condition) if self.condition else None

    @property
    def compares_periods(self) -> bool:
        """Whether it reads the previous period's report."""
        nodes = [self.rule_node, *([self.condition_node] if self.condition_node else [])]
        return any(one.previous for node in nodes for one in references(node))


SheetName = r"(?:'[^'\[\]:*?/\\!]{1,31}'|[^'\[\]:*?/\\! ]{1,31})"
Anchor = Annotated[str, StringConstraints(pattern=rf"^{SheetName}![A-Z]{{1,3}}[1-9][0-9]{{0,6}}$")]
"""The first cell of a section in an official blank: ``Лист3!C12``, ``'Раздел 2'!C12``."""


class XlsxLayout(Part):
    """Where an official blank of the edition has the sections' first cells."""

    anchors: dict[str, Anchor] = Field(min_length=1)


class FormDefinition(Part):
    """An edition of a form. ``okud`` is its ОКУД number, empty while unknown; ``respondents`` are kinds of organizations that report.

    ``snapshot`` is the day of the reporting year it is handed in as of. A report's reporting year is the calendar year of its
    own date, whichever day that is: ages are taken at ``age_at`` of that year. ``signature`` ``required``: nobody approves a report that
    carries no outside signature. ``xlsx`` (``layout``) is how a blank that is supplied gets filled.
    """

    form: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    name: Text
    title: Text
    edition: Text
    okud: str | None
    respondents: Annotated[tuple[Respondent, ...], Field(min_length=1)]
    valid: Validity
    legal: Legal
    snapshot: DateRuleText | None
    age_at: DateRuleText | None = None
    deadline: Deadline
    signature: Literal["required", "optional"] = "optional"
    xlsx: XlsxLayout | None = Field(default=None, alias="layout")
    sections: tuple[Section, ...]
    controls: tuple[Control, ...]

    @model_validator(mode="after")
    def _anchored_sections(self) -> Self:
        if self.xlsx and set(self.xlsx.anchors) != {section.code for section in self.sections}:
            raise ValueError("layout: every section has an anchor, and nothing else has")
        return self

    @property
    def status(self) -> Status:
        """``verified`` only when every section and the order are."""
        parts: list[Sourced] = [self.legal, *self.sections]
        return "verified" if all(part.status == "verified" for part in parts) else "assumed"

    @cached_property
    def layout(self) -> Layout:
        """Codes of every section."""
        return {section.code: section.sheet for section in self.sections}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the definition's content, hex: tells which text a report was built by."""
        return sha256(self.model_dump_json(by_alias=True).encode()).hexdigest()

    def confirmed_on(self, day: date) -> bool:
        """Whether the order is known to be in force for snapshots of ``day``: nothing is verified beyond."""
        return self.valid.confirmed_to is not None and day < self.valid.confirmed_to

    def valid_on(self, day: date) -> bool:
        """Whether the edition is for snapshots of ``day``."""
        return self.valid.since <= day and (self.valid.to is None or day < self.valid.to)


def _unrolled(column: Any) -> Iterator[Any]:
    if not (isinstance(column, dict) and "each" in column):
        yield column
        return
    shared = {key: value for key, value in column.items() if key != "each"}
    ((variable, span),) = column["each"].items()
    for code, value in zip(_span(column["code"]), _span(span), strict=True):
        title = str(column["title"]).replace("{" + variable + "}", str(value))
        yield shared | {"code": str(code), "title": title, "bindings": {variable: value}}


def _span(text: str) -> range:
    first, _, last = text.partition("..")
    return range(int(first), int(last) + 1)
