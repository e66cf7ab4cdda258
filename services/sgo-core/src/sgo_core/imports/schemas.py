"""HTTP shapes of imports."""

from servicekit.http import Body


class ColumnOut(Body):
    """A column of a kind."""

    title: str
    required: bool
    synonyms: list[str]
    hint: str
    choices: list[str]
    example: str


class KindOut(Body):
    """A kind of table the caller may upload, and what names its target."""

    name: str
    title: str
    of_organization: bool
    of_year: bool
    columns: list[ColumnOut]


class KindsOut(Body):
    """Kinds of tables."""

    items: list[KindOut]


class RowErrorOut(Body):
    """What is wrong in a cell; ``row`` is the number in the file, the header is 1."""

    row: int
    column: str
    code: str
    title: str


class RefusedRowOut(Body):
    """A row that did not enter, and why."""

    row: int
    errors: list[RowErrorOut]
