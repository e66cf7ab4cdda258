"""Subjects of exams: which words stand for them, and as what they are taught."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, TypeAdapter

from servicekit.packaged import read_yaml


class ExamSubject(BaseModel):
    """A subject; ``taught_as``: subjects of the journal whose marks its results are compared with, itself if none is named."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    synonyms: tuple[str, ...] = ()
    taught_as: tuple[str, ...] = ()


def key(title: str) -> str:
    """A title as titles are compared."""
    return " ".join(title.split()).casefold().replace("ё", "е")


@cache
def _declared() -> tuple[ExamSubject, ...]:
    return TypeAdapter(tuple[ExamSubject, ...]).validate_python(read_yaml("reporting.exams", "subjects.yaml"))


@cache
def titles() -> Mapping[str, str]:
    """Titles of the subjects by every word for them, as ``key`` writes it."""
    return MappingProxyType({key(word): one.title for one in _declared() for word in (one.title, *one.synonyms)})


@cache
def taught() -> tuple[tuple[str, str], ...]:
    """Pairs of a subject's title and what it is taught as, as ``key`` writes it."""
    return tuple((one.title, key(word)) for one in _declared() for word in one.taught_as or (one.title,))
