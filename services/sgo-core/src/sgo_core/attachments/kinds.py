"""Kinds of documents kept as scans (``kinds.yaml``), checked against the data catalogue when the service starts."""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, TypeAdapter, model_validator

from servicekit.packaged import read_yaml
from sgo_core.catalogue.definition import CATALOGUE, CardKind

Record = Literal["consent", "order"]


class DocumentKind(BaseModel):
    """A kind of document: whose, and what it is kept by: a field of the card it proves, or a rule of retention."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    title: str
    of: tuple[CardKind, ...]
    field: str | None = None
    retention: str | None = None
    record: Record | None = None

    @model_validator(mode="after")
    def _known(self) -> Self:
        if (self.field is None) == (self.retention is None):
            raise ValueError("either a field or a rule of retention")
        if self.field is not None and any(self.field not in CATALOGUE.cards[kind].fields for kind in self.of):
            raise ValueError("no such field")
        if self.retention is not None and self.retention not in CATALOGUE.retention:
            raise ValueError("no such rule of retention")
        return self

    def rule(self, kind: CardKind) -> str:
        """The rule of retention that the document is kept by."""
        return self.retention or CATALOGUE.cards[kind].fields[self.field or ""].retention


def _load() -> Mapping[str, DocumentKind]:
    return {
        one.code: one
        for one in TypeAdapter(list[DocumentKind]).validate_python(read_yaml("sgo_core.attachments", "kinds.yaml"))
    }


KINDS = _load()
