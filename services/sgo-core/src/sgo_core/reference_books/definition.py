"""The reference books there are (``books.yaml``)."""

from collections.abc import Mapping
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter


class Book(BaseModel):
    """A reference book; whether an organization may add entries to it, and replace the region's for itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    title: str
    additions: bool
    replacements: bool


def _load() -> Mapping[str, Book]:
    text = files("sgo_core.reference_books").joinpath("books.yaml").read_text(encoding="utf-8")
    return {one.code: one for one in TypeAdapter(list[Book]).validate_python(yaml.safe_load(text))}


BOOKS = _load()
