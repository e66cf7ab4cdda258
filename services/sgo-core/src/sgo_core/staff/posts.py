"""Reference data: posts that workers hold (``posts.yaml``)."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from servicekit.packaged import read_yaml


class Post(BaseModel):
    """A post: where it is held, the staff category federal forms count it in, whether it is pedagogical, whether by load of lessons."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    code: str
    title: str
    category: Literal["head", "teaching", "support", "service", "civil"]
    teaching: bool
    lessons: bool = False
    held_in: Literal["organization", "body"] = Field(alias="in")


def _load() -> Mapping[str, Post]:
    return {one.code: one for one in TypeAdapter(list[Post]).validate_python(read_yaml("sgo_core.staff", "posts.yaml"))}


POSTS = _load()
HEADS = ("director", "deputy_education", "deputy_facilities", "deputy_it")
"""Posts whose holders stand on the organization's card, in fields of the same names."""
