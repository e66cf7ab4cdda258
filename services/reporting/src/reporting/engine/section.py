"""A section of a form: its columns, rows and keys.

``status`` is ``verified`` only where the text of the order in force was read; what is ``assumed`` prints as a draft.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from reporting.engine import unrolling
from reporting.engine.cells import Address, Codes, Keys, Sheet
from reporting.engine.derivation import Derivation
from reporting.engine.fields import FIELDS, Dataset
from reporting.engine.filters import EVERYTHING, AllOf, AnyOf, Comparison, Filter, Has, Missing, Negation, parse_filter
from reporting.engine.measures import MEASURES, Measure, Tally

Status = Literal["verified", "assumed"]
DRAFT = "черновая разметка"
"""What is printed on whatever is ``assumed``."""
Code = Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+)*$")]
SectionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+)*[а-яё]{0,3}$")]
KeyCode = Annotated[str, StringConstraints(pattern=r"^[0-9a-zа-яё_.]+$")]
Text = Annotated[str, StringConstraints(min_length=1)]
Input = Literal["computed", "manual"]
"""Whether the form counts or derives it, or people fill it."""
Aggregate = Literal["sum", "count_yes", "none"]
"""What a row of a consolidated form is of those below: their sum, how many answered yes (1), or nothing: it is filled by hand."""


class Part(BaseModel):
    """A piece of a definition: frozen, and strict about words it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Sourced(Part):
    """A piece that says where it was read and whether that was the text in force."""

    status: Status
    src: Text


class Column(Part):
    """A column (графа). Columns marked ``partition`` do not overlap and together make the section's total.

    ``derive`` says of which other columns it is calculated; a ``manual`` one is filled by hand in rows that are counted too.
    ``measure`` is what it counts in the rows that are counted, ``okei`` and ``decimals`` are its unit and digits, where these are not
    those of the rows: sets beside classes, people beside rates.
    """

    code: Code
    title: Text
    where: str | None = None
    bindings: dict[str, int] = Field(default_factory=dict)
    partition: bool = False
    derive: str | None = None
    input: Input = "computed"
    carry: bool = False
    measure: Measure | None = None
    okei: int | None = None
    decimals: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _derived_manual_or_counted(self) -> Self:
        otherwise = [self.derive is not None, self.input == "manual"]
        if all(otherwise) or (
            any(otherwise) and (self.where is not None or self.measure is not None or self.partition)
        ):
            raise ValueError(
                f"column {self.code}: a derived or manual column counts and filters nothing and is no part"
            )
        return self

    @property
    def is_counted(self) -> bool:
        """Whether facts go to it."""
        return self.derive is None and self.input == "computed"

    @cached_property
    def derivation(self) -> Derivation | None:
        """What it is calculated of."""
        return Derivation.parse(self.derive) if self.derive is not None else None

    @cached_property
    def filter(self) -> Filter:
        """The column's filter."""
        return parse_filter(self.where, self.bindings)


class Term(Part):
    """A code of a key and what it stands for.

    ``values`` are the words of facts it is counted by, its code if none are given; an ``other`` term takes whatever no other names.
    """

    code: KeyCode
    title: Text
    values: tuple[str, ...] = ()
    other: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """Words of facts that are this term's."""
        return () if self.other else self.values or (self.code,)


class Key(Part):
    """What tells the lines of a repeated row apart (специфика): its catalogue, in the order ranges of codes run in."""

    title: Text
    terms: tuple[Term, ...] = Field(min_length=1)

    def filters(self, field: str) -> dict[Keys, Filter]:
        """What each term takes of a field."""
        words = [word for term in self.terms for word in term.words]
        others = AllOf((Negation(Missing(field)), Negation(_any(field, words))))
        return {(term.code,): others if term.other else _any(field, term.words) for term in self.terms}


def _any(field: str, words: tuple[str, ...] | list[str]) -> Filter:
    if FIELDS[field].kind is tuple:
        return AnyOf(tuple(Has(field, word) for word in words))
    return AnyOf(tuple(Comparison(field, "=", word) for word in words))


class Row(Part):
    """A row (строка): counted by a ``measure``, calculated of other rows (``derive``), or ``manual``: its facts are not collected.

    ``okei`` is the unit of measure, ``decimals`` how many digits after the point its values may have.
    A ``repeated`` row has a line for each of the keys of its section that it is filled for, or, counted, that a fact has in ``by``.
    """

    code: Code
    title: Text
    okei: int
    decimals: int = 0
    measure: Measure | None = None
    derive: str | None = None
    where: str | None = None
    by: str | None = None
    input: Input = "computed"
    carry: bool = False
    note: str | None = None
    aggregate: Aggregate = "sum"
    repeated: bool = False

    @model_validator(mode="after")
    def _measured_derived_or_manual(self) -> Self:
        if [self.measure is not None, self.derive is not None, self.input == "manual"].count(True) != 1:
            raise ValueError(f"row {self.code}: a computed row has a measure or a derivation, a manual one has none")
        if (self.by is not None) is not (self.repeated and self.measure is not None):
            raise ValueError(f"row {self.code}: a repeated row is counted by a field, which no other row has")
        if self.derive is not None and (self.where is not None or self.repeated):
            raise ValueError(f"row {self.code}: a derived row filters nothing and stands once")
        return self

    @cached_property
    def derivation(self) -> Derivation | None:
        """What it is calculated of."""
        return Derivation.parse(self.derive) if self.derive is not None else None

    @cached_property
    def filter(self) -> Filter:
        """The row's filter."""
        return parse_filter(self.where)


def by_hand(row: Row, column: Column) -> bool:
    """Whether people fill the cell of a row and a column: nothing counts it, and it follows from no others."""
    return "manual" in {row.input, column.input} and row.derive is None and column.derive is None


class OneOfSheets(Part):
    """That a section is one sheet of several: whose, and which facts of the section it counts."""

    of: Code
    where: str


class Section(Sourced):
    """A section (подраздел). A cell is its row's measure over what of ``facts`` passes ``when`` and both filters.

    ``xml_code`` is its number in Rosstat's electronic template, where codes of sections are whole numbers. A section that a form
    repeats says ``sheets`` in its definition, which is read as a section a sheet (``unrolling``).

    What people fill and a row, a column or all of the section says to ``carry`` stands from one reporting year to the next: how much
    there is (rooms, computers), never how much went by (leavers, child-days, money).
    """

    code: SectionCode
    title: Text
    xml_code: int = Field(ge=1)
    facts: Dataset = "learners"
    when: str | None = None
    one_of: OneOfSheets | None = None
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    keys: tuple[Key, ...] = Field(default=(), max_length=3)
    carry: bool = False
    closed: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _keys_and_repeated_rows(self) -> Self:
        if bool(self.keys) is not any(row.repeated for row in self.rows):
            raise ValueError(f"section {self.code}: a section has keys if rows are repeated by them")
        if len(self.keys) > 1 and any(row.by for row in self.rows):
            raise ValueError(f"section {self.code}: rows are counted by one key")
        return self

    @model_validator(mode="after")
    def _measures_of_its_facts(self) -> Self:
        parts: list[tuple[str, Row | Column]] = [
            *(("row", row) for row in self.rows),
            *(("column", column) for column in self.columns),
        ]
        for what, one in parts:
            if one.measure is not None and one.measure not in MEASURES[self.facts]:
                raise ValueError(f"section {self.code}: {what} {one.code}: {one.measure} is no measure of {self.facts}")
        return self

    @model_validator(mode="before")
    @classmethod
    def _unroll(cls, data: Any) -> Any:
        return unrolling.columns(data)

    @cached_property
    def filter(self) -> Filter:
        """The section's filter."""
        own = parse_filter(self.when)
        return own if self.one_of is None else AllOf((own, parse_filter(self.one_of.where)))

    @cached_property
    def fields(self) -> frozenset[str]:
        """Fields of facts it filters by, tells lines apart by or sums up."""
        filters = [self.filter, *(row.filter for row in self.rows), *(column.filter for column in self.columns)]
        told = (name for tally in self.tallies.values() for name in (tally.field, tally.named))
        more = (name for name in (*told, *(row.by for row in self.rows)) if name is not None)
        return frozenset(more).union(*(one.fields() for one in filters))

    @cached_property
    def sheet(self) -> Sheet:
        """The section's codes."""
        keys = tuple(tuple(term.code for term in key.terms) for key in self.keys)
        rows, columns = tuple(row.code for row in self.rows), tuple(column.code for column in self.columns)
        return Sheet(rows, columns, {row.code: keys for row in self.rows if row.repeated})

    def measure(self, row: Row, column: Column) -> Measure | None:
        """What a cell counts: what its column does, else its row; ``None`` for one that is not counted."""
        if row.measure is None or not column.is_counted:
            return None
        return column.measure or row.measure

    def tally(self, row: Row, column: Column) -> Tally | None:
        """How a cell is counted; ``None`` for one that is not."""
        measure = self.measure(row, column)
        return None if measure is None else MEASURES[self.facts][measure]

    @cached_property
    def tallies(self) -> Mapping[tuple[str, str], Tally]:
        """How each counted cell is, by row and column, but for those the form crosses out."""
        closed = set(self.closed_cells())
        cells = ((row.code, column.code, self.tally(row, column)) for row in self.rows for column in self.columns)
        return {
            (row, column): tally
            for row, column, tally in cells
            if tally is not None and (self.code, row, column) not in closed
        }

    def okei(self, row: Row, column: Column) -> int:
        """Unit of measure of a cell, by ОКЕИ."""
        return row.okei if column.okei is None else column.okei

    def decimals(self, row: Row, column: Column) -> int:
        """How many digits after the point a cell may have."""
        return row.decimals if column.decimals is None else column.decimals

    def carries(self, row: Row, column: Column) -> bool:
        """Whether the cell stands in next year's report as it was filled in this one's."""
        return by_hand(row, column) and (self.carry or row.carry or column.carry)

    def lines(self, row: Row) -> Mapping[Keys, Filter]:
        """What each line of a counted row takes; one that stands once has one line, without keys."""
        return self.keys[0].filters(row.by) if row.by is not None else {(): EVERYTHING}

    def closed_cells(self) -> Iterator[Address]:
        """Cells the form crosses out, written ``rows:columns`` in the definition."""
        for text in self.closed:
            rows, _, columns = text.partition(":")
            for row in Codes.parse(rows).among(self.sheet.rows):
                for column in Codes.parse(columns).among(self.sheet.columns):
                    yield self.code, row, column
