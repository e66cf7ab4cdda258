"""What a form definition says: one file per edition of a form, so that code never knows a row number."""

from datetime import date
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from reporting.engine import unrolling
from reporting.engine.cells import Layout
from reporting.engine.controls.parser import parse_rule
from reporting.engine.controls.tree import Node, references
from reporting.engine.dates import DateRuleText
from reporting.engine.fields import Dataset
from reporting.engine.section import Part, Section, Sourced, Status, Text

Respondent = Literal["school", "preschool", "additional"]
Unit = Literal["legal_entity", "branch"]
"""What reports a form on its own: a head organization, without its branches, and each of these."""


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


class Control(Sourced):
    """A rule the cells must keep; ``error`` forbids submission, ``warning`` asks for an explanation.

    Both sides of a comparison are rounded to ``precision`` decimal digits; ``fault`` is how far apart equal ones may be. What is
    ``of`` organizations alone is not asked of forms above them: there a row of answers says how many answered yes.
    """

    id: Text
    level: Literal["error", "warning"]
    title: Text
    rule: Text
    condition: str | None = None
    precision: int = Field(default=0, ge=0, le=10)
    fault: Decimal = Field(default=Decimal(0), ge=0)
    of: Literal["all", "organizations"] = "all"

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

    ``unit`` says whether head organizations and branches report it, each without the other.

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
    unit: Annotated[tuple[Unit, ...], Field(min_length=1)] = ("legal_entity", "branch")
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

    @model_validator(mode="before")
    @classmethod
    def _unroll(cls, data: Any) -> Any:
        return unrolling.sheets(data)

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

    def fields(self) -> dict[Dataset, frozenset[str]]:
        """Fields it names of each dataset that it counts."""
        found: dict[Dataset, frozenset[str]] = {}
        for section in self.sections:
            if any(row.measure is not None for row in section.rows):
                found[section.facts] = found.get(section.facts, frozenset()) | section.fields
        return found

    def confirmed_on(self, day: date) -> bool:
        """Whether the order is known to be in force for snapshots of ``day``: nothing is verified beyond."""
        return self.valid.confirmed_to is not None and day < self.valid.confirmed_to

    def is_due_on(self, day: date) -> bool:
        """Whether ``day`` is the one it is handed in as of."""
        return self.snapshot is not None and self.snapshot.of(day.year) == day

    def valid_on(self, day: date) -> bool:
        """Whether the edition is for snapshots of ``day``."""
        return self.valid.since <= day and (self.valid.to is None or day < self.valid.to)
