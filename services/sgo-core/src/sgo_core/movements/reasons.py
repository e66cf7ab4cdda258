"""Reference data: reasons of departure (``reasons.yaml``)."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, TypeAdapter

from servicekit.packaged import read_yaml


class Reason(BaseModel):
    """Why a student leaves; ``destination``: whether it must be said where to; ``graduation``: having finished."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    title: str
    destination: bool
    graduation: bool = False


def _load() -> Mapping[str, Reason]:
    return {
        one.code: one
        for one in TypeAdapter(list[Reason]).validate_python(read_yaml("sgo_core.movements", "reasons.yaml"))
    }


REASONS = _load()
SUCCESSION = "reorganization"
"""Reason of the lines that an act on organizations makes: such an order is undone by another act only."""
