"""The reference books there are (``books.yaml``)."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, TypeAdapter

from servicekit.packaged import read_yaml


class Book(BaseModel):
    """A reference book; whether an organization may add entries to it, and replace the region's for itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    title: str
    additions: bool
    replacements: bool


def _load() -> Mapping[str, Book]:
    return {
        one.code: one
        for one in TypeAdapter(list[Book]).validate_python(read_yaml("sgo_core.reference_books", "books.yaml"))
    }


BOOKS = _load()
