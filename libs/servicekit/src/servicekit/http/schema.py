"""Base of request and response bodies."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def _storable(value: str) -> str:
    if _UNSTORABLE.search(value):
        raise PydanticCustomError("text.unstorable", "Недопустимые символы в тексте")
    return value


def _one_line(value: str) -> str:
    folded = " ".join(value.split())  # no-break spaces too, as texts copied from documents have them
    if not folded.isprintable():
        raise PydanticCustomError("text.unprintable", "Недопустимые символы в строке")
    return folded


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(_storable)]
"""Non-empty text, up to 500 characters, stripped, that the database can hold; it may have several lines."""

LongText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), AfterValidator(_storable)
]
"""The same up to 4000 characters: a task, a remark, a page of a course."""

Line = Annotated[Text, AfterValidator(_one_line)]
"""Text in one line without invisible characters: a name, a title, a number, an address."""


class Body(BaseModel):
    """A body whose unknown fields are refused and whose values never reach an error text."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


ABSENT: Any = Field(default_factory=lambda: None)
"""Default of an edit's field that may be left out, but not sent as null. Edits are read with ``exclude_unset``."""
