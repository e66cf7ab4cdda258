"""Texts of notifications as data: one for each step that a family must know of."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from eu_enrollment.applications.statuses import Reason
from servicekit.packaged import read_yaml

_WORD = re.compile(r"\{([a-z]+)\}")
_PART = re.compile(r"\[([^\]]*)\]")
WORDS = frozenset({"number", "organization", "due", "note"})


class Texts(BaseModel):
    """A text for each reason, or none where the family is not told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    texts: Mapping[Reason, str]
    silent: frozenset[Reason]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if set(self.texts) | self.silent != set(Reason) or set(self.texts) & self.silent:
            raise ValueError("a step either has a text or is silent")
        for reason, text in self.texts.items():
            if set(_WORD.findall(text)) - WORDS:
                raise ValueError(f"{reason}: a word that stands for nothing")
            if set(_WORD.findall(_PART.sub("", text))) != {"number"}:
                raise ValueError(f"{reason}: what may be unknown stands in square brackets")
        return self

    def told(self, reason: Reason, words: Mapping[str, str | None]) -> str | None:
        """What a family is told of a step; ``None`` when nothing."""
        text = self.texts.get(reason)
        if text is None:
            return None

        def part(found: re.Match[str]) -> str:
            return found[1] if all(words.get(word) for word in _WORD.findall(found[1])) else ""

        return _WORD.sub(lambda found: words[found[1]] or "", _PART.sub(part, text)).replace("..", ".")


@cache
def texts() -> Texts:
    """The committed texts."""
    return Texts.model_validate(read_yaml(__package__, "texts.yaml"))
