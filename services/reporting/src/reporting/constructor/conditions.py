"""Which facts are counted: a tree of comparisons as a client sends it."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, StrictBool, StrictInt, StringConstraints, Tag
from pydantic_core import PydanticCustomError

from servicekit.http import Body, Line

_LARGEST = 2**31 - 1
_MOST_VALUES, _MOST_PARTS, _DEEPEST, _MOST = 100, 50, 6, 100

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,39}$")]
Number = Annotated[StrictInt, Field(ge=-_LARGEST, le=_LARGEST)]
Scalar = StrictBool | Number | Line


class Compared(Body):
    """``field op value``. Words and flags are equal or not, numbers also less or more; what is unknown is neither."""

    field: Name
    op: Literal["=", "<>", "<", "<=", ">", ">="] = "="
    value: Scalar


class OneOf(Body):
    """``field`` is one of ``values``."""

    field: Name
    values: Annotated[list[Scalar], Field(min_length=1, max_length=_MOST_VALUES)]


class Empty(Body):
    """Whether ``field`` is unknown or does not apply."""

    field: Name
    empty: StrictBool


class Every(Body):
    """Every part holds."""

    all: Annotated[list["Condition"], Field(min_length=1, max_length=_MOST_PARTS)]


class Some(Body):
    """Some part holds."""

    any: Annotated[list["Condition"], Field(min_length=1, max_length=_MOST_PARTS)]


class Not(Body):
    """The part does not hold."""

    not_: Annotated["Condition", Field(alias="not")]


def _kind(sent: Any) -> str | None:
    """Which of them it is: by the key that only it has."""
    if isinstance(sent, Body):
        sent = sent.model_dump(by_alias=True)
    keys = sent if isinstance(sent, dict) else ()
    return next((key for key in ("all", "any", "not", "values", "empty", "value") if key in keys), None)


Condition = Annotated[
    Annotated[Every, Tag("all")]
    | Annotated[Some, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[OneOf, Tag("values")]
    | Annotated[Empty, Tag("empty")]
    | Annotated[Compared, Tag("value")],
    Discriminator(_kind),
]
Leaf = Compared | OneOf | Empty

for _model in (Every, Some, Not):
    _model.model_rebuild()


def parts(condition: Every | Some | Not) -> list[Any]:
    """What a condition is made of."""
    match condition:
        case Every():
            return condition.all
        case Some():
            return condition.any
        case Not():
            return [condition.not_]


def leaves(condition: Any, depth: int = 1) -> Iterator[tuple[Leaf, int]]:
    """Comparisons of a tree, each with how deep it is."""
    if isinstance(condition, Leaf):
        yield condition, depth
        return
    for one in parts(condition):
        yield from leaves(one, depth + 1)


def _bounded(condition: Any) -> Any:
    found = [depth for _, depth in leaves(condition)]
    if max(found) > _DEEPEST or len(found) > _MOST:
        raise PydanticCustomError("constructor.condition-too-large", "Слишком сложное условие отбора")
    return condition


Where = Annotated[Condition, AfterValidator(_bounded)]
"""A tree of at most six levels and a hundred comparisons."""
