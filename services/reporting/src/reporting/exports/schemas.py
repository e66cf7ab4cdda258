"""Exports over HTTP."""

from pydantic import BaseModel, ConfigDict


class ReplayOut(BaseModel):
    """A file made again. ``equal``: to the byte; ``content_equal``: the report it was made of is what it was.

    A file whose report is the same may differ because files are laid out otherwise since then.
    """

    model_config = ConfigDict(from_attributes=True)

    sha256: str
    recorded_sha256: str
    equal: bool
    content_equal: bool
